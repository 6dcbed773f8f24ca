/**
 * Reading single values of a clp.conf: each wrong value is one error with line, element path and
 * remedy. Times come out in milliseconds whatever the unit of the file.
 */
import { at, elementsOf, textOf, wrongAt, type XmlElement } from './xml.ts';

/** A name that other records refer to. Names of JavaScript's own object members are refused. */
const NAME = /^[A-Za-z0-9%][A-Za-z0-9%._-]{0,62}$/;

export function checkName(file: string, element: XmlElement, name: string | undefined): string {
  if (name === undefined || name === '') {
    throw wrongAt(file, element, `<${element.name}> has no name`, 'give it a name="…"');
  }
  if (!NAME.test(name) || name in Object.prototype) {
    const remedy = 'use up to 63 letters, digits, dots, hyphens and underscores';
    throw wrongAt(file, element, `${JSON.stringify(name.slice(0, 80))} is not a name`, remedy);
  }
  return name;
}

export function stringAt(element: XmlElement | undefined, path: string, otherwise: string): string {
  const found = at(element, path);
  return found === undefined ? otherwise : textOf(found);
}

export interface NumberRule {
  otherwise: number;
  min: number;
  max: number;
  /** What one unit of the file is here: 1000 for seconds read as milliseconds. */
  scale?: number;
  whole?: boolean;
}

export function numberAt(
  file: string,
  element: XmlElement | undefined,
  path: string,
  rule: NumberRule,
): number {
  const found = at(element, path);
  const text = found === undefined ? '' : textOf(found);
  if (found === undefined || text === '') return rule.otherwise;
  const value = /^-?\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  const isWhole = rule.whole === false || Number.isInteger(value);
  if (Number.isNaN(value) || value < rule.min || value > rule.max || !isWhole) {
    const kind = rule.whole === false ? 'a number' : 'a whole number';
    const message = `${JSON.stringify(text.slice(0, 80))} is not ${kind}`;
    throw wrongAt(file, found, message, `give ${kind} from ${rule.min} to ${rule.max}`);
  }
  return rule.scale === undefined ? value : Math.round(value * rule.scale);
}

/** Seconds of the file, with up to three decimals (our choice), as milliseconds. */
export function secondsAt(
  file: string,
  element: XmlElement | undefined,
  path: string,
  otherwiseMs: number,
): number {
  const rule = { otherwise: -1, min: 0, max: 999_999_999, scale: 1000, whole: false };
  const ms = numberAt(file, element, path, rule);
  return ms < 0 ? otherwiseMs : ms;
}

export function flagAt(
  file: string,
  element: XmlElement | undefined,
  path: string,
  otherwise: boolean,
): boolean {
  return numberAt(file, element, path, { otherwise: otherwise ? 1 : 0, min: 0, max: 1 }) === 1;
}

/** A numeral that is written as JavaScript writes it stays a number; all else is text. */
export function scalarOf(text: string): string | number {
  const value = Number(text);
  const isNumeral = text !== '' && text.length < 16 && String(value) === text;
  return isNumeral && Number.isFinite(value) ? value : text;
}

/** The section of that name, or undefined; twice is an error. */
export function sectionOf(file: string, root: XmlElement, name: string): XmlElement | undefined {
  const [first, second] = elementsOf(root, name);
  if (second !== undefined) {
    throw wrongAt(file, second, `<${name}> stands in the file twice`, 'keep one of them');
  }
  return first;
}

/** Members of a typed list: `<types name="lanhb"/><lanhb name="lanhb1">…`. */
export function membersOf(
  file: string,
  section: XmlElement | undefined,
  what: string,
): { type: string; name: string; element: XmlElement }[] {
  const seen = new Set<string>();
  return elementsOf(section)
    .filter((element) => element.name !== 'types')
    .filter((element) => element.attributes.name !== undefined)
    .map((element) => {
      const name = checkName(file, element, element.attributes.name);
      refuseTwice(file, element, seen, name, what);
      return { type: element.name, name, element };
    });
}

export function refuseTwice(
  file: string,
  element: XmlElement,
  seen: Set<string>,
  name: string,
  what: string,
): void {
  if (seen.has(name)) {
    throw wrongAt(file, element, `there are two ${what}s named ${name}`, 'rename one of them');
  }
  seen.add(name);
}
