/* Generated from src/schema/reports/gate-broken.schema.json by `npm run types`. */

/**
 * Gates that let through what they cannot judge.
 */
export interface GateBrokenReport {
  schema: 'drydock.gate-broken/1';
  servers: {
    server: string;
    /**
     * null: it holds every document.
     */
    why: string | null;
  }[];
}
