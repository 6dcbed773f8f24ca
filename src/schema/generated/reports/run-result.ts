/* Generated from src/schema/reports/run-result.schema.json by `npm run types`. */

/**
 * How a run ended, or where it waits.
 */
export interface RunReport {
  schema: 'drydock.run-result/1';
  run: string;
  outcome:
    'done' | 'failed' | 'parked' | 'stopped' | 'refused' | 'aborted' | 'rolledBack' | 'stuck';
  exit: number;
  /**
   * Why, for people.
   */
  words: string;
  /**
   * What it found, in the order of its steps; null: no step looks for anything.
   */
  findings: Found[] | null;
  /**
   * Where a person has something to look after.
   */
  closing: Closing | null;
}
/**
 * What a diagnosis found.
 *
 * This interface was referenced by `RunReport`'s JSON-Schema
 * via the `definition` "found".
 */
export interface Found {
  step: string;
  /**
   * Where the step looked; null: at the whole cluster.
   */
  server: string | null;
  /**
   * error: this is the trouble; warning: it may become one; unknown: it could not be seen; look: a person has to compare; info: worth knowing.
   */
  severity: 'error' | 'warning' | 'unknown' | 'look' | 'info';
  says: string;
  /**
   * Where, or what a command printed of it.
   */
  shows: string | null;
  /**
   * What is to be done.
   */
  remedy: string | null;
  /**
   * The one that does it.
   */
  runbook: string | null;
}
/**
 * This interface was referenced by `RunReport`'s JSON-Schema
 * via the `definition` "closing".
 */
export interface Closing {
  exposed: string;
  inFlight: string;
  next: string;
  by: string;
}
