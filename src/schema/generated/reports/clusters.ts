/* Generated from src/schema/reports/clusters.schema.json by `npm run types`. */

/**
 * Every cluster that can be meant by its name. Nothing was asked of them.
 */
export interface ClustersReport {
  schema: 'drydock.clusters/1';
  /**
   * The folder of the inventory's files.
   */
  inventory: string;
  /**
   * The kinds of clusters that this build can open.
   */
  kinds: string[];
  clusters: KnownCluster[];
}
/**
 * This interface was referenced by `ClustersReport`'s JSON-Schema
 * via the `definition` "knownCluster".
 */
export interface KnownCluster {
  name: string;
  /**
   * null: its file does not tell.
   */
  kind: string | null;
  /**
   * Where its state lives; null: not known.
   */
  place: string | null;
  /**
   * Its file in the inventory; null: it was found without one.
   */
  file: string | null;
  /**
   * Why it cannot be opened, with file, line, field and remedy.
   */
  problem: string | null;
}
