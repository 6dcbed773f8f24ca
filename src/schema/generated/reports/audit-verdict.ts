/* Generated from src/schema/reports/audit-verdict.schema.json by `npm run types`. */

/**
 * Whether the record can be believed.
 */
export interface AuditVerdict {
  schema: 'drydock.audit-verdict/1';
  ok: boolean;
  entries: number;
  /**
   * The last entry.
   */
  head: Anchor | null;
  integrity: Finding;
  completeness: Finding;
  anchoring: Finding;
  /**
   * The last entry that an anchor, or a signature that counts, vouches for.
   */
  anchored: number | null;
  cannotKnow: string[];
  noted: string[];
  /**
   * The first bad entry of all, and why; null when ok.
   */
  seq: number | null;
  why: string | null;
}
/**
 * A place in the record that was written down elsewhere.
 *
 * This interface was referenced by `AuditVerdict`'s JSON-Schema
 * via the `definition` "anchor".
 */
export interface Anchor {
  seq: number;
  hash: string;
}
/**
 * This interface was referenced by `AuditVerdict`'s JSON-Schema
 * via the `definition` "finding".
 */
export interface Finding {
  state: 'good' | 'bad' | 'unknown';
  /**
   * Number of the first bad entry; null where none is bad.
   */
  entry: number | null;
  words: string;
}
