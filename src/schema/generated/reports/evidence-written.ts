/* Generated from src/schema/reports/evidence-written.schema.json by `npm run types`. */

/**
 * The evidence of a change window, as files.
 */
export interface EvidenceReport {
  schema: 'drydock.evidence-written/1';
  folder: string;
  files: string[];
  /**
   * How many entries belong to the window.
   */
  entries: number;
}
