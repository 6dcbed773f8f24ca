/* Generated from src/schema/reports/policy-signed.schema.json by `npm run types`. */

/**
 * A policy that was signed.
 */
export interface PolicySignedReport {
  schema: 'drydock.policy-signed/1';
  version: number;
  file: string;
}
