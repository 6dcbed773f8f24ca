/**
 * Who hears what, in which order. A fact is heard once whoever told it has returned; what one
 * listener tells is heard before the next listener hears, as if it had been called.
 *
 *     told ──► listener 1 ──► what it tells … ──► listener 2 ──► what it tells … ──► next fact
 */
import type { DaemonRequest } from '../ports/protocol.ts';
import { onPerf, onScriptOrder } from './daemon/asked.ts';
import { beforeFinalAction, beforeRecovery } from './daemon/before-action.ts';
import { takeFinalAction } from './daemon/final-action.ts';
import { onIdleOrder } from './daemon/idle.ts';
import * as phase from './daemon/phase.ts';
import * as reboots from './daemon/reboots.ts';
import { onReload, readForResume } from './daemon/reload.ts';
import { end, onShutdownOrder, onStopOrder, orderStop } from './daemon/stop.ts';
import { onStatus } from './daemon/view.ts';
import type { Fact, FactOf } from './facts.ts';
import { attempt } from './groups/attempts.ts';
import { onAttemptResult, startResources, stopResources } from './groups/charts.ts';
import * as conflicts from './groups/conflicts.ts';
import { giveUpForwards, onGroupOrder, onResourceOrder, onTake } from './groups/orders.ts';
import * as takeover from './groups/takeover.ts';
import { handOver } from './groups/takes.ts';
import * as tasks from './groups/tasks.ts';
import * as waiting from './groups/waiting.ts';
import * as resolution from './partition/resolution.ts';
import { onMirrorEvent, onPeerBroke } from './peers/breaks.ts';
import * as carriers from './peers/carriers.ts';
import * as evidence from './peers/evidence.ts';
import * as fencing from './peers/fencing.ts';
import * as peers from './peers/heartbeats.ts';
import { watchControllers } from './peers/power-watch.ts';
import { adoptRatio, onRatio } from './peers/ratio.ts';
import * as sending from './peers/sending.ts';
import * as talking from './peers/talking.ts';
import type { Turn } from './turn.ts';
import { beginCheck } from './watching/checks.ts';
import * as delays from './watching/delays.ts';
import * as monitors from './watching/monitors.ts';
import { endRecovery, recover } from './watching/recovery.ts';

type OrderOf<D extends DaemonRequest['do']> = Extract<DaemonRequest, { do: D }>;

/** Who carries out a request, by its `do`. */
const orders: {
  [D in DaemonRequest['do']]: (turn: Turn, id: string, order: OrderOf<D>, from: string) => void;
} = {
  status: onStatus,
  group: onGroupOrder,
  resource: onResourceOrder,
  take: onTake,
  monitor: monitors.onMonitorOrder,
  cluster: (turn, id, order) =>
    order.op === 'stop' ? onStopOrder(turn, id, order) : phase.onSuspension(turn, id, order),
  shutdown: onShutdownOrder,
  toratio: onRatio,
  'cancel-wait': phase.onCancelWait,
  script: onScriptOrder,
  perf: onPerf,
  idle: onIdleOrder,
  reboots: reboots.onRebootsOrder,
  reload: onReload,
  'mirror-event': onMirrorEvent,
  'peer-broke': onPeerBroke,
};

function carryOut(turn: Turn, { id, order, from }: FactOf<'order.given'>): void {
  type Hear = (turn: Turn, id: string, order: DaemonRequest, from: string) => void;
  const hear = orders[order.do] as Hear;
  hear(turn, id, order, from);
}

type Listener<T extends Fact['type']> = (turn: Turn, fact: FactOf<T>) => void;

const listeners: { [T in Fact['type']]: Listener<T>[] } = {
  'order.given': [peers.hearTaker, carryOut],

  'wait.begun': [
    sending.onBeatTimer,
    resolution.onPartitionTimer,
    phase.onWaitBegun,
    monitors.sayUnused,
  ],
  'wait.ended': [
    peers.giveUpUnheard,
    fencing.fenceGone,
    takeover.adoptGroups,
    evidence.seekUnheard,
    reboots.watchOver,
    watchControllers,
  ],
  'resume.wanted': [readForResume],
  'resume.judged': [phase.onResumeJudged],
  'daemon.resumed': [peers.listenAgain, resolution.onPartitionTimer, watchControllers],
  'exit.ordered': [orderStop],
  'finalAction.due': [reboots.count],
  'finalAction.ordered': [beforeFinalAction],
  'finalAction.ready': [takeFinalAction],
  'work.changed': [peers.onWorkChanged],
  'daemon.stopping': [phase.onStopping],
  'daemon.stopped': [phase.onStopped, sending.takeLeave, end],
  'timeout.changed': [peers.armWatches],
  'config.changed': [
    peers.armWatches,
    takeover.forgetStrangers,
    resolution.onConfigChanged,
    reboots.watchOver,
    watchControllers,
  ],

  'node.reported': [resolution.lookForSeen, tasks.adoptStanding, takeover.adoptUnowned, adoptRatio],
  'peer.spoke': [conflicts.resolveConflicts, tasks.waitNoMore],
  'beat.up': [carriers.onBeatUp, talking.onBeatUp],
  'beats.judged': [talking.onBeatsJudged, resolution.lookForSeen],
  'peer.returned': [
    peers.sayUp,
    fencing.callOff,
    resolution.forget,
    takeover.onPeerReturned,
    phase.onPeerHeard,
  ],
  'peer.hears': [phase.onPeerHeard],
  'peer.late': [fencing.pollPower],
  'peer.lost': [
    peers.sayDown,
    talking.forget,
    giveUpForwards,
    takeover.onPeerLost,
    resolution.onPeerLost,
    resolution.lookForSeen,
  ],
  'peer.sightChanged': [takeover.onPeerLost, resolution.onPeerLost],
  'peer.settled': [fencing.fenceLost, takeover.goOnWithoutFence],
  'peer.left': [
    talking.forget,
    giveUpForwards,
    resolution.forget,
    takeover.onPeerLeft,
    phase.onPeerHeard,
    resolution.lookForSeen,
  ],
  'peer.suspended': [phase.onPeerHeard],
  'peer.reborn': [giveUpForwards, takeover.onPeerReborn],

  'fence.due': [fencing.cutPower],
  'peer.fenced': [fencing.onFenced],
  'fence.failed': [fencing.onFenceFailed],
  'evidence.missed': [evidence.seekEvidence],
  'evidence.wanted': [evidence.askForEvidence],
  'evidence.found': [tasks.unblock],
  'evidence.answered': [takeover.onEvidenceAnswered],
  'evidence.due': [evidence.onEvidenceDue, waiting.onEvidenceDue],

  'start.wanted': [tasks.onStartWanted],
  'stop.wanted': [tasks.dropTask, tasks.onStopWanted],
  'resources.startOrdered': [startResources],
  'resources.stopOrdered': [stopResources],
  'group.started': [tasks.onStarted],
  'group.startFailed': [tasks.onStartFailed, tasks.goOnAfterFailure, conflicts.yieldFailed],
  'group.stopped': [tasks.onStopped],
  'group.letGo': [takeover.onLetGo],
  'group.stopFailed': [tasks.onStopFailed],
  'group.unblocked': [takeover.onUnblocked],
  'take.wanted': [handOver],
  'take.ended': [tasks.onTakeEnded],
  'take.givenUp': [takeover.onTakeGivenUp],
  'attempt.ordered': [attempt],
  'attempt.ended': [onAttemptResult],

  'check.due': [beginCheck],
  'check.begun': [monitors.onCheckBegun],
  'check.judged': [delays.warnOfDelay, monitors.onCheckJudged],
  'recovery.wanted': [beforeRecovery],
  'recovery.ready': [recover],
  'task.ended': [endRecovery],
  'recovery.ended': [monitors.onRecoveryEnded],
};

type Hearing = [fact: Fact, listener: (turn: Turn, fact: never) => void];

/** Puts what was told on top of the agenda, the first listener of the first fact uppermost. */
function takeReported(turn: Turn, agenda: Hearing[]): void {
  for (let fact = turn.told.pop(); fact; fact = turn.told.pop()) {
    const hears = listeners[fact.type];
    for (let at = hears.length - 1; at >= 0; at -= 1) agenda.push([fact, hears[at]!]);
  }
}

/** More than any event of any cluster leads to; beyond it facts breed facts for ever. */
const MOST_HEARINGS = 100_000;

/** Everything that was told is heard, and what that tells, until nothing is left. */
export function hearAll(turn: Turn): void {
  if (turn.told.length === 0) return;
  const agenda: Hearing[] = [];
  takeReported(turn, agenda);
  for (let count = 0; agenda.length > 0; count += 1) {
    const [fact, listener] = agenda.pop()!;
    if (count > MOST_HEARINGS) throw new Error(`facts without end, at last ${fact.type}`);
    listener(turn, fact as never);
    takeReported(turn, agenda);
  }
}
