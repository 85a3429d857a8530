#!/bin/sh
# Everything that is tested: format, unit tests, black-box tests. One part's failure does not hide the others.
set -u
results=build/test
rm -rf $results
mkdir -p $results

# Most tests wait more than they compute, so three run at a time; those that measure times have the machine alone.
black_box_tests() {
  ${MAKE:-make} --no-print-directory all faults &&
    mk/black_box.sh Tests -n 3 -m 'not alone' --junitxml=$results/blackbox.xml
}

tests_alone() { mk/black_box.sh Tests -m alone --junitxml=$results/alone.xml; }

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
echo "== black-box tests that measure times"
tests_alone
echo $? >$results/alone.status

.venv/bin/python Tests/tools/total.py $results
