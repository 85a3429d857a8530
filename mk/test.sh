#!/bin/sh
# Everything that is tested: format, unit tests, black-box tests. One part's failure does not hide the others.
set -u
results=build/test
rm -rf $results
mkdir -p $results

echo "== format"
mk/format.sh check
echo $? >$results/format.status

echo "== unit tests"
if swift build --build-tests && mk/swift.sh; then
  swift test --skip-build --xunit-output $results/unit.xml
fi
echo $? >$results/unit.status

echo "== black-box tests"
if ${MAKE:-make} --no-print-directory all; then
  .venv/bin/python -m pytest Tests -q --junitxml=$results/blackbox.xml ${PYTEST_ARGS:-}
fi
echo $? >$results/blackbox.status

.venv/bin/python Tests/tools/total.py $results
