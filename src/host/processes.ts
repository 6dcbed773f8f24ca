/**
 * The processes of a server that run, as its services started them (service-table.ts). What a
 * process's end leads to stands in life.ts.
 */
import type { ProcessView } from '../ports/views.ts';
import type { Process } from './process-state.ts';
import {
  mainOf,
  type ProcessRow,
  processRow,
  type ServiceRow,
  serviceRow,
  servicesOf,
} from './service-table.ts';
import type { HostState } from './state.ts';
import { change, emit, own, reply, type Turn, without } from './turn.ts';

export function processState({ processes }: HostState, key: string): 'off' | Process['state'] {
  return own(processes, key)?.state ?? 'off';
}

export function isServiceRunning(state: HostState, name: string): boolean {
  const row = serviceRow(state.manual, name);
  return row !== undefined && processState(state, mainOf(row).key) !== 'off';
}

/** Which of the services that it needs do not run; those the server does not have it does without. */
export function lackingFor(state: HostState, { needs }: ServiceRow): string[] {
  return needs.filter((name) => own(state.services, name) && !isServiceRunning(state, name));
}

export function startProcess(turn: Turn, { key, command }: ProcessRow): void {
  const { processes, bootId } = turn.state;
  const begun: Process = { state: 'running', since: turn.now, pid: null };
  change(turn, { processes: { ...processes, [key]: begun } });
  emit(turn, { type: 'startProcess', process: key, bootId: bootId ?? '', command });
}

export function processStarted(turn: Turn, key: string, pid: number): void {
  const known = own(turn.state.processes, key);
  if (!known) return;
  change(turn, { processes: { ...turn.state.processes, [key]: { ...known, pid } } });
}

export function forgetProcess(turn: Turn, key: string): void {
  change(turn, { processes: without(turn.state.processes, key) });
}

/** Asks what only holds its place to end; nobody waits for it. */
export function stopCompanions(turn: Turn, { processes }: ServiceRow): void {
  for (const { key, part } of processes.toReversed()) {
    if (part || processState(turn.state, key) === 'off') continue;
    forgetProcess(turn, key);
    emit(turn, { type: 'stopProcess', process: key });
  }
}

/** The daemon has read its configuration: what waited for that starts. v3 11.1 (5). */
export function startAwaiting(turn: Turn, heartbeats: string[]): void {
  const found = processRow(turn.state.manual, 'daemon');
  for (const row of found?.service.processes ?? []) {
    const isWanted = row.heartbeat === undefined || heartbeats.includes(row.heartbeat);
    if (row.awaits !== 'daemon' || !isWanted) continue;
    if (processState(turn.state, row.key) === 'off') startProcess(turn, row);
  }
}

export function showProcesses(turn: Turn, id: string): void {
  reply(turn, id, { processes: listProcesses(turn.state) });
}

/** As `ps` tells them, in the order in which they start. */
export function listProcesses(state: HostState): ProcessView[] {
  return servicesOf(state.manual).flatMap((service) =>
    service.processes.flatMap(({ key, name, command, parent }) => {
      const known = own(state.processes, key);
      if (!known) return [];
      const { pid, since } = known;
      const ppid = parent === null ? 1 : (own(state.processes, parent)?.pid ?? 1);
      return [{ name, service: service.name, command, pid, ppid, since }];
    }),
  );
}
