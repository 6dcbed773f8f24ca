/* Generated from src/schema/reports/collected.schema.json by `npm run types`. */

/**
 * What people typed on the servers since they were last asked.
 */
export interface CollectedReport {
  schema: 'drydock.collected/1';
  /**
   * How many were new.
   */
  seen: number;
  /**
   * Servers that did not answer, and why.
   */
  silent: string[];
}
