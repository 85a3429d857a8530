#!/bin/bash
# fuzz.sh: every target of Sources/ShimTests/Fuzz under libFuzzer, each for FUZZ_SECONDS (30), or only the one that
# TARGET names. It begins with Tests/fuzz/corpus and what earlier runs here have found; a crash is kept in
# Tests/fuzz/crashes, where the unit tests find it. `fuzz.sh minimize` puts what was found here into the corpus,
# `fuzz.sh coverage` adds up what all targets reach.
set -u
seconds=${FUZZ_SECONDS:-30}
scratch=.build-fuzz
fuzz=$scratch/release/Fuzz

# build SCRATCH FLAG...
build() {
  local folder=$1 log=.build-fuzz.log
  shift
  TRACKSHIM_FUZZ=1 ${SWIFT:-swift} build -c release --scratch-path "$folder" --disable-local-rpath --product Fuzz \
    -Xswiftc -enable-testing "$@" >$log 2>&1 || {
    cat $log
    exit 1
  }
  rm $log
}

mk/swift.sh || exit
if [ "${1:-run}" = coverage ]; then
  fuzz=$scratch/cov/release/Fuzz
  build $scratch/cov -Xswiftc -sanitize=fuzzer -Xswiftc -profile-generate -Xswiftc -profile-coverage-mapping
else
  build $scratch -Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address
fi

# A folder in memory for the files that are read, and Swift's own crash report, which waits for a debugger, off.
TMPDIR=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$TMPDIR"' EXIT
export TMPDIR SWIFT_BACKTRACE=enable=no

number() { grep -oE "$1" "$2" | tail -1 | grep -oE '[0-9]+$' || echo 0; }

run() {
  local target=$1 found=$scratch/corpus/$1 log=$scratch/$1.log crashes=Tests/fuzz/crashes/$1
  mkdir -p "$found" "$crashes"
  local before
  before=$(find "$crashes" -type f | wc -l)
  TRACKSHIM_FUZZ_TARGET=$target "$fuzz" -max_total_time="$seconds" -dict=Tests/fuzz/words.dict -max_len=4096 -timeout=10 -rss_limit_mb=4096 \
    -print_final_stats=1 -artifact_prefix="$crashes/" "$found" "Tests/fuzz/corpus/$target" >"$log" 2>&1
  local status=$?
  local new=$(($(find "$crashes" -type f | wc -l) - before))
  rmdir "$crashes" 2>/dev/null
  printf '%-10s %10d executions, %5d edges, %6d features, %d new crashes\n' "$target" \
    "$(number 'number_of_executed_units: [0-9]+' "$log")" "$(number 'cov: [0-9]+' "$log")" \
    "$(number 'ft: [0-9]+' "$log")" "$new"
  [ $status -eq 0 ] && return
  grep -E '^(FINDING|SUMMARY|Fatal)|ERROR: ' "$log" | head -5
  return 1
}

# The thirty that reach most, of those that it takes to reach everything: the corpus is where fuzzing begins, not all
# that it found. libFuzzer writes the best one first.
minimize() {
  local target=$1 small=$scratch/small/$1
  rm -rf "$small" && mkdir -p "$small" "$scratch/corpus/$target"
  TRACKSHIM_FUZZ_TARGET=$target "$fuzz" -set_cover_merge=1 -use_counters=0 -max_len=1024 "$small" \
    "Tests/fuzz/corpus/$target" "$scratch/corpus/$target" >"$scratch/$target.log" 2>&1 || return
  find "$small" -type f -printf '%T@ %p\n' | sort -n | head -30 | cut -d' ' -f2- | while read -r file; do
    cp "$file" "Tests/fuzz/corpus/$target/"
  done
}

# What all targets together reach, of lines in Sources/TrackShim.
coverage() {
  mkdir -p "$scratch/corpus/$1"
  LLVM_PROFILE_FILE=$scratch/$1.profraw TRACKSHIM_FUZZ_TARGET=$1 "$fuzz" -runs=1 "$scratch/corpus/$1" \
    "Tests/fuzz/corpus/$1" >"$scratch/$1.log" 2>&1
}

add_up() {
  local tools
  tools=$(dirname "$(readlink -f "$(command -v "${SWIFT:-swift}")")")
  "$tools/llvm-profdata" merge -o $scratch/all.profdata $scratch/*.profraw &&
    "$tools/llvm-cov" report $fuzz -instr-profile=$scratch/all.profdata Sources/TrackShim |
    awk '/\.swift / { folder = $1; if (!sub("/.*", "", folder)) folder = "."; all[folder] += $8; missed[folder] += $9 }
      END { for (folder in all)
        printf "%-12s %5d of %5d lines, %3d %%\n", folder, all[folder] - missed[folder], all[folder],
          100 * (all[folder] - missed[folder]) / all[folder] }' | sort
}

passed=0 failed=0
for target in ${TARGET:-$("$fuzz" 2>/dev/null)}; do
  if "${1:-run}" "$target"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
[ "${1:-run}" != coverage ] || add_up
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
