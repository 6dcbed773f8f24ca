/** One VEVENT: when it begins, how long it lasts, how it repeats, and of which series it speaks. */
import { unknownWords } from './known.ts';
import { CalendarProblem, type Component, onlyOne, type Property, textOf } from './lines.ts';
import { type Rule, readRule } from './rule.ts';
import {
  after,
  type Duration,
  instantOf,
  type Moment,
  momentsOf,
  readDuration,
  readMoment,
  type Zones,
} from './times.ts';
import { DAY_MS, toInstant, toWall, type Wall, type Zone } from './zones.ts';

/** When something ends that begins at a time on the wall of a zone: an instant. */
export interface Length {
  endOf(wall: Wall, zone: Zone): number;
  /** No end is further away, whatever clocks do. */
  mostMs: number;
}

/** A start that stands in an RDATE; a period has a length of its own. */
export interface Added {
  start: Moment;
  length: Length | null;
}

export interface CalendarEvent {
  line: number;
  uid: string;
  summary: string;
  /** The newer one of two has the higher SEQUENCE, else the later DTSTAMP. */
  sequence: number;
  stamp: number;
  cancelled: boolean;
  start: Moment;
  length: Length;
  rules: Rule[];
  added: Added[];
  /** Instants of EXDATE. */
  dropped: Set<number>;
  /** Which occurrence of its series this stands for. */
  replaces: { id: number; line: number; andFuture: boolean } | null;
  /** What can be read, on the safe side, and should not be signed. */
  doubts: CalendarProblem[];
}

/** Longer ones than ten years are no freezes; ones that repeat would pile up. */
const LONGEST_REPEATED_MS = 3660 * DAY_MS;

const nominal = (duration: Duration): Length => ({
  endOf: (wall, zone) => after(wall, zone, duration),
  mostMs: duration.days * DAY_MS + duration.ms,
});

/**
 * Until a DTEND. RFC 5545 (3.8.5.3) gives every occurrence the exact length of the first, many
 * programs the same time on the wall: where clocks change between, the later of the two counts.
 */
function untilEnd(start: Moment, end: Moment): Length {
  if (start.form === 'date') return nominal({ days: (end.wall - start.wall) / DAY_MS, ms: 0 });
  const exactMs = instantOf(end) - instantOf(start);
  const onWallMs = toWall(instantOf(end), start.zone) - toWall(instantOf(start), start.zone);
  return {
    endOf: (wall, zone) => {
      const begin = toInstant(wall, zone);
      const place = toWall(begin, zone);
      return Math.max(begin + exactMs, toInstant(place + onWallMs, zone));
    },
    mostMs: Math.max(exactMs, onWallMs),
  };
}

function onlyMoment(component: Component, name: string, zones: Zones): Moment | null {
  const property = onlyOne(component, name);
  if (!property) return null;
  const [first, ...more] = momentsOf(property, zones);
  if (first && more.length === 0) return first;
  throw new CalendarProblem(property.line, `not one time in ${name.toUpperCase()}`, 'correct it');
}

function readLength(component: Component, start: Moment, zones: Zones, doubts: CalendarProblem[]) {
  const [ends, lasts] = [onlyOne(component, 'dtend'), onlyOne(component, 'duration')];
  const line = (ends ?? lasts ?? component).line;
  if (ends && lasts) throw new CalendarProblem(line, 'DTEND and DURATION', 'leave one of them out');
  const end = onlyMoment(component, 'dtend', zones);
  const isDay = start.form === 'date';
  if (end && (end.form === 'date') !== isDay) {
    throw new CalendarProblem(
      line,
      'a day and a time as start and end',
      'give both a time, or none',
    );
  }
  const duration = lasts ? readDuration(lasts.written, line) : { days: isDay ? 1 : 0, ms: 0 };
  if (isDay && duration.ms > 0) {
    throw new CalendarProblem(line, 'hours of a day without a time', 'write whole days');
  }
  const length = end ? untilEnd(start, end) : nominal(duration);
  const lastsMs = end ? instantOf(end) - instantOf(start) : length.mostMs;
  if (lastsMs < 0) throw new CalendarProblem(line, 'it ends before it begins', 'correct it');
  if (lastsMs > 0) return length;
  const remedy = 'give it a DTEND after its start, or a DURATION';
  doubts.push(new CalendarProblem(line, 'it ends when it begins, and freezes nothing', remedy));
  return isDay ? nominal({ days: 1, ms: 0 }) : length;
}

/** A day where a time is wanted, or a time without a zone beside one that has one. */
function demandForm(start: Moment, other: Moment, { line, name }: Property): CalendarProblem[] {
  const differs = (start.form === 'date') !== (other.form === 'date');
  if (!differs && start.floating === other.floating) return [];
  const why = `${name.toUpperCase()} is written otherwise than DTSTART`;
  return [new CalendarProblem(line, why, 'give both a time and a zone, or neither')];
}

/** A zone counts for a time on its wall only; what else was meant, nobody knows. */
function doubtfulZones({ properties }: Component): CalendarProblem[] {
  return properties
    .filter(({ parameters, kind, written }) => {
      return parameters.tzid !== undefined && (kind === 'date' || /\dZ/.test(written));
    })
    .map(({ line, name }) => {
      const why = `${name.toUpperCase()} has a zone, and a time in UTC or a day`;
      return new CalendarProblem(line, why, 'leave out the TZID, or the Z of the time');
    });
}

function readAdded(property: Property, zones: Zones): Added[] {
  return property.written.split(',').map((value) => {
    const [from = '', to, more] = value.split('/');
    if (more !== undefined) {
      throw new CalendarProblem(property.line, `${value} is no period`, 'correct it');
    }
    const start = readMoment(from, property, zones);
    if (to === undefined) return { start, length: null };
    const length = to.includes('P')
      ? nominal(readDuration(to, property.line))
      : untilEnd(start, readMoment(to, property, zones));
    if (start.form !== 'date' && length.endOf(start.wall, start.zone) > instantOf(start)) {
      return { start, length };
    }
    throw new CalendarProblem(
      property.line,
      'a period that does not end after it begins',
      'correct it',
    );
  });
}

function readReplaced(component: Component, zones: Zones): CalendarEvent['replaces'] {
  const property = onlyOne(component, 'recurrence-id');
  const moment = onlyMoment(component, 'recurrence-id', zones);
  if (!property || !moment) return null;
  const { range } = property.parameters;
  if (range !== undefined && String(range).toUpperCase() !== 'THISANDFUTURE') {
    throw new CalendarProblem(
      property.line,
      `RANGE=${range} of an occurrence`,
      'write each of them',
    );
  }
  return { id: instantOf(moment), line: property.line, andFuture: range !== undefined };
}

function readNumber(component: Component, name: string): number {
  const { written: text = '', line = component.line } = onlyOne(component, name) ?? {};
  if (/^\d{0,9}$/.test(text)) return Number(text);
  throw new CalendarProblem(line, `${name.toUpperCase()} is ${text}`, 'write a whole number');
}

/** `method`: of the calendar that it stands in. Throws CalendarProblem. */
export function readEvent(component: Component, method: string, zones: Zones): CalendarEvent {
  const doubts = [...unknownWords(component), ...doubtfulZones(component)];
  const called = (name: string) => component.properties.filter((one) => one.name === name);
  const cancelled = /^CANCELLED$/i.test(textOf(component, 'status')) || method === 'CANCEL';
  const replaces = readReplaced(component, zones);
  const found = onlyMoment(component, 'dtstart', zones);
  if (!found && !cancelled) {
    throw new CalendarProblem(component.line, 'an event has no start', 'give it a DTSTART');
  }
  // What is taken back need not say again when it would have been.
  const start = found ?? {
    form: 'utc',
    wall: replaces?.id ?? 0,
    zone: zones.fallback,
    floating: false,
  };
  const length = cancelled
    ? nominal({ days: 0, ms: 0 })
    : readLength(component, start, zones, doubts);
  const rules = cancelled ? [] : called('rrule').map((one) => readRule(one, start, zones));
  const added = called('rdate').flatMap((property) => {
    const found = readAdded(property, zones);
    doubts.push(...found.flatMap((one) => demandForm(start, one.start, property)));
    return found;
  });
  const dropped = called('exdate').flatMap((property) => {
    const found = momentsOf(property, zones);
    doubts.push(...found.flatMap((moment) => demandForm(start, moment, property)));
    return found.map(instantOf);
  });
  if (replaces && (rules.length > 0 || added.length > 0)) {
    const why = 'an occurrence that stands for another repeats';
    throw new CalendarProblem(component.line, why, 'give it a UID of its own');
  }
  const longest = Math.max(length.mostMs, ...added.map((one) => one.length?.mostMs ?? 0));
  if (rules.length > 0 && longest > LONGEST_REPEATED_MS) {
    const why = 'an event of more than ten years repeats';
    throw new CalendarProblem(component.line, why, 'write it once');
  }
  return {
    line: component.line,
    uid: textOf(component, 'uid'),
    summary: textOf(component, 'summary'),
    sequence: readNumber(component, 'sequence'),
    stamp: stampOf(component, zones),
    cancelled,
    start,
    length,
    rules,
    added,
    dropped: new Set(dropped),
    replaces,
    doubts,
  };
}

function stampOf(component: Component, zones: Zones): number {
  const stamp = onlyMoment(component, 'dtstamp', zones);
  return stamp ? instantOf(stamp) : 0;
}
