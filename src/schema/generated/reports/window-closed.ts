/* Generated from src/schema/reports/window-closed.schema.json by `npm run types`. */

/**
 * This interface was referenced by `WindowClosedReport`'s JSON-Schema
 * via the `definition` "windowState".
 */
export type WindowState =
  'requested' | 'approved' | 'rejected' | 'withdrawn' | 'open' | 'expired' | 'closed' | 'reviewed';

/**
 * A window that was closed.
 */
export interface WindowClosedReport {
  schema: 'drydock.window-closed/1';
  window: string;
  state: WindowState;
  outcome: string;
  runs: string[];
  owesReview: boolean;
  /**
   * Debts left on purpose.
   */
  accepted: string[];
  checkpoint: {
    seq: number;
    size: number;
    root: string;
    signed: boolean;
    anchors: string[];
  };
  hash: string;
  file: string;
}
