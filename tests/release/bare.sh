#!/usr/bin/env bash
# Tries a release archive, and a Debian package if one is given, in a copy of a bare Debian: by hand, as root.
#
#   tests/release/bare.sh ROOT ARCHIVE [PACKAGE.deb]
#
# ROOT is what `debootstrap --variant=minbase bookworm ROOT` made. The archive is unpacked, made read-only, and run by a user who
# has no home; the package is installed by apt with what it depends on, run, and removed again with nothing left.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
source=$(realpath "$1") archive=$(realpath "$2") package=${3:+$(realpath "$3")}
work=$(mktemp -d)
root=$work/root
finish() {
  for place in opt/release proc; do umount "$root/$place" 2>/dev/null || true; done
  rm -rf --one-file-system "$work"
}
trap finish EXIT
inside() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive "$@"; }
as_nobody() { inside chroot --userspec=65534:65534 "$root" env -i PATH=/usr/bin:/bin "$@"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

cp -a --one-file-system "$source" "$root"
mount -t proc proc "$root/proc"
[ -e "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
mkdir -p "$root/opt/release"
if compgen -G "$root/usr/lib/*/libspdlog.so.*" >/dev/null; then fail "expected a bare root, found libspdlog in it"; fi

# What is run in either way: an example, whose rows are counted, by a user without a home.
try() {
  install -d -o 65534 -g 65534 "$root/tmp/out"
  cp -r "$1" "$root/tmp/example"
  chown -R 65534:65534 "$root/tmp/example"
  as_nobody WEIR_OUT=/tmp/out "$2" run --fresh /tmp/example/manifest.yaml
  as_nobody LC_ALL=C.UTF-8 sh -c 'cd /tmp/out && "$0" doctor' "$2" >"$work/doctor" || fail "expected no problems: $(cat "$work/doctor")"
  [ -s "$root/tmp/out/strikes.db" ] || fail "expected strikes.db, found none"
  rm -r "$root/tmp/out" "$root/tmp/example"
}

echo "== the archive, read-only, as nobody, without a home"
mkdir "$work/unpacked"
tar --zstd -xf "$archive" -C "$work/unpacked"
name=$(ls "$work/unpacked")
mount --bind "$work/unpacked" "$root/opt/release"
mount -o remount,ro,bind "$root/opt/release"
try "$work/unpacked/$name/share/weir/examples/01_first_run" "/opt/release/$name/bin/weir"

[ -n "$package" ] || { echo "passed"; exit 0; }
echo "== the package"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp "$package" "$root/tmp/"
files() { (cd "$root" && find etc usr var/lib -xdev ! -path 'var/lib/apt/*' ! -path 'var/lib/dpkg/*' ! -path 'usr/share/*/__pycache__*' | sort); }
inside chroot "$root" apt-get -q update >"$work/log" 2>&1 || fail "apt-get update: $(tail -n 3 "$work/log")"
depends=$(dpkg-deb -f "$package" Depends | sed 's/ *([^)]*)//g; s/,/ /g; s/|[^ ]* *//g')
inside chroot "$root" apt-get -q -y install --no-install-recommends $depends >"$work/log" 2>&1 || fail "$(tail -n 5 "$work/log")"
before=$(files)
inside chroot "$root" dpkg -i "/tmp/$(basename "$package")" >"$work/log" 2>&1 || fail "dpkg -i: $(cat "$work/log")"
try "$root/usr/share/weir/examples/01_first_run" /usr/bin/weir
inside chroot "$root" dpkg --purge weir >"$work/log" 2>&1 || fail "dpkg --purge: $(cat "$work/log")"
diff <(echo "$before") <(files) >"$work/left" || fail "expected nothing left, found: $(head "$work/left")"
echo "passed"
