/**
 * YAML that a person wrote, as plain as it can be: one document without tags, anchors and aliases,
 * no key twice, and every field with its place.
 */
import { type Document, isAlias, isNode, LineCounter, parseDocument, visit } from 'yaml';
import { badInput, type DrydockError } from '../../core/errors.ts';
import { Places } from './load-places.ts';

const MAX_ERRORS = 3;

export interface PlainYaml {
  document: Document;
  places: Places;
  errors: DrydockError[];
}

/** `what`: what such a text is, with its article, e.g. `a runbook`. */
export function readPlainYaml(text: string, file: string, what: string): PlainYaml {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  const places = new Places(file, document, lines);
  // One slip makes the parser stumble to the end of the file; the first few tell what matters.
  const found = [...document.errors, ...document.warnings].slice(0, MAX_ERRORS);
  const errors = found.map((error) =>
    badInput(`not YAML as ${what} needs it: ${error.message.split('\n')[0]}`, {
      code: `yaml.${error.code.toLowerCase()}`,
      place: places.at(error.pos[0]),
      remedy: `correct the line; ${what} is one plain YAML document`,
    }),
  );
  visit(document, (_key, node) => {
    if (!isNode(node)) return;
    const tag = node.tag ? `tag ${node.tag}` : null;
    const anchor = 'anchor' in node && node.anchor ? `anchor &${node.anchor}` : null;
    const extra = isAlias(node) ? 'alias' : (tag ?? anchor);
    if (!extra) return;
    errors.push(
      badInput(`${what} has no YAML ${extra}`, {
        code: 'yaml.extras',
        place: places.at(node.range?.[0] ?? 0),
        remedy: 'write the value out',
      }),
    );
  });
  return { document, places, errors };
}
