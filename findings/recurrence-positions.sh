#!/usr/bin/env bash
# rrule 2.8.1 and positions that a month does not have. BYSETPOS=-5 of the Fridays is the fifth from
# the end: only months with five Fridays have one. rrule answers with the first Friday in every
# other month too. RFC 5545, 3.3.10: BYSETPOS names occurrences within the set of the period; where
# the set is smaller there is none.
# Passes while that is so, fails when it changes.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule@2.8.1
cat >ask.mjs <<'EOF'
import rrule from 'rrule';
const options = rrule.RRule.parseString('FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-5;UNTIL=20260630T000000Z');
const rule = new rrule.RRule({ ...options, dtstart: new Date('2026-01-02T00:00:00Z') });
for (const day of rule.all()) console.log(day.toISOString().slice(0, 10));
EOF
seen=$(node ask.mjs | xargs)
echo "rrule 2.8.1: $seen"
echo 'by RFC 5545: 2026-01-02 2026-05-01'
[ "$seen" = '2026-01-02 2026-02-06 2026-03-06 2026-04-03 2026-05-01 2026-06-05' ]
