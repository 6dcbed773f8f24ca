/* Generated from src/schema/reports/policy-pushed.schema.json by `npm run types`. */

/**
 * A policy on its way to the servers.
 */
export interface PolicyPushedReport {
  schema: 'drydock.policy-pushed/1';
  version: number;
  servers: {
    server: string;
    version: number | null;
    why: string | null;
  }[];
}
