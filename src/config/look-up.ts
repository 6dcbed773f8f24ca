/** `clpcfget`: what stands at a path of a clp.conf, e.g. `/root/resource/md@md1/parameters/nmppath`. */
import { announcesSecret } from '../core/secret-words.ts';
import { elementsOf, isElement, matches, parseXml, textOf, type XmlElement } from './xml.ts';

/** Every element that the path leads to, in the file's order; the path begins at its root. */
function elementsAt(root: XmlElement, path: string): XmlElement[] {
  const [first = '', ...steps] = path.split('/').filter((step) => step !== '');
  if (!matches(root, first)) return [];
  return steps.reduce<XmlElement[]>(
    (found, step) =>
      found.flatMap((one) => elementsOf(one).filter((child) => matches(child, step))),
    [root],
  );
}

/** The value at a path, of a secret by its name a mask; null: nothing is there, or what holds elements. */
export function valueAt(text: string, file: string, path: string): string | null {
  return valueIn(parseXml(text, file).root, path);
}

/** The same, of a file that was read. */
export function valueIn(root: XmlElement, path: string): string | null {
  const [found] = elementsAt(root, path);
  if (found === undefined || found.children.some(isElement)) return null;
  const value = textOf(found);
  return value !== '' && announcesSecret(`/${found.name}`) ? '****' : value;
}

const keyOf = ({ attributes }: XmlElement) => attributes.name ?? attributes.id;

/**
 * The names of the elements at a path: those of all mirror disks at `/root/resource/md`. Where they
 * have none, the names of what is within: `priority`, `device@0`. null: nothing is there.
 */
export function namesAt(text: string, file: string, path: string): string[] | null {
  const found = elementsAt(parseXml(text, file).root, path);
  if (found.length === 0) return null;
  const isKeyed = !path.slice(path.lastIndexOf('/')).includes('@');
  const names = found.map(keyOf).filter((key) => key !== undefined);
  if (isKeyed && names.length > 0) return [...new Set(names)];
  const within = found.flatMap((one) => elementsOf(one));
  return [...new Set(within.map((one) => [one.name, keyOf(one)].filter(Boolean).join('@')))];
}
