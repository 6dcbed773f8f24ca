/* Generated from src/schema/reports/acts.schema.json by `npm run types`. */

/**
 * What a command on a server did, object by object.
 */
export interface ActsDone {
  schema: 'drydock.acts/1';
  acts: ActDone[];
}
/**
 * This interface was referenced by `ActsDone`'s JSON-Schema
 * via the `definition` "actDone".
 */
export interface ActDone {
  /**
   * as its option has it: start, stop, move, suspend …
   */
  act: string;
  /**
   * what it was done to
   */
  kind:
    | 'server'
    | 'daemon'
    | 'service'
    | 'group'
    | 'resource'
    | 'monitor'
    | 'mirror'
    | 'disk'
    | 'configuration'
    | 'licence'
    | 'timeoutRatio'
    | 'rebootCount'
    | 'startupWait';
  /**
   * of that object; null: all of them, or there is one in a cluster
   */
  name: string | null;
  /**
   * where it was done
   */
  server: string;
  /**
   * the server that a group was moved to, or that a copy goes over; null: there is none
   */
  to: string | null;
  /**
   * why it failed; null: it did not
   */
  failure: string | null;
}
