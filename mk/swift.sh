#!/bin/sh
# Says what is missing where the toolchain is not there or too old, instead of a page of compiler errors.
set -eu
swift=${SWIFT:-swift}
version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
fail() {
  echo "trackshim: $1; building needs Swift 6.1 or newer, see https://www.swift.org/install/linux/" >&2
  exit 1
}
[ -n "$version" ] || fail "no Swift toolchain ($swift) in PATH"
major=${version% *} minor=${version#* }
[ "$major" -gt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -ge 1 ]; } || fail "Swift $major.$minor is too old"
