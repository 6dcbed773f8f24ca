/**
 * The XML tree of a clp.conf, with lines and element paths, so that an error can say where it is
 * and unknown elements survive a round trip.
 *
 * Refused before anything is read: more than 4 MiB, a DOCTYPE or entity declaration, more than 32
 * levels, more than one root. Only the five entities of XML are known. Element paths are written
 * as the field does: `root/resource/md@md1/parameters/nmppath`, where `md@md1` is the `md` whose
 * attribute `name` (or `id`) is `md1`.
 */
import { XMLValidator } from 'fast-xml-parser';
import { badInput, type DrydockError } from '../core/errors.ts';
import { type Charset, decodeConfiguration } from './charset.ts';
import { OddMarkup, readMarkup, segmentOf } from './markup.ts';

export const MAX_CHARACTERS = 4 * 1024 * 1024;
export const MAX_LEVELS = 32;

/** Where a node stands in the text that it was read from. */
export interface Place {
  /** Where the white space before it begins: the end of what stands before it. */
  lead: number;
  start: number;
  end: number;
}

export interface XmlElement {
  kind: 'element';
  name: string;
  attributes: Record<string, string>;
  children: XmlNode[];
  /** Element path from the root, e.g. `root/group@failover1/gid`. */
  path: string;
  /** Counts from 1; 0 for an element that was not read from a file. */
  line: number;
  place?: Place;
  /** What was read between its tags, and whether it is written `<name/>`. */
  read?: { inner: number; innerEnd: number; nodes: readonly XmlNode[]; isEmptyTag: boolean };
}

export type XmlNode =
  | XmlElement
  | { kind: 'text'; text: string; place?: Place; isEdited?: boolean }
  /** A processing instruction counts as one. */
  | { kind: 'comment'; text: string; place?: Place };

export interface XmlDocument {
  file: string;
  charset: Charset;
  /** As characters, from the file's first to its last. */
  text: string;
  root: XmlElement;
}

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

function nodesOf(text: string, file: string): XmlNode[] {
  const lineOf = lineCounter(text);
  try {
    return readMarkup(text, { levels: MAX_LEVELS, lineOf });
  } catch (error) {
    if (!(error instanceof OddMarkup)) throw error;
    const message = `cannot be read as XML: ${error.message}`;
    throw malformed(file, message, 'restore a backup of the file', lineOf(error.at));
  }
}

/** Reads a whole document. Throws badInput with file, line and remedy. */
export function parseXml(text: string, file: string): XmlDocument {
  if (text.length > MAX_CHARACTERS) refuseHostile(text, file);
  const decoded = decodeConfiguration(text);
  refuseHostile(decoded.text, file);
  validate(decoded.text.replace(/^\uFEFF/, ''), file);
  const top = nodesOf(decoded.text.replace(/^\uFEFF/, ' '), file);
  const [root, second] = top.filter(isElement);
  if (root === undefined) throw malformed(file, 'there is no element', 'give a clp.conf', 1);
  if (second !== undefined) {
    throw malformed(file, 'there is more than one root element', 'keep one <root>', second.line);
  }
  if (top.some(({ kind }) => kind === 'text')) {
    throw malformed(file, 'there is text outside of the root element', 'take it out');
  }
  return { file, charset: decoded.charset, text: decoded.text, root };
}

export function isElement(node: XmlNode): node is XmlElement {
  return node.kind === 'element';
}

export function elementsOf(element: XmlElement | undefined, name?: string): XmlElement[] {
  if (element === undefined) return [];
  const all = element.children.filter(isElement);
  return name === undefined ? all : all.filter((child) => child.name === name);
}

/** A key may hold an @ itself, as in `resource@md@md1`. */
function partsOf(segment: string): [name: string, key?: string] {
  const cut = segment.indexOf('@');
  return cut < 0 ? [segment] : [segment.slice(0, cut), segment.slice(cut + 1)];
}

/** Is it what a step of a path names? */
export function matches(element: XmlElement, segment: string): boolean {
  const [name, key] = partsOf(segment);
  if (element.name !== name) return false;
  return key === undefined || (element.attributes.name ?? element.attributes.id) === key;
}

/** The first element at a path below `element`. */
export function at(element: XmlElement | undefined, path: string): XmlElement | undefined {
  let here = element;
  for (const segment of path.split('/')) {
    here = elementsOf(here).find((child) => matches(child, segment));
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

/** Elements of the file that are told apart by numbers; all others by names. */
const NUMBERED = new Set(['device', 'grp', 'hba', 'list', 'netdev']);

function keyOf(name: string): 'id' | 'name' {
  return NUMBERED.has(name) ? 'id' : 'name';
}

/** The element at a path, made with everything above it when it is not there. */
export function ensure(element: XmlElement, path: string): XmlElement {
  let here = element;
  for (const segment of path.split('/')) {
    const [name, key] = partsOf(segment);
    here =
      elementsOf(here).find((child) => matches(child, segment)) ??
      newElement(here, name, key === undefined ? {} : { [keyOf(name)]: key });
  }
  return here;
}

/** Another text takes the place of the one before; elements within go. */
export function setText(element: XmlElement, text: string): void {
  if (textOf(element) === text && !element.children.some(isElement)) return;
  const comments = element.children.filter(({ kind }) => kind === 'comment');
  const old = element.children.find((child) => child.kind === 'text');
  if (text === '') element.children = comments;
  else if (old === undefined) element.children = [...comments, { kind: 'text', text }];
  else {
    const kept = element.children.filter((child) => child === old || comments.includes(child));
    const edited: XmlNode = { ...old, text, isEdited: true };
    element.children = kept.map((child) => (child === old ? edited : child));
  }
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
