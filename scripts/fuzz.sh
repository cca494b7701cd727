#!/usr/bin/env bash
# Fuzzes what reads bytes that nobody vouches for: scripts/fuzz.sh [--seconds N] [--jobs N] [--seed N] [NAME…]
#
# By default a minute for each of tests/fuzz, one after the other; --jobs runs so many side by side. Each begins with the
# inputs in tests/fuzz/corpus/NAME. What reached other code is kept in build/fuzz/corpus/NAME, so that the next run goes on
# from there; with a seed each run goes the same way, from the repository's inputs. An input that finds something is kept in
# build/fuzz/found/ and printed: mend it, and put it into the corpus.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

seconds=60 jobs=1 seed=0 names=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2; shift 2 ;;
    --jobs) jobs=$2; shift 2 ;;
    --seed) seed=$2; shift 2 ;;
    -*) sed -n '2,8s/^# \{0,1\}//p' scripts/fuzz.sh >&2; exit 2 ;;
    *) names+=("$1"); shift ;;
  esac
done
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do names+=("$(basename "$source" _fuzz.cpp)"); done
fi

# fuzz NAME: fuzzes one, its log in build/fuzz/NAME.log; tells what it came to. An input that takes a minute is a finding too.
fuzz() {
  local name=$1 log="build/fuzz/$1.log" code=0 file
  [ "$seed" = 0 ] || rm -rf "build/fuzz/corpus/$name"
  mkdir -p "build/fuzz/corpus/$name"
  rm -f "build/fuzz/found/$name-"*
  "build/fuzz/fuzz/${name}_fuzz" -max_total_time="$seconds" -seed="$seed" -print_final_stats=1 -rss_limit_mb=2048 -timeout=60 -max_len=4096 \
    -artifact_prefix="build/fuzz/found/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"$log" 2>&1 || code=$?
  printf '%s: %s executions, coverage %s\n' "$name" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
    "$(grep -o 'cov: [0-9]*' "$log" | tail -1 | cut -d' ' -f2)"
  [ "$code" -ne 0 ] || return 0
  grep -v '^#[0-9]' "$log" | tail -60
  for file in "build/fuzz/found/$name-"*; do
    [ -e "$file" ] || continue
    printf 'FOUND by %s: %s\nrepeat it: build/fuzz/fuzz/%s_fuzz %s\nbase64: %s\n' \
      "$name" "$file" "$name" "$file" "$(base64 -w0 "$file")"
  done
  return 1
}

step "building the fuzz targets in build/fuzz"
configure fuzz
cmake --build build/fuzz --target "${names[@]/%/_fuzz}"
mkdir -p build/fuzz/found
step "fuzzing ${names[*]}: $seconds s each, $jobs at a time"
export -f fuzz
export seconds seed
printf '%s\n' "${names[@]}" | xargs -P "$jobs" -I NAME bash -c 'fuzz NAME' || { echo "FOUND something, see above"; exit 1; }
