/**
 * An iCalendar text as a tree of components. Lines are joined and nested here, so that whatever is
 * wrong can be reported with its line; what stands in one line is read by ical.js.
 */
import ICAL from 'ical.js';

/** Something in a calendar that cannot be understood, or not in one way only. */
export class CalendarProblem extends Error {
  /** Counted from 1; null where it is about the whole file. */
  readonly line: number | null;
  readonly remedy: string;

  constructor(line: number | null, why: string, remedy: string) {
    super(why);
    this.line = line;
    this.remedy = remedy;
  }
}

export interface Property {
  /** In lower case. */
  name: string;
  line: number;
  /** What its value is, by its name or its VALUE, in lower case: `date`, `text`, … */
  kind: string;
  parameters: Record<string, string | string[] | undefined>;
  /** The value as it stands there, to the end of the line: ical.js leaves out what it has no use for. */
  written: string;
  /** The value with its escapes read, where it is a text. */
  text: string;
}

export interface Component {
  /** In lower case. */
  name: string;
  line: number;
  properties: Property[];
  components: Component[];
}

/** Name and parameters, which may hold colons in quotes. */
const BEFORE_VALUE = /^(?:[^":]|"[^"]*")*:/;

const EXPORT_AGAIN = 'export the calendar again';
/** A calendar in a calendar in a calendar … means nothing. */
const DEEPEST = 8;

/** Long lines are folded: what begins with a blank goes on from the line before. */
function unfolded(text: string): { line: number; text: string }[] {
  const lines: { line: number; parts: string[] }[] = [];
  for (const [index, line] of text
    .replace(/^\u{feff}/u, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const last = lines.at(-1);
    if (/^[ \t]/.test(line) && last) last.parts.push(line.slice(1));
    else lines.push({ line: index + 1, parts: [line] });
  }
  return lines
    .map(({ line, parts }) => ({ line, text: parts.join('') }))
    .filter((one) => one.text.trim() !== '');
}

function readProperty(line: number, text: string): Property {
  try {
    const [name, parameters, kind, value] = ICAL.parse.property(text) as unknown as [
      string,
      Property['parameters'],
      string,
      unknown,
    ];
    const written = text.replace(BEFORE_VALUE, '').trimEnd();
    const said = typeof value === 'string' ? value : written;
    return { name: name.toLowerCase(), line, kind, parameters, written, text: said };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CalendarProblem(line, why, EXPORT_AGAIN);
  }
}

/** The calendars in a text; at least one. Throws CalendarProblem. */
export function readCalendars(text: string): Component[] {
  const roots: Component[] = [];
  const open: Component[] = [];
  for (const one of unfolded(text)) {
    const [, edge, named] = /^(BEGIN|END):\s*([\w-]+)\s*$/i.exec(one.text) ?? [];
    const name = named?.toLowerCase() ?? '';
    const inner = open.at(-1);
    if (edge?.toUpperCase() === 'BEGIN') {
      const component = { name, line: one.line, properties: [], components: [] };
      if (!inner && name !== 'vcalendar') {
        throw new CalendarProblem(one.line, `it is a ${name}`, EXPORT_AGAIN);
      }
      if (open.length >= DEEPEST)
        throw new CalendarProblem(one.line, 'nested deeply', EXPORT_AGAIN);
      (inner?.components ?? roots).push(component);
      open.push(component);
    } else if (!inner) {
      throw new CalendarProblem(one.line, 'it does not begin with BEGIN:VCALENDAR', EXPORT_AGAIN);
    } else if (edge) {
      if (name !== inner.name) {
        const why = `END:${named} ends the ${inner.name} of line ${inner.line}`;
        throw new CalendarProblem(one.line, why, EXPORT_AGAIN);
      }
      open.pop();
    } else {
      inner.properties.push(readProperty(one.line, one.text));
    }
  }
  const [unended] = open;
  if (unended) {
    throw new CalendarProblem(unended.line, `its ${unended.name} does not end`, EXPORT_AGAIN);
  }
  if (roots.length === 0) throw new CalendarProblem(null, 'it is empty', EXPORT_AGAIN);
  return roots;
}

/** The only property of a name; null where there is none. Throws where there are two. */
export function onlyOne(component: Component, name: string): Property | null {
  const [first, second] = component.properties.filter((one) => one.name === name);
  if (second) {
    const why = `a second ${name.toUpperCase()}, after the one in line ${first?.line}`;
    throw new CalendarProblem(second.line, why, 'leave one of them out');
  }
  return first ?? null;
}

/** The text of the only property of a name, `` where there is none. */
export function textOf(component: Component, name: string): string {
  return onlyOne(component, name)?.text ?? '';
}
