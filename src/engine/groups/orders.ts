/**
 * Orders about groups and resources (clpgrp, clprsc), and `take` from another daemon. An order is
 * carried out by the daemon that it concerns: where the group is active, or where it is to start.
 * Another daemon passes it on. Each is answered when it is done; what is so already is done.
 */
import type { Json } from '../../core/json.ts';
import type { DaemonRequest } from '../../ports/protocol.ts';
import { sayIfKnown } from '../messages.ts';
import { takers } from '../placement.ts';
import {
  beatTimeoutMs,
  entry,
  groupConfig,
  groupOfResource,
  groupValue,
  homeBeside,
  isBusy,
  isHere,
  isLost,
  isUp,
  otherHome,
  resourceState,
  withDependencies,
  withDependents,
} from '../queries.ts';
import type { Peer, Purpose, TaskOrder } from '../state.ts';
import { ask, claim, jobDone, openJob, refuse, type Turn, tell } from '../turn.ts';

type GroupOrder = Extract<DaemonRequest, { do: 'group' }>;
type ResourceOrder = Extract<DaemonRequest, { do: 'resource' }>;
type TakeOrder = Extract<DaemonRequest, { do: 'take' }>;

/** Long enough for any group; the daemon asked keeps the real limits. */
const FORWARD_MS = 3_600_000;

function fail(turn: Turn, job: string, code: string, message: string): void {
  jobDone(turn, job, { code, message });
}

const remotely = {
  start: { asked: 'remoteStartAsked', done: 'remoteStartDone', failed: 'remoteStartFailed' },
  stop: { asked: 'remoteStopAsked', done: 'remoteStopDone', failed: 'remoteStopFailed' },
} as const;

type Forward = Extract<Purpose, { kind: 'forward' }>;

/** Of an order about one resource that another server carries out (rc 33 to 35, 44 to 46). */
function sayRemotely(
  turn: Turn,
  { server, resource }: Forward,
  how: 'asked' | 'done' | 'failed',
): void {
  if (resource) sayIfKnown(turn, remotely[resource.op][how], resource.name, server);
}

/** Whoever was passed an order on has carried it out, or not. */
export function onForwardEnded(
  turn: Turn,
  purpose: Forward,
  failure: { code: string; message: string } | null,
): void {
  sayRemotely(turn, purpose, failure === null ? 'done' : 'failed');
  jobDone(turn, purpose.job, failure);
}

function forward(
  turn: Turn,
  job: string,
  server: string,
  body: Json,
  resource: Forward['resource'] = null,
): void {
  const purpose = { kind: 'forward', job, server, resource } as const;
  sayRemotely(turn, purpose, 'asked');
  if (!isUp(entry(turn.state.peers, server))) {
    sayRemotely(turn, purpose, 'failed');
    fail(turn, job, 'server.offline', `server ${server} does not answer; start it first`);
    return;
  }
  ask(turn, { server, part: 'daemon' }, body, FORWARD_MS, purpose);
}

/** Whoever carries out what was passed on to it is down: how far it came, nobody here knows. */
export function giveUpForwards(turn: Turn, { peer }: { peer: string }): void {
  const message = `server ${peer} went down before it was done; look with clpstat`;
  for (const [id, purpose] of Object.entries(turn.state.pending)) {
    if (purpose.kind !== 'forward' || purpose.server !== peer) continue;
    claim(turn, id);
    sayRemotely(turn, purpose, 'failed');
    fail(turn, purpose.job, 'server.offline', message);
  }
}

function start(turn: Turn, group: string, about: Partial<TaskOrder>): void {
  tell(turn, { type: 'start.wanted', group, about });
}

function stop(turn: Turn, group: string, about: Partial<TaskOrder>): void {
  tell(turn, { type: 'stop.wanted', group, about });
}

/** True when the daemon takes orders on this group now; else the job has failed. */
function canOrder(turn: Turn, job: string, group: string): boolean {
  const { phase, server } = turn.state;
  if (phase !== 'online') {
    fail(
      turn,
      job,
      'server.notOnline',
      `server ${server} is ${phase}: group ${group} stays as it is`,
    );
    return false;
  }
  if (!isBusy(turn.state, group)) return true;
  failBusy(turn, job, group, server);
  return false;
}

function failBusy(turn: Turn, job: string, group: string, server: string): void {
  fail(turn, job, 'group.busy', `group ${group} is being started or stopped on ${server}; wait`);
}

/** It is up, and takes orders, as far as is known here. */
function isFit({ state }: Turn, server: string): boolean {
  return server === state.server ? state.phase === 'online' : isUp(entry(state.peers, server));
}

function startOrder(turn: Turn, job: string, group: string, order: GroupOrder): void {
  const target = order.target ?? turn.state.server;
  const { servers } = groupConfig(turn.state, group);
  if (!servers.includes(target)) {
    fail(
      turn,
      job,
      'server.unknown',
      `group ${group} cannot run on ${target}: ${servers.join(', ')}`,
    );
    return;
  }
  if (!isFit(turn, target)) sayIfKnown(turn, 'notFitToStart', target, group);
  if (target !== turn.state.server) {
    forward(turn, job, target, { ...order, group, target } as Json);
    return;
  }
  if (!canOrder(turn, job, group)) return;
  const home = otherHome(turn.state, group);
  if (home) {
    fail(turn, job, 'group.active', `group ${group} is active on ${home}; move it (clpgrp -m)`);
    return;
  }
  start(turn, group, { replies: [job] });
}

function stopOrder(turn: Turn, job: string, group: string, order: GroupOrder): void {
  const run = turn.state.groups[group]!;
  const elsewhere = isHere(run) ? null : otherHome(turn.state, group);
  const where = order.target ?? elsewhere ?? turn.state.server;
  if (where !== turn.state.server) {
    forward(turn, job, where, { ...order, group, target: where } as Json);
    return;
  }
  if (!canOrder(turn, job, group)) return;
  if (elsewhere !== null && !run.blocked) {
    // It was here, or on its way from here, when whoever orders it looked.
    fail(turn, job, 'group.elsewhere', `group ${group} is active on ${elsewhere} by now`);
    return;
  }
  stop(turn, group, { replies: [job], holds: true });
}

/** It is to go where it is already; or on its way there, which may still fail. */
function endAsThere(turn: Turn, job: string, group: string, home: string): void {
  const said = entry(turn.state.peers, home)?.reported?.groups[group];
  if (said?.state.endsWith('Pending')) failBusy(turn, job, group, home);
  else jobDone(turn, job, null);
}

function moveOrder(turn: Turn, job: string, group: string, order: GroupOrder): void {
  const run = turn.state.groups[group]!;
  if (!isHere(run)) {
    const home = otherHome(turn.state, group);
    if (home && home === order.target) endAsThere(turn, job, group, home);
    else if (home) forward(turn, job, home, { ...order, group } as Json);
    else fail(turn, job, 'group.offline', `group ${group} is active on no server; start it`);
    return;
  }
  if (!canOrder(turn, job, group)) return;
  if (order.target === turn.state.server) {
    jobDone(turn, job, null);
    return;
  }
  const config = groupConfig(turn.state, group);
  const able = takers(turn.state, config);
  const target = order.target ?? able[0];
  if (target === undefined || !able.includes(target)) {
    if (target !== undefined) sayIfKnown(turn, 'notInConditionToMove', target, group);
    const who = target ?? 'no other server';
    fail(turn, job, 'server.offline', `${who} can take group ${group} now; it stays here`);
    return;
  }
  stop(turn, group, { kind: 'move', target, replies: [job] });
}

const orders = { start: startOrder, stop: stopOrder, move: moveOrder };

/** The groups an order without a name is about. */
function groupsFor(turn: Turn, { op, target }: GroupOrder): string[] {
  const { state } = turn;
  const here = target ?? state.server;
  return state.config.groups
    .filter((group) => {
      const run = state.groups[group.name]!;
      const home = isHere(run) ? state.server : otherHome(state, group.name);
      return op === 'start' ? home === null && group.servers.includes(here) : home === here;
    })
    .map((group) => group.name);
}

export function onGroupOrder(turn: Turn, id: string, order: GroupOrder): void {
  if (order.group !== null && !entry(turn.state.groups, order.group)) {
    const known = Object.keys(turn.state.groups).join(', ');
    refuse(turn, id, 'group.unknown', `no group ${order.group}; known: ${known}`);
    return;
  }
  const groups = order.group === null ? groupsFor(turn, order) : [order.group];
  openJob(turn, id, groups.length + 1);
  for (const group of groups) orders[order.op](turn, id, group, order);
  jobDone(turn, id, null);
}

/** clprsc: one resource, with what must be up before it or down before it. */
export function onResourceOrder(turn: Turn, id: string, order: ResourceOrder): void {
  const group = groupOfResource(turn.state, order.resource)?.name;
  if (!group) {
    const known = turn.state.config.resources.map((resource) => resource.name).join(', ');
    refuse(turn, id, 'resource.unknown', `no resource ${order.resource}; known: ${known}`);
    return;
  }
  openJob(turn, id, 1);
  const run = turn.state.groups[group]!;
  const where = (isHere(run) ? null : otherHome(turn.state, group)) ?? order.target;
  const server = where ?? turn.state.server;
  if (order.op === 'start' && !isFit(turn, server)) {
    sayIfKnown(turn, 'notFitToStartOne', server, order.resource);
  }
  if (where !== null && where !== turn.state.server) {
    const resource = { name: order.resource, op: order.op };
    forward(turn, id, where, { ...order, target: where } as Json, resource);
    return;
  }
  if (!canOrder(turn, id, group)) return;
  const state = resourceState(run.resources[order.resource]!);
  if (state === (order.op === 'start' ? 'Online' : 'Offline')) {
    jobDone(turn, id, null);
    return;
  }
  if (order.op === 'start') {
    const only = withDependencies(turn.state, group, order.resource);
    start(turn, group, { only, alone: order.resource, replies: [id] });
  } else {
    const only = withDependents(turn.state, group, order.resource);
    stop(turn, group, { only, alone: order.resource, replies: [id] });
  }
}

/**
 * The order may have been on its way for so long that the two lost each other: whoever sent it gave
 * it up then, and whoever hears it knows of the loss, perhaps since just now no more.
 */
function mayBeGivenUp({ state, now }: Turn, giver: Peer): boolean {
  const { regainedAt } = giver;
  return isLost(giver) || (regainedAt !== null && now - regainedAt < beatTimeoutMs(state, now));
}

/** Another daemon hands a group over. What it says of itself was heard already. */
export function onTake(turn: Turn, id: string, order: TakeOrder, from: string): void {
  const run = entry(turn.state.groups, order.group);
  if (!run) {
    refuse(turn, id, 'group.unknown', `no group ${order.group} on ${turn.state.server}`);
    return;
  }
  openJob(turn, id, 1);
  if (groupValue(run) === 'online') {
    jobDone(turn, id, null);
    return;
  }
  if (!canOrder(turn, id, order.group)) return;
  // Whoever hands it over may be deaf to a server that took it for lost.
  const home = homeBeside(turn.state, order.group, from);
  if (home !== null) {
    fail(turn, id, 'group.elsewhere', `group ${order.group} runs on ${home} already`);
    return;
  }
  const giver = entry(turn.state.peers, from);
  if (giver && mayBeGivenUp(turn, giver)) {
    fail(turn, id, 'take.late', `${from} was lost before it handed group ${order.group} over`);
    return;
  }
  const said = giver?.reported?.groups[order.group];
  if (said && said.state !== 'Offline Pending') {
    fail(turn, id, 'take.late', `${from} does not hand group ${order.group} over any more`);
    return;
  }
  start(turn, order.group, {
    reason: order.why,
    failovers: order.failovers,
    replies: order.wait ? [id] : [],
  });
  if (!order.wait) jobDone(turn, id, null);
}
