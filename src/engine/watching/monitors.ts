/**
 * The monitors of this server: which of them run, when they check, and what a check's result does.
 *
 * A monitor runs while the daemon is online, it is not suspended (clpmonctrl), and its target is
 * active here if it asks for that. A passed check of a normal monitor moves no chart. The user
 * space monitor (userw) has no check of its own: it pets the host's watchdog, which resets the
 * server when it stalls longer than the heartbeat timeout (v3 10.5).
 */
import { type MonitorEvent, monitorMachine } from '../../../machines/monitor.machine.ts';
import { moveChart } from '../../core/chart.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import type { FactOf } from '../facts.ts';
import { say } from '../messages.ts';
import { beatTimeoutMs, groupOfResource, monitorConfig, resourceState } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { askHere, emit, refuse, reply, saveFacts, setMonitor, type Turn, tell } from '../turn.ts';

interface Told {
  code: number;
  text: string;
}

function carryOut(turn: Turn, name: string, effect: string, told: Told): void {
  switch (effect) {
    case 'restartTarget':
      tell(turn, { type: 'recovery.wanted', monitor: name, step: 'restart' });
      return;
    case 'failOverTarget':
      tell(turn, { type: 'recovery.wanted', monitor: name, step: 'failover' });
      return;
    case 'takeFinalAction':
      tell(turn, { type: 'recovery.wanted', monitor: name, step: 'finalAction' });
      return;
    case 'reportNormal':
      say(turn, 'monitorNormal', name);
      return;
    case 'reportWarning':
      say(turn, 'monitorWarn', name, told.code, told.text);
      return;
    case 'reportError':
      say(turn, 'monitorFailed', name, told.code, told.text);
      return;
  }
}

function moveMonitor(turn: Turn, name: string, event: MonitorEvent): void {
  const move = moveChart(monitorMachine, turn.state.monitors[name]!.chart, event);
  setMonitor(turn, name, { chart: move.chart });
  for (const effect of move.effects) carryOut(turn, name, effect.type, effect.params as Told);
}

/** Whether the resource that a monitor asks for is active here. */
function isTargetActive(state: DaemonState, target: string | null): boolean {
  if (target === null) return true;
  const group = groupOfResource(state, target);
  if (!group) return false;
  const run = state.groups[group.name]!;
  return resourceState(run.resources[target]!) === 'Online' && run.task?.kind !== 'stop';
}

function wantedState(state: DaemonState, name: string): 'idle' | 'suspended' | 'running' {
  const { when, target } = monitorConfig(state, name);
  if (state.facts.suspendedMonitors.includes(name)) return 'suspended';
  if (state.phase !== 'online' || state.stopping) return 'idle';
  return when === 'always' || isTargetActive(state, target) ? 'running' : 'idle';
}

/** Upkeep: starts and stops monitors as targets come and go. A recovery is let to its end. */
export function syncMonitors(turn: Turn): void {
  for (const [name, run] of Object.entries(turn.state.monitors)) {
    if (run.unused || run.chart.value === 'recovery') continue;
    const wanted = wantedState(turn.state, name);
    const value = run.chart.value;
    const is = value === 'idle' || value === 'suspended' ? value : 'running';
    if (is === wanted) continue;
    setMonitor(turn, name, { check: null });
    if (wanted === 'running') {
      say(turn, 'monitorStart', name);
      moveMonitor(turn, name, { type: is === 'idle' ? 'watch.started' : 'watch.resumed' });
      armCheck(turn, name, true);
      continue;
    }
    if (is === 'running') say(turn, 'monitorStop', name);
    emit(turn, { type: 'cancelTimer', id: `monitor:${name}` });
    if (monitorConfig(turn.state, name).type === 'userw' && is === 'running') letGoOfWatchdog(turn);
    moveMonitor(turn, name, { type: wanted === 'idle' ? 'watch.stopped' : 'watch.suspended' });
  }
}

/** The watchdog is pet three times within its time. */
function periodMs(turn: Turn, name: string): number {
  const { type, intervalMs } = monitorConfig(turn.state, name);
  if (type !== 'userw') return intervalMs;
  return Math.min(intervalMs, beatTimeoutMs(turn.state, turn.now) / 3);
}

function armCheck(turn: Turn, name: string, isFirst = false): void {
  const isAtOnce = isFirst && monitorConfig(turn.state, name).type === 'userw';
  const at = turn.now + (isAtOnce ? 0 : periodMs(turn, name));
  emit(turn, { type: 'armTimer', id: `monitor:${name}`, at });
}

function letGoOfWatchdog(turn: Turn): void {
  askHere(turn, 'host', { do: 'watchdog', timeoutMs: 0 }, 1000, { kind: 'nothing' });
}

export function onMonitorTimer(turn: Turn, name: string): void {
  const run = turn.state.monitors[name];
  if (!run || run.chart.value === 'idle' || run.chart.value === 'suspended') return;
  const config = monitorConfig(turn.state, name);
  if (config.type === 'userw') {
    const timeoutMs = Math.round(beatTimeoutMs(turn.state, turn.now));
    askHere(turn, 'host', { do: 'watchdog', timeoutMs }, config.timeoutMs, { kind: 'nothing' });
    armCheck(turn, name);
    return;
  }
  tell(turn, { type: 'check.due', monitor: name });
}

/** The end of a check; the next one is due an interval later. */
export function onVerdict(turn: Turn, fact: FactOf<'check.judged'>): void {
  const { monitor: name, verdict } = fact;
  const run = turn.state.monitors[name]!;
  setMonitor(turn, name, { check: null });
  const isQuiet = verdict.type === 'check.passed' && run.chart.value === 'normal';
  if (!isQuiet) moveMonitor(turn, name, verdict);
  armCheck(turn, name);
}

export function onRecoveryEnded(turn: Turn, { monitor }: FactOf<'recovery.ended'>): void {
  if (turn.state.monitors[monitor]) moveMonitor(turn, monitor, { type: 'recovery.ended' });
}

/** clpmonctrl. Which monitors are suspended outlives the daemon. */
export function onMonitorOrder(
  turn: Turn,
  id: string,
  { op, monitor }: Extract<DaemonRequest, { do: 'monitor' }>,
): void {
  const known = Object.keys(turn.state.monitors);
  if (monitor !== null && !known.includes(monitor)) {
    refuse(turn, id, 'monitor.unknown', `no monitor ${monitor}; known: ${known.join(', ')}`);
    return;
  }
  const wanted = monitor === null ? known : [monitor];
  const kept = turn.state.facts.suspendedMonitors.filter((name) => !wanted.includes(name));
  saveFacts(turn, { suspendedMonitors: op === 'suspend' ? [...kept, ...wanted].sort() : kept });
  reply(turn, id, { done: true });
}
