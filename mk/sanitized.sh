#!/bin/bash
# sanitized.sh [address] [thread]: the unit tests under AddressSanitizer and, in the C engine, UndefinedBehaviorSanitizer;
# then under ThreadSanitizer. Each has a build of its own. FILTER: only the tests of that name. Ten minutes each
# and more; what compares times is left out.
set -u
mk/swift.sh || exit
[ $# -gt 0 ] || set -- address thread
filter=(--skip floodsAreBounded ${FILTER:+--filter "$FILTER"})
# Swift's own crash report would wait for a debugger. Memory that lives as long as the process is no leak, and rings
# and the worker's state are just that.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=0
export TSAN_OPTIONS=halt_on_error=0:exitcode=66

passed=0 failed=0
for kind in "$@"; do
  case $kind in
  address) options=(--scratch-path .build-asan -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined) ;;
  thread) options=(--scratch-path .build-tsan) ;;
  *) echo "sanitized.sh: address or thread, not $kind" >&2 && exit 2 ;;
  esac
  echo "== $kind"
  if ${SWIFT:-swift} build --build-tests --sanitize="$kind" "${options[@]}" >".build-$kind.log" 2>&1; then
    rm ".build-$kind.log"
    ${SWIFT:-swift} test --skip-build --quiet --sanitize="$kind" "${options[@]}" "${filter[@]}"
  else
    cat ".build-$kind.log"
    false
  fi && passed=$((passed + 1)) || failed=$((failed + 1))
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
