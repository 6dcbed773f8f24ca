/**
 * What a cluster daemon knows, hears and does: its state, events and effects.
 *
 * The state is replaced, never changed in place. Nothing of it is durable but the `DaemonFacts`:
 * which groups run here is observed by starting them, not remembered over a power loss.
 */
import type { SnapshotFrom } from 'xstate';
import type { groupMachine } from '../../machines/group.machine.ts';
import type { heartbeatMachine } from '../../machines/heartbeat.machine.ts';
import type { monitorMachine } from '../../machines/monitor.machine.ts';
import type { partitionMachine } from '../../machines/partition.machine.ts';
import type { peerMachine } from '../../machines/peer.machine.ts';
import type { resourceMachine } from '../../machines/resource.machine.ts';
import type { TaskKind, taskMachine } from '../../machines/task.machine.ts';
import type { CommonEffect, CommonEvent } from '../core/part.ts';
import type { OcfCall, OcfEnd, OcfSight } from '../ports/ocf.ts';
import type { DaemonView, GroupState } from '../ports/views.ts';
import type {
  ClusterConfiguration,
  FinalAction,
} from '../schema/generated/cluster-configuration.ts';
import type { Unheard } from './heard.ts';
import type { OcfStart } from './ocf.ts';
import type { End } from './work.ts';

/** clptoratio: the heartbeat timeout times `ratio` until `until`. The newest `setAt` wins. */
export interface TimeoutRatio {
  ratio: number;
  until: number;
  setAt: number;
}

/** Counted apart: what failed resources led to, and what monitors did; named as the product's modules. */
export type Reboots = Record<'rc' | 'rm', number>;

/** The daemon's durable facts, small JSON. */
export interface DaemonFacts {
  ratio: TimeoutRatio | null;
  suspendedMonitors: string[];
  /** Final actions that ended this server's system, by what they followed from (daemon/reboots.ts). */
  reboots: Reboots;
  /** By resource, what it was started with, and in which boot: it may run here, and is stopped with that. */
  started: Record<string, OcfStart & { bootId: string }>;
}

export const noFacts: DaemonFacts = {
  ratio: null,
  suspendedMonitors: [],
  reboots: { rc: 0, rm: 0 },
  started: {},
};

export type Phase = 'starting' | 'waiting' | 'online' | 'suspended' | 'stopping' | 'stopped';

/** What a server says of itself in every heartbeat. `rev` grows when anything in it changes. */
export interface NodeState {
  /** When that daemon started: tells its beats from those of the daemon before it. */
  born: number;
  rev: number;
  phase: Phase;
  /**
   * `held`: stopped by an operator, so nobody starts it by itself. `blocked`: it runs nothing of
   * the group, but could not start it for want of evidence on its mirror. `unowned`: it should run,
   * and as far as that server knows it runs nowhere.
   */
  groups: Record<string, { state: GroupState; held: boolean; blocked: boolean; unowned: boolean }>;
  /** Monitors that see an error there; counted for the dynamic failover policy. */
  errors: number;
  ratio: TimeoutRatio | null;
  /** Its resolution resources that answer, and those that do not; left out where it has none. */
  partition?: Record<string, boolean>;
  /** Servers that it does not hear; told where partitions are resolved. */
  unheard?: Unheard;
}

export type Beat = SnapshotFrom<typeof heartbeatMachine>;

/**
 * What every beat of a peer changes. It stands apart from the peer, so that one that says nothing new
 * leaves the peers as they were, and what was reckoned from them counts on.
 */
export interface Ear {
  /** When it was last heard, by heartbeat resource. */
  heardAt: Record<string, number>;
  /** When the timer that watches its beats is due; null when nothing is watched. */
  watchAt: number | null;
  /** The daemon there said that it has heard this one. */
  hearsThis: boolean;
  /** When its marks on shared disks were last seen, by net; it could reach what it asks, then. */
  marks: Record<string, number>;
}

/** States of a peer's life, without their inner ones. */
export type Life = 'unheard' | 'reachable' | 'suspected' | 'gone' | 'fencing' | 'left';

export interface Peer {
  name: string;
  /** Its life, and what is known of how it stopped. */
  chart: SnapshotFrom<typeof peerMachine>;
  /** By heartbeat resource. */
  beats: Record<string, Beat>;
  /** What it last said of itself. */
  reported: NodeState | null;
  /** It is lost here and runs: another server hears it, or this one does, one way only. */
  seen: 'no' | 'elsewhere' | 'oneWay';
  /** When a daemon that had been lost was heard again; null: none was. */
  regainedAt: number | null;
  /** Start of the daemon there that was last seen to join; null: none yet. */
  welcomed: number | null;
  /** Groups that are to move back there. */
  dueBack: string[];
}

export interface ResourceRun {
  chart: SnapshotFrom<typeof resourceMachine>;
  /** Id of what an attempt waits for, work or a timer; the end of anything else is ignored. */
  attempt: string | null;
  attemptSince: number;
  /** A new configuration brought it into the group while that runs; not looked at yet. */
  added: boolean;
  /** It was activated here, and not deactivated since. */
  active: boolean;
}

export type StartReason = 'start' | 'failover' | 'move' | 'restart';

/** What is being done with a group, across its chart's moves and across servers. */
export interface Task extends TaskOrder {
  chart: SnapshotFrom<typeof taskMachine>;
  /** Groups that it still waits for. */
  awaited: string[];
}

/** … as it is ordered. */
export interface TaskOrder {
  kind: TaskKind;
  reason: StartReason;
  /** Server that a move or failover ends on. */
  target: string | null;
  /** The part of the group it is about; null for all of it. */
  only: string[] | null;
  /** The resource for whose sake that part is; null: no single one's. */
  alone: string | null;
  /** Requests that are answered when it ends. */
  replies: string[];
  /** Monitor whose recovery this is. */
  recoveryOf: string | null;
  failovers: number;
  /** Why the group waited here before it was handed over: it waits again if that fails. */
  blocked: string | null;
  /** An operator's stop: nobody starts the group by itself afterwards. */
  holds: boolean;
  /** A move back to the server that it prefers. */
  goesBack: boolean;
  /** A start of what was added to the group while it runs. */
  adds: boolean;
}

export interface GroupRun {
  chart: SnapshotFrom<typeof groupMachine>;
  resources: Record<string, ResourceRun>;
  task: Task | null;
  held: boolean;
  /** Failovers for activation failures since it last came online. */
  failovers: number;
  /** Why it waits for evidence on the mirror; null when it does not. */
  blocked: string | null;
  /** The server on which it runs, or last ran, as far as is known here and asked (placement.ts). */
  home: string | null;
  /** When its last start here began, and how long it took, ms; null: there was none. */
  begunAt: number;
  tookMs: number | null;
  /** How it was last started: CLP_EVENT of the scripts. */
  reason: StartReason;
}

export interface MonitorRun {
  chart: SnapshotFrom<typeof monitorMachine>;
  /** Id of the check that runs. */
  check: string | null;
  /** How long its last check took, ms; null: there was none. */
  tookMs: number | null;
  /** The daemon does not run its type. */
  unused: boolean;
  /** A dummy failure: each check fails, whatever there is to find (clpmonctrl -n). */
  fails: boolean;
}

/** What the resolution resources asked at one time, and what came back; null: nothing yet. */
export interface PartitionRound {
  at: number;
  answers: Record<string, (boolean | null)[]>;
}

/** Network partition resolution (x5 2.12.10). */
export interface PartitionRun {
  /** By resource: whether what it asks answers. */
  runs: Record<string, SnapshotFrom<typeof partitionMachine>>;
  round: PartitionRound | null;
  /** Servers that were lost and of which it is not settled yet that they are down. */
  lost: string[];
  /** When that is settled, as far as the last round tells; null: no round ended since the last loss. */
  settlesAt: number | null;
  /** This side is the one that is cut off, and ends. */
  isEnding: boolean;
}

export interface Stopping {
  goal: 'exit' | 'shutdown' | 'reboot';
  failOver: boolean;
  replies: string[];
  /** Groups that ran here when it began, and are to run elsewhere. */
  leaves: string[];
  /** Set once the others were told and the host was asked. */
  ending: boolean;
}

/** The cluster's management address, as far as this server holds it (daemon/management.ts). */
export interface Management {
  /** Held here; null: not. */
  address: string | null;
  /** The host is being asked to take it, or to let it go. */
  isMoving: boolean;
  /** It is not taken again before. */
  notBefore: number;
  /** How often in a row it could not be taken. */
  refusals: number;
}

/** What a final action follows from: a resource, a monitor, or a partition that cut a server off, by name. */
export interface FinalCause {
  by: 'activation' | 'deactivation' | 'monitor' | 'partition';
  name: string;
}

/** What an answer that is waited for belongs to. */
export type Purpose =
  | {
      kind: 'attempt';
      group: string;
      resource: string;
      op: 'activate' | 'deactivate';
      /** Its limit counts from here. */
      begunAt: number;
      /** What was on record as it began. */
      started: OcfStart | null;
      ends: readonly End[];
    }
  | { kind: 'check'; monitor: string; begunAt: number; ends: readonly End[] }
  | { kind: 'fence'; peer: string }
  | { kind: 'powerPoll'; peer: string }
  | { kind: 'controller'; peer: string }
  | { kind: 'management'; op: 'add' | 'remove'; address: string }
  | { kind: 'evidence'; peer: string; how: 'power' | 'host' }
  | { kind: 'copies'; peer: string; of: string }
  | { kind: 'take'; group: string; askedAt: number }
  /** `resource`: the order is about that one alone; null: about a group. */
  | {
      kind: 'forward';
      job: string;
      server: string;
      resource: { name: string; op: 'start' | 'stop' } | null;
    }
  | { kind: 'tellPeer'; job: string; peer: string }
  | { kind: 'tellAgent'; job: string }
  | { kind: 'generation'; job: string; mirror: string }
  | { kind: 'power' }
  /** Another server asked for a script; `request` is answered. */
  | { kind: 'script'; request: string; script: string }
  /** A script around the start or the stop of a resource (around.ts). */
  | {
      kind: 'around';
      group: string;
      resource: string;
      op: 'activate' | 'deactivate';
      when: 'before' | 'after';
    }
  /** A script that goes before a recovery or a final action (daemon/before-action.ts). */
  | {
      kind: 'before';
      of: 'recovery';
      monitor: string;
      step: 'restart' | 'failover' | 'finalAction';
    }
  | { kind: 'before'; of: 'finalAction'; action: FinalAction; cause: FinalCause }
  /** This server is to end at once. */
  | {
      kind: 'finalAction';
      action: Exclude<
        FinalAction,
        'none' | 'stopDaemon' | 'stopDaemonAndShutdown' | 'stopDaemonAndReboot'
      >;
      cause: FinalCause;
    }
  /** A reboot was counted, and comes once that is on disk. */
  | { kind: 'counted'; action: FinalAction; cause: FinalCause }
  | { kind: 'reach'; resource: string; index: number; at: number }
  | { kind: 'config'; job: string }
  /** The host was told that the daemon is suspended now; `request` is answered. */
  | { kind: 'suspend'; request: string }
  /** What is read before the daemon goes on. */
  | { kind: 'resume'; request: string }
  | { kind: 'licences' }
  /** The host was told what the heartbeats go over. */
  | { kind: 'carriers' }
  | { kind: 'nothing' };

/** A request that is answered when all it began has ended. */
export interface Job {
  open: number;
  failures: { code: string; message: string }[];
  /** Servers that were told something, when that is what the answer says (`tells`). */
  told: string[];
  tells: boolean;
}

export interface DaemonState {
  server: string;
  config: ClusterConfiguration;
  /** Types that are not built in, and that an agent script is installed for; as of its start. */
  agents: readonly string[];
  facts: DaemonFacts;
  /** Work that no process of this server does now: the host's word (daemon/idle.ts). */
  idle: readonly string[];
  /** How often in a row the power of a server could not be read (peers/power-watch.ts). */
  controllers: Readonly<Record<string, number>>;
  management: Management;
  bootId: string;
  phase: Phase;
  born: number;
  rev: number;
  waitingUntil: number | null;
  peers: Record<string, Peer>;
  /** Of each peer. */
  ears: Record<string, Ear>;
  /** By peer the groups that were active there when it went down, not yet taken over; left out: none. */
  orphans: Record<string, readonly string[]>;
  groups: Record<string, GroupRun>;
  monitors: Record<string, MonitorRun>;
  pending: Record<string, Purpose>;
  jobs: Record<string, Job>;
  stopping: Stopping | null;
  partition: PartitionRun;
  /** Servers whose daemon was first heard in this turn. */
  newcomers: readonly string[];
  /** By server the start of the daemon there that was last heard; what followed from it is decided. */
  heard: Readonly<Record<string, number>>;
  /** Resources of which the device here could not be used when the daemon started. */
  badCarriers: string[];
  /** Servers that are heard, and over no LAN. */
  mute: string[];
  /** When this server went on to send them after a suspension; 0: it never did. */
  speaksSince: number;
  /** When this server last sent its heartbeats, and when they are due again. */
  beat: { sentAt: number; dueAt: number };
  nextId: number;
}

export type DaemonEvent =
  | CommonEvent
  /** As the daemon starts: the text of what is registered on this server. */
  | { type: 'licences.found'; text: string }
  | { type: 'script.ended'; id: string; code: number | null; timedOut: boolean; output: string }
  | ({ type: 'ocf.ended'; id: string } & OcfEnd)
  | { type: 'ocf.looked'; id: string; sight: OcfSight | null }
  /** What was saved before `settleFacts` is on disk, or could not be written. */
  | { type: 'facts.settled'; id: string }
  /** Something outside the cluster answered, or did not in time. */
  | { type: 'reach.ended'; id: string; answers: boolean }
  /** SIGTERM: the operating system goes down, or the service is stopped. */
  | { type: 'stop.requested' };

export type DaemonEffect =
  | CommonEffect
  | { type: 'runScript'; id: string; path: string; env: Record<string, string>; timeoutMs: number }
  | { type: 'runOcf'; id: string; call: OcfCall; limitMs: number }
  | { type: 'lookOcf'; id: string; at: 'addresses' | 'mounts'; device: string }
  /** Asks something outside the cluster. */
  | { type: 'reach'; id: string; net: string; target: string; timeoutMs: number }
  | { type: 'saveFacts'; facts: DaemonFacts }
  /** What was saved until now has to be on disk before something is done. */
  | { type: 'settleFacts'; id: string }
  /** Somebody is answered that view, and may hold it (src/core/held-view.ts). */
  | { type: 'viewAnswered'; view: DaemonView }
  | { type: 'exit'; why: string };

export type { FinalAction };
