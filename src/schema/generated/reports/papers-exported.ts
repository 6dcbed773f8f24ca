/* Generated from src/schema/reports/papers-exported.schema.json by `npm run types`. */

/**
 * A file of documents that was written.
 */
export interface PapersExportedReport {
  schema: 'drydock.papers-exported/1';
  window: string;
  file: string;
  count: number;
}
