/**
 * The events of one UID: the newest of each, what repeats, and what stands for single occurrences.
 * An occurrence is known by the instant at which its rule puts it, in its own series only.
 */
import type { CalendarEvent, Length } from './event.ts';
import { expand } from './expand.ts';
import { CalendarProblem } from './lines.ts';
import { instantOf } from './times.ts';
import { DAY_MS, toInstant, toWall, type Wall, type Zone } from './zones.ts';

export interface Span {
  name: string;
  from: number;
  until: number;
}

export interface Series {
  /** More than one where nobody can tell which is the newer: then both count. */
  masters: CalendarEvent[];
  overrides: CalendarEvent[];
}

interface Occurrence {
  id: number;
  wall: Wall;
  zone: Zone;
  length: Length;
}

const WRITE_ANEW = 'export the calendar again, or leave one of them out';

function isNewer(a: CalendarEvent, b: CalendarEvent): boolean {
  return a.sequence === b.sequence ? a.stamp > b.stamp : a.sequence > b.sequence;
}

/** Those to which none of the others is newer. */
function newest(events: readonly CalendarEvent[]): CalendarEvent[] {
  return events.filter((one) => !events.some((other) => isNewer(other, one)));
}

function groups<K>(events: readonly CalendarEvent[], keyOf: (event: CalendarEvent) => K) {
  const found = new Map<K, CalendarEvent[]>();
  for (const event of events) {
    const group = found.get(keyOf(event));
    if (group) group.push(event);
    else found.set(keyOf(event), [event]);
  }
  return [...found.values()];
}

/** The series of a calendar's events, with what is doubtful about which of them count. */
export function gather(events: readonly CalendarEvent[]): {
  series: Series[];
  doubts: CalendarProblem[];
} {
  const doubts: CalendarProblem[] = [];
  const keep = (rivals: readonly CalendarEvent[]) => {
    const left = newest(rivals);
    const [first, second] = left;
    if (first && second) {
      const why = `the same UID as line ${first.line}, and neither is newer by SEQUENCE and DTSTAMP`;
      doubts.push(new CalendarProblem(second.line, why, WRITE_ANEW));
    }
    // A doubtful one that takes back does not prevail over one that freezes.
    const counted = left.filter(({ cancelled }) => !cancelled);
    return counted.length > 0 ? counted : left;
  };
  const nameless = events.filter(({ uid }) => uid === '');
  for (const { line } of nameless) {
    doubts.push(new CalendarProblem(line, 'an event has no UID', 'give it one'));
  }
  const alone = nameless.map((event) => ({ masters: [event], overrides: [] }));
  const named = groups(
    events.filter(({ uid }) => uid !== ''),
    ({ uid }) => uid,
  ).map((group) => {
    const moved = group.filter(({ replaces }) => replaces !== null);
    return {
      masters: keep(group.filter(({ replaces }) => replaces === null)),
      overrides: groups(moved, ({ replaces }) => replaces?.id).flatMap(keep),
    };
  });
  return { series: [...alone, ...named], doubts };
}

/** Where a master's rules and dates put its occurrences, before any is moved. */
function regular(master: CalendarEvent, from: number, to: number): Occurrence[] {
  const { start, length, rules, added, dropped } = master;
  const { zone } = start;
  const at = (wall: Wall) => ({ id: toInstant(wall, zone), wall, zone, length });
  const repeated = rules.flatMap((rule) => expand(rule, start, from - DAY_MS, to + DAY_MS));
  const more = added.map((one) => ({
    id: instantOf(one.start),
    wall: one.start.wall,
    zone: one.start.zone,
    length: one.length ?? length,
  }));
  return [at(start.wall), ...repeated.map(at), ...more].filter(
    ({ id }) => id >= from && id < to && !dropped.has(id),
  );
}

/** Is there an occurrence that its rules and dates put at this very instant? */
export function hasOccurrence({ masters }: Series, id: number): boolean {
  return masters.some((master) => regular(master, id, id + 1).length > 0);
}

const nameOf = (event: CalendarEvent, name: string) =>
  event.summary === '' ? name : `${name} (${event.summary})`;

function spanAt(event: CalendarEvent, name: string, one: Omit<Occurrence, 'id'>): Span {
  const from = toInstant(one.wall, one.zone);
  return { name: nameOf(event, name), from, until: one.length.endOf(one.wall, one.zone) };
}

/** How much later all from an occurrence on begin, on the wall of the series. */
function delayOf(override: CalendarEvent, zone: Zone): number {
  const planned = toWall(override.replaces?.id ?? 0, zone);
  return override.cancelled ? 0 : toWall(instantOf(override.start), zone) - planned;
}

function masterSpans(
  master: CalendarEvent,
  overrides: readonly CalendarEvent[],
  name: string,
  [from, to]: readonly [number, number],
): Span[] {
  const replaced = new Set(overrides.map(({ replaces }) => replaces?.id));
  const future = overrides
    .filter(({ replaces }) => replaces?.andFuture)
    .sort((a, b) => (a.replaces?.id ?? 0) - (b.replaces?.id ?? 0));
  const { zone } = master.start;
  const lengths = [master, ...future].map(({ length }) => length.mostMs);
  const periods = master.added.map(({ length }) => length?.mostMs ?? 0);
  // An hour or two that clocks are put back may lie within.
  const back = Math.max(...lengths, ...periods) + DAY_MS;
  const delays = [0, ...future.map((one) => delayOf(one, zone))];
  const first = from - back - Math.max(...delays) - DAY_MS;
  const last = to - Math.min(...delays) + DAY_MS;
  return regular(master, first, last).flatMap((one) => {
    if (replaced.has(one.id)) return [];
    const since = future.findLast(({ replaces }) => (replaces?.id ?? 0) <= one.id);
    if (!since) return [spanAt(master, name, one)];
    if (since.cancelled) return [];
    const wall = toWall(one.id, zone) + delayOf(since, zone);
    return [spanAt(since, name, { wall, zone, length: since.length })];
  });
}

/** What a series freezes at some time within [from, to). */
export function spansOf(series: Series, name: string, from: number, to: number): Span[] {
  const { masters, overrides } = series;
  const cancel = masters.find(({ cancelled }) => cancelled);
  const counted = overrides.filter((one) => !cancel || !isNewer(cancel, one));
  return [
    ...masters
      .filter(({ cancelled }) => !cancelled)
      .flatMap((master) => masterSpans(master, counted, name, [from, to])),
    ...counted
      .filter(({ cancelled }) => !cancelled)
      .map((one) => spanAt(one, name, { ...one.start, length: one.length })),
  ].filter((span) => span.from < to && span.until > from);
}
