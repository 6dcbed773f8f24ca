#!/usr/bin/env bash
# sfdisk of util-linux 2.38.1 (Debian 12): a size larger than the disk is no error, and what becomes of
# it depends on the kind of table. With a GPT the partition is made as large as fits, without a
# word. With a DOS table it gets no sector at all and begins where the disk ends. Both exit 0.
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
sfdisk() { "$(find "$here/root" -path '*sbin/sfdisk')" "$@"; }

# 32 MiB are 65536 sectors.
ask() {
  rm -f disk.img
  truncate -s 32M disk.img
  printf 'label: %s\nsize=900M\n' "$1" | sfdisk disk.img >said.txt 2>&1 && code=0 || code=$?
  echo "$1: exit $code, $(sfdisk -d disk.img | sed -n 's/.*: *start= *\([0-9]*\), *size= *\([0-9]*\).*/from \1, sectors \2/p')"
}

seen=$(ask gpt; ask dos)
echo "util-linux $version, size=900M on 65536 sectors"
echo "$seen"
[ "$seen" = 'gpt: exit 0, from 2048, sectors 59392
dos: exit 0, from 65536, sectors 0' ]
