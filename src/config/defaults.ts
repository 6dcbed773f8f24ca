/**
 * What a clp.conf leaves out. The file holds only values that differ from these; what hangs on a
 * resource's or monitor's type stands in kinds.ts.
 *
 * Documented: heartbeat 3 s / 90 s (Linux), startup wait 5 minutes (x5 2.21), ranges and defaults
 * of the resource parameters (the field's parameter list), the service stop and OS shutdown after
 * a failed deactivation (v3 10.4). The rest (retries, thresholds, polling) is our choice, made so
 * that a broken mirror alone never moves a group.
 */
import type {
  AttemptRules,
  ClusterConfiguration,
  ConfiguredResource,
  FinalAction,
  MonitorRecovery,
} from '../schema/generated/cluster-configuration.ts';
import { monitorKind, resourceKind } from './kinds.ts';

export const HEARTBEAT_INTERVAL_MS = 3000;
export const HEARTBEAT_TIMEOUT_MS = 90_000;
export const STARTUP_WAIT_MS = 300_000;
/** A real controller takes its time; one that is asked to be quicker is given 10 s all the same. */
export const FORCE_STOP_TIMEOUT_MS = 30_000;
/** After so long in order a server's reboots are counted anew: our choice, as is that none is limited. */
export const REBOOT_RESET_MS = 3_600_000;
/** Percent of its time-out after which a heartbeat or a check counts as late: X warns of it then. */
export const DELAY_WARNING_RATE = 80;
export const AUTO_RECOVERY = true;
export const ACTIVATION_FAILOVER = 1;
/** How long a group waits for others, to start and to stop. */
export const GROUP_WAIT_MS = 1_800_000;
export const STALL_ACTION = 'stopDaemonAndShutdown' as const;
export const PROCESS_ACTION = 'stopDaemonAndShutdown' as const;

/** What follows an activation or deactivation that takes too long (x5 2.12.2): nothing in v3. */
export function stallAction(
  config: Pick<ClusterConfiguration, 'manual' | 'stallAction'>,
): FinalAction {
  return config.stallAction ?? (config.manual === 'v3' ? 'none' : STALL_ACTION);
}

/** What a server does that finds itself cut off (x5 2.12.10). */
export function partitionAction({
  partitionAction = 'stopDaemonAndShutdown',
}: Pick<ClusterConfiguration, 'partitionAction'>): FinalAction {
  return partitionAction;
}

/** A parameter of a resource: what the file says, else the default, else undefined. */
export function parameterOf(
  resource: Pick<ConfiguredResource, 'type' | 'parameters'>,
  path: string,
): string | number | boolean | undefined {
  const { parameters } = resourceKind(resource.type);
  return resource.parameters[path] ?? parameters[path];
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

/** What a mirror is formatted with: ext3 or ext4, by the generation, where the file says nothing. */
export function fileSystemOf(
  { manual }: Pick<ClusterConfiguration, 'manual'>,
  mirror: ConfiguredResource,
): string {
  return String(parameterOf(mirror, 'fs') || (manual === 'v3' ? 'ext3' : 'ext4'));
}

export function activationDefaults(type: string): AttemptRules {
  return {
    retry: resourceKind(type).retry,
    failover: ACTIVATION_FAILOVER,
    finalAction: 'none',
    timeoutMs: resourceKind(type).timeouts.activation.seconds * 1000,
  };
}

export function deactivationDefaults(type: string): AttemptRules {
  return {
    retry: 0,
    failover: 0,
    finalAction: 'stopDaemonAndShutdown',
    timeoutMs: resourceKind(type).timeouts.deactivation.seconds * 1000,
  };
}

/** Of the resources of one group, those of types that precede this one's. */
export function defaultDependencies(
  resource: { type: string },
  group: readonly { name: string; type: string }[],
): string[] {
  const { rank } = resourceKind(resource.type);
  return group.filter((other) => resourceKind(other.type).rank < rank).map((other) => other.name);
}

/**
 * What each resource of a group depends on: what the file lists for it, else the default. The
 * product's default names types, so it makes nobody depend on what comes after it by another's
 * list (a volume manager without a list, and a disk that lists it).
 */
export function dependenciesOf(
  group: readonly { name: string; type: string; listed: readonly string[] | null }[],
): Map<string, string[]> {
  const found = new Map(group.map(({ name, listed }) => [name, [...(listed ?? [])]]));
  const leadsTo = (from: string, to: string, seen: Set<string>): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return (found.get(from) ?? []).some((next) => leadsTo(next, to, seen));
  };
  for (const resource of group) {
    if (resource.listed !== null) continue;
    for (const name of defaultDependencies(resource, group)) {
      if (!leadsTo(name, resource.name, new Set())) found.get(resource.name)!.push(name);
    }
  }
  return found;
}

export interface MonitorDefaults {
  intervalMs: number;
  timeoutMs: number;
  retry: number;
}

export function monitorDefaults(type: string): MonitorDefaults {
  return { intervalMs: 60_000, timeoutMs: 120_000, retry: monitorKind(type).reportsOnly ? 0 : 1 };
}

/** Monitors of the mirror and of user space, and those of the server itself, only report. */
export function recoveryDefaults(
  type: string,
  targetKind: MonitorRecovery['targetKind'],
): { restart: number; failover: number } {
  const reportsOnly = monitorKind(type).reportsOnly || targetKind === 'cls';
  return reportsOnly ? { restart: 0, failover: 0 } : { restart: 3, failover: 1 };
}

/** By its number in the file. */
const ACTIONS: readonly FinalAction[] = [
  'none',
  'stopDaemon',
  'stopDaemonAndShutdown',
  'stopDaemonAndReboot',
  'sysrqPanic',
  'keepaliveReset',
  'keepalivePanic',
  'bmcReset',
  'bmcPowerOff',
  'bmcPowerCycle',
  'bmcNmi',
  'ioFencing',
];

export function codeOfAction(action: FinalAction): number {
  return ACTIONS.indexOf(action);
}

export function actionOfCode(code: number): FinalAction | null {
  return ACTIONS[code] ?? null;
}

/** How a server ends that stalls (x5 2.12.7, 2.12.8), by the words of a clp.conf. */
const STALL_WORDS = { RESET: 'reset', PANIC: 'panic', IOFENCING: 'ioFencing' } as const;

export type StallEnd = (typeof STALL_WORDS)[keyof typeof STALL_WORDS];

/** What is no such word resets the server, as v3 does (10.5, 10.6). */
export function stallEndOf(word: unknown): StallEnd {
  const known = Object.entries(STALL_WORDS).find(([one]) => one === String(word).toUpperCase());
  return known?.[1] ?? 'reset';
}

export function wordOfStallEnd(end: StallEnd): string {
  return end.toUpperCase();
}
