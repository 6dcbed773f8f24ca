/* Generated from src/schema/reports/lab.schema.json by `npm run types`. */

/**
 * A lab that was brought up.
 */
export interface LabReport {
  schema: 'drydock.lab/1';
  folder: string;
  servers: string[];
  /**
   * Name of its cluster.
   */
  cluster: string;
}
