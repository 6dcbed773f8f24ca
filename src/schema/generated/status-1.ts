/* Generated from src/schema/status-1.schema.json by `npm run types`. */

/**
 * What status printed before drydock.status/2, and the vocabulary of expressions in runbooks for EXPRESSCLUSTER, which stays as it is: plans and records name these fields. null in a field means: not known. Every record says who observed it and when, or why it is unknown.
 */
export interface Status {
  schema: 'drydock.status/1';
  /**
   * ms since the epoch, on the asking side's clock
   */
  takenAt: number;
  cluster: {
    name: string;
    uuid: string;
    manual: 'v3' | 'x5';
    edition: 'SE' | 'XE' | 'LE' | 'X';
    observed: Observed;
    heartbeatTimeoutMs: number;
    timeoutRatioObserved?: Observed;
    /**
     * 1 = normal; clptoratio
     */
    timeoutRatio: number | null;
    /**
     * ms since the epoch
     */
    timeoutRatioUntil: number | null;
    /**
     * automatic mirror recovery configured
     */
    autoRecovery: boolean | null;
    /**
     * SHA-256 of clp.conf by server; each as observed of that server
     */
    configHashes: {
      [k: string]: string | null;
    };
  };
  servers: {
    [k: string]: ServerStatus;
  };
  groups: {
    [k: string]: GroupStatus;
  };
  resources: {
    [k: string]: ResourceStatus;
  };
  monitors: {
    [k: string]: MonitorStatus;
  };
  mirrors: {
    [k: string]: MirrorStatus;
  };
  /**
   * by server: who holds the right to run a runbook on this cluster
   */
  leases: {
    [k: string]: {
      observed: Observed;
      holder: string | null;
      token: number | null;
    };
  };
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
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
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "server".
 */
export interface ServerStatus {
  name: string;
  /**
   * as in drydock.status/2
   */
  interfaces?: {
    [k: string]: string;
  };
  /**
   * whether the configuration names it; left out: it does
   */
  member?: boolean;
  observed: Observed;
  power: 'on' | 'off' | null;
  powerObserved: Observed;
  /**
   * state of machines/node.machine.ts
   */
  node:
    | 'poweredOff'
    | 'booting'
    | 'waiting'
    | 'online'
    | 'suspended'
    | 'stopping'
    | 'stopped'
    | 'shuttingDown'
    | 'rebooting'
    | 'down'
    | null;
  bootId: string | null;
  /**
   * 1 single user, 3 normal
   */
  runLevel: number | null;
  /**
   * the cluster daemon's word, as clpstat prints it
   */
  state:
    'Online' | 'Offline' | 'Caution' | 'Suspend' | 'Online Pending' | 'Offline Pending' | 'Unknown';
  daemon: 'running' | 'stopped' | null;
  agent: 'running' | 'stopped' | null;
  daemonObserved: Observed;
  /**
   * what this server's daemon hears, by peer and heartbeat resource
   */
  heartbeats: {
    [k: string]: {
      [k: string]: 'Normal' | 'Error' | 'Unused' | 'Unknown';
    };
  };
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
   * serial number of the machine, as the management controller knows it, also while the power is off; left out: not known
   */
  machine?: string;
  /**
   * disk bays by device path, as the management controller sees them, also while the power is off
   */
  bays?: {
    [k: string]: BayStatus;
  } | null;
  /**
   * disk images beside the server, by name; null: not known
   */
  images?: {
    [k: string]: DiskImageStatus;
  } | null;
  mounts: MountStatus[] | null;
  /**
   * label of the medium in the drive; null when none (see observed)
   */
  medium: string | null;
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
   * of a disk that several servers reach: who reserved it; null: nobody did. Left out: it is this server's own
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
export interface MountStatus {
  device: string;
  point: string;
  fs: string;
  readOnly: boolean;
  options: string[];
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "group".
 */
export interface GroupStatus {
  name: string;
  comment: string;
  observed: Observed;
  state:
    | 'Online'
    | 'Offline'
    | 'Online Pending'
    | 'Offline Pending'
    | 'Online Failure'
    | 'Offline Failure'
    | null;
  /**
   * server it is active on; null when none or unknown
   */
  current: string | null;
  /**
   * every server that says it is active there; more than one is a conflict
   */
  activeOn: string[] | null;
  resources: string[];
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "resource".
 */
export interface ResourceStatus {
  name: string;
  type: string;
  comment: string;
  group: string;
  observed: Observed;
  state:
    | 'Online'
    | 'Offline'
    | 'Online Pending'
    | 'Offline Pending'
    | 'Online Failure'
    | 'Offline Failure'
    | null;
  current: string | null;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
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
export interface MonitorOnServer {
  observed: Observed;
  state: 'Normal' | 'Caution' | 'Error' | 'Suspend' | 'Offline' | 'Unused' | null;
  message: string | null;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "mirror".
 */
export interface MirrorStatus {
  name: string;
  group: string | null;
  observed?: Observed;
  state: 'Normal' | 'Abnormal' | 'Recovering' | 'No Construction' | 'Unknown';
  differencePercent: number | null;
  servers: {
    [k: string]: MirrorSideStatus;
  };
  recovery: null | RecoveryStatus;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "mirrorSide".
 */
export interface MirrorSideStatus {
  observed: Observed;
  /**
   * GRAY: unknown
   */
  color: 'GREEN' | 'YELLOW' | 'RED' | 'GRAY';
  active: boolean | null;
  mounted: boolean | null;
  /**
   * generation identifier of this copy's data
   */
  generation: string | null;
  /**
   * this copy can prove that it is the newest; null: it claims so, and nobody has vouched for it since its agent started
   */
  latest: boolean | null;
  /**
   * ms since the epoch, that server's clock
   */
  lastUpdate: number | null;
  /**
   * ms since the epoch, that server's clock
   */
  breakTime: number | null;
  dirtyBytes: number | null;
  differencePercent: number | null;
  diskError: boolean | null;
  /**
   * the mirror disk connect to the other side is up
   */
  connected: boolean | null;
  /**
   * since when this copy was not compared with the other one, ms since the epoch; null: they are connected, or nothing is known
   */
  apartSince?: number | null;
  /**
   * automatic recovery is held until someone discards a copy
   */
  autoRecoveryHeld: boolean | null;
  /**
   * serial of the disk that holds the data partition
   */
  serial: string | null;
  /**
   * of the data partition
   */
  sizeBytes: number | null;
}
/**
 * This interface was referenced by `Status`'s JSON-Schema
 * via the `definition` "recovery".
 */
export interface RecoveryStatus {
  id: string;
  from: string;
  to: string;
  kind: 'full' | 'difference' | 'construction';
  percent: number;
  usedMs: number;
  remainMs: number | null;
  /**
   * by an operator, until resumed or ordered anew
   */
  paused?: true;
}
