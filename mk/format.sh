#!/bin/sh
# format.sh check|write: Swift by the toolchain's formatter, C by Debian's clang-format (14 and later agree on
# the options in .clang-format). A file that is not as they would write it is an error.
set -eu
mode=$1
swift=${SWIFT:-swift}
sources() { find Sources Examples Tests/hosts \( -name '*.c' -o -name '*.h' -o -name '*.cpp' \) -print0; }
if [ "$mode" = check ]; then
  status=0
  "$swift" format lint --strict --parallel --recursive Package.swift Sources || status=1
  sources | xargs -0 clang-format --dry-run -Werror || status=1
  exit $status
fi
"$swift" format format --in-place --parallel --recursive Package.swift Sources
sources | xargs -0 clang-format -i
