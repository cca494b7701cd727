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
run install/bin/weir run --fresh examples/01_first_run/manifest.yaml
