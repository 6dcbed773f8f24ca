#!/usr/bin/env bash
# python-dateutil 2.9.0.post0 and rrule 2.8.1, and days with and without a number. "Every Monday and
# the third Thursday of a month" (BYDAY=MO,3TH) has no occurrence at all: a day has to be on both
# lists, the plain and the numbered. RFC 5545, 3.3.10: BYDAY is one list, and a day that fits any of
# its members is in it.
# Passes while that is so, fails when it changes.
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule@2.8.1
python3 -m pip install -qq --disable-pip-version-check --root-user-action ignore \
  --target python python-dateutil==2.9.0.post0
cat >ask.mjs <<'EOF'
import rrule from 'rrule';
const options = rrule.RRule.parseString('FREQ=MONTHLY;BYDAY=MO,3TH;UNTIL=20260131T000000Z');
const rule = new rrule.RRule({ ...options, dtstart: new Date('2026-01-05T00:00:00Z') });
console.log(rule.all().length);
EOF
cat >ask.py <<'EOF'
from datetime import datetime
from dateutil.rrule import rrulestr

rule = 'FREQ=MONTHLY;BYDAY=MO,3TH;UNTIL=20260131T000000'
print(len(list(rrulestr(rule, dtstart=datetime(2026, 1, 5)))))
EOF
by_rrule=$(node ask.mjs)
by_dateutil=$(PYTHONPATH=python python3 ask.py)
echo "rrule 2.8.1: $by_rrule days in January 2026"
echo "python-dateutil 2.9.0.post0: $by_dateutil days in January 2026"
echo 'by RFC 5545: 5 (the 5th, 12th, 15th, 19th and 26th)'
[ "$by_rrule" = 0 ] && [ "$by_dateutil" = 0 ]
