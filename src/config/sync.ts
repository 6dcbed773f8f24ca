/** Bringing a tree into step with records: single values, named elements, typed lists. */

import type { XmlElement, XmlNode } from './xml.ts';
import { elementsOf, ensure, newElement, removeAt, setText } from './xml.ts';

type Leaf = string | number | boolean;

function textFor(value: Leaf): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/** Writes a value when it changed; takes it out when it is the default (null: there is none). */
export function put(
  element: XmlElement,
  path: string,
  before: Leaf | undefined,
  after: Leaf,
  otherwise: Leaf | null,
): void {
  if (before === after) return;
  if (after === otherwise) removeAt(element, path);
  else setText(ensure(element, path), textFor(after));
}

/** The same for milliseconds that the file keeps in seconds. */
export function putSeconds(
  element: XmlElement,
  path: string,
  beforeMs: number | undefined,
  afterMs: number,
  otherwiseMs: number,
): void {
  const before = beforeMs === undefined ? undefined : beforeMs / 1000;
  put(element, path, before, afterMs / 1000, otherwiseMs / 1000);
}

/** Puts elements into the places that their kind has in the parent, new ones at the end. */
function place(parent: XmlElement, old: XmlElement[], ordered: XmlElement[]): void {
  const queue = [...ordered];
  const children: XmlNode[] = [];
  for (const child of parent.children) {
    if (child.kind !== 'element' || !(old.includes(child) || ordered.includes(child))) {
      children.push(child);
      continue;
    }
    const next = old.includes(child) ? queue.shift() : undefined;
    if (next !== undefined) children.push(next);
  }
  parent.children = [...children, ...queue];
}

/** `<server name="…">` and `<group name="…">`, which stand directly below the root. */
export function syncNamed<T extends { name: string }>(
  parent: XmlElement,
  tag: string,
  before: readonly T[] | undefined,
  after: readonly T[],
  sync: (element: XmlElement, before: T | undefined, after: T) => void,
): void {
  const old = elementsOf(parent, tag);
  const ordered = after.map((record) => {
    const found = old.find((element) => element.attributes.name === record.name);
    const element = found ?? newElement(parent, tag, { name: record.name });
    sync(
      element,
      before?.find((one) => one.name === record.name),
      record,
    );
    return element;
  });
  place(parent, old, ordered);
}

/** A typed list: every type that occurs is announced once. */
export function syncMembers<T extends { name: string; type: string }>(
  root: XmlElement,
  sectionName: string,
  before: readonly T[] | undefined,
  after: readonly T[],
  sync: (element: XmlElement, before: T | undefined, after: T) => void,
): void {
  if (after.length === 0 && elementsOf(root, sectionName).length === 0) return;
  const section = ensure(root, sectionName);
  const old = elementsOf(section).filter(
    (element) => element.name !== 'types' && element.attributes.name !== undefined,
  );
  const isOf = (element: XmlElement, record: T) =>
    element.name === record.type && element.attributes.name === record.name;
  const announced = new Set(elementsOf(section, 'types').map((types) => types.attributes.name));
  for (const { type } of after) {
    if (!announced.has(type)) newElement(section, 'types', { name: type });
    announced.add(type);
  }
  const ordered = after.map((record) => {
    const found = old.find((element) => isOf(element, record));
    const element = found ?? newElement(section, record.type, { name: record.name });
    const same = (one: T) => one.name === record.name && one.type === record.type;
    sync(element, found && before?.find(same), record);
    return element;
  });
  place(section, old, ordered);
}
