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
  close(): void;
}
