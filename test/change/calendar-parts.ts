/** Parts of calendars that several tests need. */
import { calendar, event } from '../support/calendar-text.ts';

export const AT = Date.UTC(2026, 0, 1);
export const BERLIN = 'TZID=Europe/Berlin';
export const NIGHTS = [
  'DTSTART:20260601T220000Z',
  'DURATION:PT6H',
  'RRULE:FREQ=DAILY;COUNT=10',
] as const;
export const nights = (...more: string[]) =>
  calendar(...event('UID:n', ...NIGHTS), ...event('UID:n', ...more));
/** Two series that begin together; one of them moved. */
export const TWINS = calendar(
  ...event('UID:a', 'DTSTART:20260102T220000Z', 'DURATION:PT6H', 'RRULE:FREQ=WEEKLY'),
  ...event('UID:b', 'DTSTART:20260102T220000Z', 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY'),
  ...event('UID:b', 'RECURRENCE-ID:20260313T220000Z', 'DTSTART:20260314T120000Z', 'DURATION:PT1H'),
);
export const PUBLISHED = (sequence: number, ...lines: string[]) =>
  event('UID:1', `SEQUENCE:${sequence}`, ...lines);

export const OUTLOOK = (offset: string) => [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:STANDARD',
  'DTSTART:16011028T030000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10',
  'TZOFFSETFROM:+0200',
  `TZOFFSETTO:${offset}`,
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010325T020000',
  'RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];
export const NIGHT = event(
  'UID:1',
  `DTSTART;${BERLIN}:20260328T220000`,
  `DTEND;${BERLIN}:20260329T023000`,
);
