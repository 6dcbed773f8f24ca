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
 * A resource that does not stop turns an exit into a shutdown (v3 10.4, x5 2.12.6).
 */
import { groupConfig, groupValue, isHere, takers } from './look.ts';
import { say } from './messages.ts';
import { sendLastWords } from './peers.ts';
import { enterPhase } from './startup.ts';
import type { FinalAction, Stopping, Turn } from './state.ts';
import { stopGroup } from './tasks.ts';
import { askHere, emit, patch, refuse, reply } from './turn.ts';

const POWER_MS = 10_000;

export function orderStop(
  turn: Turn,
  order: Pick<Stopping, 'goal' | 'failOver'> & { replies?: string[] },
): void {
  const { stopping } = turn.state;
  const replies = order.replies ?? [];
  if (stopping) {
    // A second order joins the first; it may only make it more thorough.
    const goal = stopping.goal === 'exit' ? order.goal : stopping.goal;
    const failOver = stopping.failOver && order.failOver;
    patch(turn, {
      stopping: { ...stopping, goal, failOver, replies: [...stopping.replies, ...replies] },
    });
    return;
  }
  patch(turn, {
    stopping: { goal: order.goal, failOver: order.failOver, replies, ending: false },
    waitingUntil: null,
  });
  emit(turn, { type: 'cancelTimer', id: 'startup' });
  say(turn, 'shuttingDown');
  enterPhase(turn, 'stopping');
}

/** A final action (v3 10.1, 10.2). */
export function beginStop(turn: Turn, action: FinalAction): void {
  if (action === 'none') return;
  const goal = {
    stopDaemon: 'exit',
    stopDaemonAndShutdown: 'shutdown',
    stopDaemonAndReboot: 'reboot',
  };
  orderStop(turn, { goal: goal[action] as Stopping['goal'], failOver: true });
}

/** Upkeep after every event: the next groups stop; when none is left, the end. */
export function advanceStop(turn: Turn): void {
  const { stopping } = turn.state;
  if (!stopping || stopping.ending) return;
  for (const name of Object.keys(turn.state.groups)) {
    const run = turn.state.groups[name]!;
    const value = groupValue(run);
    const isStarting = value === 'activating' || value === 'online' || value === 'failed';
    if (!isStarting) continue;
    const group = groupConfig(turn.state, name);
    const goes = stopping.failOver && value !== 'failed' && group.failover === 'auto';
    const target = goes ? (takers(turn.state, group)[0] ?? null) : null;
    stopGroup(turn, name, target ? { kind: 'failover', target } : {});
  }
  const runs = Object.values(turn.state.groups);
  if (runs.some((run) => run.task || (isHere(run) && groupValue(run) !== 'stuck'))) return;
  const isStuck = runs.some((run) => groupValue(run) === 'stuck');
  finish(turn, isStuck && stopping.goal === 'exit' ? 'shutdown' : stopping.goal);
}

function finish(turn: Turn, goal: Stopping['goal']): void {
  const { stopping, rev } = turn.state;
  patch(turn, { stopping: { ...stopping!, goal, ending: true }, rev: rev + 1 });
  enterPhase(turn, 'stopped');
  sendLastWords(turn);
  if (goal === 'exit') {
    say(turn, 'daemonStopped');
    leave(turn);
    return;
  }
  say(turn, goal === 'shutdown' ? 'halted' : 'rebooted');
  askHere(turn, 'host', { do: 'power', op: goal }, POWER_MS, { kind: 'power' });
}

/** Answers those who ordered the stop, and whoever else still waits, and exits. */
export function leave(turn: Turn): void {
  const replies = turn.state.stopping?.replies ?? [];
  for (const id of replies) reply(turn, id, { done: true });
  for (const id of Object.keys(turn.state.jobs)) {
    if (replies.includes(id)) continue;
    const { server } = turn.state;
    refuse(turn, id, 'server.notOnline', `the daemon of ${server} stopped before it was done`);
  }
  patch(turn, { jobs: {} });
  emit(turn, { type: 'exit', why: turn.state.stopping?.goal ?? 'exit' });
}
