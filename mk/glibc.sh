#!/bin/sh
# The host matrix with the C libraries of other Debian releases: the newest that is stable, the newest there is, and
# one that is too old. SUITES names others; PYTEST_ARGS are for each.
set -eu
folder=build/glibc results=build/glibc/results
tests="Tests/glibc Tests/test_hosts.py Tests/test_stdio_slot.py Tests/test_promptness.py Tests/test_python_fork.py"
# What the hosts are linked to and run by: the C library with its headers and its own tools, the C++ runtime,
# and the programs of the release that stand in front of a trainer.
layer="libc6 libc6-dev libc-bin libgcc-s1 libstdc++6 bash dash coreutils perl-base python3"
rm -rf $results
mkdir -p $results

# The loader takes a space or a colon in LD_PRELOAD for the beginning of another library.
case $PWD in
*[\ :]*)
  elsewhere=$(mktemp -d)
  trap 'rm -rf "$elsewhere"' EXIT
  cp build/lib/* "$elsewhere"
  export TRACKSHIM_LIB="$elsewhere/libtrackshim.so"
  ;;
esac

matrix() {
  # shellcheck disable=SC2086  # PYTEST_ARGS is words: make test-glibc PYTEST_ARGS='-k fork'
  mk/glibc_enter.sh $folder/"$1"/root .venv/bin/python -m pytest $tests -q --junitxml="$results/$2.xml" ${PYTEST_ARGS:-}
}

parts=
# Debian 11: what happens to a user of a release that is too old (Tests/glibc). Mirrors drop it one day.
mk/glibc_fetch.sh bullseye $folder/bullseye libc6 coreutils libselinux1 libpcre2-8-0 ||
  echo "Debian 11 cannot be had; its tests are skipped"
for suite in ${SUITES:-trixie sid}; do
  # shellcheck disable=SC2086  # one word for each package
  mk/glibc_fetch.sh "$suite" $folder/"$suite" $layer
  version=$(mk/glibc_enter.sh $folder/"$suite"/root getconf GNU_LIBC_VERSION)
  echo "== $version, of Debian $suite"
  part=$suite-glibc-${version#glibc }
  status=0
  TRACKSHIM_TEST_GLIBC=${version#glibc } matrix "$suite" "$part" || status=$?
  echo $status >"$results/$part.status"
  parts="$parts $part"
done
# shellcheck disable=SC2086  # one word for each part
.venv/bin/python Tests/tools/total.py $results $parts
