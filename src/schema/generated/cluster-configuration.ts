/* Generated from src/schema/cluster-configuration.schema.json by `npm run types`. */

/**
 * The first four in order; the others at once, whatever runs (x5 2.12)
 *
 * This interface was referenced by `ClusterConfiguration`'s JSON-Schema
 * via the `definition` "finalAction".
 */
export type FinalAction =
  | 'none'
  | 'stopDaemon'
  | 'stopDaemonAndShutdown'
  | 'stopDaemonAndReboot'
  | 'sysrqPanic'
  | 'keepaliveReset'
  | 'keepalivePanic'
  | 'bmcReset'
  | 'bmcPowerOff'
  | 'bmcPowerCycle'
  | 'bmcNmi'
  | 'ioFencing';
/**
 * The first four in order; the others at once, whatever runs (x5 2.12)
 */
export type FinalAction1 =
  | 'none'
  | 'stopDaemon'
  | 'stopDaemonAndShutdown'
  | 'stopDaemonAndReboot'
  | 'sysrqPanic'
  | 'keepaliveReset'
  | 'keepalivePanic'
  | 'bmcReset'
  | 'bmcPowerOff'
  | 'bmcPowerCycle'
  | 'bmcNmi'
  | 'ioFencing';
/**
 * The first four in order; the others at once, whatever runs (x5 2.12)
 */
export type FinalAction2 =
  | 'none'
  | 'stopDaemon'
  | 'stopDaemonAndShutdown'
  | 'stopDaemonAndReboot'
  | 'sysrqPanic'
  | 'keepaliveReset'
  | 'keepalivePanic'
  | 'bmcReset'
  | 'bmcPowerOff'
  | 'bmcPowerCycle'
  | 'bmcNmi'
  | 'ioFencing';
/**
 * The first four in order; the others at once, whatever runs (x5 2.12)
 */
export type FinalAction3 =
  | 'none'
  | 'stopDaemon'
  | 'stopDaemonAndShutdown'
  | 'stopDaemonAndReboot'
  | 'sysrqPanic'
  | 'keepaliveReset'
  | 'keepalivePanic'
  | 'bmcReset'
  | 'bmcPowerOff'
  | 'bmcPowerCycle'
  | 'bmcNmi'
  | 'ioFencing';

/**
 * A clp.conf as Drydock works with it. Times in ms (the file has ms for the heartbeat and seconds elsewhere).
 */
export interface ClusterConfiguration {
  schema: 'drydock.cluster/1';
  manual: 'v3' | 'x5';
  edition: 'SE' | 'XE' | 'LE' | 'X';
  /**
   * as the file says it: 3.0-3, 5.2.0-1; left out: it says none, and counts as the newest
   */
  version?: string;
  name: string;
  uuid: string;
  comment: string;
  heartbeat: {
    intervalMs: number;
    timeoutMs: number;
  };
  /**
   * how long a starting server waits for the others (x5 2.21: 5 minutes)
   */
  startupWaitMs: number;
  /**
   * automatic mirror recovery (v3 11.10.1)
   */
  autoRecovery: boolean;
  /**
   * @minItems 1
   */
  servers: [ConfiguredServer, ...ConfiguredServer[]];
  heartbeats: HeartbeatResource[];
  networkPartition: NetworkPartitionResource[];
  /**
   * fencing by what can cut the servers' power (x5: forced stop); null when not configured
   */
  forceStop: null | ForceStop;
  groups: ConfiguredGroup[];
  serverGroups?: ServerGroup[];
  exclusionRules?: ExclusionRule[];
  resources: ConfiguredResource[];
  monitors: ConfiguredMonitor[];
  noActivationRecovery: boolean;
  noMonitorRecovery: boolean;
  /**
   * left out: as noActivationRecovery
   */
  noDeactivationRecovery?: boolean;
  /**
   * no group starts by itself; left out: those do that are configured so
   */
  noAutoStartup?: boolean;
  /**
   * a server that went down leads to no failover; left out: it does
   */
  noServerFailover?: boolean;
  partitionAction?: FinalAction1;
  stallAction?: FinalAction2;
  /**
   * when a server stalls in its shutdown (x5 2.12.8: operation at timeout detection of the shutdown monitor); left out: reset
   */
  shutdownStallAction?: 'reset' | 'panic' | 'ioFencing';
  processAction?: FinalAction3;
  /**
   * an IPv4 address that goes with the first server that serves; left out: there is none
   */
  managementAddress?: string;
  rebootLimit?: RebootLimit;
  /**
   * Mirror Statistics are collected (x5 2.3); left out: they are not
   */
  mirrorStatistics?: boolean;
  /**
   * product ids (v3 4: LE30, FSO30 ...); left out: everything is licensed
   */
  licences?: string[];
}
export interface ConfiguredServer {
  name: string;
  priority: number;
  comment: string;
  /**
   * by which v3 counts licences (11.1); left out: one
   */
  cpus?: number;
  /**
   * it stays up where a group is found to run on two servers (X series); left out: no
   */
  survives?: boolean;
  devices: ConfiguredDevice[];
}
export interface ConfiguredDevice {
  id: number;
  /**
   * lan, mdc, disk, com, ping, bmc …
   */
  kind: string;
  info: string;
}
export interface HeartbeatResource {
  name: string;
  type: string;
  priority: number;
  device: number;
}
export interface NetworkPartitionResource {
  name: string;
  type: string;
  device: number;
  targets: string[];
}
export interface ForceStop {
  type: 'bmc' | 'vcenter' | 'aws' | 'azure' | 'oci' | 'custom';
  timeoutMs: number;
  /**
   * what becomes of the lost server (x5 2.12.4); left out: off. Those that bring it back do so once it was read as off
   */
  action?: 'off' | 'deallocate' | 'reset' | 'cycle' | 'nmi' | 'reboot';
}
export interface ConfiguredGroup {
  name: string;
  comment: string;
  startup: 'auto' | 'manual';
  failover: 'auto' | 'none';
  /**
   * in order of priority
   */
  servers: string[];
  resources: string[];
  /**
   * which server a failover ends on; left out: the first of `servers` that can
   */
  failoverPolicy?: 'dynamic' | 'serverGroupFirst' | 'serverGroupOnly';
  /**
   * back to a server of higher priority once that one joins again; left out: an operator moves it
   */
  autoFailback?: boolean;
  /**
   * towards every other exclusive group; left out: not
   */
  exclusive?: 'normal' | 'absolute';
  /**
   * in order of priority; `servers` are then theirs
   */
  serverGroups?: string[];
  startAfter?: StartAfter;
  stopAfter?: StopAfter;
}
export interface StartAfter {
  groups: {
    name: string;
    /**
     * waited for only where it is on the same server
     */
    sameServer: boolean;
  }[];
  timeoutMs: number;
}
export interface StopAfter {
  groups: string[];
  timeoutMs: number;
  onClusterStop: boolean;
  onServerStop: boolean;
}
export interface ServerGroup {
  name: string;
  comment: string;
  servers: string[];
}
export interface ExclusionRule {
  name: string;
  comment: string;
  kind: 'none' | 'normal' | 'absolute';
  groups: string[];
}
export interface ConfiguredResource {
  name: string;
  /**
   * fip, md, exec …
   */
  type: string;
  comment: string;
  dependsOn: string[];
  activation: AttemptRules;
  deactivation: AttemptRules;
  /**
   * by element path under <parameters>, e.g. ip, nmppath, diskdev/dppath, mount/point, act/path; md has also netdev (ids of its mirror disk connects, comma separated). Only what the file says; defaults by src/config/defaults.ts
   */
  parameters: {
    [k: string]: string | number | boolean;
  };
}
/**
 * This interface was referenced by `ClusterConfiguration`'s JSON-Schema
 * via the `definition` "attempt".
 */
export interface AttemptRules {
  retry: number;
  failover: number;
  finalAction: FinalAction;
  beforeFinalAction?: BeforeScript;
  scriptBefore?: BeforeScript;
  scriptAfter?: BeforeScript;
  timeoutMs: number;
}
/**
 * This interface was referenced by `ClusterConfiguration`'s JSON-Schema
 * via the `definition` "beforeScript".
 */
export interface BeforeScript {
  path: string;
  timeoutMs: number;
}
export interface ConfiguredMonitor {
  name: string;
  type: string;
  comment: string;
  /**
   * resource that must be active, or null
   */
  target: string | null;
  when: 'always' | 'active';
  intervalMs: number;
  timeoutMs: number;
  retry: number;
  recovery: MonitorRecovery;
  parameters: {
    [k: string]: string | number | boolean;
  };
}
export interface MonitorRecovery {
  targetKind: 'cls' | 'grp' | 'rsc';
  target: string;
  restart: number;
  failover: number;
  finalAction: FinalAction;
  beforeRecovery?: BeforeScript;
  beforeFinalAction?: BeforeScript;
}
/**
 * how often final actions may end this server's system (X: maximum reboot count); left out: as often as they are due
 */
export interface RebootLimit {
  /**
   * 1 or more, by resources and by monitors apart
   */
  max: number;
  /**
   * the count begins anew after so long in order; 0: never
   */
  resetMs: number;
}
