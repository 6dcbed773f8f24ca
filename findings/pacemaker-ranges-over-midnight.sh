#!/usr/bin/env bash
# Pacemaker 2.1.5 (Debian 12): a range of a date_spec that goes over its end and begins anew, such as
# hours="22-6" for the night, weekdays="6-1" or months="11-2", is taken by the schema and by crm_verify
# without a word, and is never in effect: not in its first part, not in its second. What was to be kept
# off a node at night runs there all night.
# Passes while that is so, fails when it changes. Needs no root and no cluster.
set -euo pipefail
version=2.1.5-1+deb12u1
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
own="pacemaker-cli-utils pacemaker-common libcib27 libcrmcommon34 libcrmservice28 liblrmd28 libpacemaker1 libpe-rules26
  libpe-status28 libstonithd26"
around="libqb100 libxslt1.1 libxml2 libglib2.0-0 libgnutls30 libicu72 libncurses6 libtinfo6 libuuid1"
apt-get download -qq $(for name in $own; do echo "$name=$version"; done) $around >/dev/null 2>&1 ||
  { echo "pacemaker $version cannot be had here (apt-get update first?)"; exit 2; }
for package in ./*.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$here/root/usr/lib/x86_64-linux-gnu:$here/root/lib/x86_64-linux-gnu
export PCMK_schema_directory=$here/root/usr/share/pacemaker TZ=UTC

# R may not run on the only node while the rule is in effect.
write() {
  cat >cib.xml <<XML
<cib crm_feature_set="3.16.2" validate-with="pacemaker-3.9" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1">
  <configuration>
    <crm_config><cluster_property_set id="p">
      <nvpair id="p1" name="stonith-enabled" value="false"/>
    </cluster_property_set></crm_config>
    <nodes><node id="1" uname="n1"/></nodes>
    <resources><primitive id="R" class="ocf" provider="heartbeat" type="Dummy"/></resources>
    <constraints><rsc_location id="l" rsc="R"><rule id="r" score="-INFINITY">
      <date_expression id="d" operation="date_spec"><date_spec id="s" $1/></date_expression>
    </rule></rsc_location></constraints>
  </configuration>
  <status><node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member"/></status>
</cib>
XML
}

seen=$(
  for spec in 'hours="22-23"' 'hours="22-6"' 'weekdays="7"' 'weekdays="6-1"' 'months="11"' 'months="11-2"'; do
    write "$spec"
    "$here/root/usr/sbin/crm_verify" -x cib.xml && checked=sound || checked=refused
    kept=0
    # Sunday night, and the following Monday before dawn.
    for at in '2026-11-29 23:00:00Z' '2026-11-30 03:00:00Z'; do
      "$here/root/usr/sbin/crm_simulate" -x cib.xml -R -t "$at" 2>/dev/null | grep -q 'Start  *R' || kept=$((kept + 1))
    done
    echo "$spec: $checked, keeps R off at $kept of 2 times"
  done
)
echo "pacemaker $version:"
echo "$seen"
[ "$seen" = 'hours="22-23": sound, keeps R off at 1 of 2 times
hours="22-6": sound, keeps R off at 0 of 2 times
weekdays="7": sound, keeps R off at 1 of 2 times
weekdays="6-1": sound, keeps R off at 0 of 2 times
months="11": sound, keeps R off at 2 of 2 times
months="11-2": sound, keeps R off at 0 of 2 times' ] || { echo 'this has changed'; exit 1; }
