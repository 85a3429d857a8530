#!/bin/sh
# Everything that is tested: format, unit tests, black-box tests. One part's failure does not hide the others.
set -u
results=build/test
rm -rf $results
mkdir -p $results

# The loader takes a space or a colon in LD_PRELOAD for the beginning of another library.
case $PWD in
*[\ :]*)
  elsewhere=$(mktemp -d)
  trap 'rm -rf "$elsewhere"' EXIT
  ;;
*) elsewhere= ;;
esac

black_box_tests() {
  ${MAKE:-make} --no-print-directory all faults || return
  if [ -n "$elsewhere" ]; then
    cp build/lib/* "$elsewhere"
    export TRACKSHIM_LIB="$elsewhere/libtrackshim.so"
  fi
  # shellcheck disable=SC2086  # PYTEST_ARGS is words: make test PYTEST_ARGS='-k fork'
  .venv/bin/python -m pytest Tests -q --junitxml=$results/blackbox.xml ${PYTEST_ARGS:-}
}

unit_tests() {
  mk/swift.sh && ${SWIFT:-swift} build --build-tests &&
    ${SWIFT:-swift} test --skip-build --quiet --xunit-output $results/unit.xml
}

echo "== format"
mk/format.sh check
echo $? >$results/format.status
echo "== unit tests"
unit_tests
echo $? >$results/unit.status
echo "== black-box tests"
black_box_tests
echo $? >$results/blackbox.status

.venv/bin/python Tests/tools/total.py $results
