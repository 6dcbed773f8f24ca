/** Calendars as people export them, and what is frozen when. */
import test from 'ava';
import { frozenAt, nextFreeze } from '../../src/change/freeze.ts';
import { checkFreezes } from '../../src/change/freeze-check.ts';
import { describeError } from '../../src/core/errors.ts';

const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const event = (...lines: string[]) => ['BEGIN:VEVENT', 'UID:1', ...lines, 'END:VEVENT'];
const freezes = (...lines: string[]) => [{ name: 'freeze', ics: calendar(...lines) }];

const iso = (at: number) => new Date(at).toISOString().replace(':00.000Z', 'Z');

/** `frozen until …` or `free`, then when the next one is. */
function told(held: { name: string; ics: string }[], at: string): string {
  const now = frozenAt(held, Date.parse(at));
  const next = nextFreeze(held, Date.parse(at));
  const first = now ? `${now.name} until ${iso(now.until)}` : 'free';
  return next ? `${first}; then ${iso(next.from)} to ${iso(next.until)}` : first;
}

const ONCE = freezes(
  ...event('DTSTART:20261220T180000Z', 'DTEND:20270104T060000Z', 'SUMMARY:Year end'),
);
const DAYS = event('DTSTART;VALUE=DATE:20261224', 'DTEND;VALUE=DATE:20261227');
const WEEKLY = event(
  'DTSTART;TZID=Europe/Berlin:20200306T220000',
  'DTEND;TZID=Europe/Berlin:20200307T040000',
  'RRULE:FREQ=WEEKLY',
  'EXDATE;TZID=Europe/Berlin:20260320T220000',
);
const MOVED = [
  ...WEEKLY,
  ...event(
    'RECURRENCE-ID;TZID=Europe/Berlin:20260313T220000',
    'DTSTART;TZID=Europe/Berlin:20260312T200000',
    'DTEND;TZID=Europe/Berlin:20260312T210000',
  ),
];
/** As Outlook does it: a name of its own, defined in the file. */
const OWN_ZONE = [
  'BEGIN:VTIMEZONE',
  'TZID:Head office',
  'BEGIN:STANDARD',
  'DTSTART:19700101T000000',
  'TZOFFSETFROM:+0500',
  'TZOFFSETTO:+0500',
  'END:STANDARD',
  'END:VTIMEZONE',
  ...event('DTSTART;TZID=Head office:20260301T060000', 'DTEND;TZID=Head office:20260301T070000'),
];

const TABLE: [string, { name: string; ics: string }[], string, string][] = [
  ['no calendar', [], '2026-01-01T00:00Z', 'free'],
  [
    'before an event',
    ONCE,
    '2026-12-20T17:59:59Z',
    'free; then 2026-12-20T18:00Z to 2027-01-04T06:00Z',
  ],
  [
    'at its first instant',
    ONCE,
    '2026-12-20T18:00:00Z',
    'freeze (Year end) until 2027-01-04T06:00Z',
  ],
  ['in its last second', ONCE, '2027-01-04T05:59:59Z', 'freeze (Year end) until 2027-01-04T06:00Z'],
  ['at its end', ONCE, '2027-01-04T06:00:00Z', 'free'],
  [
    'on whole days, in UTC',
    freezes(...DAYS),
    '2026-12-26T23:59:59Z',
    'freeze until 2026-12-27T00:00Z',
  ],
  [
    'on whole days, in the zone of the calendar',
    freezes('X-WR-TIMEZONE:America/New_York', ...DAYS),
    '2026-12-27T04:59:59Z',
    'freeze until 2026-12-27T05:00Z',
  ],
  [
    'in a weekly event of six years, in winter',
    freezes(...WEEKLY),
    '2026-03-06T21:00:00Z',
    'freeze until 2026-03-07T03:00Z; then 2026-03-13T21:00Z to 2026-03-14T03:00Z',
  ],
  [
    'in the same event, in summer time',
    freezes(...WEEKLY),
    '2026-04-03T20:00:00Z',
    'freeze until 2026-04-04T02:00Z; then 2026-04-10T20:00Z to 2026-04-11T02:00Z',
  ],
  [
    'an hour too early in winter',
    freezes(...WEEKLY),
    '2026-03-06T20:30:00Z',
    'free; then 2026-03-06T21:00Z to 2026-03-07T03:00Z',
  ],
  [
    'in an occurrence that was taken out',
    freezes(...WEEKLY),
    '2026-03-20T22:00:00Z',
    'free; then 2026-03-27T21:00Z to 2026-03-28T03:00Z',
  ],
  [
    'where an occurrence was moved to',
    freezes(...MOVED),
    '2026-03-12T19:30:00Z',
    'freeze until 2026-03-12T20:00Z; then 2026-03-27T21:00Z to 2026-03-28T03:00Z',
  ],
  [
    'where an occurrence was moved from',
    freezes(...MOVED),
    '2026-03-13T22:00:00Z',
    'free; then 2026-03-27T21:00Z to 2026-03-28T03:00Z',
  ],
  [
    'in a zone that the file defines',
    freezes(...OWN_ZONE),
    '2026-03-01T01:00:00Z',
    'freeze until 2026-03-01T02:00Z',
  ],
  [
    'in a cancelled event',
    freezes(...event('DTSTART:20260101T000000Z', 'DTEND:20270101T000000Z', 'STATUS:CANCELLED')),
    '2026-06-01T00:00:00Z',
    'free',
  ],
  [
    'in a rule that has ended',
    freezes(
      ...event(
        'DTSTART:20250101T000000Z',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;UNTIL=20250110T000000Z',
      ),
    ),
    '2025-01-11T00:30:00Z',
    'free',
  ],
  [
    'in the last occurrence of a rule that ends at its start',
    freezes(
      ...event(
        'DTSTART;TZID=Europe/Berlin:20260101T220000',
        'DURATION:PT1H',
        'RRULE:FREQ=DAILY;UNTIL=20260103T210000Z',
      ),
    ),
    '2026-01-03T21:30:00Z',
    'freeze until 2026-01-03T22:00Z',
  ],
  [
    'in every second week, on the right days',
    freezes(
      ...event(
        'DTSTART:20240108T000000Z',
        'DURATION:P1D',
        'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH',
      ),
    ),
    '2026-03-02T12:00:00Z',
    'freeze until 2026-03-03T00:00Z; then 2026-03-05T00:00Z to 2026-03-06T00:00Z',
  ],
  [
    'in the week between',
    freezes(
      ...event(
        'DTSTART:20240108T000000Z',
        'DURATION:P1D',
        'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH',
      ),
    ),
    '2026-03-09T12:00:00Z',
    'free; then 2026-03-16T00:00Z to 2026-03-17T00:00Z',
  ],
  [
    'on the last Friday of a month',
    freezes(...event('DTSTART:20250131T000000Z', 'DURATION:PT6H', 'RRULE:FREQ=MONTHLY;BYDAY=-1FR')),
    '2026-02-27T01:00:00Z',
    'freeze until 2026-02-27T06:00Z; then 2026-03-27T00:00Z to 2026-03-27T06:00Z',
  ],
  [
    'in two calendars, one after the other',
    [...ONCE, ...freezes(...event('DTSTART:20270104T050000Z', 'DTEND:20270105T000000Z'))],
    '2027-01-01T00:00:00Z',
    'freeze (Year end) until 2027-01-05T00:00Z; then 2027-01-04T05:00Z to 2027-01-05T00:00Z',
  ],
];

for (const [title, held, at, expected] of TABLE) {
  test(`a freeze is asked for ${title}`, (t) => t.is(told(held, at), expected));
}

const AT = Date.UTC(2026, 5, 1);

const BAD: [string, string, RegExp][] = [
  ['not a calendar', 'hello', /^the calendar freeze cannot be read: /],
  ['a card', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\nEND:VCARD', /cannot be read: it is a vcard/],
  [
    'a zone that nobody knows',
    calendar(...event('DTSTART;TZID=Moon/Base:20260101T000000', 'DURATION:PT1H')),
    /the time zone Moon\/Base is neither defined in the calendar nor known/,
  ],
  [
    'an event by the second',
    calendar(...event('DTSTART:20260101T000000Z', 'RRULE:FREQ=SECONDLY')),
    /an event repeats SECONDLY/,
  ],
  [
    'the 30th of February',
    calendar(...event('DTSTART:20260101T000000Z', 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30')),
    /a day that does not exist/,
  ],
];

for (const [title, ics, expected] of BAD) {
  test(`a calendar with ${title} is refused, and not taken for no freeze`, (t) => {
    const held = [{ name: 'freeze', ics }];
    const error = t.throws(() => frozenAt(held, AT));
    t.regex(describeError(error), expected);
    t.throws(() => checkFreezes(held, AT));
  });
}
