/* Generated from src/schema/journal-entry.schema.json by `npm run types`. */

/**
 * One line of the record. `hash` is SHA-256 over the canonical JSON (RFC 8785) of the entry without `hash`; `previous` is the hash before it.
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
