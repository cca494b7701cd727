#!/usr/bin/env bash
# Builds weir, installs it into install/, and moves the data of the first example. Run it as often as you like: the second
# time it only does what is new.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

step "installing the packages of packages.txt and plugins/*/packages.txt"
scripts/install-packages.sh build

step "building weir and its plugins in build/release"
configure release
cmake --build build/release --target product

step "installing into install/"
cmake --install build/release --prefix install >build/install.log

step "running examples/01_first_run/manifest.yaml; what it writes goes to build/demo/"
mkdir -p build/demo
export WEIR_OUT="$PWD/build/demo" XDG_STATE_HOME="$PWD/build/demo/state"
run install/bin/weir run --fresh examples/01_first_run/manifest.yaml
echo
echo "the first rejected row, with its reason, file and line (build/demo/rejects.ndjson):"
head -n 1 build/demo/rejects.ndjson
if command -v sqlite3 >/dev/null; then
  echo "the loaded rows by size (build/demo/strikes.db):"
  sqlite3 build/demo/strikes.db 'select "Wildlife Size", count(*) from strikes group by 1 order by 2 desc'
fi
