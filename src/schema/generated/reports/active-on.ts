/* Generated from src/schema/reports/active-on.schema.json by `npm run types`. */

/**
 * Where a group or a resource is active, as clpgrp -n and clprsc -n show it.
 */
export interface ActiveOn {
  schema: 'drydock.active-on/1';
  /**
   * what it is
   */
  kind: 'group' | 'resource';
  name: string;
  /**
   * empty: it is active nowhere
   */
  servers: string[];
}
