#!/usr/bin/env bash
# Installs what tests/requirements.txt says into the virtual environment build/python, and does nothing where it is there.
# Needs Debian's python3-venv, and a package registry the first time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p build
exec 9>build/python.lock
flock 9
stamp=build/python/requirements.txt
if cmp -s tests/requirements.txt "$stamp" && build/python/bin/python -c 'import duckdb, pyarrow' 2>/dev/null; then
  echo "python packages: all there"
  exit 0
fi
echo "python packages: installing $(grep -v '^#' tests/requirements.txt | tr '\n' ' ')into build/python"
rm -rf build/python
python3 -m venv build/python
build/python/bin/pip install --quiet --disable-pip-version-check --no-input --only-binary :all: -r tests/requirements.txt
cp tests/requirements.txt "$stamp"
