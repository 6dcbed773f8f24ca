/** A calendar (RFC 5545) read whole: its series, and what about it should not be signed. */
import { type CalendarEvent, readEvent } from './event.ts';
import { unknownWords } from './known.ts';
import { CalendarProblem, type Component, onlyOne, readCalendars, textOf } from './lines.ts';
import { gather, type Series, type Span, spansOf } from './series.ts';
import type { Zones } from './times.ts';
import { type DefinedZone, defineZone } from './vtimezone.ts';
import { knownZone, UTC } from './zones.ts';

export interface ReadCalendar {
  series: Series[];
  zones: DefinedZone[];
  doubts: CalendarProblem[];
}

/** More than anybody freezes; each is reckoned whenever something is to be changed. */
const MOST_EVENTS = 2000;

/** The zones of one calendar: its own definitions first, then the names that everybody knows. */
function zonesOf(calendar: Component): { zones: Zones; defined: DefinedZone[] } {
  const defined = calendar.components.filter(({ name }) => name === 'vtimezone').map(defineZone);
  const own = new Map(defined.map((one) => [one.zone.name, one.zone]));
  const named: Zones['named'] = (tzid, line) => {
    const zone = own.get(tzid) ?? knownZone(tzid);
    if (zone) return zone;
    throw new CalendarProblem(
      line,
      `the time zone ${tzid} is neither defined in the calendar nor known`,
      'export the calendar with its time zones, or use names like Europe/Berlin',
    );
  };
  const whole = textOf(calendar, 'x-wr-timezone');
  const fallback = whole === '' ? UTC : named(whole, calendar.line);
  return { zones: { named, fallback }, defined };
}

/** Others answer or add to a calendar, and do not say by themselves when something is. */
const METHODS = ['PUBLISH', 'REQUEST', 'CANCEL'];

function oneOf(calendar: Component, name: string, known: readonly string[]): string {
  const property = onlyOne(calendar, name);
  const said = property?.text.toUpperCase() ?? '';
  if (!property || known.includes(said)) return said;
  const why = `its ${name.toUpperCase()} is ${said}`;
  throw new CalendarProblem(property.line, why, 'export the calendar in the usual form');
}

function oldForm(calendar: Component): CalendarProblem[] {
  const { text, line = null } = onlyOne(calendar, 'version') ?? {};
  if (text === undefined || text === '2.0') return [];
  return [
    new CalendarProblem(line, `its VERSION is ${text}`, 'export the calendar as iCalendar 2.0'),
  ];
}

/** Throws CalendarProblem where something cannot be understood. */
export function readCalendar(text: string): ReadCalendar {
  const events: CalendarEvent[] = [];
  const zones: DefinedZone[] = [];
  const parts: CalendarProblem[] = [];
  for (const calendar of readCalendars(text)) {
    const found = zonesOf(calendar);
    zones.push(...found.defined);
    parts.push(...unknownWords(calendar), ...oldForm(calendar));
    const method = oneOf(calendar, 'method', METHODS);
    oneOf(calendar, 'calscale', ['GREGORIAN']);
    for (const component of calendar.components) {
      if (component.name !== 'vevent') continue;
      events.push(readEvent(component, method, found.zones));
      if (events.length > MOST_EVENTS) {
        const why = `it holds more than ${MOST_EVENTS} events`;
        throw new CalendarProblem(component.line, why, 'leave out those that are over');
      }
    }
  }
  if (events.length === 0) {
    throw new CalendarProblem(null, 'it holds no event', 'leave the calendar out, or add an event');
  }
  const { series, doubts } = gather(events);
  return { series, zones, doubts: [...parts, ...events.flatMap((one) => one.doubts), ...doubts] };
}

/** What a calendar freezes at some time within [from, to), each in its own words. */
export function spansWithin(
  { series }: ReadCalendar,
  name: string,
  from: number,
  to: number,
): Span[] {
  return series.flatMap((one) => spansOf(one, name, from, to));
}
