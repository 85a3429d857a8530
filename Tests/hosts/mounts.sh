# mounts.sh WHAT PROGRAM...: the program in a mount namespace where something is missing or cannot be written.
set -e
what=$1
shift
hide() { mount -t tmpfs -o "$1" tmpfs "$2"; }
fill() { cat /dev/zero >"$1" 2>/dev/null || true; }
if [ "$what" != inside ]; then
  for way in -m -Urm; do
    unshare $way true 2>/dev/null && exec unshare $way bash "$0" inside "$what" "$@"
  done
  echo "no mount namespace can be had" >&2
  exit 77
fi
what=$1
shift
case $what in
no_shm) hide ro /dev/shm ;;
full_shm) hide size=16k /dev/shm && fill /dev/shm/file ;;
no_proc) hide ro /proc ;;
read_only)
  while read -r _ folder _; do mount -o remount,bind,ro "$folder" 2>/dev/null || true; done </proc/self/mounts
  if touch . 2>/dev/null; then
    echo "the file system cannot be made read-only" >&2
    exit 77
  fi
  ;;
esac
exec "$@"
