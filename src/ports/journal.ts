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

export interface Journal {
  /** Appends in one durable commit; all or none. */
  append(entries: NewEntry[]): JournalEntry[];
  /** The entries of a run, or all, in order. */
  entries(run?: string): JournalEntry[];
  /**
   * Keeps other runners of this host away from a cluster until the answer is called; a runner
   * that dies lets go by itself. Throws exit 5 when another holds it.
   */
  hold(cluster: string, about: string): () => void;
  close(): void;
}
