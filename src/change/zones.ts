/**
 * Time zones for calendars that name one without defining it (TZID=Europe/Berlin and no VTIMEZONE,
 * as many programs export them): taken from the zones that Node itself knows. The host's own zone
 * never matters, so that all servers agree on when a freeze begins.
 */
import ICAL from 'ical.js';
import { badInput } from '../core/errors.ts';

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(tzid: string): Intl.DateTimeFormat | null {
  const known = formats.get(tzid);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-u-ca-iso8601', {
      timeZone: tzid,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // Not a zone that is known here; the caller says so.
  }
  formats.set(tzid, format);
  return format;
}

function offsetMs(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (part: Intl.DateTimeFormatPartTypes) => parts.get(part) ?? 0;
  const day = Date.UTC(of('year'), of('month') - 1, of('day'));
  const wall = day + ((of('hour') * 60 + of('minute')) * 60 + of('second')) * 1000;
  return wall - Math.floor(at / 1000) * 1000;
}

/** A zone of Node's, in the form that ical.js reckons with. */
class KnownZone extends ICAL.Timezone {
  readonly #format: Intl.DateTimeFormat;

  constructor(tzid: string, format: Intl.DateTimeFormat) {
    super({ tzid });
    this.#format = format;
  }

  /** In seconds, of a time on the wall. In an hour that comes twice, the first one is meant. */
  override utcOffset(time: ICAL.Time): number {
    const { year, month, day, hour, minute, second } = time as unknown as Wall;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    const offsets = [wall - 86_400_000, wall + 86_400_000].map((at) => offsetMs(this.#format, at));
    const [before = 0, after = 0] = offsets;
    const fits = offsetMs(this.#format, wall - before) === before;
    return (fits ? before : after) / 1000;
  }
}

export function zoneOf(tzid: string): ICAL.Timezone {
  const format = formatOf(tzid);
  if (format === null) {
    throw badInput(`the time zone ${tzid} is neither defined in the calendar nor known`, {
      code: 'freeze.zone',
      remedy: 'export the calendar with its time zones, or use names like Europe/Berlin',
    });
  }
  return new KnownZone(tzid, format);
}

/** A calendar that finds zones which it does not define. */
export class Calendar extends ICAL.Component {
  override getTimeZoneByID(tzid: string): ICAL.Timezone {
    return super.getTimeZoneByID(tzid) ?? zoneOf(tzid);
  }
}
