#!/bin/sh
# install_stripped.sh BUILT INSTALLED: INSTALLED without symbols, and INSTALLED.debug with them, where
# debuggers look for it. INSTALLED appears in one step: the one before may be in use.
set -eu
built=$1 installed=$2
mkdir -p "$(dirname "$installed")"
objcopy --only-keep-debug "$built" "$installed.debug"
chmod a-x "$installed.debug"
strip -o "$installed.new" "$built"
objcopy --add-gnu-debuglink="$installed.debug" "$installed.new"
mv -f "$installed.new" "$installed"
