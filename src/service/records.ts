/** The record of this control host, as a port; and entries that must keep nobody from their work. */
import type { Line } from '../audit/lines.ts';
import { DrydockError } from '../core/errors.ts';
import type { Journal, NewEntry } from '../ports/journal.ts';
import type { Context } from './context.ts';

/** The record, and that somebody has begun to write it. */
export interface Recording extends Journal {
  /** Records now who does what is to follow, before it is done; under which name. */
  begin(): Promise<string>;
}

export interface Records {
  /** Where it lies, for words. */
  file: string;
  isThere(): boolean;
  open(): Promise<Recording>;
  /** For use cases that read: they work on a disk that is full or cannot be written. */
  openToRead(): Promise<Recording>;
  /** For whoever looks at all of it. */
  openToVerify(): Promise<Recording>;
  /** In place of one that is gone. */
  openAnew(): Promise<Recording>;
  /** Of a record, or a part of one, that was exported into a file. */
  exportedLines(file: string): Iterable<Line>;
}

async function attempt(
  ctx: Pick<Context, 'tell'>,
  what: string,
  write: () => Promise<unknown>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    ctx.tell({ type: 'record.unwritten', what, why: error.message });
  }
}

/** Records it where that can be done, and tells where it cannot. */
export function noteDown(
  ctx: Pick<Context, 'tell'>,
  journal: Recording,
  entry: NewEntry,
): Promise<void> {
  return attempt(ctx, entry.type, () => journal.append([entry]));
}

/** An access to the record, for the record. */
export function noteAccess(
  ctx: Pick<Context, 'tell'>,
  journal: Recording,
  what: string,
  part: object,
): Promise<void> {
  return attempt(ctx, 'this access', async () => {
    const recording = await journal.begin();
    await journal.append([{ run: null, type: 'record.read', body: { what, ...part, recording } }]);
  });
}
