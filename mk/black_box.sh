#!/bin/sh
# black_box.sh ARGUMENT...: pytest with these, against what was built.
set -eu

# The loader takes a space or a colon in LD_PRELOAD for the beginning of another library.
case $PWD in
*[\ :]*)
  elsewhere=$(mktemp -d)
  trap 'rm -rf "$elsewhere"' EXIT
  cp build/lib/* "$elsewhere"
  export TRACKSHIM_LIB="$elsewhere/libtrackshim.so"
  mkdir "$elsewhere/faults"
  cp build/faults/* "$elsewhere/faults"
  export TRACKSHIM_FAULTY_LIB="$elsewhere/faults/libtrackshim.so"
  ;;
esac
# shellcheck disable=SC2086  # PYTEST_ARGS is words: make test PYTEST_ARGS='-k fork'
.venv/bin/python -m pytest -q "$@" ${PYTEST_ARGS:-}
