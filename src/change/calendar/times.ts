/** Dates, times and lengths as they stand in a calendar's properties. */
import { CalendarProblem, type Property } from './lines.ts';
import { DAY_MS, toInstant, UTC, type Wall, type Zone } from './zones.ts';

/** `date`: a day without a time; `local`: on the wall of its zone; `utc`: with a Z. */
export interface Moment {
  form: 'date' | 'local' | 'utc';
  wall: Wall;
  zone: Zone;
  /** Without a zone of its own: in that of the calendar. */
  floating: boolean;
}

/** Days are nominal (from a time on the wall to the same time), the rest is exact. */
export interface Duration {
  days: number;
  ms: number;
}

export interface Zones {
  /** Throws CalendarProblem where nobody knows the zone. */
  named(tzid: string, line: number): Zone;
  fallback: Zone;
}

const SHAPE = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/;
const FIRST_YEAR = 1583;
const LAST_YEAR = 9000;

/** A value of another kind than the property says, as a time where a day is wanted. */
function demandKind(text: string, form: Moment['form'], { line, name, kind }: Property): void {
  const isFitting = kind === 'recur' || (kind === 'date') === (form === 'date');
  if (isFitting && /^(date|date-time|period|recur)$/.test(kind)) return;
  const why = `${text} is not of the kind ${kind.toUpperCase()}, as it says`;
  throw new CalendarProblem(line, why, `correct the VALUE of that ${name.toUpperCase()}`);
}

export function readMoment(text: string, property: Property, zones: Zones): Moment {
  const [, ...found] = SHAPE.exec(text) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const wall = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59));
  const place = new Date(wall);
  const isDay = place.getUTCMonth() === month - 1 && place.getUTCDate() === day;
  const isTime = hour < 24 && minute < 60 && second < 61;
  if (!isDay || !isTime || year < FIRST_YEAR || year > LAST_YEAR) {
    const why = `${text} is no day or time that there is`;
    throw new CalendarProblem(property.line, why, `correct that ${property.name.toUpperCase()}`);
  }
  const form = found[6] ? 'utc' : found[3] === undefined ? 'date' : 'local';
  demandKind(text, form, property);
  if (form === 'utc') return { form, wall, zone: UTC, floating: false };
  const { tzid } = property.parameters;
  if (typeof tzid !== 'string' || form === 'date') {
    return { form, wall, zone: zones.fallback, floating: true };
  }
  return { form, wall, zone: zones.named(tzid, property.line), floating: false };
}

/** Days and times that a property lists. */
export function momentsOf(property: Property, zones: Zones): Moment[] {
  return property.written.split(',').map((one) => readMoment(one, property, zones));
}

export function instantOf({ wall, zone }: Moment): number {
  return toInstant(wall, zone);
}

const DURATION = /^(-)?\+?P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

export function readDuration(text: string, line: number): Duration {
  const [whole, minus, ...numbers] = DURATION.exec(text) ?? [];
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = numbers.map((part) =>
    Number(part ?? 0),
  );
  if (whole === undefined || numbers.every((part) => part === undefined)) {
    throw new CalendarProblem(line, `${text} is no duration`, 'write it like P1D or PT6H');
  }
  if (minus) throw new CalendarProblem(line, `${text} ends before it begins`, 'correct it');
  const made = { days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1000 };
  if (made.days * DAY_MS + made.ms > 1e14) {
    throw new CalendarProblem(line, `${text} does not end`, 'correct it');
  }
  return made;
}

export function after(wall: Wall, zone: Zone, { days, ms }: Duration): number {
  return toInstant(wall + days * DAY_MS, zone) + ms;
}
