#!/usr/bin/env bash
# Cross-builds weir for arm64 by Debian's compiler, and tries it under qemu.
#
#   scripts/arm64.sh         unit tests of the columns' memory, of digests and recovery, and of plugins that read text
#   scripts/arm64.sh --runs  then all of weir: weir version, doctor, and runs that must come to the digests of build/release
#
# scripts/test.sh --soak ends with it: without a warm compiler cache it takes an hour on 2 cores.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

runs=
case "${1:-}" in
  "") ;;
  --runs) runs=yes ;;
  *) sed -n '2,7s/^# \{0,1\}//p' scripts/arm64.sh >&2; exit 2 ;;
esac
scripts/install-packages.sh arm64
if [ -n "$runs" ] && [ ! -x build/release/bin/weir ]; then
  echo "error: expected build/release/bin/weir to compare with, found none; scripts/demo.sh builds it" >&2
  exit 1
fi
emulated=(qemu-aarch64-static -L "$PWD/build/arm64-sysroot")

step "arm64's libraries and headers, from Debian"
scripts/arm64-sysroot.sh build/arm64-sysroot

tests=(weir_arrow_test weir_integrity_test weir_recovery_test plugin_{csv,json,expr,validate}_test)
step "building unit tests for arm64"
configure arm64
cmake --build build/arm64 --target "${tests[@]}"
for test in "${tests[@]}"; do
  step "$test under qemu"
  "${emulated[@]}" "build/arm64/tests/$test"
done
[ -n "$runs" ] || exit 0

step "building all of weir for arm64"
cmake --build build/arm64 --target product
step "the same runs on both machines"
python3 -B tests/release/same_runs.py --here build/release --there build/arm64 --emulator "${emulated[*]}"
