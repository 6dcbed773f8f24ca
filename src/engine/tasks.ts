/**
 * What is done with a group across its charts and across servers:
 *
 *     start      charts up here
 *     stop       charts down here
 *     restart    down, then up here
 *     move       down here, then `take` by the target's daemon     (an operator's order)
 *     failover   down here, then `take` by the target's daemon     (a failure here)
 *
 * A group has one task at a time; whoever ordered it is answered when it ends. After an
 * activation failure: failover while the resource allows it and another server can, else the
 * resource's final action (v3 10.1, x5 2.12.1). A group whose mirror has no evidence, and that no
 * other server can take, is let go of and waits (`blocked`); no final action could help it.
 */
import type { FactOf } from './facts.ts';
import {
  groupConfig,
  inOrder,
  isBusy,
  isHere,
  isUp,
  mirrorsOf,
  nextServer,
  resourceConfig,
  resourceState,
} from './look.ts';
import { type Message, say } from './messages.ts';
import type { StartReason, Task } from './state.ts';
import { armEvidence, ask, claim, setGroup, settle, type Turn, tell } from './turn.ts';
import { NOT_LATEST } from './types.ts';
import { wordOf } from './word.ts';

const fresh: Task = {
  kind: 'start',
  reason: 'start',
  target: null,
  only: null,
  replies: [],
  recoveryOf: null,
  failovers: 0,
  blocked: null,
};

const starting: Record<StartReason, Message> = {
  start: 'groupStarting',
  move: 'moveStarting',
  failover: 'failoverStarting',
  restart: 'restartStarting',
};
const ended: Record<StartReason, Message> = {
  start: 'groupStarted',
  move: 'moveEnded',
  failover: 'failoverEnded',
  restart: 'restartEnded',
};
const failed: Record<StartReason, Message> = {
  start: 'groupStartFailed',
  move: 'moveFailed',
  failover: 'failoverFailed',
  restart: 'restartFailed',
};

/** Ends the task at hand and answers whoever ordered it. */
function endTask(turn: Turn, group: string, failure: string | null): void {
  const { task } = turn.state.groups[group]!;
  if (!task) return;
  setGroup(turn, group, { task: null });
  for (const id of task.replies) {
    settle(turn, id, failure === null ? null : { code: 'group.failed', message: failure });
  }
  const { kind, recoveryOf } = task;
  if (recoveryOf === null) return;
  const succeeded = failure === null;
  tell(turn, { type: 'task.ended', group, kind, monitor: recoveryOf, succeeded });
}

/** Starts what of the group is not online. The caller has seen to it that it is not elsewhere. */
function startGroup(turn: Turn, group: string, about: Partial<Task>): void {
  const task = { ...fresh, ...about, kind: about.kind ?? 'start' };
  const run = turn.state.groups[group]!;
  const queue = (task.only ?? inOrder(turn.state, group)).filter(
    (name) => resourceState(run.resources[name]!) !== 'Online',
  );
  setGroup(turn, group, {
    task,
    held: false,
    blocked: null,
    failovers: task.failovers,
    reason: task.reason,
  });
  say(turn, starting[task.reason], group);
  tell(turn, { type: 'resources.startOrdered', group, queue });
}

export function onStartWanted(turn: Turn, { group, about }: FactOf<'start.wanted'>): void {
  if (!isBusy(turn.state, group)) {
    startGroup(turn, group, about);
    return;
  }
  // Two wanted it within one event: the first one has it.
  const message = `group ${group} is being started or stopped on ${turn.state.server}; wait`;
  for (const id of about.replies ?? []) settle(turn, id, { code: 'group.busy', message });
}

/** Whoever wants a group stopped ends what is being done with it, first. */
export function dropTask(turn: Turn, { group }: FactOf<'stop.wanted'>): void {
  endTask(turn, group, `group ${group} was stopped before it was done`);
}

export function onStopWanted(turn: Turn, { group, about }: FactOf<'stop.wanted'>): void {
  stopGroup(turn, group, about);
}

/** Stops the group, or a part of it, and goes on as `kind` says. It has no task. */
function stopGroup(turn: Turn, group: string, about: Partial<Task>): void {
  const task = { ...fresh, kind: 'stop' as const, ...about };
  const run = turn.state.groups[group]!;
  const wanted = (task.only ?? inOrder(turn.state, group)).toReversed();
  const queue = wanted.filter((name) => resourceState(run.resources[name]!) !== 'Offline');
  const remains = Object.keys(run.resources).some(
    (name) => resourceState(run.resources[name]!) === 'Online' && !queue.includes(name),
  );
  setGroup(turn, group, { task, blocked: null });
  if (task.kind === 'move' || task.kind === 'failover') say(turn, starting[task.kind], group);
  if (!isHere(run)) {
    tell(turn, { type: 'group.stopped', group });
    return;
  }
  say(turn, 'groupStopping', group);
  tell(turn, { type: 'resources.stopOrdered', group, queue, remains });
}

/** Longest that a group may take to start, for those who wait for it on another server. */
function startLimitMs(turn: Turn, group: string): number {
  const { resources } = groupConfig(turn.state, group);
  const sum = resources.reduce((total, name) => {
    const { activation } = resourceConfig(turn.state, name);
    return total + activation.timeoutMs * (activation.retry + 1);
  }, 0);
  return sum + 10_000;
}

function sendTake(turn: Turn, group: string, task: Task, target: string): void {
  const { state } = turn;
  const body = {
    do: 'take',
    group,
    why: task.kind === 'move' ? 'move' : 'failover',
    failovers: task.failovers,
    wait: true,
    word: wordOf(state),
  };
  ask(turn, { server: target, part: 'daemon' }, body, startLimitMs(turn, group), {
    kind: 'take',
    group,
  });
}

/** The other server started the group, or could not. */
export function onTaken(turn: Turn, group: string, failure: string | null): void {
  const { task } = turn.state.groups[group]!;
  if (!task?.target) return;
  const words = task.kind === 'move' ? 'move' : 'failover';
  say(turn, failure === null ? ended[words] : failed[words], group);
  endTask(turn, group, failure);
  if (failure !== null) block(turn, group, task.blocked);
}

/** Ends what waits for a server that is gone to take a group. */
export function giveUpTakes(
  turn: Turn,
  { peer }: FactOf<'peer.lost' | 'peer.left' | 'peer.reborn'>,
): void {
  for (const [id, purpose] of Object.entries(turn.state.pending)) {
    if (purpose.kind !== 'take') continue;
    const { group } = purpose;
    if (turn.state.groups[group]?.task?.target !== peer) continue;
    claim(turn, id);
    onTaken(turn, group, `server ${peer} went down before it had started it`);
    tell(turn, { type: 'take.givenUp', group, peer });
  }
}

/** The group waits for evidence here; beside a server that is up its copies are looked at again. */
function block(turn: Turn, group: string, why: string | null): void {
  setGroup(turn, group, { blocked: why });
  if (why === null) return;
  for (const name of groupConfig(turn.state, group).servers) {
    if (isUp(turn.state.peers[name])) armEvidence(turn, name);
  }
}

export function onStarted(turn: Turn, { group }: FactOf<'group.started'>): void {
  const { task } = turn.state.groups[group]!;
  if (!task) return;
  say(turn, ended[task.reason], group);
  setGroup(turn, group, { failovers: 0, held: false });
  endTask(turn, group, null);
}

function isForWantOfEvidence(turn: Turn, group: string): boolean {
  const { resources } = turn.state.groups[group]!;
  return mirrorsOf(turn.state, group).some((mirror) => {
    const { chart } = resources[mirror.name]!;
    return chart.value === 'failed' && chart.context.code === NOT_LATEST;
  });
}

export function onStartFailed(turn: Turn, fact: FactOf<'group.startFailed'>): void {
  const { group, resource } = fact;
  const run = turn.state.groups[group]!;
  say(turn, failed[run.task?.reason ?? 'start'], group);
  const { text } = run.resources[resource]!.chart.context;
  const where = `${turn.state.server}: ${resource}: ${text}`;
  endTask(turn, group, `group ${group} did not start on ${where}`);
}

/** Another server has it, or it waits here for evidence, or the final action comes. */
export function goOnAfterFailure(turn: Turn, fact: FactOf<'group.startFailed'>): void {
  const { group, resource } = fact;
  const { noActivationRecovery } = turn.state.config;
  const run = turn.state.groups[group]!;
  if (turn.state.stopping || run.task) return;
  const rules = resourceConfig(turn.state, resource).activation;
  const goes = !noActivationRecovery && run.failovers < rules.failover;
  const mayGo = goes && groupConfig(turn.state, group).failover === 'auto';
  const target = mayGo ? nextServer(turn.state, group) : null;
  if (target) {
    stopGroup(turn, group, { kind: 'failover', target, failovers: run.failovers + 1 });
    return;
  }
  if (isForWantOfEvidence(turn, group)) {
    const { text } = run.resources[resource]!.chart.context;
    say(turn, 'mirrorBlocked', group, text);
    stopGroup(turn, group, {});
    block(turn, group, text);
    return;
  }
  if (!noActivationRecovery) tell(turn, { type: 'finalAction.due', action: rules.finalAction });
}

/** Down here. Goes on as the task says. */
export function onStopped(turn: Turn, { group }: FactOf<'group.stopped'>): void {
  const { task } = turn.state.groups[group]!;
  if (!isHere(turn.state.groups[group]!)) say(turn, 'groupStopped', group);
  if (!task) return;
  if (task.kind === 'restart' && !turn.state.stopping) {
    startGroup(turn, group, { ...task, kind: 'restart', reason: 'restart' });
    return;
  }
  if ((task.kind === 'move' || task.kind === 'failover') && task.target) {
    sendTake(turn, group, task, task.target);
    return;
  }
  endTask(turn, group, null);
}

export function onStopFailed(turn: Turn, fact: FactOf<'group.stopFailed'>): void {
  const { group, resource } = fact;
  const run = turn.state.groups[group]!;
  say(turn, 'groupStopFailed', group);
  if (run.task?.kind === 'move' || run.task?.kind === 'failover')
    say(turn, failed[run.task.kind], group);
  const { text } = run.resources[resource]!.chart.context;
  endTask(turn, group, `group ${group} did not stop on ${turn.state.server}: ${resource}: ${text}`);
  if (turn.state.config.noActivationRecovery) return;
  const { finalAction } = resourceConfig(turn.state, resource).deactivation;
  tell(turn, { type: 'finalAction.due', action: finalAction });
}
