#!/usr/bin/env bash
# Fuzzes what reads bytes that nobody vouches for: scripts/fuzz.sh [SECONDS [NAME…]], by default 60 s each of tests/fuzz.
# Inputs that reached new code are kept in build/fuzz/corpus/NAME, so that the next run goes on from there; one that finds
# something is kept in build/fuzz/found/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

seconds=${1:-60}
names=("${@:2}")
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/*_fuzz.cpp; do names+=("$(basename "$source" _fuzz.cpp)"); done
fi

# Where a target begins: what the repository has of its kind.
seeds() {
  case "$1" in
    csv) cp examples/*/data/*.csv "$2" ;;
    expr) awk -v folder="$2" 'NR % 4 == 1 { print > (folder "/" NR) }' plugins/expr/golden/mistakes.txt ;;
    manifest) cp examples/*/manifest.yaml "$2" ;;
    plugins) find build/fuzz/tests/bad_plugins build/release/tests/bad_plugins -name 'g*.so' -exec cp {} "$2" \; ;;
  esac 2>/dev/null || true
}

step "building the fuzz targets in build/fuzz"
configure fuzz
cmake --build build/fuzz --target "${names[@]/%/_fuzz}"

mkdir -p build/fuzz/found
failed=()
for name in "${names[@]}"; do
  corpus="build/fuzz/corpus/$name" begin="build/tmp/seeds-$name"
  mkdir -p "$corpus" "$begin"
  seeds "$name" "$begin"
  step "fuzzing $name for $seconds s"
  "build/fuzz/fuzz/${name}_fuzz" -max_total_time="$seconds" -print_final_stats=1 -verbosity=0 -rss_limit_mb=4096 -timeout=25 \
    -max_len=65536 -artifact_prefix="build/fuzz/found/$name-" "$corpus" "$begin" || failed+=("$name")
  rm -rf "$begin"
done
[ ${#failed[@]} -eq 0 ] || { echo "FOUND something: ${failed[*]} (build/fuzz/found)"; exit 1; }
