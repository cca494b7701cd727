#!/usr/bin/env bash
# Builds and tests weir, and ends with ctest's summaries.
#
#   scripts/test.sh          release, format, sanitizers, fuzzing, clang-19's findings (hours on 2 cores without caches)
#   scripts/test.sh --lint   only clang-19's warnings and clang-tidy
#   scripts/test.sh --quick  the release build and its quick tests (under 5 minutes)
#   scripts/test.sh --soak   everything, the tests that take long on purpose, and arm64
#   … --minutes N            begins nothing for which these are too few, and tells what it left out: without caches, all of
#                            it takes longer than continuous integration may
#
# Tests carry labels: unit, plugin, architecture, accept, e2e say what they are; slow ones are not for --quick, soak ones
# only for --soak, native ones not for the sanitizers. It goes on after a failure, so that one run tells all of them. Up to
# three tests that failed are run once more, alone: what passes then is told as unstable, and does not fail the whole.
# Nothing of them may be left behind (scripts/leaves_nothing.sh).
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

mode=full limit=0
while [ $# -gt 0 ]; do
  case "$1" in
    --quick | --soak | --lint) mode=${1#--} ;;
    --minutes) limit=$((${2:-0} * 60)); shift ;;
    *) sed -n '2,14s/^# \{0,1\}//p' scripts/test.sh >&2; exit 2 ;;
  esac
  shift
done
jobs=$(nproc)
failures=()
left_out=()
summaries=()

# Runs one part of the work; remembers it if it does not succeed.
part() {
  local name=$1
  shift
  step "$name"
  "$@" && return 0
  failures+=("$name")
  return 1
}

# has_time NAME SECONDS: whether there is so much; else the part is left out.
has_time() {
  [ "$limit" = 0 ] || [ $((limit - SECONDS)) -ge "$2" ] && return 0
  left_out+=("$1")
  return 1
}

# part_in_time NAME SECONDS COMMAND…: as part, if there is so much time.
part_in_time() {
  has_time "$1" "$2" && part "$1" "${@:3}"
}

# program_in_time NAME SECONDS LEFT COMMAND…: as part_in_time, of a program, which is stopped when no more than LEFT seconds are
# left; then it is left out.
program_in_time() {
  local name=$1 needed=$2 left=$3 code=0
  shift 3
  if [ "$limit" = 0 ]; then part "$name" "$@"; return; fi
  has_time "$name" $((needed + left)) || return
  step "$name"
  timeout $((limit - SECONDS - left)) "$@" || code=$?
  case $code in
    0) return 0 ;;
    124) left_out+=("$name") ;;
    *) failures+=("$name") ;;
  esac
  return 1
}

build() {
  configure "$1" && cmake --build "build/$1" --target "$2"
}

# sanitized PRESET: builds and tests, if the time is enough for both. The build may take all but what the tests need.
sanitized() {
  local preset=$1 tests_take=1200
  part "configuring $preset" configure "$preset" || return
  program_in_time "building $preset" 60 "$tests_take" cmake --build "build/$preset" --target all || return
  part_in_time "testing $preset" "$tests_take" tests "$preset"
}

# tests PRESET: runs its tests but those that the mode and the preset leave out.
tests() {
  local preset=$1 without=() log="build/ctest-$1.log"
  [ "$mode" = soak ] || without+=(soak)
  [ "$mode" = quick ] && without+=(slow)
  [ "$preset" = release ] || without+=(native)
  local exclude
  exclude=$(IFS='|'; echo "^(${without[*]:-none})\$")
  ctest_in "$preset" "$log" -j "$jobs" -LE "$exclude"
  local code=$? failed
  summaries+=("$preset: $(grep -E '^[0-9]+% tests passed' "$log" || echo "no summary, see $log")")
  summaries+=("$(sed -n '/^The following tests did not run/,/^$/p;/^The following tests FAILED/,/^$/p' "$log")")
  failed=$(sed -n '/^The following tests FAILED/,/^$/p' "$log" | grep -c '^\s*[0-9]')
  [ "$code" -eq 0 ] || summaries+=("$(last_words "$log")")
  if [ "$code" -ne 0 ] && [ "$failed" -gt 0 ] && [ "$failed" -le 3 ] && ! grep -q "$leaves" "$log"; then
    step "testing $preset once more: what failed, alone"
    ctest_in "$preset" "$log.again" -j 1 --rerun-failed
    code=$?
    [ "$code" -ne 0 ] || summaries+=("UNSTABLE: $failed of them failed beside others and passed alone; mend them")
    [ "$code" -eq 0 ] || summaries+=("$(last_words "$log.again")")
  fi
  return "$code"
}

# ctest_in PRESET LOG OPTION…: runs ctest in the folder of a preset, and sees that nothing is left behind.
leaves="expected the command to leave nothing behind"
ctest_in() {
  (cd "build/$1" && ../../scripts/leaves_nothing.sh \
    ctest --output-on-failure --no-tests=error "${@:3}" </dev/null) 2>&1 | tee "$2"
  return "${PIPESTATUS[0]}"
}

# last_words LOG: what the tests that failed said at last, for those who see no more than the end of all this.
last_words() {
  awk '/^[0-9]+% tests passed/ { if (said) print name said; said = ""; name = "" }
       /^ *[0-9]+\/[0-9]+ Test +#[0-9]+:/ { if (said) print name said; said = ""; name = "" }
       /^ *[0-9]+\/[0-9]+ Test +#[0-9]+:.*\*\*\*/ { name = $0; sub(/^[^:]*: /, "", name); sub(/ \.*\*\*\*.*/, "", name); sub(/ \.+$/, "", name); n = 0; next }
       name != "" && /^ +Start +[0-9]+:/ { next }
       name != "" && /[^ ]/ { line[n++ % 4] = substr($0, 1, 200); said = ""; for (i = n > 4 ? n - 4 : 0; i < n; i++) said = said "\n  | " line[i % 4] }' "$1" | head -40
}

# clang-19's warnings and clang-tidy; what was found clean is remembered (scripts/tidy.py), so what it had no time for is
# looked at the next time.
lint() {
  local seconds=()
  configure clang -DWEIR_TESTS=OFF || return 1
  [ "$limit" = 0 ] || seconds=(--seconds $((limit - SECONDS)))
  python3 scripts/tidy.py build/clang "${seconds[@]}"
}

check_format() {
  git ls-files -z '*.cpp' '*.hpp' | xargs -0 -r clang-format-19 --dry-run -Werror
}

finish() {
  step "summary"
  for summary in "${summaries[@]}"; do [ -z "$summary" ] || echo "$summary"; done
  rm -rf build/tmp
  [ ${#left_out[@]} -eq 0 ] || printf 'LEFT OUT, no time: %s\n' "${left_out[@]}"
  if [ ${#failures[@]} -gt 0 ]; then
    printf 'FAILED: %s\n' "${failures[@]}"
    exit 1
  fi
  echo "all passed in $((SECONDS / 60)) min $((SECONDS % 60)) s"
  exit 0
}

part "packages" scripts/install-packages.sh test || finish
part "python packages" scripts/install-python.sh || finish
if [ "$mode" = lint ]; then
  part "clang-19: warnings and clang-tidy" lint
  finish
fi
if part "building release" build release all; then part "testing release" tests release; fi
if [ "$mode" != quick ]; then
  part "format: clang-format-19" check_format
  for preset in asan tsan; do sanitized "$preset"; done
  # A minute each, once the long campaigns find nothing any more: until then each of them finds what is not of the change.
  program_in_time "fuzzing what is installed" 150 120 scripts/fuzz.sh --jobs 2 --seed 1 packages security
  program_in_time "fuzzing" 240 120 scripts/fuzz.sh --jobs 2 --seed 1 --seconds 15 cron csv expr guard json manifest plugins
  part_in_time "clang-19: warnings and clang-tidy" 60 lint
  # Its compiler and libraries are a gigabyte: not for each change.
  [ "$mode" != soak ] || program_in_time "arm64: unit tests and runs under qemu" 600 30 scripts/arm64.sh --runs
fi
finish
