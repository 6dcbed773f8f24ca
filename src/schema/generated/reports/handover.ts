/* Generated from src/schema/reports/handover.schema.json by `npm run types`. */

/**
 * A run that passed to another person.
 */
export interface HandoverReport {
  schema: 'drydock.handover/1';
  run: string;
  to: string;
  reason: string;
  /**
   * It was taken, not given.
   */
  took: boolean;
  window: string | null;
  exposure: Exposure;
}
/**
 * What whoever takes over has to know, by topic.
 *
 * This interface was referenced by `HandoverReport`'s JSON-Schema
 * via the `definition` "exposure".
 */
export interface Exposure {
  stands: string;
  debts: string[];
  /**
   * What of the debts is not known.
   */
  unknown: string[];
  inDoubt: string[];
  inFlight: string[];
  /**
   * Confirmations, choices and acts that a person still has to give or do.
   */
  asks: string[];
  dangers: string[];
  left: string;
}
