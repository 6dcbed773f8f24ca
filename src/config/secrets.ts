/** Values that a clp.conf keeps and nobody is to read: passwords of management controllers, of mail … */
import { announcesSecret } from '../core/secret-words.ts';
import type { Secrets } from '../core/secrets.ts';
import { elementsOf, isElement, parseXml, textOf, type XmlElement } from './xml.ts';

/** Shorter ones cannot be told from any other word: `<usetoken>1</usetoken>`. */
const LEAST = 6;

function elementsWithin(element: XmlElement): XmlElement[] {
  return [element, ...elementsOf(element).flatMap(elementsWithin)];
}

/** As it stands between tags. */
function asWritten(value: string): string {
  return value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/**
 * By the path of the element, whose last step says that it is one. A value that is also a name in the
 * file (of a server, a group …) is none here: without it no command could tell of that one.
 * Throws badInput where the text is no configuration.
 */
export function secretsIn(text: string, file: string): Secrets {
  const all = elementsWithin(parseXml(text, file).root);
  const names = new Set(all.flatMap(({ attributes }) => attributes.name ?? []));
  const found = all
    .filter((one) => announcesSecret(`/${one.name}`) && !one.children.some(isElement))
    .map((one) => [one.path, textOf(one)] as const)
    .filter(([, value]) => value.trim().length >= LEAST && !names.has(value));
  return new Map(
    found.flatMap(([path, value]): [string, string][] =>
      asWritten(value) === value
        ? [[path, value]]
        : [
            [path, value],
            [`${path} as written`, asWritten(value)],
          ],
    ),
  );
}
