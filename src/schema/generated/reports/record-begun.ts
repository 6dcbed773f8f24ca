/* Generated from src/schema/reports/record-begun.schema.json by `npm run types`. */

/**
 * A record in place of one that is gone.
 */
export interface RecordBegunReport {
  schema: 'drydock.record-begun/1';
  file: string;
  reason: string;
}
