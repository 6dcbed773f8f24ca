/**
 * What the concerns of the daemon tell one another. A concern knows the state, the turn and its
 * own chart, and no other concern: it tells a fact, and whoever has to do with it hears it, in the
 * order that hearing.ts writes down.
 *
 * `wanted` and `ordered` are facts as well: that somebody wants a group started is so, whatever
 * comes of it.
 */
import type { ResourceEvent } from '../../machines/resource.machine.ts';
import type { TaskKind } from '../../machines/task.machine.ts';
import type { DaemonRequest } from '../ports/protocol.ts';
import type { FinalAction } from '../schema/generated/cluster-configuration.ts';
import type { CheckResult } from './monitors/type.ts';
import type { FinalCause, Peer, Stopping, TaskOrder } from './state.ts';

type DaemonFact =
  /** A well-formed request came; `id` is answered. */
  | { type: 'order.given'; id: string; from: string; order: DaemonRequest }
  /** The daemon is there, and waits so long for the others at most. */
  | { type: 'wait.begun'; waitMs: number }
  | { type: 'wait.ended' }
  | { type: 'resume.wanted'; request: string }
  /** `why` it cannot go on; null: it can. */
  | { type: 'resume.judged'; request: string; why: string | null }
  /** It was suspended, and goes on: in service, or to its end. */
  | { type: 'daemon.resumed' }
  /** It has to go; `replies` are answered when it does. */
  | { type: 'exit.ordered'; goal: Stopping['goal']; failOver: boolean; replies: string[] }
  | { type: 'finalAction.due'; action: FinalAction; cause: FinalCause }
  /** It is no reboot too many. */
  | { type: 'finalAction.ordered'; action: FinalAction; cause: FinalCause }
  /** The script before it, if there is one, has ended. */
  | { type: 'finalAction.ready'; action: FinalAction; cause: FinalCause }
  /** Processes of this server went to work again, or stopped (daemon/idle.ts). */
  | { type: 'work.changed'; before: readonly string[] }
  | { type: 'daemon.stopping' }
  /** No group is left to stop. */
  | { type: 'daemon.stopped'; goal: Stopping['goal'] }
  /** The heartbeat timeout is another one now. */
  | { type: 'timeout.changed' }
  | { type: 'config.changed' };

export type PeerFact =
  | { type: 'peer.returned'; peer: string }
  /** It says that it has heard this daemon. */
  | { type: 'peer.hears'; peer: string }
  /** Half the heartbeat timeout without a beat. */
  | { type: 'peer.late'; peer: string }
  | { type: 'peer.lost'; peer: string }
  /** Lost here before, and known to run: that is so no more, or in another way. */
  | { type: 'peer.sightChanged'; peer: string }
  /** It is down, as far as can be told: what it ran may be seen to. */
  | { type: 'peer.settled'; peer: string }
  /** It stopped in order. */
  | { type: 'peer.left'; peer: string }
  | { type: 'peer.suspended'; peer: string }
  /** Another daemon speaks for that server before any heartbeat of the former one was lost. */
  | { type: 'peer.reborn'; peer: string; before: Peer }
  /** The delay before its forced stop is over. */
  | { type: 'fence.due'; peer: string }
  /** Its power is off. */
  | { type: 'peer.fenced'; peer: string }
  | { type: 'fence.failed'; peer: string; message: string }
  | { type: 'evidence.wanted'; peer: string }
  | { type: 'evidence.found'; peer: string }
  /** The last question for evidence was answered, or not, in time. */
  | { type: 'evidence.answered'; peer: string };

type NodeFact =
  /** A peer is heard on a heartbeat resource that was silent. */
  | { type: 'beat.up'; peer: string; resource: string }
  /** Some were found to be late or lost, or not. */
  | { type: 'beats.judged'; peer: string }
  /** It reports another state of its own. */
  | { type: 'node.reported'; peer: string }
  /** It was heard, and what it runs may collide with what runs here. */
  | { type: 'peer.spoke'; peer: string }
  /** A group cannot start for want of evidence on what that server did. */
  | { type: 'evidence.missed'; peer: string }
  /** Groups wait here for such evidence: it is time to ask again. */
  | { type: 'evidence.due'; peer: string };

type GroupFact =
  | { type: 'start.wanted'; group: string; about: Partial<TaskOrder> }
  | { type: 'stop.wanted'; group: string; about: Partial<TaskOrder> }
  /** In this order, one after the other. */
  | { type: 'resources.startOrdered'; group: string; queue: string[] }
  | { type: 'resources.stopOrdered'; group: string; queue: string[]; remains: boolean }
  | { type: 'group.started'; group: string }
  | { type: 'group.startFailed'; group: string; resource: string }
  /** `ran`: there was something of it to stop here. */
  | { type: 'group.stopped'; group: string; ran: boolean }
  /** It was stopped, and nobody has decided that it should not run. */
  | { type: 'group.letGo'; group: string }
  | { type: 'group.stopFailed'; group: string; resource: string }
  /** It waits for evidence no more. */
  | { type: 'group.unblocked'; group: string }
  | {
      type: 'take.wanted';
      group: string;
      target: string;
      why: 'move' | 'failover';
      failovers: number;
    }
  /** `failure` null: the other server has started it. */
  | { type: 'take.ended'; group: string; failure: string | null }
  /** The server that was to start the group is gone. */
  | { type: 'take.givenUp'; group: string; peer: string }
  | { type: 'attempt.ordered'; group: string; resource: string; op: 'activate' | 'deactivate' }
  | { type: 'attempt.ended'; group: string; resource: string; result: ResourceEvent };

type MonitorFact =
  | { type: 'check.due'; monitor: string }
  /** It waits for the end of what was ordered with this id. */
  | { type: 'check.begun'; monitor: string; id: string }
  | { type: 'check.judged'; monitor: string; result: CheckResult; tookMs: number }
  | { type: 'recovery.wanted'; monitor: string; step: 'restart' | 'failover' | 'finalAction' }
  /** The script before it, if there is one, has ended. */
  | { type: 'recovery.ready'; monitor: string; step: 'restart' | 'failover' | 'finalAction' }
  /** A task that a monitor's recovery began. */
  | { type: 'task.ended'; group: string; kind: TaskKind; monitor: string; succeeded: boolean }
  | { type: 'recovery.ended'; monitor: string };

export type Fact = DaemonFact | PeerFact | NodeFact | GroupFact | MonitorFact;

export type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>;
