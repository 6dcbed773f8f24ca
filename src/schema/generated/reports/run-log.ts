/* Generated from src/schema/reports/run-log.schema.json by `npm run types`. */

/**
 * What a run did: its entries, in order.
 */
export interface RunLogReport {
  schema: 'drydock.run-log/1';
  run: string;
  entries: JournalEntry[];
}
/**
 * One line of the record. `hash` is SHA-256 over the canonical JSON (RFC 8785) of the entry without `hash`; `previous` is the hash before it.
 *
 * This interface was referenced by `RunLogReport`'s JSON-Schema
 * via the `definition` "journalEntry".
 */
export interface JournalEntry {
  schema: 'drydock.journal-entry/1';
  seq: number;
  /**
   * ISO 8601, UTC
   */
  at: string;
  run: string | null;
  /**
   * noun.pastTense, e.g. step.intended
   */
  type: string;
  /**
   * login and host of the person, or the program
   */
  who: string;
  body: {};
  previous: string;
  hash: string;
}
