#!/bin/sh
# A job script as of a batch system: a shell, some set-up, the program in the middle, a pipe behind it.
set -u
cd "$(dirname "$0")" && cd "$OLDPWD" || exit 1
export OMP_NUM_THREADS=2
ulimit -c 0
echo "job on a machine with $(getconf PAGESIZE) byte pages" >&2
"$1" | tee copy.txt
echo "the job is over" >&2
exit 3
