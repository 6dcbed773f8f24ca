/**
 * A part of the record that can be checked without the rest: each entry with its way to the root
 * of a checkpoint, and the ways from earlier checkpoints to that one, so that an anchor of any of
 * them serves. One line of canonical JSON each:
 *
 *     {"schema":"drydock.excerpt/1","about":…,"checkpoint":ENTRY,"consistency":[…],"count":N}
 *     {"entry":ENTRY,"path":[HASH,…]}
 *     …
 */
import { DrydockError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { RecordReader, SealedText } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { canonical, sha256 } from './chain.ts';
import { CHECKPOINT_MADE, readCheckpoint } from './checkpoint.ts';
import { MerkleTree } from './merkle.ts';
import { lineOf } from './walk.ts';

export const EXCERPT = 'drydock.excerpt/1';
/** Earlier checkpoints from which a way is given: the newest of them. */
const KEPT_CHECKPOINTS = 64;

/** What an excerpt is to hold: everything that fits all that is named. */
export interface Part {
  from?: number;
  to?: number;
  run?: string;
  /** A change window: what was done on it, and every run under it. */
  window?: string;
}

/** That one entry is among those a checkpoint stands for. */
export interface InclusionProof {
  entry: JournalEntry;
  /** The checkpoint's entry, with its size, root and signature. */
  checkpoint: JournalEntry;
  path: string[];
}

export function readSealed({ text, hash }: SealedText): JournalEntry {
  return { ...(JSON.parse(text) as Omit<JournalEntry, 'hash'>), hash };
}

/** Every line of the record. */
export function* exportRecord(reader: RecordReader): Iterable<string> {
  for (const sealed of reader.texts()) yield lineOf(sealed);
}

interface Named {
  window?: unknown;
  authority?: { window?: unknown } | null;
}

function isOfWindow(entry: JournalEntry, window: string): boolean {
  const { window: own, authority } = entry.body as Named;
  return own === window || authority?.window === window;
}

/** Runs that were carried out under a window. */
function runsUnder(reader: RecordReader, window: string): Set<string> {
  const runs = new Set<string>();
  for (const sealed of reader.texts()) {
    if (sealed.run === null || runs.has(sealed.run) || !sealed.text.includes(window)) continue;
    if (isOfWindow(readSealed(sealed), window)) runs.add(sealed.run);
  }
  return runs;
}

/** The entries of a part, in order. */
export function* entriesOf(reader: RecordReader, part: Part): Iterable<JournalEntry> {
  const { from, to, run, window } = part;
  const runs = window === undefined ? null : runsUnder(reader, window);
  for (const sealed of reader.texts({ ...(from && { from }), ...(to && { to }) })) {
    if (run !== undefined && sealed.run !== run) continue;
    const isUnder = runs === null || (sealed.run !== null && runs.has(sealed.run));
    if (!isUnder && !sealed.text.includes(window as string)) continue;
    const entry = readSealed(sealed);
    if (isUnder || isOfWindow(entry, window as string)) yield entry;
  }
}

/** The newest checkpoint that stands for at least `size` entries; null when none does. */
export function checkpointOver(reader: RecordReader, size: number): JournalEntry | null {
  for (const sealed of reader.texts({ newestFirst: true })) {
    if (sealed.seq <= size) return null;
    if (!sealed.text.includes(CHECKPOINT_MADE)) continue;
    const entry = readSealed(sealed);
    const found = entry.type === CHECKPOINT_MADE ? readCheckpoint(entry.body) : null;
    if (found && found.checkpoint.size >= size) return entry;
  }
  return null;
}

function needCheckpoint(reader: RecordReader, last: number): JournalEntry {
  const found = checkpointOver(reader, last);
  if (found) return found;
  throw new DrydockError(`no checkpoint stands for entry ${last} yet`, {
    code: 'checkpoint.missing',
    exit: 2,
    remedy: 'make one with `drydock audit checkpoint --key FILE`, then export again',
  });
}

interface Covered {
  size: number;
  tree: MerkleTree;
  /** Earlier checkpoints, the newest last. */
  earlier: { size: number; root: string }[];
}

/** The tree up to a checkpoint; throws where the record is not what the checkpoint names. */
function cover(reader: RecordReader, checkpoint: JournalEntry): Covered {
  const { size, root } = readCheckpoint(checkpoint.body)!.checkpoint;
  const tree = new MerkleTree();
  const earlier: Covered['earlier'] = [];
  for (const sealed of reader.texts({ to: size })) {
    if (sha256(sealed.text) === sealed.hash) tree.add(sealed.hash);
    if (!sealed.text.includes(CHECKPOINT_MADE)) continue;
    const { type, body } = readSealed(sealed);
    const found = type === CHECKPOINT_MADE ? readCheckpoint(body) : null;
    if (found) earlier.push({ size: found.checkpoint.size, root: found.checkpoint.root });
  }
  if (tree.size === size && tree.root() === root) return { size, tree, earlier };
  throw new DrydockError('the record is not what its last checkpoint names; nothing is exported', {
    code: 'journal.corrupt',
    exit: 7,
    remedy: 'look with `drydock audit verify`',
  });
}

function headerOf(
  part: Part,
  checkpoint: JournalEntry,
  covered: Covered,
  count: number,
): JsonObject {
  const { size, tree, earlier } = covered;
  return {
    schema: EXCERPT,
    about: { ...part },
    checkpoint: { ...checkpoint },
    consistency: earlier
      .slice(-KEPT_CHECKPOINTS)
      .map((one) => ({ ...one, path: tree.consistency(one.size, size) })),
    count,
  };
}

/** The lines of an excerpt. Throws where no checkpoint stands for the last of its entries yet. */
export function* exportEntries(reader: RecordReader, part: Part): Iterable<string> {
  const entries = [...entriesOf(reader, part)];
  const last = entries.at(-1)?.seq;
  if (last === undefined) {
    throw new DrydockError('the record has no entry of what is to be exported', {
      code: 'record.none',
      exit: 2,
      remedy: 'look with `drydock audit show`',
    });
  }
  const checkpoint = needCheckpoint(reader, last);
  const covered = cover(reader, checkpoint);
  yield canonical(headerOf(part, checkpoint, covered, entries.length));
  for (const entry of entries) {
    yield canonical({ entry, path: covered.tree.inclusion(entry.seq - 1, covered.size) });
  }
}

/** The proof of single entries, under the newest checkpoint. */
export function inclusionProofs(reader: RecordReader, seqs: readonly number[]): InclusionProof[] {
  const checkpoint = needCheckpoint(reader, Math.max(...seqs));
  const { size, tree } = cover(reader, checkpoint);
  return seqs.flatMap((seq) =>
    [...reader.texts({ from: seq, to: seq })].map((sealed) => ({
      entry: readSealed(sealed),
      checkpoint,
      path: tree.inclusion(seq - 1, size),
    })),
  );
}
