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
   * Where a person has something to look after.
   */
  closing: Closing | null;
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
