/**
 * What the daemon has to know of a type of monitor. A type knows nothing of the daemon's state: it
 * says what a check does, one piece of work after the other, and what the ends of these mean.
 */
import type { MonitorEvent } from '../../../machines/monitor.machine.ts';
import { type FailureKey, failureOf } from '../../messages/index.ts';
import type { MonitorState } from '../../ports/views.ts';
import type {
  ClusterConfiguration,
  ConfiguredMonitor,
} from '../../schema/generated/cluster-configuration.ts';
import type { FailureArguments } from '../../schema/generated/raised-messages.ts';
import type { OcfParameters } from '../ocf.ts';
import type { End, Work } from '../work.ts';

/** The result of a check. What only warns (it passes by itself) never leads to a recovery. */
export type CheckResult = Extract<MonitorEvent, { type: `check.${string}` }>;

/** One check of a monitor. */
export interface Check {
  monitor: ConfiguredMonitor;
  config: ClusterConfiguration;
  /** This server. */
  server: string;
  /** The heartbeat timeout as it is now, ms. */
  beatTimeoutMs: number;
  /** Whether a resource is active on this server. */
  isOnline(resource: string): boolean;
  /** What a resource was started with here; null: nothing is on record. */
  startedWith(resource: string): OcfParameters | null;
  /** What another monitor says here; null: there is none of that name. */
  stateOf(monitor: string): MonitorState | null;
  /** Whether another server is heard. */
  isUp(server: string): boolean;
}

export interface Checking {
  /**
   * What a check does next, once the work that it began with has ended so (at first: none); or its
   * result.
   */
  next(check: Check, ends: readonly End[]): Work | CheckResult;
}

/** It has no check: it has something done again and again, and nobody waits for the end of that. */
export interface Keeping {
  /** How often, ms; the first time at once. */
  everyMs(check: Check): number;
  order(check: Check): Work;
  /** What is done when it stops watching. */
  release: Work;
}

export type MonitorType = Checking | Keeping;

export const passed: CheckResult = { type: 'check.passed' };

export function fails<K extends FailureKey>(key: K, ...args: FailureArguments[K]): CheckResult {
  return { type: 'check.failed', ...failureOf(key, ...args) };
}

export function warns<K extends FailureKey>(key: K, ...args: FailureArguments[K]): CheckResult {
  return { type: 'check.warned', ...failureOf(key, ...args) };
}
