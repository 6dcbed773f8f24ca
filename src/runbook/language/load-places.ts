/** From a field's path back to its line and column in the file. */
import { type Document, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Place } from '../../core/errors.ts';
import type { FieldPath } from './types.ts';

function child(node: unknown, key: string | number): { key: Node | null; value: unknown } | null {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(key),
    );
    return pair ? { key: pair.key as Node, value: pair.value } : null;
  }
  if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
    return { key: null, value: node.items[key] };
  }
  return null;
}

export function fieldName(path: FieldPath): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

export class Places {
  readonly #file: string;
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(file: string, document: Document, lines: LineCounter) {
    this.#file = file;
    this.#document = document;
    this.#lines = lines;
  }

  at(position: number, path: FieldPath = []): Place {
    const { line, col } = this.#lines.linePos(position);
    const field = fieldName(path);
    return { file: this.#file, line, column: col, ...(field ? { field } : {}) };
  }

  /**
   * The place of a field's value, `offset` characters into its text. A field that is missing has
   * the place of the nearest one above it. In block and escaped texts the offset cannot be
   * carried over, so their beginning is named.
   */
  of(path: FieldPath, offset = 0): Place {
    let node: unknown = this.#document.contents;
    let position = 0;
    let found = true;
    for (const key of path) {
      const next = child(node, key);
      if (!next) {
        found = false;
        break;
      }
      node = next.value;
      position = (node as Node | null)?.range?.[0] ?? next.key?.range?.[0] ?? position;
    }
    if (!found || !isScalar(node)) return this.at(position, path);
    const quote = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE' ? 1 : 0;
    const straight = node.type === 'PLAIN' || quote === 1;
    return this.at(position + (straight ? quote * Math.sign(offset) + offset : 0), path);
  }
}
