#!/usr/bin/env bash
# Cross-builds weir for arm64 by Debian's compiler, and tries it under qemu.
#
#   scripts/arm64.sh         unit tests of the columns' memory and of digests
#   scripts/arm64.sh --runs  then the program with plugins, whose runs must come to the digests of build/release
#
# Without a warm compiler cache the first takes half an hour on 2 cores, the second an hour: neither is a part of scripts/test.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

runs=
case "${1:-}" in
  "") ;;
  --runs) runs=yes ;;
  *) sed -n '2,7s/^# \{0,1\}//p' scripts/arm64.sh >&2; exit 2 ;;
esac
for tool in aarch64-linux-gnu-g++ qemu-aarch64-static; do
  command -v "$tool" >/dev/null ||
    { echo "error: expected $tool, found none; apt-get install g++-aarch64-linux-gnu qemu-user-static" >&2; exit 1; }
done
if [ -n "$runs" ] && [ ! -x build/release/bin/weir ]; then
  echo "error: expected build/release/bin/weir to compare with, found none; scripts/demo.sh builds it" >&2
  exit 1
fi
emulated=(qemu-aarch64-static -L "$PWD/build/arm64-sysroot")

step "arm64's libraries and headers, from Debian"
scripts/arm64-sysroot.sh build/arm64-sysroot

tests=(weir_arrow_test weir_integrity_test)
step "building unit tests for arm64"
configure arm64
cmake --build build/arm64 --target "${tests[@]}"
for test in "${tests[@]}"; do
  step "$test under qemu"
  "${emulated[@]}" "build/arm64/tests/$test"
done
[ -n "$runs" ] || exit 0

plugins=(csv sqlite file expr validate gzip json)
step "building the program and plugins for arm64"
cmake --build build/arm64 --target weir "${plugins[@]/#/plugin_}"
step "the same runs on both machines"
python3 -B tests/release/same_runs.py --here build/release --there build/arm64 --emulator "${emulated[*]}"
