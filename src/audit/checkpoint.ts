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

export const CHECKPOINT_MADE = 'checkpoint.made';

export interface Checkpoint {
  schema: 'drydock.checkpoint/1';
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
}

export interface SignedCheckpoint {
  checkpoint: Checkpoint;
  signature: string | null;
}

const FIELDS = ['at', 'by', 'head', 'record', 'root', 'schema', 'size', 'why'];

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
    Object.keys(rest).sort().join() === FIELDS.join() &&
    schema === 'drydock.checkpoint/1' &&
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

/** Where a new checkpoint goes on from, and what came since. */
interface Since {
  record: string | null;
  frontier: Frontier;
  head: string | null;
  /** Newest first. */
  hashes: string[];
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

function lookBack(journal: RecordReader): Since {
  const hashes: string[] = [];
  let edge: ReturnType<typeof edgeOf> = null;
  let record: string | null = null;
  for (const sealed of journal.texts({ newestFirst: true })) {
    const entry = openText(sealed);
    if (edge && sealed.seq <= edge.checkpoint.size) {
      // A checkpoint that names another entry there is not gone on from; the whole is walked.
      if (sealed.hash === edge.checkpoint.head) break;
      edge = null;
    }
    hashes.push(sealed.hash);
    edge ??= edgeOf(entry);
    if (sealed.seq === 1) record = sealed.hash;
  }
  return {
    record: edge?.checkpoint.record ?? record,
    frontier: edge?.frontier ?? { size: 0, hashes: [] },
    head: hashes[0] ?? null,
    hashes,
  };
}

export interface CheckpointOptions {
  clock: Pick<Clock, 'now'>;
  /** For people: `window CHG-7 closed`. */
  why: string;
  /** `sign` is handed the text; null: unsigned. */
  signing: { by: string; sign(text: string): Promise<string> } | null;
  window?: string;
}

/** Appends a checkpoint over everything that the record holds now, and hands out its entry. */
export async function makeCheckpoint(
  journal: Journal & RecordReader,
  { clock, why, signing, window }: CheckpointOptions,
): Promise<JournalEntry> {
  const { record, frontier, head, hashes } = lookBack(journal);
  if (record === null || head === null) {
    throw badInput('there is nothing to make a checkpoint of: the record is empty', {
      code: 'record.empty',
      remedy: 'a checkpoint stands for entries; make it after something was done',
    });
  }
  const grown = hashes.reduceRight(addToFrontier, frontier);
  const checkpoint: Checkpoint = {
    schema: 'drydock.checkpoint/1',
    record,
    size: grown.size,
    head,
    root: rootOfFrontier(grown) as string,
    at: new Date(clock.now()).toISOString(),
    by: signing?.by ?? null,
    why,
  };
  const signature = signing ? await signing.sign(checkpointText(checkpoint)) : null;
  const body = { ...checkpoint, frontier: [...grown.hashes], signature };
  const marked: JsonObject = window === undefined ? body : { ...body, window };
  const [entry] = journal.append([{ run: null, type: CHECKPOINT_MADE, body: marked }]);
  return entry as JournalEntry;
}
