/* Generated from src/schema/reports/docs.schema.json by `npm run types`. */

/**
 * The catalogue written for reading.
 */
export interface DocsReport {
  schema: 'drydock.docs/1';
  folder: string;
  runbooks: number;
  files: number;
}
