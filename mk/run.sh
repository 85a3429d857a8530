#!/bin/sh
# Trains a real model with a program that knows nothing of TrackShim, and shows what was recorded meanwhile.
set -eu
data=build/modular
[ -f $data/model.bin ] || build/bin/train make-data $data

echo '$ LD_PRELOAD=build/lib/libtrackshim.so TRACKSHIM_PROJECT=grok-mod97 build/bin/train'
# A relative path: the loader takes a space in LD_PRELOAD for the beginning of another library.
# Offline: to try it out is not to publish it.
LD_PRELOAD=build/lib/libtrackshim.so TRACKSHIM_DIR=. TRACKSHIM_MODE="${TRACKSHIM_MODE:-offline}" \
  TRACKSHIM_PROJECT="${TRACKSHIM_PROJECT:-grok-mod97}" TRACKSHIM_NAME="${TRACKSHIM_NAME:-first-light}" \
  build/bin/train -e $data/model.bin -i $data/train.bin -j $data/val.bin -x $data/test.bin

run=wandb/$(readlink wandb/latest-run)
echo
echo "\$ build/bin/trackshim show $run"
build/bin/trackshim show "$run"
echo
echo "Look at it:  .venv/bin/wandb leet $run"
echo "Send it:     build/bin/trackshim sync $run     (wandb login first)"
