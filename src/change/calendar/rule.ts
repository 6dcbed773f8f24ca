/** Recurrence rules (RFC 5545, 3.3.10): read with every part of theirs, or refused. */
import { CalendarProblem, type Property } from './lines.ts';
import { instantOf, type Moment, readMoment, type Zones } from './times.ts';
import { DAY_MS, toInstant } from './zones.ts';

export const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** Numbers by the name of their part, within what the part may hold; `±` where it may be negative. */
const NUMBERS: Record<string, [least: number, most: number, sign: '' | '±']> = {
  BYMONTH: [1, 12, ''],
  BYMONTHDAY: [1, 31, '±'],
  BYYEARDAY: [1, 366, '±'],
  BYWEEKNO: [1, 53, '±'],
  BYSETPOS: [1, 366, '±'],
  BYHOUR: [0, 23, ''],
  BYMINUTE: [0, 59, ''],
  BYSECOND: [0, 59, ''],
};
type NumberPart = keyof typeof NUMBERS;

/** Which parts mean nothing at some frequencies. */
const ONLY_AT: Record<string, readonly Frequency[]> = {
  BYMONTHDAY: ['YEARLY', 'MONTHLY', 'DAILY'],
  BYYEARDAY: ['YEARLY'],
  BYWEEKNO: ['YEARLY'],
};
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** A freeze that begins more often within a day is one freeze of the whole day. */
const MOST_A_DAY = 96;

/** `day` counts from Monday, 0; `nth` is 0 where every such day is meant. */
export interface Weekday {
  day: number;
  nth: number;
}

export interface Rule {
  line: number;
  frequency: Frequency;
  interval: number;
  count: number | null;
  /** The last instant at which an occurrence may begin. */
  until: number | null;
  /** The first day of a week, from Monday, 0. */
  weekStart: number;
  days: Weekday[];
  numbers: Partial<Record<NumberPart, number[]>>;
}

const CORRECT = 'correct that RRULE';

function integer(text: string, least: number, most: number, line: number, part: string): number {
  const value = /^[+-]?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new CalendarProblem(line, `${part} of a rule cannot be ${text}`, CORRECT);
}

function readNumbers(part: string, text: string, line: number): number[] {
  const [least, most, sign] = NUMBERS[part] as (typeof NUMBERS)[string];
  const values = text.split(',').map((one) => {
    const value = integer(one, sign ? -most : least, most, line, part);
    return Math.abs(value) < least ? integer('0', least, most, line, part) : value;
  });
  return [...new Set(values)].sort((a, b) => a - b);
}

function readDays(text: string, line: number): Weekday[] {
  return text.split(',').map((one) => {
    const [, nth = '', name = ''] = /^([+-]?\d{1,2})?([A-Z]{2})$/.exec(one) ?? [];
    const day = DAYS.indexOf(name as (typeof DAYS)[number]);
    if (day < 0) throw new CalendarProblem(line, `BYDAY of a rule cannot be ${one}`, CORRECT);
    const counted = nth === '' ? 0 : integer(nth, -53, 53, line, 'BYDAY');
    if (nth !== '' && counted === 0) {
      throw new CalendarProblem(line, `BYDAY of a rule cannot be ${one}`, CORRECT);
    }
    return { day, nth: counted };
  });
}

/** The parts as they are written, each once. */
function partsOf({ line, written }: Property): Map<string, string> {
  const parts = new Map<string, string>();
  for (const one of written.replace(/;$/, '').split(';')) {
    const [, name = '', value = ''] = /^\s*([A-Za-z]+)=(\S+)\s*$/.exec(one) ?? [];
    const part = name.toUpperCase();
    const isKnown = part in NUMBERS || /^(FREQ|INTERVAL|COUNT|UNTIL|WKST|BYDAY)$/.test(part);
    if (!isKnown || parts.has(part)) {
      const why = isKnown ? `${part} stands twice in a rule` : `a rule cannot say ${one || '""'}`;
      throw new CalendarProblem(line, why, CORRECT);
    }
    parts.set(part, value.toUpperCase());
  }
  return parts;
}

/** An UNTIL of another value type counts as the latest that it can mean. */
function readUntil(text: string, property: Property, start: Moment, zones: Zones): number {
  const bare = { ...property, parameters: {} };
  const until = readMoment(text, bare, { ...zones, fallback: start.zone });
  if (start.form !== 'date' && until.form !== 'date') return instantOf(until);
  const day = Math.floor(until.wall / DAY_MS) * DAY_MS;
  const there = until.form === 'utc' ? until.wall + start.zone.offsetAt(until.wall) : day;
  const last = Math.max(day, Math.floor(there / DAY_MS) * DAY_MS);
  return toInstant(last + DAY_MS, start.zone) - 1;
}

export function timesADay({ numbers }: Rule): number {
  const sizes = ['BYHOUR', 'BYMINUTE', 'BYSECOND'].map((part) => numbers[part]?.length ?? 1);
  return sizes.reduce((product, size) => product * size, 1);
}

function demandMeaning(rule: Rule, start: Moment): void {
  const { line, frequency, numbers, days } = rule;
  const names = Object.keys(numbers);
  const lost = names.find((part) => !(ONLY_AT[part] ?? FREQUENCIES).includes(frequency));
  if (lost)
    throw new CalendarProblem(line, `${lost} means nothing in a ${frequency} rule`, CORRECT);
  const timed = names.find((part) => /^BY(HOUR|MINUTE|SECOND)$/.test(part));
  if (timed && start.form === 'date') {
    throw new CalendarProblem(line, `${timed} means nothing for whole days`, CORRECT);
  }
  const counts = days.some(({ nth }) => nth !== 0);
  if (counts && (/DAILY|WEEKLY/.test(frequency) || numbers.BYWEEKNO)) {
    throw new CalendarProblem(line, 'a number in BYDAY means nothing in such a rule', CORRECT);
  }
  if (numbers.BYSETPOS && names.length === 1 && days.length === 0) {
    throw new CalendarProblem(line, 'BYSETPOS means nothing without another part', CORRECT);
  }
  const { BYMONTH: months = [1], BYMONTHDAY: monthDays = [] } = numbers;
  const possible = months.some((month) =>
    monthDays.some((day) => Math.abs(day) <= (MONTH_DAYS[month - 1] ?? 0)),
  );
  if (monthDays.length > 0 && !possible) {
    const why = 'an event repeats on a day that does not exist';
    throw new CalendarProblem(line, why, 'correct BYMONTH and BYMONTHDAY');
  }
  const perDay = timesADay(rule);
  if (perDay > MOST_A_DAY) {
    throw new CalendarProblem(line, `it begins more than ${MOST_A_DAY} times a day`, CORRECT);
  }
  const most = perDay * { YEARLY: 366, MONTHLY: 31, WEEKLY: 7, DAILY: 1 }[frequency];
  if (numbers.BYSETPOS?.every((position) => Math.abs(position) > most)) {
    throw new CalendarProblem(line, `BYSETPOS counts further than ${most}`, CORRECT);
  }
}

/** Throws CalendarProblem. */
export function readRule(property: Property, start: Moment, zones: Zones): Rule {
  const { line } = property;
  const parts = partsOf(property);
  const frequency = FREQUENCIES.find((one) => one === parts.get('FREQ'));
  if (!frequency) {
    const why = `an event repeats ${parts.get('FREQ') ?? 'nobody knows how often'}`;
    const most = 'a freeze repeats by the day at most';
    throw new CalendarProblem(line, `${why}; ${most}`, 'write it as one longer event');
  }
  const [count, until, week] = [parts.get('COUNT'), parts.get('UNTIL'), parts.get('WKST')];
  if (count !== undefined && until !== undefined) {
    throw new CalendarProblem(line, 'a rule has COUNT and UNTIL', 'leave one of them out');
  }
  const numbers: Rule['numbers'] = {};
  for (const [part, text] of parts) {
    if (part in NUMBERS) numbers[part] = readNumbers(part, text, line);
  }
  const named = parts.get('BYDAY');
  const days = named === undefined ? [] : readDays(named, line);
  const rule: Rule = {
    line,
    frequency,
    interval: integer(parts.get('INTERVAL') ?? '1', 1, 10_000, line, 'INTERVAL'),
    count: count === undefined ? null : integer(count, 1, 1_000_000, line, 'COUNT'),
    until: until === undefined ? null : readUntil(until, property, start, zones),
    weekStart: week === undefined ? 0 : (readDays(week, line)[0]?.day ?? 0),
    days,
    numbers,
  };
  demandMeaning(rule, start);
  return rule;
}
