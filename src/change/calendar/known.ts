/** What may stand in a calendar without saying when something is: all else is not signed. */
import { CalendarProblem, type Component } from './lines.ts';

/** RFC 5545, 7986 and 9073; a word of one's own begins with X-. */
const PROPERTIES = new Set(
  `attach attendee calendar-address categories class color comment concept conference contact
  created description dtend dtstamp dtstart duration exdate geo image last-modified link location
  location-type method name organizer participant-type priority rdate recurrence-id refid
  related-to request-status resource-type resources rrule sequence source status structured-data
  styled-description summary transp uid url acknowledged proximity`.split(/\s+/),
);
const OF_CALENDARS = new Set(
  `calscale categories color description image last-modified method name prodid refresh-interval
  source uid url version`.split(/\s+/),
);
const COMPONENTS = new Set(
  'valarm vevent vjournal vlocation vresource participant vtimezone vtodo'.split(' '),
);
const REMEDY = 'correct the word, or leave it out';

const isOwn = (name: string) => name.startsWith('x-') || name.startsWith('iana-');

/** Words in an event or a calendar that could change when it is, and that are not known here. */
export function unknownWords({ name, properties, components }: Component): CalendarProblem[] {
  const known = name === 'vcalendar' ? OF_CALENDARS : PROPERTIES;
  return [
    ...properties
      .filter(({ name }) => !known.has(name) && !isOwn(name))
      .map(({ name, line }) => problem(line, name)),
    ...unknownParts(components),
  ];
}

function unknownParts(components: readonly Component[]): CalendarProblem[] {
  return components
    .filter(({ name }) => !COMPONENTS.has(name) && !isOwn(name))
    .map(({ name, line }) => problem(line, name));
}

function problem(line: number, name: string): CalendarProblem {
  return new CalendarProblem(line, `${name.toUpperCase()} is not understood`, REMEDY);
}
