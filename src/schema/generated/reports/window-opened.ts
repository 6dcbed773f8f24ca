/* Generated from src/schema/reports/window-opened.schema.json by `npm run types`. */

/**
 * This interface was referenced by `WindowOpenedReport`'s JSON-Schema
 * via the `definition` "windowState".
 */
export type WindowState =
  'requested' | 'approved' | 'rejected' | 'withdrawn' | 'open' | 'expired' | 'closed' | 'reviewed';

/**
 * A window that was opened.
 */
export interface WindowOpenedReport {
  schema: 'drydock.window-opened/1';
  window: string;
  state: WindowState;
  /**
   * What shows otherwise than approved.
   */
  differences: string[];
  servers: {
    server: string;
    /**
     * null: it holds every document.
     */
    why: string | null;
  }[];
  hash: string;
  file: string;
}
