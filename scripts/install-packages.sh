#!/usr/bin/env bash
# Installs the Debian packages that weir needs, and does nothing where all are there.
#
#   scripts/install-packages.sh build   to build the core and the plugins that come with it
#   scripts/install-packages.sh test    that, and what scripts/test.sh runs
#   scripts/install-packages.sh arm64   what scripts/arm64.sh needs beside that
#   scripts/install-packages.sh list [build|test|arm64]   only names them
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

# Prints the packages of the lists: the lines before [test]; those and the ones behind it; or those behind [arm64].
packages() {
  local list
  for list in "$root/packages.txt" "$root"/plugins/*/packages.txt; do
    [ -f "$list" ] || continue
    awk -v wanted="$1" 'BEGIN { section = "build" }
      { sub(/#.*/, ""); gsub(/[ \t\r]/, "") }
      /^\[/ { section = substr($0, 2, length($0) - 2); next }
      $0 != "" && (section == wanted || (section == "build" && wanted == "test")) { print }' "$list"
  done | sort -u
}

# Prints those of the names on stdin that are not installed.
missing() {
  local name
  while read -r name; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env "$@"
  elif command -v sudo >/dev/null; then
    sudo -n env "$@" || sudo env "$@"
  else
    echo "error: expected to be root or to have sudo, to install: ${wanted[*]}" >&2
    exit 1
  fi
}

only_list=
if [ "${1:-}" = list ]; then
  only_list=yes
  shift
fi
what=${1:-build}
case "$what" in build | test | arm64) ;; *) usage ;; esac
if [ -n "$only_list" ]; then
  packages "$what"
  exit 0
fi

if ! command -v apt-get >/dev/null; then
  echo "error: expected Debian's apt-get, found none; install these by hand:" $(packages "$what") >&2
  exit 1
fi
mapfile -t wanted < <(packages "$what" | missing)
if [ ${#wanted[@]} = 0 ]; then
  echo "packages: all there"
  exit 0
fi
echo "packages: installing ${wanted[*]}"
quiet=(DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
as_root "${quiet[@]}" update </dev/null
as_root "${quiet[@]}" install --no-install-recommends "${wanted[@]}" </dev/null
