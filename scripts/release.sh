#!/usr/bin/env bash
# Makes the release archive of what is built, and prints which C library it needs.
#
#   scripts/release.sh [--machine MACHINE] [--preset PRESET] [--to FOLDER] [--level N] [--built] [--deb]
#
# Into FOLDER (build/archives) it writes weir-VERSION-linux-MACHINE.tar.zst and SHA256SUMS. Same input, same bytes: names are sorted, files
# belong to nobody, and their time is SOURCE_DATE_EPOCH, or else that of the last commit. --built takes what the preset's
# build folder has, without building; --level is zstd's (19); --deb makes Debian's package, too. MACHINE is this one, or arm64, for which
# it is built as scripts/arm64.sh does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/steps.sh

preset=
to=build/archives
level=19
built=
deb=
machine=$(uname -m)
while [ $# -gt 0 ]; do
  case "$1" in
    --machine) machine=$2; shift 2 ;;
    --preset) preset=$2; shift 2 ;;
    --to) to=$2; shift 2 ;;
    --level) level=$2; shift 2 ;;
    --built) built=yes; shift ;;
    --deb) deb=yes; shift ;;
    *) sed -n '2,9s/^# \{0,1\}//p' scripts/release.sh >&2; exit 2 ;;
  esac
done
tools=() sysroot=()
case "$machine" in
  "$(uname -m)" | "$(uname -m | sed 's/_/-/')") strip=strip preset=${preset:-release} tools=(dpkg-query) ;;
  arm64 | aarch64)
    machine=aarch64 strip=aarch64-linux-gnu-strip preset=${preset:-arm64} tools=(aarch64-linux-gnu-g++ qemu-aarch64-static)
    sysroot=(--sysroot build/arm64-sysroot)
    ;;
  *) echo "error: --machine: expected $(uname -m | sed 's/_/-/') or arm64, found $machine" >&2; exit 2 ;;
esac
machine=${machine/_/-}
if [ -n "$deb" ] && [ ${#sysroot[@]} != 0 ]; then
  echo "error: --deb: expected this machine, found arm64: what a package depends on is asked of the packages that are installed" >&2
  exit 2
fi
for tool in patchelf zstd readelf "$strip" python3 "${tools[@]}"; do
  command -v "$tool" >/dev/null || { echo "error: expected $tool, found none; scripts/install-packages.sh test installs it" >&2; exit 1; }
done
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CHANGELOG.md)}

if [ -z "$built" ]; then
  [ ${#sysroot[@]} = 0 ] || scripts/arm64-sysroot.sh build/arm64-sysroot
  step "building the preset $preset"
  configure "$preset"
  cmake --build "build/$preset" --target product
fi

step "laying out the tree"
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "build/$preset/CMakeCache.txt")
name=weir-$version-linux-$machine
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
tree=$stage/$name
cmake --install "build/$preset" --prefix "$tree" >"$stage/install.log"
while IFS= read -r -d '' file; do
  "$strip" --strip-unneeded "$file"
done < <(find "$tree/bin" "$tree/lib" $([ ! -d "$tree/libexec" ] || echo "$tree/libexec") -type f \
  \( -perm -u+x -o -name '*.so*' \) -print0)
python3 -B scripts/bundle_libraries.py "${sysroot[@]}" "$tree"

step "what it needs of a system"
python3 -B scripts/elf_needs.py "$tree" | tee "$tree/share/doc/weir/needs.txt"

step "packing"
mkdir -p "$to"
tar -C "$stage" --sort=name --format=posix --pax-option=delete=atime,delete=ctime --mtime="@$epoch" \
  --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX -cf - "$name" |
  zstd -q -f -T1 "-$level" -o "$to/$name.tar.zst"
if [ -n "$deb" ]; then
  step "making Debian's package"
  (cd "build/$preset" && SOURCE_DATE_EPOCH=$epoch cpack -G DEB -B "$stage/deb") >"$stage/cpack.log" 2>&1 || { cat "$stage/cpack.log"; exit 1; }
  cp "$stage"/deb/*.deb "$to/"
fi
(cd "$to" && find . -maxdepth 1 -name 'weir[-_]*' -printf '%P\n' | sort | xargs -d '\n' sha256sum >SHA256SUMS && ls -sh && cat SHA256SUMS)
