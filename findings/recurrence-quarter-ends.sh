#!/usr/bin/env bash
# ical.js 2.2.1 and quarter ends. A yearly rule for the last day of March, June, September and
# December is right in its first year; from the second on June and September are a day late (there
# is a 31st in March, and the day counts from there). Whoever asks "is it the quarter's last day?"
# hears no on 30 June, and yes on 1 July. RFC 5545, 3.3.10: BYMONTHDAY=-1 is the last day of each
# month named.
# Passes while that is so, fails when it changes.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1
cat >ask.mjs <<'EOF'
import ICAL from 'ical.js';
const rule = ICAL.Recur.fromString('FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1');
const days = rule.iterator(ICAL.Time.fromString('2026-03-31T12:00:00'));
for (let index = 0; index < 8; index += 1) console.log(days.next().toString().slice(0, 10));
EOF
seen=$(node ask.mjs | xargs)
echo "ical.js 2.2.1: $seen"
right='2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-06-30 2027-09-30 2027-12-31'
echo "by RFC 5545:   $right"
[ "$seen" = '2026-03-31 2026-06-30 2026-09-30 2026-12-31 2027-03-31 2027-07-01 2027-10-01 2027-12-31' ]
