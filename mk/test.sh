#!/bin/sh
# Everything that is tested: format, unit tests, black-box tests. One part's failure does not hide the others.
set -u
results=build/test
rm -rf $results
mkdir -p $results

black_box_tests() {
  ${MAKE:-make} --no-print-directory all faults && mk/black_box.sh Tests --junitxml=$results/blackbox.xml
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
