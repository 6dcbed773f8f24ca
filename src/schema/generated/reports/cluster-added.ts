/* Generated from src/schema/reports/cluster-added.schema.json by `npm run types`. */

/**
 * A cluster that the inventory holds from now on.
 */
export interface ClusterAddedReport {
  schema: 'drydock.cluster-added/1';
  name: string;
  kind: string;
  /**
   * Where its state lives.
   */
  place: string;
  file: string;
}
