/**
 * What belongs to a process is done only while that is at work: it runs, and is not stopped (SIGSTOP).
 * Which work is whose stands in the table of services; what the daemon does of it, it is told.
 */
import type { Process, ProcessEnd } from './process-state.ts';
import { isServiceRunning, processState } from './processes.ts';
import { type ProcessRow, servicesOf, type Work } from './service-table.ts';
import type { HostState } from './state.ts';
import { change, emit, own, type Turn } from './turn.ts';

/** Longest that a daemon takes to hear it. */
const TELL_MS = 5_000;
/** The service that sends alerts to the other servers. */
const SYNC_SERVICE = 'clusterpro_alertsync';

type Unseen = NonNullable<Process['unseen']>[string];

function isAtWork({ processes }: HostState, key: string): boolean {
  const known = own(processes, key);
  return known !== undefined && known.isStopped !== true;
}

/** Whether the process that this work belongs to runs, and is not stopped; of a service that the server does not have nothing is asked. */
export function doesWork(state: HostState, work: Work): boolean {
  for (const { name, processes } of servicesOf(state.manual)) {
    const row = processes.find((one) => one.work === work);
    if (row) return own(state.services, name) === undefined || isAtWork(state, row.key);
  }
  return true;
}

/** It was started, and is stopped, or ended without anybody having seen that. */
function isIdle({ processes }: HostState, { key, parent }: ProcessRow): boolean {
  const unseen = parent === null ? undefined : own(processes, parent)?.unseen;
  return own(processes, key)?.isStopped === true || unseen?.[key] !== undefined;
}

/** Of the daemon's work what it may not do: types of heartbeats, and words of the table. */
function idleWork(state: HostState): string[] {
  const rows = servicesOf(state.manual).flatMap(({ processes }) => processes);
  const idle = rows.filter((row) => row.awaits === 'daemon' && isIdle(state, row));
  const words = idle.map(({ heartbeat, work }) => heartbeat ?? work ?? '');
  return doesWork(state, 'transfer') ? words : [...words, 'transfer'];
}

/** The request that tells the daemon. */
const TOLD = 'idle';

function tellWork(turn: Turn): void {
  if (processState(turn.state, 'daemon') !== 'running') return;
  const to = { server: turn.state.server, part: 'daemon' as const };
  const body = { do: 'idle', work: idleWork(turn.state) };
  emit(turn, { type: 'sendRequest', id: TOLD, to, body, timeoutMs: TELL_MS });
}

/** To its first word a daemon that starts is told what is idle, if anything is. */
export function tellIdleWork(turn: Turn): void {
  if (idleWork(turn.state).length > 0) tellWork(turn);
}

/** A daemon that hangs is told again. */
export function workNotHeard(turn: Turn, id: string, code: string): void {
  if (id === TOLD && code === 'timeout') tellWork(turn);
}

/** What the daemon may do is another than before the event. */
export function tellChangedWork(before: HostState, turn: Turn): void {
  if (before.processes === turn.state.processes || before.node.value === 'poweredOff') return;
  if (idleWork(before).join() !== idleWork(turn.state).join()) tellWork(turn);
}

/** While the whole server is frozen nothing of it counts as stopped by itself. */
export function processStopped(turn: Turn, key: string, isStopped: boolean): void {
  const known = own(turn.state.processes, key);
  if (!known || turn.state.frozen) return;
  const { isStopped: _, ...running } = known;
  const now: Process = isStopped ? { ...running, isStopped: true } : running;
  change(turn, { processes: { ...turn.state.processes, [key]: now } });
}

/** Its death waits until whoever looks after it goes on; false: somebody sees it now. */
export function waitToBeSeen(
  turn: Turn,
  { key, parent }: ProcessRow,
  how: ProcessEnd,
  livedMs: number,
): boolean {
  const watcher = parent === null ? undefined : own(turn.state.processes, parent);
  if (parent === null || watcher?.isStopped !== true) return false;
  const unseen = { ...watcher.unseen, [key]: { how, livedMs } };
  change(turn, { processes: { ...turn.state.processes, [parent]: { ...watcher, unseen } } });
  return true;
}

/** What ended while it was stopped; it has seen that now. */
export function takeUnseen(turn: Turn, key: string): [string, Unseen][] {
  const { unseen = {}, ...known } = own(turn.state.processes, key) ?? ({} as Process);
  const found = Object.entries(unseen);
  if (found.length > 0) change(turn, { processes: { ...turn.state.processes, [key]: known } });
  return found;
}

/** A server without that service exchanges none. */
export function exchangesAlerts(state: HostState): boolean {
  return isServiceRunning(state, SYNC_SERVICE) && doesWork(state, 'alerts');
}
