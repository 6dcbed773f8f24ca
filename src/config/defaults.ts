/**
 * What a clp.conf leaves out. The file holds only values that differ from these.
 *
 * Documented: heartbeat 3 s / 90 s (Linux), startup wait 5 minutes (x5 2.21), ranges and defaults
 * of the resource parameters (the field's parameter list), the service stop and OS shutdown after
 * a failed deactivation (v3 10.4). The rest (retries, thresholds, polling) is our choice, made so
 * that a broken mirror alone never moves a group.
 */
import type {
  AttemptRules,
  ConfiguredResource,
  FinalAction,
  MonitorRecovery,
} from '../schema/generated/cluster-configuration.ts';

export const HEARTBEAT_INTERVAL_MS = 3000;
export const HEARTBEAT_TIMEOUT_MS = 90_000;
export const STARTUP_WAIT_MS = 300_000;
export const FORCE_STOP_TIMEOUT_MS = 5000;
export const AUTO_RECOVERY = true;
export const ACTIVATION_FAILOVER = 1;

const MOUNT = {
  'mount/option': 'rw',
  'mount/retry': 3,
  'umount/retry': 3,
  'umount/interval': 5,
  'fsck/option': '-y',
  'fsck/timeout': 7200,
  'fsck/interval': 10,
  'fsck/xfstimeout': 7200,
};

/** Times in seconds, as in the file. */
export const PARAMETER_DEFAULTS: Record<string, Record<string, string | number>> = {
  exec: {
    'act/path': 'start.sh',
    'deact/path': 'stop.sh',
    'timeout/start': 1800,
    'timeout/stop': 1800,
  },
  disk: { ...MOUNT, 'mount/timeout': 180, 'umount/timeout': 120 },
  md: {
    ...MOUNT,
    'mount/timeout': 120,
    'umount/timeout': 300,
    'mddriver/port': 29051,
    'mddriver/hbport': 29031,
    'mddriver/ack2port': 29071,
    'mddriver/sendtimeout': 30,
    'mddriver/connecttimeout': 10,
    'mddriver/acktimeout': 100,
    'mddriver/recvnormaltimeout': 100,
    'mddriver/hbinterval': 10,
    'mddriver/pingtimeout': 2,
    'mddriver/pingretry': 8,
  },
  awsvip: { awsclitimeout: 100 },
  azurepp: { probetimeout: 30 },
};

/** A parameter of a resource: what the file says, else the default, else undefined. */
export function parameterOf(
  resource: Pick<ConfiguredResource, 'type' | 'parameters'>,
  path: string,
): string | number | boolean | undefined {
  return resource.parameters[path] ?? PARAMETER_DEFAULTS[resource.type]?.[path];
}

/** The same as a number of milliseconds, for parameters in seconds. */
export function parameterMs(
  resource: Pick<ConfiguredResource, 'type' | 'parameters'>,
  path: string,
  otherwiseMs: number,
): number {
  const value = parameterOf(resource, path);
  return typeof value === 'number' ? value * 1000 : otherwiseMs;
}

/** Where the file keeps how long an attempt may take, and the default in seconds. */
export interface TimeoutRule {
  path: string;
  seconds: number;
}

const OWN_TIMEOUTS = {
  activation: { path: 'act/timeout', seconds: 60 },
  deactivation: { path: 'deact/timeout', seconds: 60 },
};

const TIMEOUTS: Record<string, { activation: TimeoutRule; deactivation: TimeoutRule }> = {
  exec: {
    activation: { path: 'parameters/timeout/start', seconds: 1800 },
    deactivation: { path: 'parameters/timeout/stop', seconds: 1800 },
  },
  disk: {
    activation: { path: 'parameters/mount/timeout', seconds: 180 },
    deactivation: { path: 'parameters/umount/timeout', seconds: 120 },
  },
  md: {
    activation: { path: 'parameters/mount/timeout', seconds: 120 },
    deactivation: { path: 'parameters/umount/timeout', seconds: 300 },
  },
};

export function timeoutRules(type: string) {
  return Object.hasOwn(TIMEOUTS, type) ? (TIMEOUTS[type] ?? OWN_TIMEOUTS) : OWN_TIMEOUTS;
}

export function activationDefaults(type: string): AttemptRules {
  return {
    retry: type === 'fip' ? 5 : 0,
    failover: ACTIVATION_FAILOVER,
    finalAction: 'none',
    timeoutMs: timeoutRules(type).activation.seconds * 1000,
  };
}

export function deactivationDefaults(type: string): AttemptRules {
  return {
    retry: 0,
    failover: 0,
    finalAction: 'stopDaemonAndShutdown',
    timeoutMs: timeoutRules(type).deactivation.seconds * 1000,
  };
}

/** Groups start lower ranks first, when the file lists no dependencies. */
const RANKS: Record<string, number> = {
  fip: 0,
  vip: 0,
  awsvip: 0,
  azurepp: 0,
  disk: 1,
  md: 1,
  exec: 2,
};

/** Of the resources of one group, those that must be active before this one. */
export function defaultDependencies(
  resource: { name: string; type: string },
  group: readonly { name: string; type: string }[],
): string[] {
  const rank = (type: string) => (Object.hasOwn(RANKS, type) ? (RANKS[type] ?? 2) : 2);
  return group.filter((other) => rank(other.type) < rank(resource.type)).map((other) => other.name);
}

export interface MonitorDefaults {
  intervalMs: number;
  timeoutMs: number;
  retry: number;
}

const WATCH_ONLY = new Set(['userw', 'mdw', 'mdnw', 'hdw', 'hdnw']);

export function monitorDefaults(type: string): MonitorDefaults {
  return { intervalMs: 60_000, timeoutMs: 120_000, retry: WATCH_ONLY.has(type) ? 0 : 1 };
}

/** Monitors of the mirror and of user space, and those of the server itself, only report. */
export function recoveryDefaults(
  type: string,
  targetKind: MonitorRecovery['targetKind'],
): { restart: number; failover: number } {
  const reportsOnly = WATCH_ONLY.has(type) || targetKind === 'cls';
  return reportsOnly ? { restart: 0, failover: 0 } : { restart: 3, failover: 1 };
}

const ACTION_CODES: Record<FinalAction, number> = {
  none: 0,
  stopDaemon: 1,
  stopDaemonAndShutdown: 2,
  stopDaemonAndReboot: 3,
};

export function codeOfAction(action: FinalAction): number {
  return ACTION_CODES[action];
}

/**
 * Codes 4-11 (panic, keepalive, management controller, I/O fencing) are carried out in the orderly
 * way nearest to them: 8, power off, as a shutdown, the others as a reboot.
 */
export function actionOfCode(code: number): FinalAction | null {
  if (!Number.isInteger(code) || code < 0 || code > 11) return null;
  if (code === 8) return 'stopDaemonAndShutdown';
  const known = (Object.keys(ACTION_CODES) as FinalAction[])[code];
  return known ?? 'stopDaemonAndReboot';
}
