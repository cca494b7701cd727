# What the scripts share; sourced, with the repository as the current folder.

# Says what comes next, and when.
step() { printf '\n== %s · %s\n' "$(date +%H:%M:%S)" "$*"; }

# Shows a command, then runs it.
run() {
  printf '$ %s\n' "$*"
  "$@"
}

# configure PRESET [-D…]
configure() {
  cmake --preset "$@" >"build/configure-$1.log" 2>&1 || { cat "build/configure-$1.log"; return 1; }
}

mkdir -p build/tmp
export LC_ALL=C.UTF-8 TMPDIR="$PWD/build/tmp"
# A compiler cache that is there is used; a new one stays in build/.
if [ -z "${CCACHE_DIR:-}" ] && [ ! -d "${HOME:-/nonexistent}/.cache/ccache" ]; then
  export CCACHE_DIR="$PWD/build/ccache"
fi
