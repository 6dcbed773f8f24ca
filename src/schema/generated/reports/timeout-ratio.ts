/* Generated from src/schema/reports/timeout-ratio.schema.json by `npm run types`. */

/**
 * How far the heartbeat timeout is stretched, as clptoratio -s shows it.
 */
export interface TimeoutRatioShown {
  schema: 'drydock.timeout-ratio/1';
  /**
   * 1: not at all
   */
  ratio: number;
  /**
   * the heartbeat timeout by it
   */
  timeoutMs: number;
  /**
   * ms since the epoch; null: for good, or it is 1
   */
  until: number | null;
}
