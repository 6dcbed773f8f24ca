/* Generated from src/schema/reports/properties.schema.json by `npm run types`. */

/**
 * Objects of a cluster with their properties, as clpstat -i and clpmdstat --detail show them; clpcfget -g shows one by its element path.
 */
export interface PropertiesShown {
  schema: 'drydock.properties/1';
  objects: ShownObject[];
}
/**
 * This interface was referenced by `PropertiesShown`'s JSON-Schema
 * via the `definition` "shownObject".
 */
export interface ShownObject {
  /**
   * what it is
   */
  kind:
    | 'cluster'
    | 'server'
    | 'heartbeat'
    | 'networkPartition'
    | 'fencing'
    | 'group'
    | 'resource'
    | 'monitor'
    | 'mirror'
    | 'serverGroup'
    | 'exclusionRule';
  /**
   * its place among those of its kind, from 0; null: it has none
   */
  index: number | null;
  /**
   * null: there is one of it in a cluster
   */
  name: string | null;
  properties: ShownProperty[];
}
/**
 * This interface was referenced by `PropertiesShown`'s JSON-Schema
 * via the `definition` "shownProperty".
 */
export interface ShownProperty {
  /**
   * as it is shown
   */
  name: string;
  /**
   * null: none
   */
  value: string | number | null;
}
