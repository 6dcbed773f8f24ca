/* Generated from src/schema/reports/window-pushed.schema.json by `npm run types`. */

/**
 * A window's documents on their way to the servers.
 */
export interface WindowPushedReport {
  schema: 'drydock.window-pushed/1';
  window: string;
  servers: {
    server: string;
    /**
     * null: it holds every document.
     */
    why: string | null;
  }[];
}
