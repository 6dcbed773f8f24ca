/**
 * The record. Every call answers when it is done, so that an adapter may be a file, a server
 * process or a database elsewhere; nobody acts on an entry before `append` has answered. What each
 * call promises is held by one test for every adapter (test/adapters/journal-contract.test.ts).
 *
 * An adapter stores entries as `sealText` (src/audit/chain.ts) makes them: number, hash of the one
 * before, time and writer are known only where nobody else can append in between.
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

/** An entry as it lies in the record: canonical JSON without its hash, and the hash. */
export interface SealedText {
  /** What it is filed under; the text says both as well. */
  seq: number;
  run: string | null;
  text: string;
  hash: string;
}

/** Which entries: both ends included. Without bounds every one there is, whatever its number. */
export interface Stretch {
  from?: number;
  to?: number;
  /** Newest first; else in order. */
  newestFirst?: boolean;
}

/** For whoever checks or copies the record as a whole, however long it is. Checks nothing. */
export interface RecordReader {
  /** A page holds some entries, a thousand at most; whoever has enough stops asking. */
  pages(stretch?: Stretch): AsyncIterable<readonly SealedText[]>;
}

/** A run as the index has it. */
export interface IndexedRun {
  run: string;
  /** Hash of its last entry. */
  last: string;
  /** What was stored of it when that entry was the last; null: nothing. */
  head: JsonObject | null;
}

/** What somebody made of a run's entries up to the one with the hash `last`. */
export interface StoredHead {
  run: string;
  last: string;
  head: JsonObject;
}

/** Lets go of what is held; once is enough. */
export type LetGo = () => Promise<void>;

export interface Journal extends RecordReader {
  /**
   * Appends in one commit, all or none, durable when it answers. Commits stand in the order in
   * which they were asked for. Where a run of `after` has another last entry than it says, nothing
   * is appended, and it throws `run.moved` (exit 5); `journal.full` and `journal.failed` (exit 6)
   * where nothing can be written.
   */
  append(entries: readonly NewEntry[], after?: LastEntries): Promise<JournalEntry[]>;
  /** The entries of a run, in order, each as it was sealed; else `journal.corrupt` (exit 7). */
  entries(run: string): Promise<JournalEntry[]>;
  /** Those whose name holds the text, the one that began first first; a thousand a page at most. */
  runs(part?: string): AsyncIterable<readonly IndexedRun[]>;
  /**
   * So that whoever asks next need not read the entries again. A convenience: it may be forgotten
   * at any time, and it is not stored where the run went on since.
   */
  storeHeads(heads: readonly StoredHead[]): Promise<void>;
  /**
   * Keeps other runners away from a cluster until the answer is called, or this process ends
   * however it does. Throws `runner.held` (exit 5), which names who holds it, for what and where.
   * It is advice: that no run is damaged rests on `after` alone.
   */
  hold(cluster: string, about: string): Promise<LetGo>;
  close(): Promise<void>;
}
