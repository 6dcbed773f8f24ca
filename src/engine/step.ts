/**
 * One event of the cluster daemon: (state, event, now) → (state, effects).
 *
 *     event ──► the concern it belongs to ──► what it tells ──► upkeep ──► state and effects
 *                                              is heard          │ hand-overs without answer are settled
 *                                              (hearing.ts)      │ orphans are fenced off and claimed
 *                                                                │ groups that waited for others go on
 *                                                                │ what prefers a server that joined moves there
 *                                                                │ what was added to a group that runs is started
 *                                                                │ a stop goes on (stop.ts)
 *                                                                │ monitors follow their targets
 *                                                                ├ a changed node state is sent at once
 *                                                                └ daemons first heard are told so
 *
 * An idle event (a beat, a passed check) changes no group, so it has no upkeep.
 */
import type { Json } from '../core/json.ts';
import type { Step } from '../core/part.ts';
import { onScriptEnded } from './daemon/asked.ts';
import { onBeforeEnded } from './daemon/before-action.ts';
import { onFinalActionAnswered } from './daemon/final-action.ts';
import { checkLicences, onLicencesDue, onLicencesRead } from './daemon/licences.ts';
import { onManagementAnswered, tendManagement } from './daemon/management.ts';
import { onStart, onSuspendTold, onWaitOver } from './daemon/phase.ts';
import { onCounted, onInOrder } from './daemon/reboots.ts';
import { onConfigRead, onResumeRead } from './daemon/reload.ts';
import { onRequest } from './daemon/requests.ts';
import { advanceStop, onPowerAnswered, orderStop } from './daemon/stop.ts';
import { startAdded } from './groups/additions.ts';
import { onAroundEnded, onAttemptEnded, tryAgain } from './groups/attempts.ts';
import { failBack } from './groups/failback.ts';
import { onForwardEnded } from './groups/orders.ts';
import { claimOrphans } from './groups/takeover.ts';
import { onTakeAnswered, settleTakes } from './groups/takes.ts';
import { giveUpGroupWait, settleGroupWaits } from './groups/tasks.ts';
import { onCopies } from './groups/waiting.ts';
import { unheardBy } from './heard.ts';
import { hearAll } from './hearing.ts';
import { onPartitionTimer, onReachEnded, onSettled } from './partition/resolution.ts';
import { onGeneration } from './peers/breaks.ts';
import { onCarriersLooked } from './peers/carriers.ts';
import { onEvidenceAnswer } from './peers/evidence.ts';
import { fenceGone, onFenceEnded, onFenceTimer, onPowerPolled } from './peers/fencing.ts';
import { answerNewcomers, onDatagram, onWatchTimer } from './peers/heartbeats.ts';
import { onControllerAnswered, onControllersTimer } from './peers/power-watch.ts';
import { onRatioTimer } from './peers/ratio.ts';
import { onBeatTimer, sendNews } from './peers/sending.ts';
import { errorCount } from './queries.ts';
import type { DaemonEffect, DaemonEvent, DaemonState, Purpose } from './state.ts';
import { beginTurn, claim, jobDone, refuse, type Turn, tell } from './turn.ts';
import { onCheckEnded } from './watching/checks.ts';
import { onMonitorTimer, syncMonitors } from './watching/monitors.ts';
import type { End } from './work.ts';

function onTimer(turn: Turn, id: string): void {
  const [kind, name = ''] = id.split(/:(.*)/s);
  switch (kind) {
    case 'beat':
      onBeatTimer(turn);
      return;
    case 'watch':
      onWatchTimer(turn, name);
      return;
    case 'monitor':
      onMonitorTimer(turn, name);
      return;
    case 'startup':
      onWaitOver(turn);
      return;
    case 'fence':
      onFenceTimer(turn, name);
      return;
    case 'evidence':
      tell(turn, { type: 'evidence.due', peer: name });
      return;
    case 'ratio':
      onRatioTimer(turn);
      return;
    case 'licences':
      onLicencesDue(turn);
      return;
    case 'controllers':
      onControllersTimer(turn);
      return;
    case 'reboots':
      onInOrder(turn, name);
      return;
    case 'groupwait':
      giveUpGroupWait(turn, name);
      return;
    case 'partition':
      onPartitionTimer(turn);
      return;
    case 'settle':
      onSettled(turn);
      return;
    case 'again': {
      const [group = '', resource = ''] = name.split('/');
      tryAgain(turn, group, resource);
      return;
    }
  }
}

/** The answer to a question that no group waits for; false: it is to another one. */
function isAside(turn: Turn, purpose: Purpose, failure: { message: string } | null): boolean {
  if (purpose.kind === 'management') onManagementAnswered(turn, purpose, failure);
  else if (purpose.kind === 'controller') {
    onControllerAnswered(turn, purpose.peer, failure?.message ?? null);
  } else return false;
  return true;
}

/** The end of a script that is no attempt and no check; false: it is of another kind. */
function isScript(turn: Turn, id: string, purpose: Purpose, event: End): boolean {
  if (purpose.kind === 'script') onScriptEnded(turn, purpose, event);
  else if (purpose.kind === 'around') onAroundEnded(turn, id, purpose, event);
  else if (purpose.kind === 'before') onBeforeEnded(turn, purpose, event);
  else return false;
  return true;
}

function onAnswer(turn: Turn, id: string, purpose: Purpose, event: End): void {
  const body: Json = event.type === 'request.answered' ? event.body : null;
  const failure = event.type === 'request.failed' ? event : null;
  if (isAside(turn, purpose, failure) || isScript(turn, id, purpose, event)) return;
  switch (purpose.kind) {
    case 'attempt':
      onAttemptEnded(turn, id, purpose, event);
      return;
    case 'check':
      onCheckEnded(turn, id, purpose, event);
      return;
    case 'fence':
      onFenceEnded(turn, purpose.peer, failure?.message ?? null);
      return;
    case 'powerPoll':
      onPowerPolled(turn, purpose.peer, body);
      return;
    case 'evidence':
      onEvidenceAnswer(turn, purpose.peer, purpose.how, body);
      return;
    case 'copies':
      onCopies(turn, purpose.peer, purpose.of, body);
      return;
    case 'take':
      onTakeAnswered(turn, purpose, failure);
      return;
    case 'forward':
      onForwardEnded(turn, purpose, failure);
      return;
    case 'tellPeer':
      // Nobody there to be told is no failure of the agent's: it goes on, and knows who was told.
      jobDone(turn, purpose.job, null, failure ? undefined : purpose.peer);
      return;
    case 'generation':
      onGeneration(turn, purpose.job, purpose.mirror, body);
      return;
    case 'tellAgent':
      jobDone(turn, purpose.job, failure);
      return;
    case 'power':
      onPowerAnswered(turn, failure);
      return;
    case 'finalAction':
      onFinalActionAnswered(turn, purpose, failure);
      return;
    case 'licences':
      onLicencesRead(turn, body);
      return;
    case 'config':
      if (failure) jobDone(turn, purpose.job, failure);
      else onConfigRead(turn, purpose.job, body);
      return;
    case 'suspend':
      onSuspendTold(turn, purpose.request, failure);
      return;
    case 'resume':
      onResumeRead(turn, purpose.request, body, failure);
      return;
    case 'carriers':
      if (!failure) onCarriersLooked(turn, body);
      return;
    case 'reach':
    case 'nothing':
      return;
  }
}

function takeEvent(turn: Turn, event: DaemonEvent): void {
  switch (event.type) {
    case 'part.started':
      onStart(turn, event.bootId);
      return;
    case 'licences.found':
      checkLicences(turn, event.text);
      return;
    case 'timer.fired':
      onTimer(turn, event.id);
      return;
    case 'datagram.received':
      onDatagram(turn, event.net, event.from, event.body);
      return;
    case 'request.received':
      if (turn.state.phase !== 'starting') onRequest(turn, event);
      else refuse(turn, event.id, 'server.notOnline', 'the daemon is only just starting');
      return;
    case 'stop.requested':
      orderStop(turn, { goal: 'exit', failOver: true, replies: [] });
      return;
    case 'request.answered':
    case 'request.failed':
    case 'script.ended':
    case 'ocf.ended':
    case 'ocf.looked': {
      const purpose = claim(turn, event.id);
      if (purpose) onAnswer(turn, event.id, purpose, event);
      return;
    }
    case 'facts.settled': {
      const purpose = claim(turn, event.id);
      if (purpose?.kind === 'counted') onCounted(turn, purpose);
      return;
    }
    case 'reach.ended': {
      const purpose = claim(turn, event.id);
      if (purpose?.kind === 'reach') onReachEnded(turn, purpose, event.answers);
    }
  }
}

/** Nothing of what others are told has changed, at a glance. */
function isQuiet(before: DaemonState, after: DaemonState): boolean {
  return (
    before.groups === after.groups &&
    before.phase === after.phase &&
    before.facts === after.facts &&
    before.config === after.config &&
    before.partition.runs === after.partition.runs &&
    before.stopping === after.stopping
  );
}

/** What the state alone decides, until it decides nothing more. */
function decide(before: DaemonState, turn: Turn): void {
  do {
    hearAll(turn);
    settleTakes(turn);
    fenceGone(turn);
    claimOrphans(turn);
    settleGroupWaits(turn);
    failBack(turn);
    startAdded(turn);
    // What was just decided is heard before the stop looks at it.
    if (turn.told.length === 0 && !isQuiet(before, turn.state)) advanceStop(turn);
  } while (turn.told.length > 0);
}

/** As many monitors see an error as before. */
function areAsWell(before: DaemonState, after: DaemonState): boolean {
  return before.monitors === after.monitors || errorCount(before) === errorCount(after);
}

/** The same servers as before. */
function hearAlike(before: DaemonState, after: DaemonState): boolean {
  return (
    before.peers === after.peers ||
    JSON.stringify(unheardBy(before)) === JSON.stringify(unheardBy(after))
  );
}

function upkeep(before: DaemonState, turn: Turn): void {
  decide(before, turn);
  tendManagement(turn);
  const { state } = turn;
  if (!isQuiet(before, state) || !areAsWell(before, state) || !hearAlike(before, state)) {
    syncMonitors(turn);
    sendNews(turn, before);
  }
  answerNewcomers(turn);
}

export const stepDaemon: Step<DaemonState, DaemonEvent, DaemonEffect> = (state, event, now) => {
  const turn = beginTurn(state, now);
  // Past its end a daemon only waits for the answer of its host.
  if (state.phase === 'stopped' && !('id' in event && state.pending[event.id])) {
    if (event.type === 'request.received') {
      refuse(turn, event.id, 'server.notOnline', `the daemon of ${state.server} has stopped`);
    }
    return { state, effects: turn.effects };
  }
  takeEvent(turn, event);
  upkeep(state, turn);
  return { state: turn.state, effects: turn.effects };
};
