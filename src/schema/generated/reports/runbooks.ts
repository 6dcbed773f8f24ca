/* Generated from src/schema/reports/runbooks.schema.json by `npm run types`. */

/**
 * The runbooks at hand: those that ship, and those of the site.
 */
export interface RunbooksReport {
  schema: 'drydock.runbooks/1';
  /**
   * The cluster at hand; null: none is.
   */
  cluster: string | null;
  runbooks: {
    id: string;
    title: string;
    /**
     * null: it is the site's own
     */
    manual: 'v3' | 'x5' | null;
    section: string | null;
    /**
     * of a house runbook, where the site documents it
     */
    site: string | null;
    editions: string[];
    kind: string;
    steps: number;
    /**
     * ids of what the site put into it
     */
    overlays: string[];
    /**
     * To the cluster at hand, as it is; null: none is at hand.
     */
    applies: null | Applies;
  }[];
}
/**
 * This interface was referenced by `RunbooksReport`'s JSON-Schema
 * via the `definition` "applies".
 */
export interface Applies {
  here: boolean;
  /**
   * It does not; null: it does.
   */
  why: string | null;
  /**
   * Parameters that have to be given.
   */
  wants: string[];
}
