/* Generated from src/schema/reports/checkpoint.schema.json by `npm run types`. */

/**
 * A checkpoint of the record, as it was signed and recorded, with the number of its entry.
 */
export interface CheckpointReport {
  schema: 'drydock.checkpoint/2';
  /**
   * Hash of the record's first entry: which record this is.
   */
  record: string;
  /**
   * How many entries it stands for.
   */
  size: number;
  /**
   * Hash of the last of them.
   */
  head: string;
  root: string;
  at: string;
  /**
   * Principal who signs; null: nobody does.
   */
  by: string | null;
  why: string;
  /**
   * Those on which something was recorded since the checkpoint before.
   */
  windows?: CountedWindow[];
  /**
   * Number of its entry.
   */
  seq: number;
  signature: string | null;
  /**
   * The right edge of the tree.
   */
  frontier: string[];
  window?: string;
}
/**
 * How many of the entries a checkpoint stands for are a window's, and which.
 *
 * This interface was referenced by `CheckpointReport`'s JSON-Schema
 * via the `definition` "countedWindow".
 */
export interface CountedWindow {
  window: string;
  entries: number;
  /**
   * SHA-256 over their hashes in order, each as text.
   */
  digest: string;
}
