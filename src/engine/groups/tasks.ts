/**
 * What is done with a group across its charts and across servers (machines/task.machine.ts): start,
 * stop, restart here; or down here, then `take` by another server's daemon (a move is an operator's
 * order, a failover follows from a failure here).
 *
 * A group has one task at a time; whoever ordered it is answered when it ends. After an
 * activation failure: failover while the resource allows it and another server can, else the
 * resource's final action (v3 10.1, x5 2.12.1). A group whose mirror has no evidence, and that no
 * other server can take, is let go of and waits (`blocked`); no final action could help it.
 */
import { type TaskEvent, taskMachine } from '../../../machines/task.machine.ts';
import { stallAction } from '../../config/index.ts';
import { type ChartEffect, moveChart, startChart } from '../../core/chart.ts';
import { chooseNext } from '../destination.ts';
import type { FactOf } from '../facts.ts';
import {
  awaitedToStart,
  awaitedToStop,
  hasFailed,
  isWaiting,
  waitingGroups,
} from '../group-waits.ts';
import { sayGoing, sayStart, sayStop } from '../group-words.ts';
import { say, sayIfKnown } from '../messages.ts';
import { excludedBy, isPlaced } from '../placement.ts';
import {
  evidenceCode,
  groupConfig,
  hasStalled,
  inOrder,
  isBusy,
  isHere,
  isUp,
  mirrorsOf,
  otherHome,
  resourceConfig,
  resourceState,
  standingIn,
} from '../queries.ts';
import type { Task, TaskOrder } from '../state.ts';
import { armEvidence, emit, jobDone, setGroup, type Turn, tell } from '../turn.ts';

const fresh: TaskOrder = {
  kind: 'start',
  reason: 'start',
  target: null,
  only: null,
  alone: null,
  replies: [],
  recoveryOf: null,
  failovers: 0,
  blocked: null,
  holds: false,
  goesBack: false,
  adds: false,
};

/** Begins a task. The group has none; where it starts, the caller saw that it is not elsewhere. */
function beginTask(turn: Turn, group: string, about: Partial<TaskOrder>): void {
  const order = { ...fresh, ...about };
  const goes = (order.kind === 'move' || order.kind === 'failover') && order.target !== null;
  const isStart = order.kind === 'start';
  const awaited = (isStart ? awaitedToStart : awaitedToStop)(turn.state, group);
  const waits = awaited.length > 0;
  const { chart, effects } = startChart(taskMachine, { kind: order.kind, goes, waits });
  const { held } = turn.state.groups[group]!;
  const task = { ...order, chart, awaited };
  setGroup(turn, group, { task, blocked: null, held: held || order.holds });
  if (waits) beginWait(turn, group, awaited, isStart);
  for (const effect of effects) carryOut(turn, group, effect);
}

function beginWait(turn: Turn, group: string, awaited: string[], isStart: boolean): void {
  for (const name of awaited) sayIfKnown(turn, isStart ? 'startWaitBegun' : 'stopWaitBegun', name);
  const { startAfter, stopAfter } = groupConfig(turn.state, group);
  const { timeoutMs } = (isStart ? startAfter : stopAfter)!;
  emit(turn, { type: 'armTimer', id: `groupwait:${group}`, at: turn.now + timeoutMs });
}

function endWait(turn: Turn, group: string, event: TaskEvent): void {
  emit(turn, { type: 'cancelTimer', id: `groupwait:${group}` });
  // Nobody starts it by itself any more: whoever sees to the other group starts both.
  if (event.type === 'wait.failed') setGroup(turn, group, { held: true });
  moveTask(turn, group, event);
}

/** A start is given up for it, a stop goes on without it. */
function goOnWithout(turn: Turn, group: string, other: string, why: 'failed' | 'too late'): void {
  const isStart = turn.state.groups[group]!.task!.kind === 'start';
  const isLate = why === 'too late';
  if (isStart) {
    sayIfKnown(turn, isLate ? 'startWaitTimedOut' : 'startWaitFailed', other);
    const message = `group ${group} did not start: group ${other}, which it waits for, ${isLate ? 'is not online in time' : 'failed'}`;
    endWait(turn, group, { type: 'wait.failed', message });
    return;
  }
  sayIfKnown(turn, isLate ? 'stopWaitTimedOut' : 'stopWaitFailed', other);
  endWait(turn, group, { type: 'wait.over' });
}

/** After every event: groups that wait for others go on when those are as they should be. */
export function settleGroupWaits(turn: Turn): void {
  for (const group of waitingGroups(turn.state.groups)) {
    const task = turn.state.groups[group]!.task!;
    const kind = task.kind === 'start' ? 'start' : 'stop';
    const failed = task.awaited.find((name) => hasFailed(turn.state, name, kind));
    if (failed !== undefined) {
      goOnWithout(turn, group, failed, 'failed');
      continue;
    }
    const now = (kind === 'start' ? awaitedToStart : awaitedToStop)(turn.state, group);
    const awaited = task.awaited.filter((name) => now.includes(name));
    if (awaited.length === task.awaited.length) continue;
    for (const name of task.awaited.filter((one) => !awaited.includes(one))) {
      sayIfKnown(turn, kind === 'start' ? 'startWaitEnded' : 'stopWaitEnded', name);
    }
    setGroup(turn, group, { task: { ...task, awaited } });
    if (awaited.length === 0) endWait(turn, group, { type: 'wait.over' });
  }
}

/** The time that a group waits for others is over. */
export function giveUpGroupWait(turn: Turn, group: string): void {
  const task = turn.state.groups[group]?.task;
  if (task && isWaiting(task)) goOnWithout(turn, group, task.awaited[0]!, 'too late');
}

function moveTask(turn: Turn, group: string, event: TaskEvent): void {
  const { task } = turn.state.groups[group]!;
  if (!task) return;
  const { chart, effects } = moveChart(taskMachine, task.chart, event);
  setGroup(turn, group, { task: { ...task, chart } });
  for (const effect of effects) carryOut(turn, group, effect);
}

function carryOut(turn: Turn, group: string, { type, params }: ChartEffect): void {
  const task = turn.state.groups[group]!.task!;
  switch (type) {
    case 'startHere':
      startHere(turn, group, task);
      return;
    case 'stopHere':
      stopHere(turn, group, task);
      return;
    case 'handOver':
      tell(turn, handingOver(group, task));
      return;
    case 'reportDone':
      endTask(turn, group, task, null);
      return;
    case 'reportFailed':
      endTask(turn, group, task, (params as { message: string }).message);
      return;
  }
}

function handingOver(group: string, { kind, target, failovers }: Task): FactOf<'take.wanted'> {
  const why = kind === 'move' ? 'move' : 'failover';
  return { type: 'take.wanted', group, target: target!, why, failovers };
}

/** Answers whoever ordered the task. */
function endTask(turn: Turn, group: string, task: Task, failure: string | null): void {
  setGroup(turn, group, { task: null });
  for (const name of (task.adds ? task.only : null) ?? []) {
    sayIfKnown(turn, failure === null ? 'addedStarted' : 'addedFailed', name);
  }
  for (const id of task.replies) {
    jobDone(turn, id, failure === null ? null : { code: 'group.failed', message: failure });
  }
  const { kind, recoveryOf } = task;
  if (recoveryOf === null) return;
  const succeeded = failure === null;
  tell(turn, { type: 'task.ended', group, kind, monitor: recoveryOf, succeeded });
}

/** Starts what of the group is not online. */
function startHere(turn: Turn, group: string, task: Task): void {
  const run = turn.state.groups[group]!;
  const queue = (task.only ?? inOrder(turn.state, group)).filter(
    (name) => resourceState(run.resources[name]!) !== 'Online',
  );
  const { failovers } = task;
  const reason = task.kind === 'restart' ? 'restart' : task.reason;
  const home = turn.state.server;
  const begunAt = turn.now;
  setGroup(turn, group, { held: false, blocked: null, failovers, reason, home, begunAt });
  sayStart(turn, group, task, reason, 'starting');
  tell(turn, { type: 'resources.startOrdered', group, queue });
}

/** Stops what of the group is not offline, or of a part of it: of that the group says nothing. */
function stopHere(turn: Turn, group: string, task: Task): void {
  const run = turn.state.groups[group]!;
  const wanted = (task.only ?? inOrder(turn.state, group)).toReversed();
  const queue = wanted.filter((name) => resourceState(run.resources[name]!) !== 'Offline');
  const remains = Object.keys(run.resources).some(
    (name) => resourceState(run.resources[name]!) === 'Online' && !queue.includes(name),
  );
  if (task.kind === 'move' || task.kind === 'failover') sayGoing(turn, group, task, 'starting');
  if (!isHere(run)) {
    tell(turn, { type: 'group.stopped', group, ran: false });
    return;
  }
  sayStop(turn, task, 'starting');
  if (!remains) say(turn, 'groupStopping', group);
  tell(turn, { type: 'resources.stopOrdered', group, queue, remains });
}

export function onStartWanted(turn: Turn, { group, about }: FactOf<'start.wanted'>): void {
  const rival = excludedBy(turn.state, group, turn.state.server);
  if (rival !== null) {
    sayIfKnown(
      turn,
      'notInConditionToStart',
      turn.state.server,
      group,
      `exclusion of group ${rival}`,
    );
    const message = `group ${rival} runs on ${turn.state.server}, and ${group} never beside it`;
    for (const id of about.replies ?? []) jobDone(turn, id, { code: 'group.excluded', message });
    return;
  }
  if (!isBusy(turn.state, group)) {
    beginTask(turn, group, { ...about, kind: 'start' });
    return;
  }
  // Two wanted it within one event: the first one has it.
  const message = `group ${group} is being started or stopped on ${turn.state.server}; wait`;
  for (const id of about.replies ?? []) jobDone(turn, id, { code: 'group.busy', message });
}

/** Whoever wants a group stopped ends what is being done with it, first. */
export function dropTask(turn: Turn, { group }: FactOf<'stop.wanted'>): void {
  const message = `group ${group} was stopped before it was done`;
  moveTask(turn, group, { type: 'task.dropped', message });
}

export function onStopWanted(turn: Turn, { group, about }: FactOf<'stop.wanted'>): void {
  beginTask(turn, group, { kind: 'stop', ...about });
}

/** The other server started the group, or could not. */
export function onTakeEnded(turn: Turn, { group, failure }: FactOf<'take.ended'>): void {
  const { task } = turn.state.groups[group]!;
  if (task?.chart.value !== 'handing') return;
  sayGoing(turn, group, task, failure === null ? 'ended' : 'failed');
  if (failure === null) {
    moveTask(turn, group, { type: 'take.done' });
    return;
  }
  moveTask(turn, group, { type: 'take.failed', message: failure });
  // What failed over there is there: it waits here no more.
  if (otherHome(turn.state, group) === null) block(turn, group, task.blocked);
}

/** The group waits for evidence here; beside a server that is up its copies are polled again. */
function block(turn: Turn, group: string, why: string | null): void {
  setGroup(turn, group, { blocked: why });
  if (why === null) return;
  for (const name of groupConfig(turn.state, group).servers) {
    if (isUp(turn.state.peers[name])) armEvidence(turn, name);
  }
}

export function onStarted(turn: Turn, { group }: FactOf<'group.started'>): void {
  const { task, reason, begunAt } = turn.state.groups[group]!;
  if (!task) return;
  sayStart(turn, group, task, reason, 'ended');
  const tookMs = Math.round(turn.now - begunAt);
  setGroup(turn, group, { failovers: 0, held: false, tookMs });
  moveTask(turn, group, { type: 'group.started' });
}

function isForWantOfEvidence(turn: Turn, group: string): boolean {
  const { resources } = turn.state.groups[group]!;
  return mirrorsOf(turn.state, group).some((mirror) => {
    const { chart } = resources[mirror.name]!;
    return chart.value === 'failed' && chart.context.code === evidenceCode(mirror);
  });
}

export function onStartFailed(turn: Turn, fact: FactOf<'group.startFailed'>): void {
  const { group, resource } = fact;
  const run = turn.state.groups[group]!;
  sayStart(turn, group, run.task, run.task ? run.reason : 'start', 'failed');
  const { text } = run.resources[resource]!.chart.context;
  const message = `group ${group} did not start on ${turn.state.server}: ${resource}: ${text}`;
  moveTask(turn, group, { type: 'group.startFailed', message });
}

/** Another server has it, or it waits here for evidence, or the final action comes. */
export function goOnAfterFailure(turn: Turn, fact: FactOf<'group.startFailed'>): void {
  const { group, resource } = fact;
  const { noActivationRecovery } = turn.state.config;
  const run = turn.state.groups[group]!;
  if (turn.state.stopping || run.task) return;
  const cause = { by: 'activation' as const, name: resource };
  if (hasStalled(run)) {
    tell(turn, { type: 'finalAction.due', action: stallAction(turn.state.config), cause });
    return;
  }
  if (noActivationRecovery) sayIfKnown(turn, 'activationRecoveryOff');
  const rules = resourceConfig(turn.state, resource).activation;
  const goes = !noActivationRecovery && run.failovers < rules.failover;
  const mayGo = goes && groupConfig(turn.state, group).failover === 'auto';
  const target = mayGo ? chooseNext(turn, group) : null;
  if (target) {
    sayIfKnown(turn, 'groupGoesForFailure', group, target, resource);
    beginTask(turn, group, { kind: 'failover', target, failovers: run.failovers + 1 });
    return;
  }
  if (isForWantOfEvidence(turn, group)) {
    const { text } = run.resources[resource]!.chart.context;
    sayIfKnown(turn, 'groupStopsForFailure', group, resource);
    say(turn, 'mirrorBlocked', group, text);
    beginTask(turn, group, { kind: 'stop' });
    block(turn, group, text);
    return;
  }
  if (noActivationRecovery) return;
  tell(turn, { type: 'finalAction.due', action: rules.finalAction, cause });
}

/** Down here, or that part of it. */
export function onStopped(turn: Turn, { group, ran }: FactOf<'group.stopped'>): void {
  const run = turn.state.groups[group]!;
  if (ran) sayStop(turn, run.task, 'ended');
  if (ran && !isHere(run)) say(turn, 'groupStopped', group);
  moveTask(turn, group, { type: 'group.stopped', stays: turn.state.stopping !== null });
  const isWhole = run.task?.kind === 'stop' && run.task.only === null;
  if (isWhole && !run.task?.holds) tell(turn, { type: 'group.letGo', group });
}

export function onStopFailed(turn: Turn, fact: FactOf<'group.stopFailed'>): void {
  const { group, resource } = fact;
  const run = turn.state.groups[group]!;
  sayStop(turn, run.task, 'failed');
  say(turn, 'groupStopFailed', group);
  if (run.task?.kind === 'move' || run.task?.kind === 'failover') {
    sayGoing(turn, group, run.task, 'failed');
  }
  const { text } = run.resources[resource]!.chart.context;
  const message = `group ${group} did not stop on ${turn.state.server}: ${resource}: ${text}`;
  moveTask(turn, group, { type: 'group.stopFailed', message });
  const cause = { by: 'deactivation' as const, name: resource };
  if (hasStalled(run)) {
    tell(turn, { type: 'finalAction.due', action: stallAction(turn.state.config), cause });
    return;
  }
  const { noActivationRecovery, noDeactivationRecovery } = turn.state.config;
  if (noDeactivationRecovery ?? noActivationRecovery) {
    sayIfKnown(turn, 'deactivationRecoveryOff');
    return;
  }
  const { finalAction } = resourceConfig(turn.state, resource).deactivation;
  tell(turn, { type: 'finalAction.due', action: finalAction, cause });
}

/** A group that is not here stands as another server reports: held by an operator, or running again. */
export function adoptStanding(turn: Turn, { peer }: FactOf<'node.reported'>): void {
  for (const [group, reported] of standingIn(turn.state.peers[peer]!.reported!)) {
    const run = turn.state.groups[group];
    if (!run || isHere(run)) continue;
    const isThere = reported.state !== 'Offline' && !reported.blocked;
    const isAsked = isPlaced(turn.state.config, groupConfig(turn.state, group));
    if (isThere && isAsked && run.home !== peer) setGroup(turn, group, { home: peer });
    const { held } = reported;
    const blocked = isThere && !reported.state.endsWith('Pending') ? null : run.blocked;
    if (held !== run.held || blocked !== run.blocked) setGroup(turn, group, { held, blocked });
  }
}

/** Also what ran there while the two did not hear each other waits here for no evidence any more. */
export function waitNoMore(turn: Turn, { peer }: FactOf<'peer.spoke'>): void {
  for (const [group, { state, blocked }] of standingIn(turn.state.peers[peer]!.reported!)) {
    const runsThere = state === 'Online' && !blocked;
    if (runsThere && turn.state.groups[group]?.blocked) setGroup(turn, group, { blocked: null });
  }
}

/** Evidence on that server was found: what waited for it waits no more. */
export function unblock(turn: Turn, { peer }: FactOf<'evidence.found'>): void {
  for (const [group, run] of Object.entries(turn.state.groups)) {
    if (!run.blocked || isBusy(turn.state, group)) continue;
    if (!groupConfig(turn.state, group).servers.includes(peer)) continue;
    setGroup(turn, group, { blocked: null });
    tell(turn, { type: 'group.unblocked', group });
  }
}
