/**
 * The record. Append is durable when it resolves: one commit. The adapter is SQLite; the tests
 * have one that loses what was not flushed.
 */
import type { JsonObject } from '../core/json.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';

export interface NewEntry {
  run: string | null;
  type: string;
  body: JsonObject;
}

/** By run: the number of its last entry, as the writer has seen it; 0: it has none. */
export type LastEntries = Readonly<Record<string, number>>;

export interface Journal {
  /**
   * Appends in one durable commit; all or none. Where a run of `after` has another last entry than
   * it says, nothing is appended, and `run.moved` (exit 5) is thrown.
   */
  append(entries: NewEntry[], after?: LastEntries): JournalEntry[];
  /** The entries of a run, or all, in order. */
  entries(run?: string): JournalEntry[];
  /**
   * Keeps other runners of this host away from a cluster until the answer is called; a runner
   * that dies lets go by itself. Throws exit 5 when another holds it.
   */
  hold(cluster: string, about: string): () => void;
  close(): void;
}

/** An entry as it lies in the record: canonical JSON without its hash, and the hash. */
export interface SealedText {
  /** What it is filed under; the text says both as well. */
  seq: number;
  run: string | null;
  text: string;
  hash: string;
}

/** For whoever checks or copies the record as a whole, however long it is. Checks nothing. */
export interface RecordReader {
  /** In order, or the newest first; both ends included. */
  texts(part?: { from?: number; to?: number; newestFirst?: boolean }): Iterable<SealedText>;
}
