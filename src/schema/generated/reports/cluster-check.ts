/* Generated from src/schema/reports/cluster-check.schema.json by `npm run types`. */

/**
 * Whether a cluster can be reached, and what can be done with it.
 */
export interface ClusterCheckReport {
  schema: 'drydock.cluster-check/1';
  name: string;
  kind: string;
  /**
   * Where its state lives.
   */
  place: string;
  /**
   * As its configuration names it.
   */
  cluster: {
    /**
     * What makes it a cluster.
     */
    software: string;
    name: string;
    id: string;
    servers: string[];
  };
  items: {
    what: string;
    /**
     * lacks: its kind cannot, and it can be worked with all the same. bad: no run can be started.
     */
    state: 'ok' | 'lacks' | 'bad' | 'unknown';
    words: string;
    /**
     * What to do about it.
     */
    remedy?: string;
  }[];
  /**
   * 0: nothing stands in the way of a run; 4: no run can be started; 6: a server does not answer.
   */
  exit: number;
}
