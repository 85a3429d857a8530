#!/bin/sh
# date.sh: the date that packed files get, in seconds: SOURCE_DATE_EPOCH, else the last commit's.
set -eu
if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
  echo "$SOURCE_DATE_EPOCH"
elif ! git log -1 --format=%ct 2>/dev/null; then
  echo "trackshim: git knows no last commit here; please say by SOURCE_DATE_EPOCH=SECONDS how old the files are" >&2
  exit 1
fi
