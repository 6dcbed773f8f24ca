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
export const FORCE_STOP_TIMEOUT_MS = 5000;
export const AUTO_RECOVERY = true;
export const ACTIVATION_FAILOVER = 1;

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

/** Of the resources of one group, those that must be active before this one. */
export function defaultDependencies(
  resource: { name: string; type: string },
  group: readonly { name: string; type: string }[],
): string[] {
  const { rank } = resourceKind(resource.type);
  return group.filter((other) => resourceKind(other.type).rank < rank).map((other) => other.name);
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
