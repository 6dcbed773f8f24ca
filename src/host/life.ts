/**
 * A server's life: boot, services, orderly shutdown, sudden death. The chart (node.machine.ts) says
 * which of them is due; here is what each of them does.
 *
 *   orderly:  daemon ─stopped─► agent ─stopped─► commands end (drainMs) ─► kill the rest ─► off|boot
 *   stall:    longer than shutdownMs ─► reset, whatever was ordered (v3 10.6)
 *   sudden:   kill everything at once ─► off|boot
 *
 * When the cluster daemon dies without having been asked to, the server shuts down in order
 * (v3 10.3: the group resources end with it); when the mirror agent does, the server restarts
 * (v3 10.9). A process that ends with 0 was stopped in order; one that ends with 2 or 78 could not
 * start (its configuration is bad): both are just stopped, or a typing error would keep a server
 * from ever staying up.
 */
import { type NodeEvent, nodeMachine } from '../../machines/node.machine.ts';
import { type ChartEffect, chartFromJson, moveChart } from '../core/chart.ts';
import { CANNOT_START, type Service } from '../ports/machinery.ts';
import { readTables } from './disks.ts';
import { askPeers } from './lease.ts';
import { endLooks } from './look.ts';
import { loseOperations } from './operations.ts';
import { SERVICE_PARTS } from './service-parts.ts';
import { chassisOf } from './state.ts';
import {
  armTimer,
  cancelTimer,
  change,
  changeLive,
  drawId,
  emit,
  isGoingDown,
  log,
  refuse,
  reply,
  type Turn,
} from './turn.ts';

/** How a disk that is still being made delays a boot. */
const BOOT_RETRY_MS = 50;
const NEVER_STARTED = [2, 78, CANNOT_START];

export function moveNode(turn: Turn, event: NodeEvent): void {
  const before = chartFromJson(nodeMachine, turn.state.node);
  const { chart, effects } = moveChart(nodeMachine, before, event);
  if (chart.value !== before.value || chart.context !== before.context) {
    change(turn, { node: { value: chart.value, context: chart.context } });
  }
  for (const effect of effects) perform(turn, effect);
  if (chart.value === 'poweredOff' && before.value !== 'poweredOff') powerIsOff(turn);
}

function perform(turn: Turn, { type, params }: ChartEffect): void {
  if (type === 'startBoot') startBoot(turn, (params as { singleUser: boolean }).singleUser);
  if (type === 'startServices') startServices(turn, (params as { runLevel: number }).runLevel);
  if (type === 'stopServices') stopServices(turn);
  if (type === 'killProcesses') killProcesses(turn);
}

/** Nothing of an earlier boot is left: mounts, read-only devices, addresses, watchdog. */
function startBoot(turn: Turn, singleUser: boolean): void {
  const { live } = turn.state;
  for (const id of live.cutWaiters) reply(turn, id, { power: 'off' });
  const bootId = drawId(turn);
  change(turn, {
    bootId,
    lastBootId: bootId,
    runLevel: singleUser ? 1 : 3,
    started: {},
    processes: { agent: 'off', daemon: 'off' },
    disks: readTables(turn.state.disks),
    mounts: [],
    modules: [],
    readOnly: [],
    raw: {},
    ended: [],
    addresses: {},
    watchdogMs: null,
    frozen: false,
    live: { ...chassisOf(live), cutWaiters: [] },
  });
  armTimer(turn, 'boot', turn.state.timing.bootMs);
}

export function bootTimeIsOver(turn: Turn): void {
  if (turn.state.node.value !== 'booting') return;
  const isMaking = turn.state.blank.length > 0 || turn.state.copies.length > 0;
  if (isMaking || turn.state.frozen) {
    armTimer(turn, 'boot', BOOT_RETRY_MS);
    return;
  }
  moveNode(turn, { type: 'os.booted' });
  askPeers(turn);
}

function startServices(turn: Turn, runLevel: number): void {
  if (runLevel === 1) return;
  for (const name of Object.keys(SERVICE_PARTS)) {
    if (turn.state.services[name]?.enabled) startService(turn, name);
  }
}

/** Starts a service that is not running; its process may still end at once. */
export function startService(turn: Turn, name: string): void {
  const part = SERVICE_PARTS[name] ?? null;
  if (part === null) {
    change(turn, { started: { ...turn.state.started, [name]: true } });
    return;
  }
  if (turn.state.processes[part] !== 'off') return;
  change(turn, { processes: { ...turn.state.processes, [part]: 'running' } });
  emit(turn, { type: 'startProcess', service: part, bootId: turn.state.bootId ?? '' });
  if (part === 'daemon') moveNode(turn, { type: 'daemon.started' });
}

/** Asks a process to end in order; whether it does, `processExited` tells. */
export function askToStop(turn: Turn, part: Service): void {
  if (turn.state.processes[part] !== 'running') return;
  change(turn, { processes: { ...turn.state.processes, [part]: 'stopping' } });
  if (part === 'daemon') {
    disarmWatchdog(turn);
    moveNode(turn, { type: 'daemon.stopping' });
  }
  emit(turn, { type: 'stopProcess', service: part });
}

export function disarmWatchdog(turn: Turn): void {
  if (turn.state.watchdogMs === null) return;
  change(turn, { watchdogMs: null });
  cancelTimer(turn, 'watchdog');
}

/** What the chart orders on the way to shuttingDown or rebooting. */
function stopServices(turn: Turn): void {
  const isHalt = turn.state.node.value === 'shuttingDown';
  log(turn, isHalt ? 'halted' : 'rebooted');
  changeLive(turn, { draining: 'no' });
  armTimer(turn, 'shutdown', turn.state.timing.shutdownMs);
  goOnShuttingDown(turn);
}

/** The next piece of an orderly shutdown. Called again whenever one of them is finished. */
export function goOnShuttingDown(turn: Turn): void {
  if (!isGoingDown(turn.state) || turn.state.live.killing) return;
  for (const part of ['daemon', 'agent'] as const) {
    if (turn.state.processes[part] === 'off') continue;
    askToStop(turn, part);
    return;
  }
  const isBusy = Object.keys(turn.state.live.output).length > 0;
  if (!isBusy || turn.state.live.draining === 'over') {
    killProcesses(turn);
  } else if (turn.state.live.draining === 'no') {
    changeLive(turn, { draining: 'waiting' });
    armTimer(turn, 'drain', turn.state.timing.drainMs);
  }
}

/** Ends every process of the server; who waits for one of them is told. */
export function killProcesses(turn: Turn): void {
  if (turn.state.live.killing) return;
  loseOperations(turn);
  const { server, live } = turn.state;
  for (const id of [...live.stopWaiters.agent, ...live.stopWaiters.daemon]) {
    reply(turn, id, { running: false });
  }
  endLooks(turn);
  const others = [...Object.values(live.probing).flat(), ...Object.keys(live.asked)];
  for (const id of others) refuse(turn, id, 'os.off', `${server} went down`);
  for (const id of ['boot', 'watchdog', 'shutdown', 'drain', 'announce', 'lease']) {
    cancelTimer(turn, id);
  }
  change(turn, {
    addresses: {},
    watchdogMs: null,
    live: { ...chassisOf(live), killing: true },
  });
  emit(turn, { type: 'killAll' });
}

export function processesGone(turn: Turn): void {
  if (!turn.state.live.killing) return;
  changeLive(turn, { killing: false });
  change(turn, { processes: { agent: 'off', daemon: 'off' }, started: {} });
  moveNode(turn, { type: 'processes.gone' });
}

function powerIsOff(turn: Turn): void {
  for (const id of turn.state.live.cutWaiters) reply(turn, id, { power: 'off' });
  changeLive(turn, { cutWaiters: [] });
  change(turn, { bootId: null, runLevel: 0, frozen: false, mounts: [], readOnly: [], raw: {} });
}

export function processExited(
  turn: Turn,
  part: Service,
  how: { code: number | null; signal: string | null },
): void {
  const was = turn.state.processes[part];
  if (was === 'off') return;
  change(turn, { processes: { ...turn.state.processes, [part]: 'off' } });
  cancelTimer(turn, `stop:${part}`);
  for (const id of turn.state.live.stopWaiters[part]) reply(turn, id, { running: false });
  changeLive(turn, { stopWaiters: { ...turn.state.live.stopWaiters, [part]: [] } });
  if (part === 'daemon') {
    disarmWatchdog(turn);
    moveNode(turn, { type: 'daemon.exited' });
  }
  if (turn.state.live.killing) return;
  if (isGoingDown(turn.state)) goOnShuttingDown(turn);
  else if (was === 'running' && how.code !== 0) diedUnasked(turn, part, how);
}

function diedUnasked(
  turn: Turn,
  part: Service,
  { code, signal }: { code: number | null; signal: string | null },
): void {
  const name = part === 'daemon' ? 'clprc' : 'clpmdagent';
  const status = signal ?? String(code);
  if (code !== null && NEVER_STARTED.includes(code)) {
    log(turn, 'processCannotStart', name, code);
    return;
  }
  if (part === 'daemon') {
    log(turn, 'processDied', name);
    moveNode(turn, { type: 'os.shutdownOrdered' });
  } else {
    log(turn, 'monitoredDied', name, status);
    log(turn, 'rebootForProcess', name);
    moveNode(turn, { type: 'os.rebootOrdered' });
  }
}
