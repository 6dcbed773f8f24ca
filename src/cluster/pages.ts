/** Lists that a server tells in pages, put together again. */
import type { Json, JsonObject } from '../core/json.ts';
import { RemoteError } from '../ports/wire.ts';

/** A server holds 5 MiB of a list at most, and a page holds half a MiB unless it is the last. */
const MOST_PAGES = 64;

interface Page {
  next?: string | null;
}

/**
 * Asks until there is no next page. `ask` gets the words that a request for that page has more
 * than one for the first. Throws what `ask` throws, and RemoteError when there is no end.
 */
export async function everyPage<T extends Page>(
  ask: (more: JsonObject) => Promise<T>,
): Promise<[T, ...T[]]> {
  const pages: [T, ...T[]] = [await ask({})];
  for (let next = pages[0].next ?? null; next !== null; next = pages.at(-1)?.next ?? null) {
    if (pages.length >= MOST_PAGES) {
      throw new RemoteError('list.endless', `a list of more than ${MOST_PAGES} pages`);
    }
    pages.push(await ask({ after: next }));
  }
  return pages;
}

/** What servers noted of commands typed on them, each once, oldest first. */
export async function everyNote<T extends { id: string }>(
  ask: (body: Json) => Promise<Json>,
): Promise<T[]> {
  const pages = await everyPage(async (more) => {
    return (await ask({ do: 'notes', ...more })) as unknown as { notes: T[]; next?: string };
  });
  return [...new Map(pages.flatMap(({ notes }) => notes).map((one) => [one.id, one])).values()];
}
