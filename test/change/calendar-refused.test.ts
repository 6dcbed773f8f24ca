/** Calendars that nobody signs, and what those mean that are signed already. */
import test from 'ava';
import { checkFreezes } from '../../src/change/freeze-check.ts';
import { describeError } from '../../src/core/errors.ts';
import { calendar, event, held, one, told } from '../support/calendar-text.ts';
import { AT, NIGHT, NIGHTS, nights, OUTLOOK } from './calendar-parts.ts';

/** What is refused before it is signed: with the line of the file that is at fault. */
const REFUSED: [title: string, ics: string, expected: RegExp][] = [
  ['an empty file', '', /^freeze\.ics: the calendar f cannot be signed: it is empty; export/],
  ['a byte order mark alone', '\u{feff}\r\n', /it is empty/],
  ['no event', calendar(), /it holds no event/],
  ['an end that is missing', calendar().slice(0, -16), /^freeze\.ics:1: .*vcalendar does not end/],
  [
    'COUNT=0',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=0'),
    /^freeze\.ics:8: .*COUNT of a rule cannot be 0/,
  ],
  ['the 31st of February', one('DTSTART;VALUE=DATE:20260231'), /^freeze\.ics:6: .*no day or time/],
  [
    'a rule for the 31st of February',
    one('DTSTART;VALUE=DATE:20260228', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31'),
    /^freeze\.ics:7: .*a day that does not exist/,
  ],
  [
    'a start that its rule does not name',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;BYDAY=MO'),
    /^freeze\.ics:8: .*does not name the day on which it starts, 2026-01-01/,
  ],
  [
    'a step of none',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;INTERVAL=0'),
    /INTERVAL of a rule cannot be 0/,
  ],
  [
    'a word in a rule that nobody knows',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYEASTER=0'),
    /^freeze\.ics:8: /,
  ],
  [
    'a word in an event that nobody knows',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'EXRULE:FREQ=DAILY'),
    /^freeze\.ics:8: .*EXRULE is not understood/,
  ],
  [
    'a word that is one of those with a slip',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RECURENCE-ID:20260101T000000Z'),
    /^freeze\.ics:8: .*RECURENCE-ID is not understood/,
  ],
  ['no length', one('DTSTART:20260101T000000Z'), /^freeze\.ics:4: .*ends when it begins/],
  [
    'an end before the start',
    one('DTSTART:20260102T000000Z', 'DTEND:20260101T000000Z'),
    /^freeze\.ics:7: .*ends before it begins/,
  ],
  [
    'two versions of which none is the newer',
    calendar(
      ...event('UID:1', 'DTSTART:20260101T000000Z', 'DURATION:PT1H'),
      ...event('UID:1', 'DTSTART:20260102T000000Z', 'DURATION:PT1H'),
    ),
    /^freeze\.ics:9: .*the same UID as line 4, and neither is newer/,
  ],
  [
    'an occurrence that there is not',
    nights('RECURRENCE-ID:20260603T210000Z', 'DTSTART:20260609T120000Z', 'DURATION:PT1H'),
    /^freeze\.ics:12: .*an occurrence that there is not/,
  ],
  [
    'a day that is taken out of times',
    one(...NIGHTS, 'EXDATE;VALUE=DATE:20260603'),
    /^freeze\.ics:9: .*EXDATE is written otherwise than DTSTART/,
  ],
  [
    'a zone that is not what its name says',
    calendar(...OUTLOOK('+0000'), ...NIGHT),
    /^freeze\.ics:4: .*defines Europe\/Berlin otherwise than that zone is from 2026-01-01 on/,
  ],
  [
    'a zone that nobody knows',
    one('DTSTART;TZID=Moon Standard Time:20260101T000000', 'DURATION:PT1H'),
    /^freeze\.ics:6: .*the time zone Moon Standard Time is neither/,
  ],
  [
    'a line that is no line of a calendar',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'hello'),
    /^freeze\.ics:8: /,
  ],
];

for (const [title, ics, expected] of REFUSED) {
  test(`nobody signs a calendar with ${title}`, (t) => {
    const error = t.throws(() => checkFreezes(held(ics), AT, ['freeze.ics']));
    t.regex(describeError(error), expected);
  });
}

/** Policies that were signed before calendars were held to this: never free on a guess. */
const OLD: [title: string, ics: string, at: string, expected: string | RegExp][] = [
  [
    'two versions of which none is the newer: both count',
    calendar(
      ...event('UID:1', 'DTSTART:20260101T000000Z', 'DURATION:PT1H'),
      ...event('UID:1', 'DTSTART:20260102T000000Z', 'STATUS:CANCELLED'),
    ),
    '2026-01-01T00:30Z',
    '2026-01-01T01:00',
  ],
  [
    'a day that is taken out of times: it stays',
    one(...NIGHTS, 'EXDATE;VALUE=DATE:20260603'),
    '2026-06-04T00:00Z',
    '2026-06-04T04:00',
  ],
  [
    'a start that its rule does not name: it counts',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;BYDAY=MO'),
    '2026-01-01T00:30Z',
    '2026-01-01T01:00',
  ],
  [
    'an empty file: nobody knows',
    '',
    '2026-01-01T00:30Z',
    /the calendar f cannot be read: it is empty/,
  ],
  [
    'COUNT=0: nobody knows',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;COUNT=0'),
    '2030-01-01T00:30Z',
    /COUNT of a rule cannot be 0 \(line 8\)/,
  ],
];

for (const [title, ics, at, expected] of OLD) {
  test(`a calendar that is signed already has ${title}`, (t) => {
    if (typeof expected === 'string') t.deepEqual(told(ics, [at]), [expected]);
    else t.throws(() => told(ics, [at]), { message: expected });
  });
}
