#!/bin/sh
# format.sh check|write: Swift by the toolchain's formatter, C and C++ by clang-format, as .swift-format and
# .clang-format say. The check names every file that is not as they would write it, and what could trap (traps.py).
set -eu
mode=$1
swift=${SWIFT:-swift}
sources() { find Sources Examples Tests/bench Tests/gpu Tests/hosts Tests/soak -name '*.c' -o -name '*.h' -o -name '*.cpp' -o -name '*.hpp' -o -name '*.cu' | sort; }

if [ "$mode" = write ]; then
  "$swift" format format --in-place --parallel --recursive Package.swift Sources Tests/fuzz/driver
  sources | while read -r file; do clang-format -i "$file"; done
  exit
fi

status=0
"$swift" format lint --strict --parallel --recursive Package.swift Sources Tests/fuzz/driver || status=1
for file in $(sources); do
  clang-format --dry-run -Werror "$file" 2>/dev/null || { echo "$file: not as clang-format would write it" && status=1; }
done
[ $status -eq 0 ] || echo "make format puts most of this right"
python3 mk/traps.py || status=1
exit $status
