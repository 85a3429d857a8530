#!/bin/sh
# glibc_enter.sh ROOT COMMAND...: runs the command where ROOT/usr lies over the system's /usr: everything in there,
# the loader and the shell too, uses the C library of ROOT; what ROOT does not have is the system's. A newer glibc
# runs what was linked to an older one; the other way round this cannot work.
#
# The layers are in a mount namespace of the command's own and go with it: no file of the system is touched, and
# programs that run already notice nothing. Without root a user namespace is made as well.
set -eu
if [ "${1:-}" = --inside ]; then
  here=$PWD
  # A relative name: to mount, a colon or a comma in a path is the end of it.
  cd "$2"
  mount -t overlay trackshim-glibc -o lowerdir=usr:/usr /usr || {
    echo "trackshim: the other C library cannot be laid over /usr here; it takes root, or Linux 5.11 with user namespaces" >&2
    exit 1
  }
  cd "$here"
  shift 2
  exec "$@"
fi
if [ "$(id -u)" -eq 0 ]; then exec unshare --mount -- "$0" --inside "$@"; fi
exec unshare --user --map-root-user --mount -- "$0" --inside "$@"
