#!/usr/bin/env bash
# Pacemaker 2.1.5 (Debian 12): a time with a numeric zone, written as RFC 3339 and ISO 8601 write it
# (2026-01-01T10:00:00+05:30), is taken for UTC without a word. Only where a blank stands before the
# offset it counts. So a rule of the CIB that keeps a resource off a node "from then on" takes effect
# five and a half hours late, and one in the Americas hours early.
# Passes while that is so, fails when it changes. Needs no root and no cluster.
set -euo pipefail
version=2.1.5-1+deb12u1
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
own="pacemaker-cli-utils pacemaker-common libcib27 libcrmcommon34 libpe-rules26 libpe-status28"
around="libqb100 libxslt1.1 libxml2 libglib2.0-0 libgnutls30 libicu72 libpcre2-8-0 libuuid1"
apt-get download -qq $(for name in $own; do echo "$name=$version"; done) $around >/dev/null 2>&1 ||
  { echo "pacemaker $version cannot be had here (apt-get update first?)"; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$here/root/usr/lib/x86_64-linux-gnu:$here/root/lib/x86_64-linux-gnu
export PCMK_schema_directory=$here/root/usr/share/pacemaker TZ=UTC

spoken() { "$here/root/usr/sbin/iso8601" --date="$1"; }

# In effect (0) or not yet (111), at a time in UTC, of a rule that begins at $1.
effect() {
  local rule="<rule id='r' score='-INFINITY'><date_expression id='d' operation='gt' start='$1'/></rule>"
  local cib="<cib crm_feature_set='3.16.2' validate-with='pacemaker-3.9' epoch='1' num_updates='0'
    admin_epoch='0'><configuration><crm_config/><nodes/><resources><primitive id='R' class='ocf'
    provider='heartbeat' type='Dummy'/></resources><constraints><rsc_location id='l' rsc='R'>$rule
    </rsc_location></constraints></configuration><status/></cib>"
  local code=0
  "$here/root/usr/sbin/crm_rule" --check --rule=r --date="$2" --xml-text="$cib" >/dev/null 2>&1 || code=$?
  echo "$code"
}

seen=$(
  spoken '2026-01-01T10:00:00+05:30'
  spoken '2026-01-01 10:00:00 +05:30'
  spoken '2026-01-01T10:00:00-03:00'
  for start in '2026-01-01T10:00:00+05:30' '2026-01-01 10:00:00 +05:30'; do
    echo "$start at 05:00Z: $(effect "$start" '2026-01-01 05:00:00Z'), at 10:30Z: $(effect "$start" '2026-01-01 10:30:00Z')"
  done
)
echo "pacemaker $version:"
echo "$seen"
[ "$seen" = 'Date: 2026-01-01 10:00:00Z
Date: 2026-01-01 04:30:00Z
Date: 2026-01-01 10:00:00Z
2026-01-01T10:00:00+05:30 at 05:00Z: 111, at 10:30Z: 0
2026-01-01 10:00:00 +05:30 at 05:00Z: 0, at 10:30Z: 0' ] || { echo 'this has changed'; exit 1; }
