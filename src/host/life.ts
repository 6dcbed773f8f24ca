/**
 * A server's life: boot, services, orderly shutdown, sudden death. The chart (node.machine.ts) says
 * which of them is due; here is what each of them does.
 *
 *   orderly:  daemon ─stopped─► agent ─stopped─► commands end (drainMs) ─► kill the rest ─► off|boot
 *   stall:    longer than shutdownMs ─► reset, whatever was ordered (v3 10.6), or as configured (x5 2.12.8)
 *   sudden:   kill everything at once ─► off|boot
 *
 * What becomes of the server when one of its processes dies without having been asked to stands in
 * the table of services: it is restarted, the server shuts down in order (v3 10.3: the group
 * resources end with the daemon) or restarts (v3 10.9). A part that ends with 0 was stopped in
 * order; one that ends with 2 or 78 could not start (its configuration is bad): both are just
 * stopped, or a typing error would keep a server from ever staying up.
 */

import { type NodeEvent, nodeMachine } from '../../machines/node.machine.ts';
import { type ChartEffect, chartFromJson, moveChart } from '../core/chart.ts';
import { CANNOT_START, type Service } from '../ports/machinery.ts';
import { ownCarriers } from './carriers.ts';
import { readTables } from './disks.ts';
import { unmountAll } from './file-systems.ts';
import { askPeers } from './lease.ts';
import { endLooks } from './look.ts';
import { loseOperations } from './operations.ts';
import type { ProcessEnd } from './process-state.ts';
import { processStopped, takeUnseen, waitToBeSeen } from './process-work.ts';
import {
  forgetProcess,
  isServiceRunning,
  lackingFor,
  processStarted,
  processState,
  startProcess,
  stopCompanions,
} from './processes.ts';
import {
  mainOf,
  type ProcessRow,
  processRow,
  type ServiceRow,
  servicesOf,
} from './service-table.ts';
import { readSharedTables } from './shared-tables.ts';
import { startupLines } from './startup-lines.ts';
import { chassisOf, type HostEvent } from './state.ts';
import {
  armTimer,
  cancelTimer,
  change,
  changeLive,
  drawId,
  emit,
  isGoingDown,
  log,
  own,
  refuse,
  reply,
  type Turn,
} from './turn.ts';

/** How a disk that is still being made delays a boot. */
const BOOT_RETRY_MS = 50;
const NEVER_STARTED = [2, 78, CANNOT_START];
/** What only holds its place and ends sooner than this never started: it is not tried for ever. */
const AT_ONCE_MS = 100;

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
    processes: {},
    onDeath: 'shutdown',
    onStall: 'reset',
    disks: readTables(turn.state.disks),
    mounts: [],
    modules: [],
    readOnly: [],
    raw: {},
    ended: [],
    addresses: {},
    carriers: ownCarriers(turn.state),
    watchdogMs: null,
    frozen: false,
    live: { ...chassisOf(live), cutWaiters: [] },
  });
  readSharedTables(turn);
  armTimer(turn, 'boot', turn.state.timing.bootMs);
}

export function bootTimeIsOver(turn: Turn): void {
  if (turn.state.node.value !== 'booting') return;
  const { blank, copies, isSystemMade = true } = turn.state;
  const isMaking = blank.length > 0 || copies.length > 0 || !isSystemMade;
  if (isMaking || turn.state.frozen) {
    armTimer(turn, 'boot', BOOT_RETRY_MS);
    return;
  }
  moveNode(turn, { type: 'os.booted' });
  askPeers(turn);
}

function startServices(turn: Turn, runLevel: number): void {
  if (runLevel === 1) return;
  for (const row of servicesOf(turn.state.manual)) {
    if (turn.state.services[row.name]?.enabled) startService(turn, row);
  }
}

/** The lines of the syslog as a service starts. */
function printStartup(turn: Turn, service: ServiceRow): void {
  const { manual, mirrors } = turn.state;
  for (const line of startupLines(manual, service, mirrors.length)) {
    emit(turn, { type: 'printLine', ...line });
  }
}

/** Starts a service that is not running; its process may still end at once. */
export function startService(turn: Turn, service: ServiceRow): void {
  if (isServiceRunning(turn.state, service.name)) return;
  const lacking = lackingFor(turn.state, service);
  if (lacking.length > 0) {
    log(turn, 'serviceNotStarted', service.name, lacking.join(', '));
    return;
  }
  printStartup(turn, service);
  for (const row of service.processes) {
    if (row.awaits || processState(turn.state, row.key) !== 'off') continue;
    startProcess(turn, row);
    if (row.part === 'daemon') moveNode(turn, { type: 'daemon.started' });
  }
}

/** Asks a process to end in order; whether it does, `processExited` tells. */
export function askToStop(turn: Turn, part: Service): void {
  const known = turn.state.processes[part];
  if (known?.state !== 'running') return;
  change(turn, { processes: { ...turn.state.processes, [part]: { ...known, state: 'stopping' } } });
  if (part === 'daemon') {
    disarmWatchdog(turn);
    moveNode(turn, { type: 'daemon.stopping' });
  }
  emit(turn, { type: 'stopProcess', process: part });
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
  if (processState(turn.state, 'clppm') !== 'off') log(turn, 'shutdownWatched');
  changeLive(turn, { draining: 'no' });
  armTimer(turn, 'shutdown', turn.state.timing.shutdownMs);
  goOnShuttingDown(turn);
}

/** The next piece of an orderly shutdown. Called again whenever one of them is finished. */
export function goOnShuttingDown(turn: Turn): void {
  if (!isGoingDown(turn.state) || turn.state.live.killing) return;
  for (const service of servicesOf(turn.state.manual).reverse()) {
    const { part } = mainOf(service);
    if (part && processState(turn.state, part) !== 'off') {
      askToStop(turn, part);
      return;
    }
    stopCompanions(turn, service);
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
  if (isGoingDown(turn.state)) unmountAll(turn);
  loseOperations(turn);
  const { server, live } = turn.state;
  for (const id of [...live.stopWaiters.agent, ...live.stopWaiters.daemon]) {
    reply(turn, id, { running: false });
  }
  endLooks(turn);
  const others = [
    ...Object.values(live.probing).flat(),
    ...Object.keys(live.asked),
    ...live.unread.map(({ id }) => id),
  ];
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

function processesGone(turn: Turn): void {
  if (!turn.state.live.killing) return;
  changeLive(turn, { killing: false });
  change(turn, { processes: {} });
  moveNode(turn, { type: 'processes.gone' });
}

function powerIsOff(turn: Turn): void {
  for (const id of turn.state.live.cutWaiters) reply(turn, id, { power: 'off' });
  changeLive(turn, { cutWaiters: [] });
  change(turn, { bootId: null, runLevel: 0, frozen: false, mounts: [], readOnly: [], raw: {} });
}

function processExited(turn: Turn, key: string, how: ProcessEnd): void {
  const known = own(turn.state.processes, key);
  const found = processRow(turn.state.manual, key);
  if (!known || !found) return;
  const { service, row } = found;
  forgetProcess(turn, key);
  if (row.part) partEnded(turn, row.part);
  if (turn.state.live.killing) return;
  if (isGoingDown(turn.state)) {
    goOnShuttingDown(turn);
    return;
  }
  const died = known.state === 'running' && !(row.part && how.code === 0);
  const livedMs = turn.now - known.since;
  if (died && waitToBeSeen(turn, row, how, livedMs)) return;
  if (died) diedUnasked(turn, row, how, livedMs);
  const isOver = processState(turn.state, key) === 'off' && mainOf(service).key === key;
  if (isOver && !isGoingDown(turn.state)) stopCompanions(turn, service);
}

function partEnded(turn: Turn, part: Service): void {
  cancelTimer(turn, `stop:${part}`);
  const { stopWaiters, held } = turn.state.live;
  const { [part]: _, ...others } = held;
  for (const id of stopWaiters[part]) reply(turn, id, { running: false });
  changeLive(turn, { stopWaiters: { ...stopWaiters, [part]: [] }, held: others });
  if (part !== 'daemon') return;
  disarmWatchdog(turn);
  moveNode(turn, { type: 'daemon.exited' });
}

/** What ended while it was stopped it sees now. */
function processContinued(turn: Turn, key: string): void {
  processStopped(turn, key, false);
  for (const [child, { how, livedMs }] of takeUnseen(turn, key)) {
    const row = processRow(turn.state.manual, child)?.row;
    if (row && processState(turn.state, child) === 'off') diedUnasked(turn, row, how, livedMs);
  }
}

/** Whoever looks after it says so, and does what the table says. One without is missed by nobody. */
function diedUnasked(
  turn: Turn,
  row: ProcessRow,
  { code, signal }: ProcessEnd,
  livedMs: number,
): void {
  const { name, parent, death } = row;
  if (parent !== null && processState(turn.state, parent) === 'off') return;
  const watcher = parent === null ? null : processRow(turn.state.manual, parent)?.row.name;
  const neverStarted = row.part
    ? code !== null && NEVER_STARTED.includes(code)
    : livedMs < AT_ONCE_MS;
  if (neverStarted) {
    const key = watcher === 'clpmonp' ? 'monitoredCannotStart' : 'processCannotStart';
    log(turn, key, name, signal ?? code ?? 0);
    return;
  }
  if (watcher === 'clpmonp') log(turn, 'monitoredDied', name, signal ?? String(code));
  else if (watcher === 'clpnm') log(turn, 'beatProcessDied', name);
  else if (watcher === 'clppm') log(turn, 'processDied', name);
  else if (death === 'shutdown') log(turn, 'daemonBroken');
  if (death === 'restart') {
    log(turn, watcher === 'clpmonp' ? 'monitoredRestarted' : 'beatProcessRestarted', name);
    startProcess(turn, row);
  } else if (death === 'shutdown') {
    const isReboot = turn.state.onDeath === 'reboot';
    moveNode(turn, { type: isReboot ? 'os.rebootOrdered' : 'os.shutdownOrdered' });
  } else if (death === 'reboot') {
    log(turn, 'rebootForProcess', name);
    moveNode(turn, { type: 'os.rebootOrdered' });
  }
}

/** What the machinery tells of the server's processes. */
export function heardOfProcess(turn: Turn, event: Extract<HostEvent, ProcessEvent>): void {
  if (event.type === 'processes.gone') processesGone(turn);
  if (event.type === 'process.started') processStarted(turn, event.process, event.pid);
  if (event.type === 'process.exited') processExited(turn, event.process, event);
  if (event.type === 'process.stopped') processStopped(turn, event.process, true);
  if (event.type === 'process.continued') processContinued(turn, event.process);
}

type ProcessEvent = { type: `process.${string}` | 'processes.gone' };
