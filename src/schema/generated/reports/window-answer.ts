/* Generated from src/schema/reports/window-answer.schema.json by `npm run types`. */

/**
 * This interface was referenced by `WindowAnswerReport`'s JSON-Schema
 * via the `definition` "windowState".
 */
export type WindowState =
  'requested' | 'approved' | 'rejected' | 'withdrawn' | 'open' | 'expired' | 'closed' | 'reviewed';

/**
 * An answer to a window that was signed.
 */
export interface WindowAnswerReport {
  schema: 'drydock.window-answer/1';
  window: string;
  state: WindowState;
  hash: string;
  file: string;
}
