/**
 * The daemon's phase, from its start to its end. At the start it waits for the other servers, for
 * `startupWaitMs` at most (clpbwctrl -c ends the wait; x5 2.21); then what starts by itself may.
 * Between an online daemon and a suspended one there are the operator's orders (clpcl --suspend,
 * --resume); one that fails takes an X server down (x5 2.12.13). Each phase is told to the host, which
 * keeps the server's chart.
 */
import { type DaemonPhaseEvent, daemonMachine } from '../../../machines/daemon.machine.ts';
import { carriersOf } from '../../config/index.ts';
import { chartFromJson, moveChart } from '../../core/chart.ts';
import type { Json } from '../../core/json.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import type { FactOf } from '../facts.ts';
import { canTalk } from '../heard.ts';
import { say, sayIfKnown } from '../messages.ts';
import { isBusy, isUp } from '../queries.ts';
import type { Peer, Phase, Purpose } from '../state.ts';
import { askHere, emit, patch, refuse, reply, type Turn, tell } from '../turn.ts';

const HOST_MS = 5000;

/**
 * Moves the chart, which remembers nothing but its state: the phase is all that is stored of it.
 * `request` is answered once the host knows.
 */
function move(turn: Turn, event: DaemonPhaseEvent, request: string | null = null): void {
  const chart = chartFromJson(daemonMachine, { value: turn.state.phase, context: {} });
  const moved = moveChart(daemonMachine, chart, event);
  const phase = moved.chart.value as Phase;
  if (phase !== turn.state.phase) patch(turn, { phase });
  for (const { type } of moved.effects) carryOut(turn, type, phase, request);
}

function tellHost(turn: Turn, phase: Phase, request: string | null): void {
  const heartbeats = [...new Set(turn.state.config.heartbeats.map(({ type }) => type))];
  const onDeath = turn.state.config.processAction === 'stopDaemonAndReboot' ? 'reboot' : 'shutdown';
  const onStall = turn.state.config.shutdownStallAction ?? 'reset';
  const carriers = carriersOf(turn.state.config, turn.state.server) as unknown as Json;
  const body = { do: 'node', event: phase, heartbeats, onDeath, onStall, carriers };
  const heard: Purpose = phase === 'waiting' ? { kind: 'carriers' } : { kind: 'nothing' };
  const answered: Purpose = request === null ? heard : { kind: 'suspend', request };
  askHere(turn, 'host', body, HOST_MS, answered);
}

function carryOut(turn: Turn, effect: string, phase: Phase, request: string | null): void {
  switch (effect) {
    case 'tellHost':
      tellHost(turn, phase, request);
      return;
    case 'reportWaited':
      tell(turn, { type: 'wait.ended' });
      return;
    case 'reportResumed':
      tell(turn, { type: 'daemon.resumed' });
      return;
  }
}

export function onStart(turn: Turn, bootId: string): void {
  if (turn.state.phase !== 'starting') return;
  patch(turn, { bootId, born: turn.now });
  say(turn, 'started');
  const { ratio } = turn.state.facts;
  if (ratio) emit(turn, { type: 'armTimer', id: 'ratio', at: ratio.until });
  const waitMs = Object.keys(turn.state.peers).length === 0 ? 0 : turn.state.config.startupWaitMs;
  move(turn, { type: 'daemon.started' });
  patch(turn, { waitingUntil: turn.now + waitMs });
  tell(turn, { type: 'wait.begun', waitMs });
}

export function onWaitBegun(turn: Turn, { waitMs }: FactOf<'wait.begun'>): void {
  if (waitMs === 0) {
    endWait(turn, null);
    return;
  }
  sayIfKnown(turn, 'waitBegun');
  say(turn, 'startupWait', Math.round(waitMs / 1000));
  emit(turn, { type: 'armTimer', id: 'startup', at: turn.now + waitMs });
}

/**
 * All the others are heard, or said that they are suspended, and say so of this daemon: nobody is
 * waited for. What a server says before it has heard this daemon may be older than a group that the
 * daemon before this one handed over to it (our choice; the manuals only say that all have to start).
 */
export function onPeerHeard(turn: Turn): void {
  const { peers, ears } = turn.state;
  const isThere = (peer: Peer) => isUp(peer) || peer.reported?.phase === 'suspended';
  const names = Object.keys(peers);
  const isComplete = names.every((name) => isThere(peers[name]!) && ears[name]!.hearsThis);
  if (isComplete) endWait(turn, 'waitComplete');
}

/** Its time is over: whoever is missing is off, or cannot be heard; some are heard over no LAN. */
export function onWaitOver(turn: Turn): void {
  const isMute = (name: string) => isUp(turn.state.peers[name]) && !canTalk(turn.state, name);
  const isAny = Object.keys(turn.state.peers).some(isMute);
  endWait(turn, isAny ? 'waitOverUntalked' : 'waitOver');
}

type Why = 'waitComplete' | 'waitOver' | 'waitOverUntalked' | 'waitCancelled' | null;

/** `why` is said; null: there was nobody to wait for. */
function endWait(turn: Turn, why: Why): void {
  if (turn.state.phase !== 'waiting') return;
  if (why !== null) sayIfKnown(turn, why);
  emit(turn, { type: 'cancelTimer', id: 'startup' });
  patch(turn, { waitingUntil: null });
  move(turn, { type: 'wait.ended' });
}

export function onCancelWait(turn: Turn, id: string): void {
  const { phase, server } = turn.state;
  if (phase !== 'waiting') {
    const message = `server ${server} does not wait for the others: it is ${phase}`;
    refuse(turn, id, 'wait.none', message);
    return;
  }
  endWait(turn, 'waitCancelled');
  reply(turn, id, { done: true });
}

function suspend(turn: Turn, id: string): void {
  const { phase, server } = turn.state;
  if (phase === 'suspended') {
    reply(turn, id, { done: true });
    return;
  }
  if (phase !== 'online') {
    const message = `server ${server} is ${phase}; only an online one suspends`;
    refuse(turn, id, 'server.notOnline', message);
    return;
  }
  const busy = Object.keys(turn.state.groups).find((group) => isBusy(turn.state, group));
  if (busy) {
    refuse(turn, id, 'group.busy', `group ${busy} is being started or stopped; wait, then suspend`);
    return;
  }
  say(turn, 'suspendAsked', 'command');
  move(turn, { type: 'suspend.ordered' }, id);
}

/** Suspended is a server whose host knows it: else its watchdog would go on. */
export function onSuspendTold(
  turn: Turn,
  request: string,
  failure: { message: string } | null,
): void {
  if (failure === null) reply(turn, request, { done: true });
  else giveUp(turn, request, `did not suspend: ${failure.message}`);
}

function resume(turn: Turn, id: string): void {
  const { phase, server } = turn.state;
  if (phase !== 'suspended') {
    refuse(turn, id, 'server.notSuspended', `server ${server} is ${phase}, not suspended`);
    return;
  }
  say(turn, 'resumeAsked', 'command');
  tell(turn, { type: 'resume.wanted', request: id });
}

export function onResumeJudged(turn: Turn, { request, why }: FactOf<'resume.judged'>): void {
  if (why !== null) {
    sayIfKnown(turn, 'resumeFailed');
    giveUp(turn, request, `did not resume: ${why}`);
    return;
  }
  move(turn, { type: 'resume.ordered' });
  reply(turn, request, { done: true });
}

/** X shuts the server down then (x5 2.12.13). v3 documents no such end: it stays as it is. */
function giveUp(turn: Turn, request: string, what: string): void {
  const { config, server } = turn.state;
  refuse(turn, request, 'cluster.failed', `server ${server} ${what}`);
  if (config.manual === 'v3') return;
  tell(turn, { type: 'exit.ordered', goal: 'shutdown', failOver: true, replies: [] });
}

export function onSuspension(
  turn: Turn,
  id: string,
  { op }: Extract<DaemonRequest, { do: 'cluster' }>,
): void {
  if (op === 'suspend') suspend(turn, id);
  else resume(turn, id);
}

/** Who is suspended is silent: until its groups have stopped it is heard again, so that nobody loses it. */
export function onStopping(turn: Turn): void {
  const wasSilent = turn.state.phase === 'suspended';
  emit(turn, { type: 'cancelTimer', id: 'startup' });
  patch(turn, { waitingUntil: null });
  move(turn, { type: 'stop.ordered' });
  if (wasSilent) tell(turn, { type: 'daemon.resumed' });
}

export function onStopped(turn: Turn): void {
  move(turn, { type: 'groups.gone' });
}
