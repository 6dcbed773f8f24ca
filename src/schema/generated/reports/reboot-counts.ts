/* Generated from src/schema/reports/reboot-counts.schema.json by `npm run types`. */

/**
 * How often final actions ended a server's system, as clpregctrl --get shows it.
 */
export interface RebootCounts {
  schema: 'drydock.reboot-counts/1';
  server: string;
  /**
   * for resources that failed
   */
  rc: number;
  /**
   * for monitors
   */
  rm: number;
  /**
   * of each; null: there is no limit
   */
  max: number | null;
  /**
   * in order for so long, and it is counted anew; null: never
   */
  resetMs: number | null;
}
