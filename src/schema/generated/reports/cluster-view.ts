/* Generated from src/schema/reports/cluster-view.schema.json by `npm run types`. */

/**
 * A cluster as one of its servers sees it: what clpstat shows in its summary, and in its maps of groups, monitors and heartbeats.
 */
export interface ClusterView {
  schema: 'drydock.cluster-view/1';
  /**
   * its name
   */
  cluster: string;
  /**
   * the server that looks
   */
  viewer: string;
  heartbeats: ConfiguredLink[];
  /**
   * how a split of the network is resolved
   */
  partitions: ConfiguredLink[];
  /**
   * in the order of the configuration, which the maps count by
   */
  servers: ViewedServer[];
  groups: ViewedGroup[];
  monitors: ViewedMonitor[];
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "configuredLink".
 */
export interface ConfiguredLink {
  name: string;
  type: string;
  comment: string;
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "viewedServer".
 */
export interface ViewedServer {
  name: string;
  comment: string;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'member' | 'joining' | 'leaving' | 'out' | 'lost' | null;
  /**
   * the vendor's; of a server that does not answer, what the viewer holds it for
   */
  word: string;
  /**
   * as the viewer receives them
   */
  heartbeats: ViewedHeartbeat[];
  /**
   * its network partition resources, as the viewer knows them
   */
  partitions: ViewedHeartbeat[];
  /**
   * what its daemon knows of the network partition resources of every server; null: it does not run, or does not tell
   */
  resolution: ServerResolution[] | null;
  /**
   * null: it does not run, or does not tell
   */
  receives: PeerLinks[] | null;
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "viewedHeartbeat".
 */
export interface ViewedHeartbeat {
  /**
   * the heartbeat or network partition resource
   */
  name: string;
  /**
   * the vendor's
   */
  word: string;
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "serverResolution".
 */
export interface ServerResolution {
  server: string;
  resources: {
    name: string;
    /**
     * whether what it asks answers there; null: not known, or not used
     */
    answers: boolean | null;
  }[];
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "peerLinks".
 */
export interface PeerLinks {
  server: string;
  links: PeerLink[];
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "peerLink".
 */
export interface PeerLink {
  /**
   * the heartbeat resource
   */
  name: string;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'up' | 'down' | 'unused' | null;
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "viewedGroup".
 */
export interface ViewedGroup {
  name: string;
  comment: string;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'starting' | 'started' | 'stopping' | 'stopped' | 'failed' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * the server that it is on; null: none, or not known
   */
  current: string | null;
  /**
   * servers; null: not known
   */
  activeOn: string[] | null;
  resources: ViewedResource[];
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "viewedResource".
 */
export interface ViewedResource {
  name: string;
  comment: string;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'starting' | 'started' | 'stopping' | 'stopped' | 'failed' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "viewedMonitor".
 */
export interface ViewedMonitor {
  name: string;
  comment: string;
  /**
   * the worst of its servers', as the vendor words it
   */
  word: string;
  servers: MonitorThere[];
}
/**
 * This interface was referenced by `ClusterView`'s JSON-Schema
 * via the `definition` "monitorThere".
 */
export interface MonitorThere {
  server: string;
  /**
   * as in drydock.status/2; null: not known
   */
  state: 'ok' | 'warning' | 'failed' | 'suspended' | 'stopped' | 'unused' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
}
