/**
 * What a monitor's error leads to: the target restarts, fails over, or the final action comes
 * (v3 10.2, 12.1 rm 12 to 25; x5 2.12.3). The monitor's chart counts the steps.
 */
import type { ConfiguredMonitor } from '../../schema/generated/cluster-configuration.ts';
import { chooseNext } from '../destination.ts';
import type { FactOf } from '../facts.ts';
import { say, sayIfKnown } from '../messages.ts';
import { groupOfResource, groupValue, isBusy, monitorConfig, withDependents } from '../queries.ts';
import { type Turn, tell } from '../turn.ts';

/** The group that a recovery is about; null when it is about the whole server. */
function groupOf(turn: Turn, monitor: ConfiguredMonitor): string | null {
  const { targetKind, target } = monitor.recovery;
  if (targetKind === 'grp') return turn.state.groups[target] ? target : null;
  if (targetKind === 'rsc') return groupOfResource(turn.state, target)?.name ?? null;
  return null;
}

function giveUp(turn: Turn, monitor: string): void {
  tell(turn, { type: 'recovery.ended', monitor });
}

/** Recovery is switched off: the error is seen, and nothing follows it (x5 rm 192). */
function isOff(turn: Turn, name: string): boolean {
  if (!turn.state.config.noMonitorRecovery) return false;
  if (!sayIfKnown(turn, 'monitorRecoveryIgnored', name)) say(turn, 'recoveryHeld', name);
  return true;
}

/** The group, when a recovery may act on it now. */
function actable(turn: Turn, name: string): string | null {
  const monitor = monitorConfig(turn.state, name);
  if (isOff(turn, name) || turn.state.stopping) return null;
  const group = groupOf(turn, monitor);
  const run = group === null ? null : turn.state.groups[group]!;
  if (group === null || !run || groupValue(run) !== 'online' || isBusy(turn.state, group)) {
    say(turn, 'notOnline', monitor.recovery.target);
    return null;
  }
  return group;
}

function restartTarget(turn: Turn, name: string): void {
  const group = actable(turn, name);
  if (group === null) {
    giveUp(turn, name);
    return;
  }
  const { targetKind, target } = monitorConfig(turn.state, name).recovery;
  const only = targetKind === 'rsc' ? withDependents(turn.state, group, target) : null;
  const alone = only === null ? null : target;
  const about = { kind: 'restart', only, alone, recoveryOf: name } as const;
  tell(turn, { type: 'stop.wanted', group, about });
}

function failOverTarget(turn: Turn, name: string): void {
  const group = actable(turn, name);
  const target = group === null ? null : chooseNext(turn, group);
  if (group === null || target === null) {
    if (group !== null) say(turn, 'failoverForFailed', group, name);
    giveUp(turn, name);
    return;
  }
  tell(turn, { type: 'stop.wanted', group, about: { kind: 'failover', target, recoveryOf: name } });
}

function takeFinalAction(turn: Turn, name: string): void {
  const { finalAction } = monitorConfig(turn.state, name).recovery;
  if (finalAction !== 'none' && !isOff(turn, name)) {
    tell(turn, { type: 'finalAction.due', action: finalAction, cause: { by: 'monitor', name } });
  }
  giveUp(turn, name);
}

const steps = { restart: restartTarget, failover: failOverTarget, finalAction: takeFinalAction };

export function recover(turn: Turn, { monitor, step }: FactOf<'recovery.ready'>): void {
  // A new configuration may have left out the monitor while its script ran.
  if (!turn.state.monitors[monitor]) return;
  steps[step](turn, monitor);
}

/** What the recovery began is done, or failed. */
export function endRecovery(turn: Turn, fact: FactOf<'task.ended'>): void {
  const { group, kind, monitor, succeeded } = fact;
  if (kind === 'restart') {
    // A new configuration may have left out the monitor meanwhile.
    const known = turn.state.monitors[monitor] ? monitorConfig(turn.state, monitor) : null;
    const target = known?.recovery.targetKind === 'rsc' ? known.recovery.target : group;
    say(turn, succeeded ? 'restartedFor' : 'restartForFailed', target, monitor);
  } else say(turn, succeeded ? 'failedOverFor' : 'failoverForFailed', group, monitor);
  giveUp(turn, monitor);
}
