/** Calendars as programs really write them */
import test from 'ava';
import { checkFreezes } from '../../src/change/freeze-check.ts';
import { calendar, event, held, one, told } from '../support/calendar-text.ts';
import { AT, BERLIN, NIGHT, nights, OUTLOOK, PUBLISHED, TWINS } from './calendar-parts.ts';

/** Each is signed as well: nothing in it can mean two things. */
const FROZEN: [title: string, ics: string, table: Record<string, string>][] = [
  [
    'quarter ends, in every year',
    one(
      'DTSTART:20260331T120000Z',
      'DURATION:PT12H',
      'RRULE:FREQ=YEARLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1',
    ),
    {
      '2026-06-30T18:00Z': '2026-07-01T00:00',
      '2027-06-30T18:00Z': '2027-07-01T00:00',
      '2027-09-30T18:00Z': '2027-10-01T00:00',
      '2027-07-01T18:00Z': 'free',
    },
  ],
  [
    'week 53, in the years that have one',
    one('DTSTART:20201228T000000Z', 'DURATION:P1D', 'RRULE:FREQ=YEARLY;BYWEEKNO=53'),
    {
      '2026-12-28T12:00Z': '2026-12-29T00:00',
      '2026-12-29T12:00Z': 'free',
      '2027-12-27T12:00Z': 'free',
      '2032-12-27T12:00Z': '2032-12-28T00:00',
    },
  ],
  [
    'week 52 where it ends in the next year',
    one('DTSTART:20260101T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY;BYWEEKNO=1,52;BYDAY=TH,SU'),
    { '2028-01-02T00:30Z': '2028-01-02T01:00', '2029-01-02T00:30Z': 'free' },
  ],
  [
    'the last working day of a year',
    one(
      'DTSTART:20251231T000000Z',
      'DURATION:P1D',
      'RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    ),
    { '2028-12-29T12:00Z': '2028-12-30T00:00', '2028-12-31T12:00Z': 'free' },
  ],
  [
    'the fifth last Friday, only in months that have five',
    one('DTSTART:20260102T000000Z', 'DURATION:P1D', 'RRULE:FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-5'),
    { '2026-02-06T12:00Z': 'free', '2026-05-01T12:00Z': '2026-05-02T00:00' },
  ],
  [
    'one that is first and last at once counts once',
    one(
      'DTSTART:20260101T000000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=1,-1;COUNT=4',
    ),
    { '2026-04-01T00:30Z': '2026-04-01T01:00', '2026-05-01T00:30Z': 'free' },
  ],
  [
    'every Monday and the third Thursday',
    one('DTSTART:20260105T000000Z', 'DURATION:PT1H', 'RRULE:FREQ=MONTHLY;BYDAY=MO,3TH'),
    { '2026-02-19T00:30Z': '2026-02-19T01:00', '2026-02-23T00:30Z': '2026-02-23T01:00' },
  ],
  [
    'hours that are not written in their order',
    one('DTSTART:20260101T030000Z', 'DURATION:PT1H', 'RRULE:FREQ=DAILY;BYHOUR=21,3;BYSETPOS=-1,1'),
    { '2026-02-01T03:30Z': '2026-02-01T04:00', '2026-02-01T21:30Z': '2026-02-01T22:00' },
  ],
  [
    'a night that was moved to later: those between stay',
    nights('RECURRENCE-ID:20260603T220000Z', 'DTSTART:20260609T120000Z', 'DURATION:PT1H'),
    {
      '2026-06-04T00:00Z': 'free',
      '2026-06-05T00:00Z': '2026-06-05T04:00',
      '2026-06-08T00:00Z': '2026-06-08T04:00',
      '2026-06-09T12:30Z': '2026-06-09T13:00',
    },
  ],
  [
    'a night that was cancelled: those after it stay',
    nights('RECURRENCE-ID:20260603T220000Z', 'DTSTART:20260603T220000Z', 'STATUS:CANCELLED'),
    { '2026-06-04T00:00Z': 'free', '2026-06-05T00:00Z': '2026-06-05T04:00' },
  ],
  [
    'a night that is named in another zone',
    nights(`RECURRENCE-ID;${BERLIN}:20260604T000000`, 'DTSTART:20260620T000000Z', 'DURATION:PT1H'),
    { '2026-06-04T00:00Z': 'free', '2026-06-20T00:30Z': '2026-06-20T01:00' },
  ],
  [
    'this night and all after it an hour later and shorter',
    nights(
      'RECURRENCE-ID;RANGE=THISANDFUTURE:20260605T220000Z',
      'DTSTART:20260605T230000Z',
      'DURATION:PT2H',
    ),
    {
      '2026-06-04T22:30Z': '2026-06-05T04:00',
      '2026-06-05T22:30Z': 'free',
      '2026-06-05T23:30Z': '2026-06-06T01:00',
      '2026-06-08T22:30Z': 'free',
      '2026-06-08T23:30Z': '2026-06-09T01:00',
    },
  ],
  [
    'this night and all after it cancelled',
    nights('RECURRENCE-ID;RANGE=THISANDFUTURE:20260605T220000Z', 'STATUS:CANCELLED'),
    { '2026-06-04T22:30Z': '2026-06-05T04:00', '2026-06-07T22:30Z': 'free' },
  ],
  [
    'another series that begins at the same time',
    TWINS,
    { '2026-03-13T23:30Z': '2026-03-14T04:00', '2026-03-14T12:30Z': '2026-03-14T13:00' },
  ],
  [
    'hours over a night whose clocks go forward',
    one(`DTSTART;${BERLIN}:20260328T220000`, 'DURATION:PT8H'),
    { '2026-03-29T04:30Z': '2026-03-29T05:00' },
  ],
  [
    'a day over a night whose clocks go back',
    one(`DTSTART;${BERLIN}:20261024T220000`, 'DURATION:P1D'),
    { '2026-10-25T20:30Z': '2026-10-25T21:00' },
  ],
  [
    'a day and hours over a night whose clocks go back, each week',
    one(`DTSTART;${BERLIN}:20261003T220000`, 'DURATION:P1DT2H', 'RRULE:FREQ=WEEKLY'),
    { '2026-10-25T22:30Z': '2026-10-25T23:00' },
  ],
  [
    'a night until a time on the wall that is later than its hours, and the other way round',
    one(
      `DTSTART;${BERLIN}:20260103T220000`,
      `DTEND;${BERLIN}:20260104T040000`,
      'RRULE:FREQ=WEEKLY',
    ),
    { '2026-03-29T02:30Z': '2026-03-29T03:00', '2026-10-25T02:30Z': '2026-10-25T03:00' },
  ],
  [
    'an end in the hour that is left out',
    one(`DTSTART;${BERLIN}:20260328T220000`, `DTEND;${BERLIN}:20260329T023000`),
    { '2026-03-29T01:00Z': '2026-03-29T01:30', '2026-03-29T01:30Z': 'free' },
  ],
  [
    'a start in the hour that comes twice: the first of them',
    one(`DTSTART;${BERLIN}:20261025T023000`, 'DURATION:PT1H'),
    { '2026-10-25T00:29Z': 'free', '2026-10-25T00:30Z': '2026-10-25T01:30' },
  ],
  [
    'a night that starts each day in an hour that is once left out',
    one(`DTSTART;${BERLIN}:20260301T023000`, 'DURATION:PT1H', 'RRULE:FREQ=DAILY'),
    { '2026-03-29T01:30Z': '2026-03-29T02:30', '2026-03-30T00:30Z': '2026-03-30T01:30' },
  ],
  [
    'periods, by length and by end',
    one(
      'DTSTART:20260324T080000Z',
      'DURATION:PT1H',
      'RRULE:FREQ=DAILY;UNTIL=20260328T230000Z',
      'RDATE;VALUE=PERIOD:20260325T120000Z/PT3H,20260401T000000Z/20260401T020000Z',
    ),
    {
      '2026-03-25T14:30Z': '2026-03-25T15:00',
      '2026-04-01T01:00Z': '2026-04-01T02:00',
      '2026-09-01T12:00Z': 'free',
    },
  ],
  [
    'dates of their own, and one of them taken out',
    one(
      'DTSTART;VALUE=DATE:20260110',
      'RDATE;VALUE=DATE:20260210,20260310',
      'EXDATE;VALUE=DATE:20260210',
    ),
    {
      '2026-01-10T12:00Z': '2026-01-11T00:00',
      '2026-02-10T12:00Z': 'free',
      '2026-03-10T12:00Z': '2026-03-11T00:00',
    },
  ],
  [
    'a rule until a day: its last night too',
    one(`DTSTART;${BERLIN}:20260101T220000`, 'DURATION:PT1H', 'RRULE:FREQ=DAILY;UNTIL=20260103'),
    { '2026-01-03T21:30Z': '2026-01-03T22:00', '2026-01-04T21:30Z': 'free' },
  ],
  [
    'days until a time: its last day too',
    one('DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=DAILY;UNTIL=20260103T000000Z'),
    { '2026-01-03T12:00Z': '2026-01-04T00:00', '2026-01-04T12:00Z': 'free' },
  ],
  [
    'a file that begins with a byte order mark',
    `\u{feff}${one('DTSTART:20260101T000000Z', 'DURATION:PT1H')}`,
    { '2026-01-01T00:30Z': '2026-01-01T01:00' },
  ],
  [
    'the newest of three versions, wherever it stands',
    calendar(
      ...PUBLISHED(1, 'DTSTART:20260102T000000Z', 'DURATION:PT1H'),
      ...PUBLISHED(2, 'DTSTART:20260103T000000Z', 'DURATION:PT1H'),
      ...PUBLISHED(0, 'DTSTART:20260101T000000Z', 'DURATION:PT1H'),
    ),
    {
      '2026-01-01T00:30Z': 'free',
      '2026-01-02T00:30Z': 'free',
      '2026-01-03T00:30Z': '2026-01-03T01:00',
    },
  ],
  [
    'what was published, and taken back in the same file',
    calendar(
      ...PUBLISHED(0, 'DTSTART:20260101T000000Z', 'DURATION:PT1H'),
      ...event('UID:2', 'DTSTART:20260105T000000Z', 'DURATION:PT1H'),
    ) + calendar('METHOD:CANCEL', ...PUBLISHED(1, 'DTSTART:20260101T000000Z')),
    { '2026-01-01T00:30Z': 'free', '2026-01-05T00:30Z': '2026-01-05T01:00' },
  ],
  [
    'a zone by the name that Windows has for it',
    one('DTSTART;TZID=W. Europe Standard Time:20260701T060000', 'DURATION:PT1H'),
    { '2026-07-01T04:30Z': '2026-07-01T05:00' },
  ],
  [
    'a day in a calendar of which Windows named the zone',
    calendar('X-WR-TIMEZONE:Tokyo Standard Time', ...event('UID:1', 'DTSTART;VALUE=DATE:20260701')),
    { '2026-06-30T14:59Z': 'free', '2026-06-30T15:00Z': '2026-07-01T15:00' },
  ],
];

for (const [title, ics, table] of FROZEN) {
  test(`frozen is ${title}`, (t) => {
    t.deepEqual(told(ics, Object.keys(table)), Object.values(table));
    t.notThrows(() => checkFreezes(held(ics), AT));
  });
}

test('a zone that a file defines from the year 1601 on has the same hours', (t) => {
  const ics = calendar(...OUTLOOK('+0100'), ...NIGHT);
  t.deepEqual(told(ics, ['2026-03-28T20:59Z', '2026-03-28T21:00Z']), ['free', '2026-03-29T01:30']);
  t.notThrows(() => checkFreezes(held(ics), AT));
});
