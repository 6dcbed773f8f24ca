/**
 * The end of the daemon: groups stop (or fail over, when another server can take them), the other
 * servers are told, then the daemon exits, or has the operating system shut down or rebooted.
 *
 *     clpcl -t          groups fail over        daemon exits
 *     clpcl -t -a       groups stop             daemon exits
 *     clpdown           groups fail over        OS shutdown or reboot
 *     clpstdn           groups stop             OS shutdown or reboot
 *     SIGTERM           groups fail over        daemon exits (the OS goes on with what it does)
 *     final actions     groups fail over        as they say
 *     rc 92             groups stop             OS shutdown
 *
 * A resource that does not stop turns an exit into a shutdown (v3 10.4), or a reboot where the
 * configuration says so (x5 2.12.6).
 */
import type { DaemonRequest } from '../../ports/protocol.ts';
import { chooseNext } from '../destination.ts';
import type { FactOf } from '../facts.ts';
import { say, sayIfKnown } from '../messages.ts';
import { groupConfig, groupValue, hasStalled, isHere } from '../queries.ts';
import type { GroupRun, Stopping } from '../state.ts';
import { askHere, emit, patch, refuseJobs, reply, type Turn, tell } from '../turn.ts';

const POWER_MS = 10_000;

type Order = Pick<Stopping, 'goal' | 'failOver' | 'replies'>;

/** Groups that go elsewhere, if somebody can take them. */
function leavesOf({ state }: Turn): string[] {
  const own = state.config.groups.filter(
    ({ name, failover }) => failover === 'auto' && mayGo(state.groups[name]!),
  );
  return own.map(({ name }) => name);
}

function isGoing(value: string): boolean {
  return value === 'activating' || value === 'online';
}

/**
 * It runs, or would if it did not wait for another group, or had not taken too long here. What failed
 * otherwise was tried elsewhere.
 */
function mayGo(run: GroupRun): boolean {
  const value = groupValue(run);
  const isExpecting = run.task?.chart.value === 'expecting';
  return isGoing(value) || isExpecting || (value === 'failed' && hasStalled(run));
}

export function orderStop(turn: Turn, { goal, failOver, replies }: Order): void {
  const { stopping } = turn.state;
  if (stopping) {
    // A second order joins the first; it may only make it more thorough.
    const joined: Stopping = {
      ...stopping,
      goal: stopping.goal === 'exit' ? goal : stopping.goal,
      failOver: stopping.failOver && failOver,
      replies: [...stopping.replies, ...replies],
    };
    patch(turn, { stopping: joined });
    return;
  }
  patch(turn, { stopping: { goal, failOver, replies, leaves: leavesOf(turn), ending: false } });
  say(turn, 'shuttingDown');
  tell(turn, { type: 'daemon.stopping' });
}

/** clpcl -t, and -r, which starts the daemon again itself. */
export function onStopOrder(
  turn: Turn,
  id: string,
  { all, restart }: Extract<DaemonRequest, { do: 'cluster' }>,
): void {
  say(turn, restart === true ? 'restartAsked' : 'stopAsked', 'command');
  orderStop(turn, { goal: 'exit', failOver: all !== true, replies: [id] });
}

/** clpdown, clpstdn */
export function onShutdownOrder(
  turn: Turn,
  id: string,
  { reboot, all }: Extract<DaemonRequest, { do: 'shutdown' }>,
): void {
  say(turn, reboot ? 'rebootAsked' : 'haltAsked', 'command');
  // No document tells which server says it: each that goes down with the cluster does.
  if (all === true && !reboot) say(turn, 'clusterShutdown');
  const goal = reboot ? 'reboot' : 'shutdown';
  orderStop(turn, { goal, failOver: all !== true, replies: [id] });
}

/** Upkeep after every event: the next groups stop; when none is left, the end. */
export function advanceStop(turn: Turn): void {
  const { stopping } = turn.state;
  if (!stopping || stopping.ending) return;
  for (const name of Object.keys(turn.state.groups)) {
    const run = turn.state.groups[name]!;
    const value = groupValue(run);
    if (run.task?.chart.value === 'lingering') continue;
    if (!mayGo(run) && value !== 'failed') continue;
    const group = groupConfig(turn.state, name);
    const goes = stopping.failOver && mayGo(run) && group.failover === 'auto';
    const target = goes ? chooseNext(turn, name) : null;
    const about = target ? { kind: 'failover' as const, target } : {};
    tell(turn, { type: 'stop.wanted', group: name, about });
  }
  const runs = Object.values(turn.state.groups);
  if (runs.some((run) => run.task || (isHere(run) && groupValue(run) !== 'stuck'))) return;
  const isStuck = runs.some((run) => groupValue(run) === 'stuck');
  const isReboot = turn.state.config.processAction === 'stopDaemonAndReboot';
  const instead = isReboot ? 'reboot' : 'shutdown';
  const isInstead = isStuck && stopping.goal === 'exit';
  if (isInstead && instead === 'shutdown') say(turn, 'haltForStuck');
  finish(turn, isInstead ? instead : stopping.goal);
}

function finish(turn: Turn, goal: Stopping['goal']): void {
  patch(turn, { stopping: { ...turn.state.stopping!, goal, ending: true } });
  tell(turn, { type: 'daemon.stopped', goal });
}

/** The others were told. */
export function end(turn: Turn, { goal }: FactOf<'daemon.stopped'>): void {
  if (goal === 'exit') {
    say(turn, 'daemonStopped');
    leave(turn);
    return;
  }
  // The host says that it halts or reboots (pm 23, 25), whoever ordered it.
  askHere(turn, 'host', { do: 'power', op: goal }, POWER_MS, { kind: 'power' });
}

/** The host was told to shut down or reboot. */
export function onPowerAnswered(turn: Turn, failure: { message: string } | null): void {
  if (failure !== null) sayIfKnown(turn, 'haltFailed');
  leave(turn);
}

/** Answers those who ordered the stop, and whoever else still waits, and exits. */
function leave(turn: Turn): void {
  const replies = turn.state.stopping?.replies ?? [];
  for (const id of replies) reply(turn, id, { done: true });
  const message = `the daemon of ${turn.state.server} stopped before it was done`;
  refuseJobs(turn, replies, { code: 'server.notOnline', message });
  emit(turn, { type: 'exit', why: turn.state.stopping?.goal ?? 'exit' });
}
