/* Generated from src/schema/status.schema.json by `npm run types`. */

/**
 * A cluster as far as it can be seen, of any kind and in every world: what every kind has in closed words, with the vendor's own word beside each, and one block for what only its kind has. null in a field means: not known, unless the field says otherwise. Every record says who observed it and when, or why nothing is known.
 */
export type Status = {
  schema: 'drydock.status/2';
  /**
   * ms since the epoch, on the asking side's clock
   */
  takenAt: number;
  /**
   * of cluster; the block of that name is there
   */
  kind: 'expresscluster' | 'pacemaker';
  cluster: ClusterStatus;
  servers: {
    [k: string]: ServerStatus;
  };
  groups: {
    [k: string]: GroupStatus;
  };
  resources: {
    [k: string]: ResourceStatus;
  };
  volumes: {
    [k: string]: VolumeStatus;
  };
  monitors: {
    [k: string]: MonitorStatus;
  };
  /**
   * by server: who holds the right to run a runbook on this cluster
   */
  leases: {
    [k: string]: LeaseStatus;
  };
  expresscluster?: ExpressCluster;
  pacemaker?: Pacemaker;
};

/**
 * What holds for all of it.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "cluster".
 */
export interface ClusterStatus {
  name: string;
  /**
   * tells it from every other cluster: its UUID, or its name where it has none
   */
  id: string;
  observed: Observed;
  quorum: QuorumStatus;
  /**
   * the modes that bear on it; empty: none; null: not known
   */
  maintenance: Maintenance[] | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "observed".
 */
export interface Observed {
  /**
   * server/part that said it, e.g. server1/daemon
   */
  by: string | null;
  /**
   * ms since the epoch, when it was said
   */
  at: number | null;
  /**
   * why nothing is known; null when it is
   */
  unknown: string | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "quorum".
 */
export interface QuorumStatus {
  observed: Observed;
  /**
   * whether enough members are there for it to act
   */
  state: 'quorate' | 'inquorate' | 'notUsed' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "maintenance".
 */
export interface Maintenance {
  /**
   * standby: nothing is to run there; unmanaged: the cluster starts, stops and moves nothing
   */
  mode: 'standby' | 'unmanaged';
  /**
   * the vendor's own word for it
   */
  word: string;
}
/**
 * Three observers: whoever controls its power, its operating system, and the cluster software.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "server".
 */
export interface ServerStatus {
  name: string;
  power: PowerStatus;
  system: SystemStatus;
  membership: MembershipStatus;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "power".
 */
export interface PowerStatus {
  observed: Observed;
  /**
   * whether it has power
   */
  state: 'on' | 'off' | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "system".
 */
export interface SystemStatus {
  observed: Observed;
  /**
   * whether its operating system answered whoever asked; null: nobody asked it
   */
  reachable: boolean | null;
  /**
   * what its operating system, with all that is to start on it, goes through
   */
  state: 'off' | 'starting' | 'up' | 'stopping' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * changes with every boot
   */
  bootId: string | null;
  /**
   * by name
   */
  services: {
    [k: string]: ServiceStatus;
  } | null;
  /**
   * by device path
   */
  disks: {
    [k: string]: DiskStatus;
  } | null;
  /**
   * what is mounted
   */
  mounts: MountStatus[] | null;
  /**
   * floating addresses held
   */
  addresses: string[] | null;
  /**
   * ids of operations that still run
   */
  operations: string[] | null;
}
export interface ServiceStatus {
  enabled: boolean;
  running: boolean;
}
export interface DiskStatus {
  serial: string;
  failed: boolean;
  sizeBytes: number;
  /**
   * of a disk that several servers reach: the server that reserved it; null: none did. Left out: it is this server's own
   */
  reservedBy?: string | null;
  /**
   * of a logical volume: what its volume group has left, by which it can be extended. Left out: it is none
   */
  freeBytes?: number;
  partitions: PartitionStatus[];
}
export interface PartitionStatus {
  number: number;
  device: string;
  sizeBytes: number;
  /**
   * from the start of the disk
   */
  offsetBytes?: number;
}
export interface MountStatus {
  device: string;
  point: string;
  fs: string;
  readOnly: boolean;
  options: string[];
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "membership".
 */
export interface MembershipStatus {
  observed: Observed;
  /**
   * its part in the cluster; lost: the others do not know what became of it
   */
  state: 'member' | 'joining' | 'leaving' | 'out' | 'lost' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * the cluster software on it
   */
  software: 'running' | 'stopped' | null;
  /**
   * the modes that bear on it; empty: none; null: not known
   */
  maintenance: Maintenance[] | null;
  /**
   * what it hears, by peer and link; null: not known
   */
  links: {
    [k: string]: {
      [k: string]: LinkStatus;
    };
  } | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "link".
 */
export interface LinkStatus {
  /**
   * whether it hears that peer on this link
   */
  state: 'up' | 'down' | 'unused' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "group".
 */
export interface GroupStatus {
  name: string;
  comment: string;
  observed: Observed;
  /**
   * failed: its last start or stop failed, the word says which
   */
  state: 'starting' | 'started' | 'stopping' | 'stopped' | 'failed' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * the server where it counts as active; null when none or unknown
   */
  current: string | null;
  /**
   * every server that says it is active there; more than one is a conflict
   */
  activeOn: string[] | null;
  resources: string[];
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "resource".
 */
export interface ResourceStatus {
  name: string;
  type: string;
  comment: string;
  /**
   * null: it is in none
   */
  group: string | null;
  observed: Observed;
  /**
   * of one that runs on several servers: the worst of its instances
   */
  state: 'starting' | 'started' | 'stopping' | 'stopped' | 'failed' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * the server where it counts as active; null when none or unknown
   */
  current: string | null;
  /**
   * the modes that bear on it; empty: none; null: not known
   */
  maintenance: Maintenance[] | null;
  /**
   * of one that runs on several servers at once, by server; left out: it runs on one
   */
  instances?: {
    [k: string]: InstanceStatus;
  };
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "instance".
 */
export interface InstanceStatus {
  /**
   * as of a resource
   */
  state: 'starting' | 'started' | 'stopping' | 'stopped' | 'failed' | null;
  /**
   * null: it has no roles, or nothing is known
   */
  role: 'promoted' | 'unpromoted' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
}
/**
 * A volume that servers hold copies of.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "volume".
 */
export interface VolumeStatus {
  name: string;
  /**
   * null: it is in none
   */
  group: string | null;
  observed: Observed;
  /**
   * degraded: a copy is missing, behind or not connected; unbuilt: the copies were never made alike
   */
  state: 'inSync' | 'syncing' | 'degraded' | 'unbuilt' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * of the copy that lacks most
   */
  outOfSyncPercent: number | null;
  /**
   * by server
   */
  copies: {
    [k: string]: CopyStatus;
  };
  /**
   * what is being copied or compared; null: nothing
   */
  sync: null | SyncStatus;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "copy".
 */
export interface CopyStatus {
  observed: Observed;
  /**
   * primary: it is written to on that server
   */
  role: 'primary' | 'secondary' | null;
  /**
   * of its data; outdated: another copy may be newer; inconsistent: a sync writes it over, or did so in part
   */
  state: 'upToDate' | 'outdated' | 'inconsistent' | 'diskless' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * whether it can prove that no other copy is newer; null: it claims so and nobody vouches for it, or nothing is known
   */
  newest: boolean | null;
  /**
   * identifies the data that it holds
   */
  generation: string | null;
  connection: ConnectionStatus;
  /**
   * since when it was not compared with another copy, ms since the epoch; null: they are connected, or nothing is known
   */
  apartSince: number | null;
  /**
   * that another copy may lack, or that it may lack itself
   */
  outOfSyncBytes: number | null;
  /**
   * the same, of its size
   */
  outOfSyncPercent: number | null;
  /**
   * its disk failed
   */
  diskError: boolean | null;
  /**
   * its file system is mounted on that server
   */
  mounted: boolean | null;
  /**
   * serial of the disk that holds the data partition
   */
  serial: string | null;
  /**
   * of the data
   */
  sizeBytes: number | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "connection".
 */
export interface ConnectionStatus {
  /**
   * with the other copies
   */
  state: 'connected' | 'disconnected' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "sync".
 */
export interface SyncStatus {
  /**
   * names this one; null: they have no names
   */
  id: string | null;
  /**
   * server
   */
  from: string;
  /**
   * server
   */
  to: string;
  /**
   * verify: compared, nothing is written
   */
  kind: 'full' | 'difference' | 'construction' | 'verify';
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
   * by an operator, until resumed or ordered anew
   */
  paused?: true;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "monitor".
 */
export interface MonitorStatus {
  name: string;
  type: string;
  comment: string;
  servers: {
    [k: string]: MonitorOnServer;
  };
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "monitorOnServer".
 */
export interface MonitorOnServer {
  observed: Observed;
  /**
   * stopped: it would monitor, and does not; suspended: by an operator
   */
  state: 'ok' | 'warning' | 'failed' | 'suspended' | 'stopped' | 'unused' | null;
  /**
   * the vendor's own word for it; null: it said none
   */
  word: string | null;
  /**
   * what it said; null: nothing
   */
  message: string | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "lease".
 */
export interface LeaseStatus {
  observed: Observed;
  /**
   * the run; null: nobody
   */
  holder: string | null;
  /**
   * the last one given
   */
  token: number | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "expresscluster".
 */
export interface ExpressCluster {
  /**
   * the generation of the product, by its manual
   */
  manual: 'v3' | 'x5';
  /**
   * as bought
   */
  edition: 'SE' | 'XE' | 'LE' | 'X';
  /**
   * as configured
   */
  heartbeatTimeoutMs: number;
  /**
   * automatic mirror recovery configured
   */
  autoRecovery: boolean | null;
  timeoutRatio: TimeoutRatio;
  /**
   * SHA-256 of clp.conf by server; each as observed of that server's system
   */
  configHashes: {
    [k: string]: string | null;
  };
  servers: {
    [k: string]: ExpressClusterServer;
  };
  /**
   * what a mirror disk has beside what every volume has, by name and server
   */
  mirrors: {
    [k: string]: {
      [k: string]: ExpressClusterCopy;
    };
  };
}
export interface TimeoutRatio {
  observed: Observed;
  /**
   * 1 = normal; clptoratio
   */
  ratio: number | null;
  /**
   * ms since the epoch; null: for good, or it is 1
   */
  until: number | null;
}
/**
 * What runLevel and medium say is observed of the operating system, machine, bays and images by whoever controls the power.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "expressclusterServer".
 */
export interface ExpressClusterServer {
  /**
   * it stands beside the cluster, and the configuration does not name it; left out: it is one of the cluster's servers
   */
  member?: false;
  /**
   * the mirror agent; by whoever tells of the cluster software
   */
  agent: 'running' | 'stopped' | null;
  /**
   * 1 single user, 3 normal
   */
  runLevel: number | null;
  /**
   * label of the medium in the drive; null when none, or when the system was not observed
   */
  medium: string | null;
  /**
   * server by server, and there by network partition resource: whether what it asks answers, as this server's daemon knows; null: not known. Left out: none is used, or the daemon does not tell
   */
  partition?: {
    [k: string]: {
      [k: string]: boolean | null;
    };
  };
  /**
   * the address of each of its own network interfaces, with the length of its mask (10.0.1.2/24), as its operating system has them; left out: not known
   */
  interfaces?: {
    [k: string]: string;
  };
  /**
   * nets whose cable is out of this server's interface, as its operating system sees it: lan0, mdc400 …; left out: none, or not known
   */
  unplugged?: string[];
  /**
   * serial number of the machine, as the management controller knows it, also while the power is off; left out: not known
   */
  machine?: string;
  /**
   * disk bays by device path, as the management controller sees them, also while the power is off; null: not known
   */
  bays: {
    [k: string]: BayStatus;
  } | null;
  /**
   * disk images beside the server, by name; null: not known
   */
  images: {
    [k: string]: DiskImageStatus;
  } | null;
}
export interface BayStatus {
  serial: string;
  failed: boolean;
}
export interface DiskImageStatus {
  /**
   * ms since the epoch, when it was made
   */
  at: number;
  devices: string[];
  /**
   * it holds the system disk too
   */
  system: boolean;
  /**
   * services that start at boot, as that system disk has them
   */
  enabledServices: string[] | null;
}
/**
 * As observed of the copy.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "expressclusterCopy".
 */
export interface ExpressClusterCopy {
  /**
   * ms since the epoch, that server's clock
   */
  lastUpdate: number | null;
  /**
   * ms since the epoch, that server's clock
   */
  breakTime: number | null;
  /**
   * automatic recovery is held until someone discards a copy
   */
  autoRecoveryHeld: boolean | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "pacemaker".
 */
export interface Pacemaker {
  observed: Observed;
  /**
   * the designated coordinator; null: none is elected
   */
  coordinator: string | null;
  fencing: PacemakerFencing;
  nodes: {
    [k: string]: PacemakerNode;
  };
  resources: {
    [k: string]: PacemakerResource;
  };
  /**
   * constraints that a move or a ban left behind
   */
  placements: PacemakerConstraint[] | null;
}
export interface PacemakerFencing {
  /**
   * stonith-enabled
   */
  enabled: boolean | null;
  /**
   * registered; empty: nothing can be fenced
   */
  devices: string[] | null;
}
/**
 * As observed of the server's membership.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "pacemakerNode".
 */
export interface PacemakerNode {
  /**
   * for how long; several may be set at once, and the shortest wins; null: not known
   */
  standby: ('forever' | 'reboot' | 'onFail')[] | null;
  /**
   * its own attribute; the cluster's may hold without it
   */
  maintenance: boolean | null;
  /**
   * it joined and is not ready
   */
  pending: boolean | null;
  /**
   * to be fenced before anything that it ran starts elsewhere
   */
  unclean: boolean | null;
}
/**
 * As observed of the resource.
 *
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "pacemakerResource".
 */
export interface PacemakerResource {
  /**
   * the cluster may act on it
   */
  managed: boolean | null;
  /**
   * it failed in a way that keeps the cluster from acting on it
   */
  blocked: boolean | null;
  /**
   * its last operation failed
   */
  failed: boolean | null;
  /**
   * it runs and is not configured any more
   */
  orphaned: boolean | null;
  /**
   * by server; left out: none; null: not known
   */
  failCounts: {
    [k: string]: number | 'INFINITY';
  } | null;
}
/**
 * This interface was referenced by `undefined`'s JSON-Schema
 * via the `definition` "pacemakerConstraint".
 */
export interface PacemakerConstraint {
  /**
   * in the CIB
   */
  id: string;
  resource: string;
  server: string;
  /**
   * a number, INFINITY or -INFINITY
   */
  score: string;
  /**
   * ms since the epoch; null: until it is cleared
   */
  until: number | null;
}
