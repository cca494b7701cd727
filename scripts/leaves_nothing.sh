#!/usr/bin/env bash
# Runs a command, and fails if it leaves anything behind: a process, or a file in TMPDIR, /dev/shm, HOME (it gets one of its
# own) or the working tree. What was there before is none of its business.
#
#   scripts/leaves_nothing.sh COMMAND [ARGUMENT…]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${TMPDIR:=/tmp}"
home=$(mktemp -d "$TMPDIR/home.XXXXXX")
mark="WEIR_LEAVES_NOTHING=$$-$(date +%s%N)"
trap 'rm -rf "$home"' EXIT

# All that is there now, a line each. Of /dev/shm only what has our name, of processes only those of the command.
listed() {
  find "$TMPDIR" -mindepth 1 ! -path "$home" -printf 'file %p\n' 2>/dev/null
  find /dev/shm -mindepth 1 -maxdepth 1 -name '*weir*' -user "$(id -u)" -printf 'file %p\n' 2>/dev/null
  git -C "$root" ls-files --others --exclude-standard 2>/dev/null | sed 's/^/new file /'
  local process
  for process in /proc/[0-9]*; do
    if grep -qzxF "$mark" "$process/environ" 2>/dev/null; then
      echo "process ${process#/proc/}: $(tr '\0' ' ' <"$process/cmdline")"
    fi
  done
}

before=$(listed | sort)
# The compiler's cache stays where it is.
env "$mark" HOME="$home" CCACHE_DIR="${CCACHE_DIR:-${HOME:-/nonexistent}/.cache/ccache}" "$@"
code=$?
left=$(comm -13 <(echo "$before") <(listed | sort))
if [ -n "$left" ]; then
  printf 'expected the command to leave nothing behind, found\n%s\n' "$left" >&2
  exit 1
fi
exit "$code"
