/**
 * Checkpoints: an entry that names everything before it by one hash. Its signed text also goes to
 * places elsewhere, as an anchor (anchors.ts).
 *
 *     entries 1 … size ──► root, head ──► text ──► signature ──► checkpoint.made
 *
 * A checkpoint costs what was appended since the one before, whose right edge of the tree it goes
 * on from. The edge is not signed: the root says it all, and the verifier makes its own.
 */
import { badInput, DrydockError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal, RecordReader, SealedText } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { canonical, sha256 } from './chain.ts';
import { isHash } from './digest.ts';
import { addToFrontier, type Frontier, rootOfFrontier } from './merkle.ts';
import { type CountedWindow, countWindow, windowsIn } from './windows.ts';

export const CHECKPOINT_MADE = 'checkpoint.made';

export interface Checkpoint {
  /** The first form counts no windows. */
  schema: 'drydock.checkpoint/1' | 'drydock.checkpoint/2';
  /** Hash of the record's first entry: which record this is. */
  record: string;
  /** How many entries it stands for. */
  size: number;
  /** Hash of the last of them. */
  head: string;
  root: string;
  at: string;
  /** Principal who signs; null: nobody does. */
  by: string | null;
  why: string;
  /** Those on which something was recorded since the checkpoint before; none in the first form. */
  windows?: CountedWindow[];
}

export interface SignedCheckpoint {
  checkpoint: Checkpoint;
  signature: string | null;
}

const FIELDS = ['at', 'by', 'head', 'record', 'root', 'schema', 'size', 'why'];
/** No object, which would know forms of names that nobody wrote, like `constructor`. */
const FORMS = new Map<unknown, string>([
  ['drydock.checkpoint/1', FIELDS.join()],
  ['drydock.checkpoint/2', [...FIELDS, 'windows'].sort().join()],
]);

function isCounted(value: unknown): value is CountedWindow {
  if (typeof value !== 'object' || value === null) return false;
  const { window, entries, digest, ...more } = value as Record<string, unknown>;
  const isShaped = typeof window === 'string' && isHash(digest) && Object.keys(more).length === 0;
  return isShaped && Number.isSafeInteger(entries) && (entries as number) > 0;
}

function areCounted(windows: unknown): boolean {
  return windows === undefined || (Array.isArray(windows) && windows.every(isCounted));
}

/** What is signed, in namespace drydock.checkpoint. */
export function checkpointText(checkpoint: Checkpoint): string {
  return canonical(checkpoint);
}

/** A checkpoint as it stands in an entry's body, an anchor or an excerpt; null when it is none. */
export function readCheckpoint(value: unknown): SignedCheckpoint | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const {
    frontier: _edge,
    window: _window,
    signature = null,
    ...rest
  } = value as Record<string, unknown>;
  const { schema, record, size, head, root, at, by, why } = rest;
  const isShaped =
    typeof schema === 'string' &&
    Object.keys(rest).sort().join() === FORMS.get(schema) &&
    areCounted(rest.windows) &&
    [record, head, root].every(isHash) &&
    Number.isSafeInteger(size) &&
    (size as number) > 0 &&
    typeof at === 'string' &&
    typeof why === 'string' &&
    (by === null || typeof by === 'string') &&
    (signature === null || typeof signature === 'string');
  if (!isShaped) return null;
  return { checkpoint: rest as unknown as Checkpoint, signature: signature as string | null };
}

/** Each is looked for in the whole record. */
const MOST_WINDOWS = 64;

/** Where a new checkpoint goes on from, and what came since. */
interface Since {
  record: string | null;
  frontier: Frontier;
  head: string | null;
  /** Newest first. */
  hashes: string[];
  /** Windows that were named since. */
  windows: Set<string>;
}

function openText({ seq, text, hash }: SealedText): JournalEntry {
  if (sha256(text) !== hash) {
    throw new DrydockError(`the record is damaged: entry ${seq} was changed`, {
      code: 'journal.corrupt',
      exit: 7,
      remedy: 'look with `drydock audit verify`; nothing was signed',
    });
  }
  return { ...(JSON.parse(text) as Omit<JournalEntry, 'hash'>), hash };
}

/** The edge that an entry's body brings; null where it is no checkpoint, or not one of its root. */
function edgeOf(entry: JournalEntry): { checkpoint: Checkpoint; frontier: Frontier } | null {
  const found = entry.type === CHECKPOINT_MADE ? readCheckpoint(entry.body) : null;
  if (!found) return null;
  const hashes = (entry.body as { frontier?: unknown }).frontier;
  if (!Array.isArray(hashes)) return null;
  const frontier = { size: found.checkpoint.size, hashes: hashes as string[] };
  if (rootOfFrontier(frontier) !== found.checkpoint.root) return null;
  return { checkpoint: found.checkpoint, frontier };
}

async function lookBack(journal: RecordReader): Promise<Since> {
  const hashes: string[] = [];
  const windows = new Set<string>();
  let edge: ReturnType<typeof edgeOf> = null;
  let record: string | null = null;
  /** False: what stands before the entry is known already. */
  const isToTake = (sealed: SealedText): boolean => {
    const entry = openText(sealed);
    if (edge && sealed.seq <= edge.checkpoint.size) {
      // A checkpoint that names another entry there is not gone on from; the whole is walked.
      if (sealed.hash === edge.checkpoint.head) return false;
      edge = null;
    }
    hashes.push(sealed.hash);
    if (!edge) for (const window of windowsIn(entry)) windows.add(window);
    edge ??= edgeOf(entry);
    if (sealed.seq === 1) record = sealed.hash;
    return true;
  };
  for await (const page of journal.pages({ newestFirst: true })) {
    if (!page.every(isToTake)) break;
  }
  const known = edge as ReturnType<typeof edgeOf>;
  return {
    record: known?.checkpoint.record ?? record,
    frontier: known?.frontier ?? { size: 0, hashes: [] },
    head: hashes[0] ?? null,
    hashes,
    windows,
  };
}

export interface CheckpointOptions {
  clock: Pick<Clock, 'now'>;
  /** For people: `window CHG-7 closed`. */
  why: string;
  /** `sign` is handed the text; null: unsigned. */
  signing: { by: string; sign(text: string): Promise<string> } | null;
  window?: string;
  /** A window to count, whether or not something was recorded on it of late. */
  counted?: string;
}

/** Appends a checkpoint over everything that the record holds now, and hands out its entry. */
export async function makeCheckpoint(
  journal: Journal,
  { clock, why, signing, window, counted }: CheckpointOptions,
): Promise<JournalEntry> {
  const { record, frontier, head, hashes, windows } = await lookBack(journal);
  // The one asked for first, then the newest.
  const named = [...new Set([...(counted === undefined ? [] : [counted]), ...windows])];
  if (record === null || head === null) {
    throw badInput('there is nothing to make a checkpoint of: the record is empty', {
      code: 'record.empty',
      remedy: 'a checkpoint stands for entries; make it after something was done',
    });
  }
  const counts: CountedWindow[] = [];
  const size = frontier.size + hashes.length;
  for (const one of named.slice(0, MOST_WINDOWS).sort()) {
    const count = await countWindow(journal, one, size);
    if (count) counts.push(count);
  }
  const grown = hashes.reduceRight(addToFrontier, frontier);
  const checkpoint: Checkpoint = {
    schema: 'drydock.checkpoint/2',
    record,
    size: grown.size,
    head,
    root: rootOfFrontier(grown) as string,
    at: new Date(clock.now()).toISOString(),
    by: signing?.by ?? null,
    why,
    windows: counts,
  };
  const signature = signing ? await signing.sign(checkpointText(checkpoint)) : null;
  const body = { ...checkpoint, frontier: [...grown.hashes], signature };
  const marked: JsonObject = window === undefined ? body : { ...body, window };
  const [entry] = await journal.append([{ run: null, type: CHECKPOINT_MADE, body: marked }]);
  return entry as JournalEntry;
}
