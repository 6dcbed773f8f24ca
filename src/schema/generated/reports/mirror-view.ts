/* Generated from src/schema/reports/mirror-view.schema.json by `npm run types`. */

/**
 * A mirror disk or hybrid disk with its copies, as clpmdstat and clphdstat show it with --mirror and --active.
 */
export interface MirrorView {
  schema: 'drydock.mirror-view/1';
  /**
   * the resource
   */
  mirror: string;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'inSync' | 'syncing' | 'degraded' | 'unbuilt' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * of its size; null: not known
   */
  outOfSyncPercent: number | null;
  copies: ViewedCopy[];
  /**
   * the copy that is under way; null: none
   */
  sync: ViewedSync | null;
}
/**
 * This interface was referenced by `MirrorView`'s JSON-Schema
 * via the `definition` "viewedCopy".
 */
export interface ViewedCopy {
  server: string;
  /**
   * of a hybrid disk, whose current server `server` is
   */
  serverGroup?: string;
  /**
   * as in drydock.status/2; null: not known
   */
  role: 'primary' | 'secondary' | null;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'upToDate' | 'outdated' | 'inconsistent' | 'diskless' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * why nothing is known of it; null when it is
   */
  unknown: string | null;
  /**
   * ms since the epoch, that server's clock
   */
  lastUpdate: number | null;
  /**
   * ms since the epoch, that server's clock
   */
  breakTime: number | null;
  /**
   * since when it was not compared with another copy, ms since the epoch; null: they are connected, or nothing is known
   */
  apartSince: number | null;
  /**
   * its disk failed
   */
  diskError: boolean | null;
  /**
   * of its size; null: not known
   */
  outOfSyncPercent: number | null;
}
/**
 * This interface was referenced by `MirrorView`'s JSON-Schema
 * via the `definition` "viewedSync".
 */
export interface ViewedSync {
  /**
   * server
   */
  from: string;
  /**
   * server
   */
  to: string;
  /**
   * done
   */
  percent: number | null;
  /**
   * how long it has been under way
   */
  usedMs: number | null;
  /**
   * how long it may still take
   */
  remainMs: number | null;
  /**
   * by an operator
   */
  paused: boolean;
}
