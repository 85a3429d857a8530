#!/bin/sh
# version.sh: the version, from the one place where it is written for programs.
set -eu
sed -n 's/^#define TRACKSHIM_VERSION "\(.*\)"$/\1/p' Sources/CTrackShim/include/trackshim.h
