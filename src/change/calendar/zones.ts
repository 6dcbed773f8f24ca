/**
 * From a time on the wall to an instant, in one place for every kind of zone (RFC 5545, 3.3.5): a
 * time that comes twice is the first of the two; one that is left out counts with the offset that
 * was valid before it. The host's own zone never matters, so that all servers agree.
 */
import { findIana } from 'windows-iana';

/** A time on the wall, in milliseconds as if that wall stood in UTC. */
export type Wall = number;

export interface Zone {
  name: string;
  /** How far its clocks are ahead of UTC at an instant, in milliseconds. */
  offsetAt(instant: number): number;
}

export const DAY_MS = 86_400_000;

export const UTC: Zone = { name: 'UTC', offsetAt: () => 0 };

export function toInstant(wall: Wall, zone: Zone): number {
  const before = zone.offsetAt(wall - DAY_MS);
  if (zone.offsetAt(wall - before) === before) return wall - before;
  const after = zone.offsetAt(wall + DAY_MS);
  return zone.offsetAt(wall - after) === after ? wall - after : wall - before;
}

export function toWall(instant: number, zone: Zone): Wall {
  return instant + zone.offsetAt(instant);
}

/** Ten years and more of a zone. */
const MOST_DAYS = 5000;

const known = new Map<string, Zone | null>();

function intlZone(name: string): Zone | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
  const reckon = (instant: number): number => {
    const parts = format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]);
    const { year, month, day, hour, minute, second } = Object.fromEntries(parts);
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return wall - Math.floor(instant / 1000) * 1000;
  };
  return { name, offsetAt: byDays(reckon) };
}

/** Reckoning takes long: on a day that begins and ends with the same offset it is not asked for again. */
function byDays(reckon: (instant: number) => number): (instant: number) => number {
  const held = new Map<number, number | null>();
  const ofDay = (day: number): number | null => {
    const [first, last] = [reckon(day * DAY_MS), reckon((day + 1) * DAY_MS)];
    if (held.size >= MOST_DAYS) held.clear();
    held.set(day, first === last ? first : null);
    return first === last ? first : null;
  };
  return (instant) => {
    const day = Math.floor(instant / DAY_MS);
    const known = held.get(day);
    return (known === undefined ? ofDay(day) : known) ?? reckon(instant);
  };
}

/**
 * A zone by its IANA name, or by the name that Windows has for it, which stands for the zone of
 * its main country (Unicode CLDR). Null where nobody knows it.
 */
export function knownZone(name: string): Zone | null {
  const held = known.get(name);
  if (held !== undefined) return held;
  const [main] = findIana(name as Parameters<typeof findIana>[0], '001');
  const zone = main === undefined ? intlZone(name) : intlZone(main);
  // Names come from files of others: the list of those that were asked for has a bound.
  if (known.size >= 1000) known.clear();
  known.set(name, zone);
  return zone;
}
