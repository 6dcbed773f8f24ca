/* Generated from src/schema/reports/mirror-statistics.schema.json by `npm run types`. */

/**
 * What one server counted of a mirror disk, as clpmdstat --perf shows it.
 */
export interface MirrorStatistics {
  schema: 'drydock.mirror-statistics/1';
  /**
   * the resource
   */
  mirror: string;
  server: string;
  values: ShownStatistic[];
}
/**
 * This interface was referenced by `MirrorStatistics`'s JSON-Schema
 * via the `definition` "shownStatistic".
 */
export interface ShownStatistic {
  /**
   * as it is shown
   */
  name: string;
  /**
   * with its unit
   */
  value: string;
}
