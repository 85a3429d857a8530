#!/bin/sh
# Everything that is tested: format, unit tests, black-box tests. One part's failure does not hide the others.
set -u
results=build/test
unit_folder=.build-unit
builds=
rm -rf $results
mkdir -p $results

# The compiler makes the library on one core, for minutes. Beside that the unit tests are built and run, in a folder of
# their own, since SwiftPM locks it. Packages are fetched before, by one at a time.
begin_builds() {
  for folder in .build $unit_folder; do
    ${SWIFT:-swift} package --scratch-path $folder resolve >/dev/null 2>&1
  done
  ${MAKE:-make} --no-print-directory all faults >$results/builds.log 2>&1 &
  builds=$!
  # A shell ignores SIGINT for what it starts in the background.
  trap 'kill $builds 2>/dev/null; exit 130' INT TERM
}

# What failed in the background fails here once more, and is seen.
end_builds() { { [ -n "$builds" ] && wait "$builds"; } || ${MAKE:-make} --no-print-directory all faults; }

# Most tests wait more than they compute, so six run at a time; those that measure times have the machine alone.
black_box_tests() { end_builds && mk/black_box.sh Tests -n 6 -m 'not alone' --junitxml=$results/blackbox.xml; }

tests_alone() { mk/black_box.sh Tests -m alone --junitxml=$results/alone.xml; }

unit_tests() {
  ${SWIFT:-swift} build --build-tests --scratch-path $unit_folder &&
    ${SWIFT:-swift} test --skip-build --scratch-path $unit_folder --quiet --xunit-output $results/unit.xml
}

mk/swift.sh 2>/dev/null && begin_builds
echo "== format"
mk/format.sh check
echo $? >$results/format.status
echo "== unit tests"
mk/swift.sh && unit_tests
echo $? >$results/unit.status
echo "== black-box tests"
black_box_tests
echo $? >$results/blackbox.status
echo "== black-box tests that measure times"
tests_alone
echo $? >$results/alone.status

.venv/bin/python Tests/tools/total.py $results
