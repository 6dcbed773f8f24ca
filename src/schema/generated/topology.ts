/* Generated from src/schema/topology.schema.json by `npm run types`. */

/**
 * What a cluster consists of, of any kind: as configured, and not how it is.
 */
export interface Topology {
  schema: 'drydock.topology/1';
  /**
   * of cluster, as in its status
   */
  kind: 'expresscluster' | 'pacemaker';
  name: string;
  /**
   * tells it from every other cluster, as in its status
   */
  id: string;
  /**
   * SHA-256 of all that an approval of a plan is for; of the whole configuration, comments left out
   */
  fingerprint: string;
  servers: TopologyServer[];
  groups: TopologyGroup[];
  resources: TopologyResource[];
  volumes: TopologyVolume[];
  monitors: TopologyMonitor[];
}
/**
 * This interface was referenced by `Topology`'s JSON-Schema
 * via the `definition` "server".
 */
export interface TopologyServer {
  name: string;
  /**
   * by which its operating system is reached, the best first
   */
  addresses: string[];
}
/**
 * This interface was referenced by `Topology`'s JSON-Schema
 * via the `definition` "group".
 */
export interface TopologyGroup {
  name: string;
  comment: string;
  /**
   * where it may run, the preferred first
   */
  servers: string[];
  /**
   * whether it starts with the cluster
   */
  startup: 'auto' | 'manual';
  /**
   * whether it goes elsewhere by itself when its server fails
   */
  failover: 'auto' | 'manual';
  resources: string[];
}
/**
 * This interface was referenced by `Topology`'s JSON-Schema
 * via the `definition` "resource".
 */
export interface TopologyResource {
  name: string;
  /**
   * the vendor's word
   */
  type: string;
  comment: string;
  /**
   * null: it is in none
   */
  group: string | null;
  /**
   * resources that start before it
   */
  dependsOn: string[];
}
/**
 * This interface was referenced by `Topology`'s JSON-Schema
 * via the `definition` "volume".
 */
export interface TopologyVolume {
  name: string;
  /**
   * null: it is in none
   */
  group: string | null;
  /**
   * that hold a copy
   */
  servers: string[];
  /**
   * what is mounted: the replicated device
   */
  device: string | null;
  /**
   * what a copy lies on
   */
  dataDevice: string | null;
  /**
   * what says how a copy stands; null: it lies on the data's own device, or is not known
   */
  metaDevice: string | null;
  /**
   * null: none is configured
   */
  mountPoint: string | null;
  /**
   * null: none is configured
   */
  fileSystem: string | null;
}
/**
 * This interface was referenced by `Topology`'s JSON-Schema
 * via the `definition` "monitor".
 */
export interface TopologyMonitor {
  name: string;
  /**
   * the vendor's word
   */
  type: string;
  comment: string;
  /**
   * what it watches; null: what its type says
   */
  target: string | null;
}
