#!/bin/sh
# install_stripped.sh BUILT INSTALLED [DEBUG]: the file without its symbols; they go into DEBUG. No link leads from
# one to the other: valgrind follows it, cannot read what Swift's compiler writes, and gives up the host program.
# INSTALLED appears in one step: the one before may be in use by a program that runs.
#
# A library whose own name (SONAME) is another gets a link of that name beside it: what is linked with it asks for that.
set -eu
built=$1 installed=$2 debug=${3:-}
folder=$(dirname "$installed")
mkdir -p "$folder"
strip -o "$installed.new" "$built"
if [ -n "$debug" ]; then
  objcopy --only-keep-debug "$built" "$debug"
  chmod a-x "$debug"
fi
mv -f "$installed.new" "$installed"
own=$(objdump -p "$installed" | awk '$1 == "SONAME" { print $2 }')
if [ -n "$own" ]; then ln -sf "$(basename "$installed")" "$folder/$own"; fi
