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
import type { RecordReader } from '../ports/journal.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';
import { canonical, sha256 } from './chain.ts';
import { CHECKPOINT_MADE, readCheckpoint } from './checkpoint.ts';
import { MerkleTree } from './merkle.ts';
import { lineOf } from './walk.ts';
import { countWindow, entriesOf, type Part, readSealed } from './windows.ts';

export { entriesOf, type Part, readSealed };

export const EXCERPT = 'drydock.excerpt/1';
/** Earlier checkpoints from which a way is given: the newest of them. */
const KEPT_CHECKPOINTS = 64;

/** That one entry is among those a checkpoint stands for. */
export interface InclusionProof {
  entry: JournalEntry;
  /** The checkpoint's entry, with its size, root and signature. */
  checkpoint: JournalEntry;
  path: string[];
}

/** Every line of the record. */
export async function* exportRecord(reader: RecordReader): AsyncIterable<string> {
  for await (const page of reader.pages()) {
    for (const sealed of page) yield lineOf(sealed);
  }
}

/** The newest checkpoint that stands for at least `size` entries; null when none does. */
export async function checkpointOver(
  reader: RecordReader,
  size: number,
): Promise<JournalEntry | null> {
  for await (const page of reader.pages({ newestFirst: true })) {
    for (const sealed of page) {
      if (sealed.seq <= size) return null;
      if (!sealed.text.includes(CHECKPOINT_MADE)) continue;
      const entry = readSealed(sealed);
      const found = entry.type === CHECKPOINT_MADE ? readCheckpoint(entry.body) : null;
      if (found && found.checkpoint.size >= size) return entry;
    }
  }
  return null;
}

/** Whether the checkpoint counts the window's entries as they are, up to `size` and no further. */
export async function countsWindow(
  reader: RecordReader,
  entry: JournalEntry,
  window: string,
): Promise<boolean> {
  const { windows = [], size } = readCheckpoint(entry.body)!.checkpoint;
  const reported = windows.find((one) => one.window === window);
  const own = await countWindow(reader, window, size);
  const all = (await entriesOf(reader, { window })).at(-1)?.seq ?? 0;
  return reported?.digest === own?.digest && reported?.entries === own?.entries && all <= size;
}

async function needCheckpoint(reader: RecordReader, last: number): Promise<JournalEntry> {
  const found = await checkpointOver(reader, last);
  if (found) return found;
  throw new DrydockError(`no checkpoint stands for entry ${last} yet`, {
    code: 'checkpoint.missing',
    exit: 2,
    remedy: 'make one with `drydock audit checkpoint --key FILE`, then export again',
  });
}

/** The tree over the first entries of the record. */
export async function treeOf(reader: RecordReader, size: number): Promise<MerkleTree> {
  const tree = new MerkleTree();
  for await (const page of reader.pages({ to: size })) {
    for (const { hash } of page) tree.add(hash);
  }
  return tree;
}

interface Covered {
  size: number;
  tree: MerkleTree;
  /** Earlier checkpoints, the newest last. */
  earlier: { size: number; root: string }[];
}

/** The tree up to a checkpoint; throws where the record is not what the checkpoint names. */
async function cover(reader: RecordReader, checkpoint: JournalEntry): Promise<Covered> {
  const { size, root } = readCheckpoint(checkpoint.body)!.checkpoint;
  const tree = new MerkleTree();
  const earlier: Covered['earlier'] = [];
  for await (const page of reader.pages({ to: size })) {
    for (const sealed of page) {
      if (sha256(sealed.text) === sealed.hash) tree.add(sealed.hash);
      if (!sealed.text.includes(CHECKPOINT_MADE)) continue;
      const { type, body } = readSealed(sealed);
      const found = type === CHECKPOINT_MADE ? readCheckpoint(body) : null;
      if (found) earlier.push({ size: found.checkpoint.size, root: found.checkpoint.root });
    }
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
export async function* exportEntries(reader: RecordReader, part: Part): AsyncIterable<string> {
  const entries = await entriesOf(reader, part);
  const last = entries.at(-1)?.seq;
  if (last === undefined) {
    throw new DrydockError('the record has no entry of what is to be exported', {
      code: 'record.none',
      exit: 2,
      remedy: 'look with `drydock audit show`',
    });
  }
  const checkpoint = await needCheckpoint(reader, last);
  const covered = await cover(reader, checkpoint);
  yield canonical(headerOf(part, checkpoint, covered, entries.length));
  for (const entry of entries) {
    yield canonical({ entry, path: covered.tree.inclusion(entry.seq - 1, covered.size) });
  }
}

/** The proof of single entries, under the newest checkpoint. */
export async function inclusionProofs(
  reader: RecordReader,
  seqs: readonly number[],
): Promise<InclusionProof[]> {
  const checkpoint = await needCheckpoint(reader, Math.max(...seqs));
  const { size, tree } = await cover(reader, checkpoint);
  const proofs: InclusionProof[] = [];
  for (const seq of seqs) {
    for (const entry of await entriesOf(reader, { from: seq, to: seq })) {
      proofs.push({ entry, checkpoint, path: tree.inclusion(seq - 1, size) });
    }
  }
  return proofs;
}
