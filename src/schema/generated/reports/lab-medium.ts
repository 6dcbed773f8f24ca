/* Generated from src/schema/reports/lab-medium.schema.json by `npm run types`. */

/**
 * A medium that lies beside a server.
 */
export interface LabMediumReport {
  schema: 'drydock.lab-medium/1';
  server: string;
  name: string;
  format: 'linux' | 'windows';
}
