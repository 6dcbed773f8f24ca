/** Scripts for types that are not built in, on a twin: that they are there. What they do, as of any script, is unknown. */
import { agentPath } from '../core/paths.ts';
import { typesByAgent } from '../engine/index.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';

/** Monitors that run, whatever their type. */
export function runningMonitors({ monitors }: Status): string[] {
  return Object.values(monitors)
    .filter(({ servers }) => Object.values(servers).some(({ word }) => word !== 'Unused'))
    .map(({ name }) => name);
}

/** Paths of the scripts that a cluster has: for its resources, and for those of its monitors. */
export function agentScripts(
  { resources, monitors }: ClusterConfiguration,
  running: readonly string[],
): string[] {
  const watching = monitors.filter(({ name }) => running.includes(name));
  return typesByAgent([...resources, ...watching]).map(agentPath);
}
