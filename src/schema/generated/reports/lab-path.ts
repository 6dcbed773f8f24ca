/* Generated from src/schema/reports/lab-path.schema.json by `npm run types`. */

/**
 * Where the programs of a server lie.
 */
export interface LabPathReport {
  schema: 'drydock.lab-path/1';
  server: string;
  path: string;
}
