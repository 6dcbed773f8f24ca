/**
 * The XML tree of a clp.conf, with lines and element paths, so that an error can say where it is
 * and unknown elements survive a round trip.
 *
 * Refused before anything is read: more than 4 MiB, a DOCTYPE or entity declaration, more than 32
 * levels, more than one root. Only the five entities of XML are known. Element paths are written
 * as the field does: `root/resource/md@md1/parameters/nmppath`, where `md@md1` is the `md` whose
 * attribute `name` (or `id`) is `md1`.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { badInput, type DrydockError } from '../core/errors.ts';
import { type Charset, decodeConfiguration } from './charset.ts';
import { decodeEntities, encodeEntities } from './entities.ts';

export const MAX_CHARACTERS = 4 * 1024 * 1024;
export const MAX_LEVELS = 32;

export interface XmlElement {
  kind: 'element';
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  /** Element path from the root, e.g. `root/group@failover1/gid`. */
  path: string;
  /** Counts from 1; 0 for an element that was not read from a file. */
  line: number;
  /** Attributes as the file writes them, with its references to characters. */
  written?: Record<string, string>;
}

export type XmlNode =
  | XmlElement
  /** `written`: as the file has it, with its references to characters. */
  | { kind: 'text'; text: string; written?: string }
  | { kind: 'comment'; text: string };

export interface XmlDocument {
  file: string;
  charset: Charset;
  /** Does it begin with a byte order mark? */
  marked: boolean;
  declaration: Record<string, string>;
  /** Comments above the root. */
  prolog: XmlNode[];
  root: XmlElement;
}

export const OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  commentPropName: '#comment',
  textNodeName: '#text',
  processEntities: false,
} as const;

export type Raw = Record<string | symbol, unknown>;

/** An error in the file, at an element. */
export function wrongAt(file: string, element: XmlElement, message: string, remedy: string) {
  const place = { file, field: element.path, ...(element.line > 0 ? { line: element.line } : {}) };
  return badInput(message, { code: 'configuration.invalid', place, remedy });
}

function malformed(file: string, message: string, remedy: string, line?: number, column?: number) {
  const place = {
    file,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
  return badInput(message, { code: 'configuration.malformed', place, remedy });
}

function lineCounter(text: string): (index: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (index) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  };
}

function refuseHostile(text: string, file: string): void {
  if (text.length > MAX_CHARACTERS) {
    throw malformed(file, 'the file is larger than 4 MiB', 'give a cluster configuration file');
  }
  const hostile = text.search(/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i);
  if (hostile >= 0) {
    const line = lineCounter(text)(hostile);
    throw malformed(file, 'the file declares a DOCTYPE or entities', 'take them out', line);
  }
}

function validate(text: string, file: string): void {
  const verdict = XMLValidator.validate(text);
  if (verdict === true) return;
  const { msg, line, col } = verdict.err;
  const short = msg.length > 160 ? `${msg.slice(0, 160)}…` : msg;
  const remedy = 'save the file again with the builder, or restore a backup';
  throw malformed(file, `not well-formed XML: ${short.replaceAll(/\s+/g, ' ')}`, remedy, line, col);
}

function parseRaw(text: string, file: string): Raw[] {
  try {
    return new XMLParser({
      ...OPTIONS,
      parseTagValue: false,
      parseAttributeValue: false,
      trimValues: true,
      cdataPropName: '#cdata',
      captureMetaData: true,
      maxNestedTags: MAX_LEVELS,
    }).parse(text) as Raw[];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw malformed(file, `cannot be read as XML: ${message}`, 'restore a backup of the file');
  }
}

function segmentOf(name: string, attributes: Record<string, string>): string {
  const key = attributes.name ?? attributes.id;
  return key === undefined || key === '' ? name : `${name}@${key}`;
}

/** Bytes that are no character of the file's set are none for a reader either. */
function readable(written: string): string {
  return decodeEntities(written).replace(/\p{Surrogate}/gu, '\ufffd');
}

function nodeOf(raw: Raw, parent: string, lineOf: (index: number) => number): XmlNode | null {
  if ('#text' in raw) {
    const written = String(raw['#text']);
    return { kind: 'text', text: readable(written), written };
  }
  if ('#cdata' in raw) {
    const inner = (raw['#cdata'] as Raw[]).map((part) => String(part['#text'] ?? '')).join('');
    const written = encodeEntities(inner);
    return { kind: 'text', text: readable(written), written };
  }
  if ('#comment' in raw) {
    const inner = raw['#comment'] as Raw[];
    return { kind: 'comment', text: inner.map((part) => String(part['#text'] ?? '')).join('') };
  }
  const name = Object.keys(raw).find((key) => key !== ':@');
  if (name === undefined || name.startsWith('?')) return null;
  const written = { ...((raw[':@'] as Record<string, string> | undefined) ?? {}) };
  const attributes = Object.fromEntries(
    Object.entries(written).map(([key, value]) => [key, readable(value)]),
  );
  const path = parent === '' ? name : `${parent}/${segmentOf(name, attributes)}`;
  const meta = raw[XMLParser.getMetaDataSymbol() as unknown as symbol] as
    | { startIndex?: number }
    | undefined;
  const children = (raw[name] as Raw[])
    .map((child) => nodeOf(child, path, lineOf))
    .filter((child) => child !== null);
  const line = meta?.startIndex === undefined ? 0 : lineOf(meta.startIndex);
  return { kind: 'element', name, attributes, children, path, line, written };
}

/** Reads a whole document. Throws badInput with file, line and remedy. */
export function parseXml(text: string, file: string): XmlDocument {
  if (text.length > MAX_CHARACTERS) refuseHostile(text, file);
  const decoded = decodeConfiguration(text);
  const marked = decoded.text.startsWith('\uFEFF');
  const clean = marked ? decoded.text.slice(1) : decoded.text;
  refuseHostile(clean, file);
  validate(clean, file);
  const raw = parseRaw(clean, file);
  const lineOf = lineCounter(clean);
  const top = raw.map((node) => nodeOf(node, '', lineOf)).filter((node) => node !== null);
  const roots = top.filter(isElement);
  const [root, second] = roots;
  if (root === undefined) throw malformed(file, 'there is no element', 'give a clp.conf', 1);
  if (second !== undefined) {
    throw malformed(file, 'there is more than one root element', 'keep one <root>', second.line);
  }
  const declared = raw.find((node) => '?xml' in node)?.[':@'] as Record<string, string> | undefined;
  const prolog = top.filter((node) => node.kind === 'comment');
  const { charset } = decoded;
  return { file, charset, marked, declaration: { ...declared }, prolog, root };
}

export function isElement(node: XmlNode): node is XmlElement {
  return node.kind === 'element';
}

export function elementsOf(element: XmlElement | undefined, name?: string): XmlElement[] {
  if (element === undefined) return [];
  const all = element.children.filter(isElement);
  return name === undefined ? all : all.filter((child) => child.name === name);
}

function isSegment(element: XmlElement, segment: string): boolean {
  const [name, key] = segment.split('@', 2);
  if (element.name !== name) return false;
  return key === undefined || (element.attributes.name ?? element.attributes.id) === key;
}

/** The first element at a path below `element`. */
export function at(element: XmlElement | undefined, path: string): XmlElement | undefined {
  let here = element;
  for (const segment of path.split('/')) {
    here = elementsOf(here).find((child) => isSegment(child, segment));
    if (here === undefined) return undefined;
  }
  return here;
}

/** Text of an element; '' when it is empty. */
export function textOf(element: XmlElement): string {
  return element.children
    .map((child) => (child.kind === 'text' ? child.text : ''))
    .join('')
    .trim();
}

export function newElement(
  parent: XmlElement | null,
  name: string,
  attributes: Record<string, string> = {},
): XmlElement {
  const path = parent === null ? name : `${parent.path}/${segmentOf(name, attributes)}`;
  const element: XmlElement = { kind: 'element', name, attributes, children: [], path, line: 0 };
  parent?.children.push(element);
  return element;
}

/** The element at a path, made with everything above it when it is not there. */
export function ensure(element: XmlElement, path: string): XmlElement {
  let here = element;
  for (const segment of path.split('/')) {
    const [name = '', key] = segment.split('@', 2);
    here =
      elementsOf(here).find((child) => isSegment(child, segment)) ??
      newElement(here, name, key === undefined ? {} : { name: key });
  }
  return here;
}

export function setText(element: XmlElement, text: string): void {
  element.children = element.children.filter((child) => child.kind === 'comment');
  if (text !== '') element.children.push({ kind: 'text', text });
}

/** Takes out the element at a path, and what is left empty above it. */
export function removeAt(element: XmlElement, path: string): void {
  const target = at(element, path);
  if (target === undefined) return;
  const cut = path.lastIndexOf('/');
  const parent = cut < 0 ? element : at(element, path.slice(0, cut));
  if (parent === undefined) return;
  parent.children = parent.children.filter((child) => child !== target);
  if (cut >= 0 && parent.children.length === 0 && Object.keys(parent.attributes).length === 0) {
    removeAt(element, path.slice(0, cut));
  }
}

export type ConfigurationError = DrydockError;
