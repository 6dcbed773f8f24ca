"""Expands rules by python-dateutil and by libical: a JSON line in, [rule, start, end], one out."""
import json
import sys
from datetime import datetime

import gi
from dateutil.rrule import rrulestr

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402

FORM = "%Y%m%dT%H%M%S"


def by_dateutil(rule, start, end):
    found = []
    for time in rrulestr(rule, dtstart=datetime.strptime(start, FORM)):
        text = time.strftime(FORM)
        if text >= end:
            break
        found.append(text)
    return found


def by_libical(rule, start, end):
    found = []
    recurrence = ICalGLib.Recurrence.new_from_string(rule)
    try:
        times = ICalGLib.RecurIterator.new(recurrence, ICalGLib.Time.new_from_string(start))
    except TypeError:
        return found  # it says so where a rule never has an occurrence
    while True:
        time = times.next()
        if time is None or time.is_null_time() or time.as_ical_string() >= end:
            return found
        found.append(time.as_ical_string())


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps({"dateutil": by_dateutil(*asked), "libical": by_libical(*asked)}))
