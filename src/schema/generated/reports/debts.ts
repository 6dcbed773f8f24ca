/* Generated from src/schema/reports/debts.schema.json by `npm run types`. */

/**
 * What maintenance left behind on the cluster.
 */
export interface DebtsReport {
  schema: 'drydock.debts/1';
  debts: Debt[];
  /**
   * What could be there and cannot be seen.
   */
  unknown: string[];
}
/**
 * This interface was referenced by `DebtsReport`'s JSON-Schema
 * via the `definition` "debt".
 */
export interface Debt {
  kind:
    | 'monitor suspended'
    | 'timeout stretched'
    | 'service disabled'
    | 'configuration not distributed'
    | 'automatic recovery held'
    | 'lease left'
    | 'medium left'
    | 'daemon stopped'
    | 'run stuck';
  /**
   * The fact it is seen by.
   */
  key: string;
  words: string;
  /**
   * ms since the epoch; null: it does not lapse by itself.
   */
  until: number | null;
  remedy: string;
  /**
   * The run and step that left it, when the record tells.
   */
  by: {
    run: string;
    step: string;
    at: string;
  } | null;
}
