/* Generated from src/schema/cluster-entry.schema.json by `npm run types`. */

/**
 * A cluster of the inventory: clusters/NAME.yaml in the configuration folder. Its kind says which other fields it has; `drydock cluster add` writes it.
 */
export type ClusterEntry = LabEntry;

export interface LabEntry {
  /**
   * a cluster of processes on this machine
   */
  kind: 'lab';
  /**
   * where the lab lies, from the root of the file system on
   */
  folder: string;
}
