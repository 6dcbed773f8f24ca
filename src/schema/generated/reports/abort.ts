/* Generated from src/schema/reports/abort.schema.json by `npm run types`. */

/**
 * How a run was ended where it stood.
 */
export interface AbortReport {
  schema: 'drydock.abort/1';
  run: string;
  /**
   * requested: a runner is at work, and stops at its next safe point
   */
  outcome: 'aborted' | 'requested';
  /**
   * Why the lease is left on the cluster.
   */
  leaseLeft: string | null;
  /**
   * Steps without a good outcome.
   */
  left: {
    id: string;
    title: string;
  }[];
}
