/* Generated from src/schema/reports/preflight.schema.json by `npm run types`. */

/**
 * Everything that can be known before the first step.
 */
export interface PreflightReport {
  schema: 'drydock.preflight/1';
  runbook: string;
  cluster: string;
  items: {
    what: string;
    state: 'ok' | 'bad' | 'unknown';
    words: string;
    /**
     * What to do about it; with it the item keeps the run from starting.
     */
    remedy?: string;
  }[];
  /**
   * 0: it may start; 4: a requirement does not hold; 5: held by another; 6: not known.
   */
  exit: number;
}
