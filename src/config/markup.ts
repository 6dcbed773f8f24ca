/**
 * The markup of a clp.conf as a tree that knows where each part of it stands in the text, so that
 * the writer can copy what nobody edited. Only reading: the text was found well-formed before
 * (`xml.ts`), so that what fits no token here is an oddity that is refused all the same.
 */
import { decodeEntities } from './entities.ts';
import type { Place, XmlElement, XmlNode } from './xml.ts';

/** What the text holds where it is no markup, or no element that fits. */
export class OddMarkup extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const TOKEN = new RegExp(
  [
    /<!--(?<comment>[\s\S]*?)-->/,
    /<!\[CDATA\[(?<cdata>[\s\S]*?)\]\]>/,
    /<\?(?<instruction>[\s\S]*?)\?>/,
    /<\/(?<closed>[^\s<>/]+)\s*>/,
    /<(?<opened>[^\s<>/!?]+)(?<attributes>(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?<empty>\/?)>/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);
const ATTRIBUTE = /([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Bytes that are no character of the file's set are none for a reader either. */
function readable(written: string): string {
  return decodeEntities(written).replace(/\p{Surrogate}/gu, '\ufffd');
}

export function segmentOf(name: string, attributes: Record<string, string>): string {
  const key = attributes.name ?? attributes.id;
  return key === undefined || key === '' ? name : `${name}@${key}`;
}

function attributesOf(written: string): Record<string, string> {
  const found = [...written.matchAll(ATTRIBUTE)];
  return Object.fromEntries(found.map(([, key, a, b]) => [key, readable(a ?? b ?? '')]));
}

/** An element whose end was not met yet. */
interface Open {
  element: XmlElement;
  place: Place;
  nodes: XmlNode[];
  /** Where the last of its children ended. */
  last: number;
}

interface Limits {
  levels: number;
  lineOf: (index: number) => number;
}

/** The text between two tokens: one node without the white space around it, or none. */
function textBetween(open: Open, text: string, to: number): void {
  const raw = text.slice(open.last, to);
  const written = raw.trim();
  if (written === '') return;
  const start = open.last + raw.indexOf(written);
  const place = { lead: open.last, start, end: start + written.length };
  open.nodes.push({ kind: 'text', text: readable(written), place });
  open.last = place.end;
}

function opened(parent: Open, match: RegExpExecArray, end: number, limits: Limits): Open {
  const { opened: name = '', attributes: written = '', empty } = match.groups ?? {};
  const attributes = attributesOf(written);
  const above = parent.element.path;
  const path = above === '' ? name : `${above}/${segmentOf(name, attributes)}`;
  const nodes: XmlNode[] = [];
  const line = limits.lineOf(match.index);
  const place: Place = { lead: parent.last, start: match.index, end };
  const element: XmlElement = { kind: 'element', name, attributes, children: nodes, path, line };
  element.place = place;
  element.read = { inner: end, innerEnd: end, nodes: [], isEmptyTag: empty === '/' };
  return { element, place, nodes, last: end };
}

function closed(open: Open, innerEnd: number, end: number): void {
  open.place.end = end;
  const { read } = open.element;
  if (read === undefined) return;
  read.innerEnd = innerEnd;
  read.nodes = [...open.nodes];
}

/** Everything that stands in the text. Throws OddMarkup. */
export function readMarkup(text: string, limits: Limits): XmlNode[] {
  const above: XmlElement = {
    kind: 'element',
    name: '',
    attributes: {},
    children: [],
    path: '',
    line: 0,
  };
  const top: Open = {
    element: above,
    place: { lead: 0, start: 0, end: 0 },
    nodes: above.children,
    last: 0,
  };
  const stack = [top];
  for (let at = text.indexOf('<'); at >= 0; ) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new OddMarkup('what stands here is no markup', at);
    const end = TOKEN.lastIndex;
    const open = stack.at(-1) ?? top;
    textBetween(open, text, at);
    const { comment, cdata, closed: name, opened: tag, empty } = match.groups ?? {};
    const place = { lead: open.last, start: at, end };
    if (tag !== undefined) {
      const made = opened(open, match, end, limits);
      open.nodes.push(made.element);
      open.last = end;
      if (empty !== '/') stack.push(made);
      if (stack.length > limits.levels + 1) {
        throw new OddMarkup(`elements are nested more than ${limits.levels} deep`, at);
      }
    } else if (name !== undefined) {
      if (open === top || open.element.name !== name) throw new OddMarkup('nothing ends here', at);
      stack.pop();
      closed(open, at, end);
      const parent = stack.at(-1) ?? top;
      parent.last = end;
    } else {
      open.last = end;
      if (cdata !== undefined) open.nodes.push({ kind: 'text', text: readable(cdata), place });
      else open.nodes.push({ kind: 'comment', text: comment ?? '', place });
    }
    at = text.indexOf('<', end);
  }
  textBetween(top, text, text.length);
  if (stack.length > 1) throw new OddMarkup('an element does not end', text.length);
  return top.nodes;
}
