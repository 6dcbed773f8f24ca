/**
 * Lists that may grow beyond what one answer can carry: they are sent in pages. Whoever asks names
 * the last item that it has; where that one is gone meanwhile the list begins anew, and who asks
 * knows every item by its name.
 */
import type { JsonObject } from '../core/json.ts';
import { HEADER_LIMIT_BYTES } from '../ports/wire.ts';
import { text } from './fields.ts';

/** Bytes of JSON in a page. No single item is larger, and as much again stays for the rest. */
export const PAGE_BYTES = HEADER_LIMIT_BYTES / 2;

export interface Page<T> {
  items: T[];
  /** To be named when the next page is asked for; null: there is none. */
  next: string | null;
}

/** `after`: the name of the last item that is known; left out: the list from its beginning. */
export function pageAfter(body: JsonObject): string | null {
  return (body.after ?? null) === null ? null : text(body, 'after');
}

export function pageOf<T>(all: readonly (readonly [string, T])[], after: string | null): Page<T> {
  const from = after === null ? 0 : all.findIndex(([name]) => name === after) + 1;
  let bytes = 0;
  let end = from;
  for (const [, item] of all.slice(from)) {
    bytes += Buffer.byteLength(JSON.stringify(item)) + 1;
    if (bytes > PAGE_BYTES && end > from) break;
    end += 1;
  }
  const items = all.slice(from, end).map(([, item]) => item);
  return { items, next: end < all.length ? (all[end - 1]?.[0] ?? null) : null };
}
