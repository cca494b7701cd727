#!/usr/bin/env bash
# Makes a folder with Debian's arm64 libraries, headers and C library, to compile against and to run programs in under qemu.
#
#   scripts/arm64-sysroot.sh FOLDER
#
# It asks apt for the packages of packages.txt and plugins/*/packages.txt, for arm64, with a state of its own in FOLDER.apt, and
# unpacks them: nothing of this machine's packages changes, and no root is needed. A folder that has all is left as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# = 1 ] || { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
mkdir -p "$1"
sysroot=$(cd "$1" && pwd)
apt=$sysroot.apt

# What is of libraries; compilers and tools are this machine's.
mapfile -t packages < <(scripts/install-packages.sh list build | grep -E '^lib|-dev$|^tzdata$|^nlohmann'; echo catch2)
packages+=(libc6-dev libstdc++-12-dev)
if [ "$(cat "$sysroot/.packages" 2>/dev/null)" = "${packages[*]}" ] && [ -f "$sysroot/.owners" ]; then
  echo "arm64: all packages there"
  exit 0
fi

if [ -n "$(ls -A "$sysroot")" ] && [ ! -d "$sysroot/usr/lib/aarch64-linux-gnu" ]; then
  echo "error: $sysroot: expected an empty folder, or one that this made, found other things" >&2
  exit 1
fi
rm -rf "$sysroot" "$apt"
mkdir -p "$apt"/{state/lists/partial,cache/archives/partial} "$sysroot/usr"/{bin,lib,sbin}
: >"$apt/status"
cat >"$apt/apt.conf" <<END
APT::Architecture "arm64";
#clear APT::Architectures;
APT::Architectures { "arm64"; };
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Debug::NoLocking "true";
END
export APT_CONFIG=$apt/apt.conf
apt-get -q update </dev/null
apt-get -q -y install --no-install-recommends --download-only "${packages[@]}" </dev/null

# As Debian has it since 12: one tree, below usr.
for folder in bin lib sbin; do ln -s "usr/$folder" "$sysroot/$folder"; done
# Whose each file is, for the list of libraries that an archive carries: path, package, version, source.
for package in "$apt"/cache/archives/*.deb; do
  name=$(dpkg-deb -f "$package" Package) version=$(dpkg-deb -f "$package" Version) source=$(dpkg-deb -f "$package" Source)
  dpkg-deb --fsys-tarfile "$package" | tar -C "$sysroot" --keep-directory-symlink --no-same-owner -xv |
    sed -n 's,^\./,,; s,^lib/,usr/lib/,; /\/$/!'"s/\$/\t$name\t$version\t${source%% *}/p" | sed "s/\t\$/\t$name/" >>"$apt/owners"
done
mv "$apt/owners" "$sysroot/.owners"
# Links to places of a running system would lead into this machine's: within the folder they are relative.
find "$sysroot" -type l -lname '/*' -printf '%p\n' | while read -r link; do
  ln -sfrn "$sysroot$(readlink "$link")" "$link"
done
rm -rf "$apt"
echo "${packages[*]}" >"$sysroot/.packages"
echo "arm64: $(du -sh "$sysroot" | cut -f1) in $sysroot"
