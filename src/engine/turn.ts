/** The small moves that every concern of the daemon makes on a turn. */
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import type { Fact } from './facts.ts';
import type {
  DaemonEffect,
  DaemonFacts,
  DaemonState,
  Ear,
  GroupRun,
  Job,
  MonitorRun,
  Peer,
  Purpose,
  ResourceRun,
} from './state.ts';

/** One event being handled: the state so far, the effects so far, and what is still to be heard. */
export interface Turn {
  state: DaemonState;
  readonly now: number;
  readonly effects: DaemonEffect[];
  readonly told: Fact[];
}

export function beginTurn(state: DaemonState, now: number): Turn {
  return { state, now, effects: [], told: [] };
}

/** Tells the other concerns; they hear it once the one that tells has returned (hearing.ts). */
export function tell(turn: Turn, fact: Fact): void {
  turn.told.push(fact);
}

export function emit(turn: Turn, effect: DaemonEffect): void {
  turn.effects.push(effect);
}

export function patch(turn: Turn, change: Partial<DaemonState>): void {
  turn.state = { ...turn.state, ...change };
}

export function setPeer(turn: Turn, name: string, change: Partial<Peer>): void {
  const peer = turn.state.peers[name]!;
  patch(turn, { peers: { ...turn.state.peers, [name]: { ...peer, ...change } } });
}

export function setEar(turn: Turn, peer: string, change: Partial<Ear>): void {
  const ear = turn.state.ears[peer]!;
  patch(turn, { ears: { ...turn.state.ears, [peer]: { ...ear, ...change } } });
}

export function setGroup(turn: Turn, name: string, change: Partial<GroupRun>): void {
  const group = turn.state.groups[name]!;
  patch(turn, { groups: { ...turn.state.groups, [name]: { ...group, ...change } } });
}

export function setResource(
  turn: Turn,
  group: string,
  name: string,
  change: Partial<ResourceRun>,
): void {
  const { resources } = turn.state.groups[group]!;
  const next = { ...resources[name]!, ...change };
  setGroup(turn, group, { resources: { ...resources, [name]: next } });
}

export function setMonitor(turn: Turn, name: string, change: Partial<MonitorRun>): void {
  const monitor = turn.state.monitors[name]!;
  patch(turn, { monitors: { ...turn.state.monitors, [name]: { ...monitor, ...change } } });
}

export function saveFacts(turn: Turn, change: Partial<DaemonFacts>): void {
  const facts = { ...turn.state.facts, ...change };
  patch(turn, { facts });
  emit(turn, { type: 'saveFacts', facts });
}

/** Two agents that only just started have met by then. */
const POLL_AGAIN_MS = 1000;

/** What is known of a peer's copies is polled again soon. */
export function armEvidence(turn: Turn, peer: string, inMs = POLL_AGAIN_MS): void {
  emit(turn, { type: 'armTimer', id: `evidence:${peer}`, at: turn.now + inMs });
}

/** A fresh id for something whose end is waited for. */
export function expect(turn: Turn, purpose: Purpose): string {
  const id = `d${turn.state.nextId}`;
  patch(turn, {
    nextId: turn.state.nextId + 1,
    pending: { ...turn.state.pending, [id]: purpose },
  });
  return id;
}

/** The purpose of an id, which is forgotten; null when nothing waits for it any more. */
export function claim(turn: Turn, id: string): Purpose | null {
  const purpose = turn.state.pending[id];
  if (!purpose) return null;
  const { [id]: _, ...pending } = turn.state.pending;
  patch(turn, { pending });
  return purpose;
}

export function ask(
  turn: Turn,
  to: Address,
  body: Json,
  timeoutMs: number,
  purpose: Purpose,
): string {
  const id = expect(turn, purpose);
  emit(turn, { type: 'sendRequest', id, to, body, timeoutMs });
  return id;
}

/** A request to a part of this server. */
export function askHere(
  turn: Turn,
  part: 'host' | 'agent',
  body: Json,
  timeoutMs: number,
  purpose: Purpose,
): string {
  return ask(turn, { server: turn.state.server, part }, body, timeoutMs, purpose);
}

/** A request is answered when `count` things that it began have ended. */
export function openJob(turn: Turn, id: string, count: number, tells = false): void {
  const job: Job = { open: count, failures: [], told: [], tells };
  patch(turn, { jobs: { ...turn.state.jobs, [id]: job } });
}

/** A request began `count` things more. */
export function addToJob(turn: Turn, id: string, count: number): void {
  const job = turn.state.jobs[id];
  if (!job) return;
  patch(turn, { jobs: { ...turn.state.jobs, [id]: { ...job, open: job.open + count } } });
}

/** One thing that a request began has ended. */
export function jobDone(
  turn: Turn,
  id: string,
  failure: { code: string; message: string } | null,
  reported?: string,
): void {
  const job = turn.state.jobs[id];
  if (!job) return;
  const next: Job = {
    ...job,
    open: job.open - 1,
    failures: failure ? [...job.failures, failure] : job.failures,
    told: reported ? [...job.told, reported] : job.told,
  };
  if (next.open > 0) {
    patch(turn, { jobs: { ...turn.state.jobs, [id]: next } });
    return;
  }
  const { [id]: _, ...jobs } = turn.state.jobs;
  patch(turn, { jobs });
  const first = next.failures[0];
  if (!first) {
    const body: Json = next.tells ? { done: true, told: next.told } : { done: true };
    emit(turn, { type: 'sendReply', id, body });
    return;
  }
  const message = next.failures.map((one) => one.message).join('; ');
  emit(turn, { type: 'refuseRequest', id, code: first.code, message });
}

/** Nothing that a request began will end any more; those in `answered` have their answer. */
export function refuseJobs(
  turn: Turn,
  answered: readonly string[],
  { code, message }: { code: string; message: string },
): void {
  for (const id of Object.keys(turn.state.jobs)) {
    if (!answered.includes(id)) refuse(turn, id, code, message);
  }
  patch(turn, { jobs: {} });
}

export function refuse(turn: Turn, id: string, code: string, message: string): void {
  emit(turn, { type: 'refuseRequest', id, code, message });
}

export function reply(turn: Turn, id: string, body: Json): void {
  emit(turn, { type: 'sendReply', id, body });
}
