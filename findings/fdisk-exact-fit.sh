#!/usr/bin/env bash
# fdisk of util-linux 2.38.1 (Debian 12): +SIZE that is exactly what is left of the disk is "out of
# range", because the last sector is reckoned one too far; sfdisk of the same package takes the same
# size. A size one KiB smaller is rounded down to whole MiB without a word. And with answers from a
# pipe the refusal ends in exit 0 with nothing written, so that a script has to look at the table.
# Passes while that is so, fails when it changes. Works on an image file; needs no root.
set -euo pipefail
version=2.38.1-5+deb12u3
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
apt-get download -qq "fdisk=$version" "libfdisk1=$version" >/dev/null 2>&1 ||
  { echo "fdisk $version cannot be had here (apt-get update first?)"; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$(dirname "$(find "$here/root" -name 'libfdisk.so.1' | head -n 1)")
tool() { local name=$1; shift; "$(find "$here/root" -path "*sbin/$name")" "$@"; }

# 17 MiB: the first partition begins at 1 MiB, so 16384 KiB are left.
partition() {
  rm -f disk.img
  truncate -s 17M disk.img
  printf 'o\nn\np\n1\n\n%s\nw\n' "$1" | tool fdisk disk.img >said.txt 2>&1 && code=0 || code=$?
  sectors=$(tool sfdisk -d disk.img 2>/dev/null | sed -n 's/.*size= *\([0-9]*\).*/\1/p')
  refused=$(grep -c 'Value out of range' said.txt || true)
  echo "fdisk '$1': exit $code, refused $refused, sectors ${sectors:-none}"
}

seen=$(
  partition +16384K
  partition +16383K
  partition ''
  rm -f disk.img
  truncate -s 17M disk.img
  echo 'start=1MiB, size=16384KiB' | tool sfdisk -q disk.img
  echo "sfdisk 16384KiB: sectors $(tool sfdisk -d disk.img | sed -n 's/.*size= *\([0-9]*\).*/\1/p')"
)
echo "util-linux $version"
echo "$seen"
[ "$seen" = "fdisk '+16384K': exit 0, refused 1, sectors none
fdisk '+16383K': exit 0, refused 0, sectors 30720
fdisk '': exit 0, refused 0, sectors 32768
sfdisk 16384KiB: sectors 32768" ]
