/** What a calendar says in words that a lenient reader would cut short, or read in one of two ways. */
import test from 'ava';
import { checkFreezes } from '../../src/change/freeze-check.ts';
import { describeError } from '../../src/core/errors.ts';
import { calendar, event, held, one, told } from '../support/calendar-text.ts';

const AT = Date.UTC(2026, 0, 1);
const HOUR = ['DTSTART:20260101T220000Z', 'DURATION:PT1H'];
const DAILY = [...HOUR, 'RRULE:FREQ=DAILY'];
const published = (...lines: string[]) =>
  calendar('METHOD:PUBLISH', ...event('UID:1', 'SEQUENCE:0', ...lines));
const answered = (method: string) =>
  calendar(
    `METHOD:${method}`,
    ...event('UID:1', 'SEQUENCE:1', 'DTSTART:20260201T120000Z', 'DURATION:PT1H'),
  );

/** Nothing can be made of them: not signed, and where they were signed, frozen. */
const UNREADABLE: [title: string, ics: string, expected: RegExp][] = [
  [
    'an offset behind a time',
    one('DTSTART:20260101T220000+0200', 'DURATION:PT1H'),
    /^freeze\.ics:6: .*20260101T220000\+0200 is no day or time/,
  ],
  ['words behind a time', one('DTSTART:20260101T220000ZFOO', 'DURATION:PT1H'), /:6: .*no day or/],
  [
    'a time where a day is said',
    one('DTSTART;VALUE=DATE:20260101T220000Z'),
    /^freeze\.ics:6: .*20260101T220000Z is not of the kind DATE/,
  ],
  [
    'a day where a time is said',
    one('DTSTART;VALUE=DATE-TIME:20260101', 'DURATION:PT1H'),
    /^freeze\.ics:6: .*20260101 is not of the kind DATE-TIME/,
  ],
  [
    'dates apart by semicolons',
    one(...DAILY, 'EXDATE:20260102T220000Z;20260103T220000Z'),
    /^freeze\.ics:9: .*no day or time/,
  ],
  [
    'words behind a period',
    one(...HOUR, 'RDATE;VALUE=PERIOD:20260110T220000Z/PT3H/PT1H'),
    /^freeze\.ics:8: .*no period/,
  ],
  ['half a number', one(...HOUR, 'SEQUENCE:1.5'), /^freeze\.ics:8: .*SEQUENCE is 1\.5/],
  [
    'another calendar than ours',
    calendar('CALSCALE:HEBREW', ...event('UID:1', ...HOUR)),
    /^freeze\.ics:4: .*CALSCALE is HEBREW/,
  ],
  ['an addition to a series', published(...DAILY) + answered('ADD'), /:16: .*METHOD is ADD/],
  ['a counter proposal', published(...DAILY) + answered('COUNTER'), /:16: .*METHOD is COUNTER/],
  ['a reply', published(...DAILY) + answered('reply'), /:16: .*METHOD is REPLY/],
];

for (const [title, ics, expected] of UNREADABLE) {
  test(`nothing is made of ${title}`, (t) => {
    const error = t.throws(() => checkFreezes(held(ics), AT, ['freeze.ics']));
    t.regex(describeError(error), expected);
    t.throws(() => told(ics, ['2026-01-15T22:30Z']), { message: /cannot be read/ });
  });
}

/** They can be read, in more than one way: not signed. */
const DOUBTFUL: [title: string, ics: string, expected: RegExp][] = [
  [
    'a zone beside a time in UTC',
    one('DTSTART;TZID=Asia/Tokyo:20260101T220000Z', 'DURATION:PT1H'),
    /^freeze\.ics:6: .*DTSTART has a zone, and a time in UTC or a day/,
  ],
  [
    'a zone beside a day',
    one('DTSTART;VALUE=DATE;TZID=Asia/Tokyo:20260102'),
    /^freeze\.ics:6: .*DTSTART has a zone, and a time in UTC or a day/,
  ],
  [
    'a day that is added to times',
    one(...HOUR, 'RDATE;VALUE=DATE:20260110'),
    /^freeze\.ics:8: .*RDATE is written otherwise than DTSTART/,
  ],
  [
    'a time without a zone that is added to others',
    one('DTSTART;TZID=Asia/Tokyo:20260101T220000', 'DURATION:PT1H', 'RDATE:20260110T220000'),
    /^freeze\.ics:8: .*RDATE is written otherwise than DTSTART/,
  ],
  [
    'an older form of calendars',
    calendar(...event('UID:1', ...HOUR)).replace('VERSION:2.0', 'VERSION:1.0'),
    /^freeze\.ics:2: .*VERSION is 1\.0/,
  ],
  [
    'a zone of the whole that nobody provides for',
    calendar('TZID:Asia/Tokyo', ...event('UID:1', 'DTSTART:20260101T220000', 'DURATION:PT1H')),
    /^freeze\.ics:4: .*TZID is not understood/,
  ],
  [
    'the first week of every other year: of which year it is, programs differ',
    one(
      'DTSTART:20251229T000000Z',
      'DURATION:P1D',
      'RRULE:FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO',
    ),
    /^freeze\.ics:8: .*weeks at the turn of a year/,
  ],
  [
    'a place in the last week of a year, which ends in the next',
    one(
      'DTSTART:20261228T000000Z',
      'DURATION:P1D',
      'RRULE:FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO,SU;BYSETPOS=-1',
    ),
    /^freeze\.ics:8: .*weeks at the turn of a year/,
  ],
  [
    'more than can be walked',
    one(
      'DTSTART:19000101T000000Z',
      'DURATION:PT1M',
      `RRULE:FREQ=DAILY;BYHOUR=${Array.from({ length: 24 }, (_, hour) => hour)};BYMINUTE=0,30`,
    ),
    /^freeze\.ics:8: .*more often than can be walked/,
  ],
  [
    'a count that is walked at every change',
    one(...HOUR, 'RRULE:FREQ=DAILY;COUNT=30000'),
    /^freeze\.ics:8: .*more often than can be walked; .*write UNTIL for a high COUNT/,
  ],
];

for (const [title, ics, expected] of DOUBTFUL) {
  test(`nobody signs ${title}`, (t) => {
    const error = t.throws(() => checkFreezes(held(ics), AT, ['freeze.ics']));
    t.regex(describeError(error), expected);
    t.notThrows(() => told(ics, ['2026-01-15T22:30Z']));
  });
}
