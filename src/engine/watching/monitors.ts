/**
 * The monitors of this server: which of them run, when they check, and what a check's result does.
 *
 * A monitor runs while the daemon is online, it is not suspended (clpmonctrl), and its target is
 * active here if it asks for that. A passed check of a normal monitor moves no chart. A type that
 * keeps something going instead of checking (src/engine/monitors) is asked to do so again and
 * again.
 */
import {
  type MonitorContext,
  type MonitorEvent,
  monitorMachine,
} from '../../../machines/monitor.machine.ts';
import { moveChart } from '../../core/chart.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import type { ConfiguredMonitor } from '../../schema/generated/cluster-configuration.ts';
import type { FactOf } from '../facts.ts';
import { say, sayIfKnown } from '../messages.ts';
import { monitorTypeOf } from '../monitors/registry.ts';
import type { Keeping } from '../monitors/type.ts';
import { checkOf, groupOfResource, isIdle, monitorConfig, resourceState } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { emit, refuse, reply, saveFacts, setMonitor, type Turn, tell } from '../turn.ts';
import { order } from '../work.ts';

interface Reported {
  code: number;
  text: string;
}

/** v3 says of a warning what it says of an error. */
function sayNormal(turn: Turn, name: string, was: string): void {
  if (was === 'warning' && sayIfKnown(turn, 'warningOver', name)) return;
  say(turn, 'monitorNormal', name);
}

/** `was`: the state before the event. */
function carryOut(turn: Turn, name: string, was: string, effect: string, reported: Reported): void {
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
      sayNormal(turn, name, was);
      return;
    case 'reportWarning':
      say(turn, 'monitorWarn', name, reported.code, reported.text);
      return;
    case 'reportError':
      say(turn, 'monitorFailed', name, reported.code, reported.text);
      return;
  }
}

function moveMonitor(turn: Turn, name: string, event: MonitorEvent): void {
  const { chart } = turn.state.monitors[name]!;
  const move = moveChart(monitorMachine, chart, event);
  setMonitor(turn, name, { chart: move.chart });
  for (const effect of move.effects) {
    carryOut(turn, name, String(chart.value), effect.type, effect.params as Reported);
  }
}

/** Monitors of types that the daemon does not run, and for which no agent is installed. */
export function sayUnused(turn: Turn): void {
  for (const [name, run] of Object.entries(turn.state.monitors)) {
    if (run.unused) say(turn, 'monitorUnused', name);
  }
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
    if (is === 'running') release(turn, name);
    moveMonitor(turn, name, { type: wanted === 'idle' ? 'watch.stopped' : 'watch.suspended' });
  }
}

/** Null for a type that checks. */
function keepingType({ type }: ConfiguredMonitor): Keeping | null {
  const found = monitorTypeOf(type);
  return 'everyMs' in found ? found : null;
}

function armCheck(turn: Turn, name: string, isFirst = false): void {
  const monitor = monitorConfig(turn.state, name);
  const keeping = keepingType(monitor);
  const everyMs = keeping?.everyMs(checkOf(turn.state, monitor, turn.now)) ?? monitor.intervalMs;
  const at = isFirst && keeping ? turn.now : turn.now + everyMs;
  emit(turn, { type: 'armTimer', id: `monitor:${name}`, at });
}

function release(turn: Turn, name: string): void {
  const monitor = monitorConfig(turn.state, name);
  const keeping = keepingType(monitor);
  if (keeping) order(turn, keeping.release, monitor.timeoutMs, { kind: 'nothing' });
}

export function onMonitorTimer(turn: Turn, name: string): void {
  const run = turn.state.monitors[name];
  if (!run || run.chart.value === 'idle' || run.chart.value === 'suspended') return;
  if (isIdle(turn.state, 'monitors')) {
    armCheck(turn, name);
    return;
  }
  const monitor = monitorConfig(turn.state, name);
  const keeping = keepingType(monitor);
  if (!keeping) {
    tell(turn, { type: 'check.due', monitor: name });
    return;
  }
  const work = keeping.order(checkOf(turn.state, monitor, turn.now));
  order(turn, work, monitor.timeoutMs, { kind: 'nothing' });
  armCheck(turn, name);
}

export function onCheckBegun(turn: Turn, { monitor, id }: FactOf<'check.begun'>): void {
  setMonitor(turn, monitor, { check: id });
}

/** Steps of a recovery were taken, which a passed check forgets. */
function hasActed({ restarts, failovers, finalTaken }: MonitorContext): boolean {
  return restarts > 0 || failovers > 0 || finalTaken;
}

/** The end of a check; the next one is due an interval later. */
export function onCheckJudged(turn: Turn, fact: FactOf<'check.judged'>): void {
  const { monitor: name, result } = fact;
  const run = turn.state.monitors[name]!;
  setMonitor(turn, name, { check: null, tookMs: fact.tookMs });
  const { value, context } = run.chart;
  const isQuiet = result.type === 'check.passed' && value === 'normal' && !hasActed(context);
  if (!isQuiet) moveMonitor(turn, name, result);
  armCheck(turn, name);
}

export function onRecoveryEnded(turn: Turn, { monitor }: FactOf<'recovery.ended'>): void {
  if (turn.state.monitors[monitor]) moveMonitor(turn, monitor, { type: 'recovery.ended' });
}

function saySwitched(turn: Turn, op: 'suspend' | 'resume', monitor: string | null): void {
  const isSuspension = op === 'suspend';
  if (monitor === null) {
    sayIfKnown(turn, isSuspension ? 'allMonitorsSuspended' : 'allMonitorsResumed');
  } else sayIfKnown(turn, isSuspension ? 'oneMonitorSuspended' : 'oneMonitorResumed', monitor);
}

function sayDummy(turn: Turn, op: 'fail' | 'heal', monitor: string | null): void {
  const isOn = op === 'fail';
  if (monitor === null) sayIfKnown(turn, isOn ? 'allDummyFailuresOn' : 'allDummyFailuresOff');
  else sayIfKnown(turn, isOn ? 'dummyFailureOn' : 'dummyFailureOff', monitor);
}

/** One that keeps something going, or that nothing runs here, finds nothing that could fail. */
function isFit(turn: Turn, name: string): boolean {
  return !turn.state.monitors[name]!.unused && !keepingType(monitorConfig(turn.state, name));
}

/**
 * Dummy failures: whoever tries out what an error leads to. They end with the daemon. All monitors:
 * those that can fail.
 */
function switchDummies(turn: Turn, id: string, op: 'fail' | 'heal', monitor: string | null): void {
  if (monitor !== null && !isFit(turn, monitor)) {
    sayIfKnown(turn, op === 'fail' ? 'dummyFailureNotOn' : 'dummyFailureNotOff', monitor);
    refuse(turn, id, 'monitor.unfit', `monitor ${monitor} checks nothing that could fail here`);
    return;
  }
  const all = Object.keys(turn.state.monitors).filter((name) => isFit(turn, name));
  sayDummy(turn, op, monitor);
  for (const name of monitor === null ? all : [monitor]) {
    setMonitor(turn, name, { fails: op === 'fail' });
  }
  reply(turn, id, { done: true });
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
  if (op === 'fail' || op === 'heal') {
    switchDummies(turn, id, op, monitor);
    return;
  }
  const wanted = monitor === null ? known : [monitor];
  const { suspendedMonitors } = turn.state.facts;
  const others = suspendedMonitors.filter((name) => !wanted.includes(name));
  const isNew = wanted.some((name) => suspendedMonitors.includes(name) === (op === 'resume'));
  if (isNew) saySwitched(turn, op, monitor);
  saveFacts(turn, { suspendedMonitors: op === 'suspend' ? [...others, ...wanted].sort() : others });
  reply(turn, id, { done: true });
}
