/**
 * What a monitor's error leads to: the target restarts, fails over, or the final action comes
 * (v3 10.2, 12.1 rm 12 to 25; x5 2.12.3). The monitor's chart counts the steps.
 */
import type { ConfiguredMonitor } from '../schema/generated/cluster-configuration.ts';
import { groupOfResource, groupValue, withDependents } from './look.ts';
import { say } from './messages.ts';
import { moveMonitor } from './monitors.ts';
import type { TaskKind, Turn } from './state.ts';
import { beginStop } from './stop.ts';
import { isBusy, nextServer, stopGroup } from './tasks.ts';

export function monitorConfig(turn: Turn, name: string): ConfiguredMonitor {
  return turn.state.config.monitors.find((monitor) => monitor.name === name)!;
}

/** The group that a recovery is about; null when it is about the whole server. */
function groupOf(turn: Turn, monitor: ConfiguredMonitor): string | null {
  const { targetKind, target } = monitor.recovery;
  if (targetKind === 'grp') return turn.state.groups[target] ? target : null;
  if (targetKind === 'rsc') return groupOfResource(turn.state, target)?.name ?? null;
  return null;
}

function giveUp(turn: Turn, monitor: string): void {
  moveMonitor(turn, monitor, { type: 'recovery.ended' });
}

/** The group, when a recovery may act on it now. */
function actable(turn: Turn, name: string): string | null {
  const monitor = monitorConfig(turn, name);
  if (turn.state.config.noMonitorRecovery || turn.state.stopping) {
    say(turn, 'recoveryHeld', name);
    return null;
  }
  const group = groupOf(turn, monitor);
  const run = group === null ? null : turn.state.groups[group]!;
  if (group === null || !run || groupValue(run) !== 'online' || isBusy(turn, group)) {
    say(turn, 'notOnline', monitor.recovery.target);
    return null;
  }
  return group;
}

export function restartTarget(turn: Turn, name: string): void {
  const group = actable(turn, name);
  if (group === null) {
    giveUp(turn, name);
    return;
  }
  const { targetKind, target } = monitorConfig(turn, name).recovery;
  const only = targetKind === 'rsc' ? withDependents(turn.state, group, target) : null;
  stopGroup(turn, group, { kind: 'restart', only, recoveryOf: name });
}

export function failOverTarget(turn: Turn, name: string): void {
  const group = actable(turn, name);
  const target = group === null ? null : nextServer(turn, group);
  if (group === null || target === null) {
    if (group !== null) say(turn, 'failoverForFailed', group, name);
    giveUp(turn, name);
    return;
  }
  stopGroup(turn, group, { kind: 'failover', target, recoveryOf: name });
}

export function takeFinalAction(turn: Turn, name: string): void {
  const { finalAction } = monitorConfig(turn, name).recovery;
  if (finalAction !== 'none' && !turn.state.config.noMonitorRecovery) {
    const words = {
      stopDaemon: 'stopFor',
      stopDaemonAndShutdown: 'haltFor',
      stopDaemonAndReboot: 'rebootFor',
    } as const;
    say(turn, words[finalAction], name);
    beginStop(turn, finalAction);
  }
  giveUp(turn, name);
}

export function endRecovery(
  turn: Turn,
  monitor: string,
  group: string,
  kind: TaskKind,
  succeeded: boolean,
): void {
  if (kind === 'restart')
    say(turn, succeeded ? 'restartedFor' : 'restartForFailed', group, monitor);
  else say(turn, succeeded ? 'failedOverFor' : 'failoverForFailed', group, monitor);
  if (turn.state.monitors[monitor]) giveUp(turn, monitor);
}
