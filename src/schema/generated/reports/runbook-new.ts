/* Generated from src/schema/reports/runbook-new.schema.json by `npm run types`. */

/**
 * A file of the site that was begun.
 */
export interface RunbookNewReport {
  schema: 'drydock.runbook-new/1';
  id: string;
  /**
   * the runbook that it puts steps into; null: it is a runbook
   */
  overlay: string | null;
  file: string;
}
