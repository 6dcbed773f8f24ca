/** The requests that a daemon answers (DaemonRequest in src/ports/protocol.ts). */
import type { Json } from '../core/json.ts';
import type { CommonEvent } from '../core/part.ts';
import type { DaemonRequest } from '../ports/protocol.ts';
import type { AgentView } from '../ports/views.ts';
import { entry, groupOfResource } from './look.ts';
import { say } from './messages.ts';
import { onGroupOrder, onResourceOrder, onTake } from './orders.ts';
import { listenAgain, onBeatTimer } from './peers.ts';
import { onReload } from './reload.ts';
import { endWait, enterPhase } from './startup.ts';
import type { Turn } from './state.ts';
import { orderStop } from './stop.ts';
import { isBusy } from './tasks.ts';
import { resetRatio, setRatio } from './toratio.ts';
import { addToJob, ask, askHere, openJob, refuse, reply, saveFacts, settle } from './turn.ts';
import { ratioView, viewOf } from './view.ts';

type Of<D extends DaemonRequest['do']> = Extract<DaemonRequest, { do: D }>;

const TELL_MS = 1000;

function suspend(turn: Turn, id: string): void {
  const { phase, server } = turn.state;
  if (phase === 'suspended') {
    reply(turn, id, { done: true });
    return;
  }
  if (phase !== 'online') {
    refuse(
      turn,
      id,
      'server.notOnline',
      `server ${server} is ${phase}; only an online one suspends`,
    );
    return;
  }
  const busy = Object.keys(turn.state.groups).find((group) => isBusy(turn, group));
  if (busy) {
    refuse(turn, id, 'group.busy', `group ${busy} is being started or stopped; wait, then suspend`);
    return;
  }
  say(turn, 'suspendAsked', 'command');
  enterPhase(turn, 'suspended');
  reply(turn, id, { done: true });
}

function resume(turn: Turn, id: string): void {
  const { phase, server } = turn.state;
  if (phase !== 'suspended') {
    refuse(turn, id, 'server.notSuspended', `server ${server} is ${phase}, not suspended`);
    return;
  }
  say(turn, 'resumeAsked', 'command');
  enterPhase(turn, 'online');
  listenAgain(turn);
  onBeatTimer(turn);
  reply(turn, id, { done: true });
}

function onCluster(turn: Turn, id: string, { op, all }: Of<'cluster'>): void {
  if (op === 'suspend') suspend(turn, id);
  else if (op === 'resume') resume(turn, id);
  else {
    say(turn, 'stopAsked', 'command');
    orderStop(turn, { goal: 'exit', failOver: all !== true, replies: [id] });
  }
}

function onShutdown(turn: Turn, id: string, { reboot, all }: Of<'shutdown'>): void {
  say(turn, reboot ? 'rebootAsked' : 'haltAsked', 'command');
  const goal = reboot ? 'reboot' : 'shutdown';
  orderStop(turn, { goal, failOver: all !== true, replies: [id] });
}

function onMonitorOrder(turn: Turn, id: string, { op, monitor }: Of<'monitor'>): void {
  const known = Object.keys(turn.state.monitors);
  if (monitor !== null && !known.includes(monitor)) {
    refuse(turn, id, 'monitor.unknown', `no monitor ${monitor}; known: ${known.join(', ')}`);
    return;
  }
  const wanted = monitor === null ? known : [monitor];
  const kept = turn.state.facts.suspendedMonitors.filter((name) => !wanted.includes(name));
  saveFacts(turn, { suspendedMonitors: op === 'suspend' ? [...kept, ...wanted].sort() : kept });
  reply(turn, id, { done: true });
}

function onRatio(turn: Turn, id: string, order: Of<'toratio'>): void {
  if (order.op === 'set') {
    const { ratio, forMs } = order;
    if (!(ratio >= 1 && ratio <= 10_000) || !(forMs > 0 && forMs <= 30 * 86_400_000)) {
      const message = `a ratio is from 1 to 10000, its time at most 30 days; got ${ratio}, ${forMs} ms`;
      refuse(turn, id, 'ratio.invalid', message);
      return;
    }
    setRatio(turn, ratio, forMs);
  } else if (order.op === 'reset') resetRatio(turn);
  reply(turn, id, ratioView(turn.state, turn.now));
}

function onCancelWait(turn: Turn, id: string): void {
  if (turn.state.phase !== 'waiting') {
    const message = `server ${turn.state.server} does not wait for the others: it is ${turn.state.phase}`;
    refuse(turn, id, 'wait.none', message);
    return;
  }
  endWait(turn);
  reply(turn, id, { done: true });
}

/**
 * The agent here tells what happened to a mirror. A break (`broke`) is passed on to the other
 * servers of the mirror's group, over whatever heartbeat path is left. If the agent did not say
 * which generation its side goes on with, it is asked.
 */
function onMirrorEvent(turn: Turn, id: string, order: Of<'mirror-event'>): void {
  const { mirror, event, generation } = order;
  openJob(turn, id, 1, true);
  if (event === 'broke' && typeof generation !== 'string') {
    const purpose = { kind: 'generation', job: id, mirror } as const;
    askHere(turn, 'agent', { do: 'status' }, TELL_MS, purpose);
    return;
  }
  if (event === 'broke') tellBreak(turn, id, mirror, generation!);
  settle(turn, id, null);
}

function tellBreak(turn: Turn, job: string, mirror: string, generation: string): void {
  const { server, peers } = turn.state;
  const servers = groupOfResource(turn.state, mirror)?.servers ?? [];
  const heard = servers.filter((name) => entry(peers, name)?.standing === 'up');
  addToJob(turn, job, heard.length);
  for (const peer of heard) {
    const body: Json = { do: 'peer-broke', mirror, server, generation };
    ask(turn, { server: peer, part: 'daemon' }, body, TELL_MS, { kind: 'tellPeer', job, peer });
  }
}

/** The agent's answer on the generation of a mirror that broke. */
export function onGeneration(turn: Turn, job: string, mirror: string, body: Json): void {
  const view = body as Partial<AgentView> | null;
  const generation = view?.mirrors && entry(view.mirrors, mirror)?.generation;
  if (typeof generation === 'string') tellBreak(turn, job, mirror, generation);
  settle(turn, job, null);
}

function onPeerBroke(turn: Turn, id: string, order: Of<'peer-broke'>): void {
  openJob(turn, id, 1);
  askHere(turn, 'agent', { ...order }, TELL_MS, { kind: 'tellAgent', job: id });
}

type Field = (value: unknown) => boolean;

const isText: Field = (value) => typeof value === 'string';
const isName: Field = (value) => value === null || typeof value === 'string';
const isNumber: Field = (value) => typeof value === 'number';
const isFlag: Field = (value) => typeof value === 'boolean';
const oneOf =
  (...words: string[]): Field =>
  (value) =>
    words.includes(value as string);

/** The fields that a request must have, by its `do`. */
const shapes: Record<DaemonRequest['do'], Record<string, Field>> = {
  status: {},
  group: { op: oneOf('start', 'stop', 'move'), group: isName, target: isName },
  resource: { op: oneOf('start', 'stop'), resource: isText, target: isName },
  take: { group: isText, why: oneOf('move', 'failover'), failovers: isNumber, wait: isFlag },
  monitor: { op: oneOf('suspend', 'resume'), monitor: isName },
  cluster: { op: oneOf('stop', 'suspend', 'resume') },
  shutdown: { reboot: isFlag },
  toratio: { op: oneOf('set', 'reset', 'show') },
  'cancel-wait': {},
  reload: {},
  'mirror-event': { mirror: isText, event: isText },
  'peer-broke': { mirror: isText, server: isText, generation: isText },
};

/** Null for a well-formed request, else what is wrong with it. */
function objectionTo(body: Json): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return 'a request is an object that says in `do` what it wants';
  }
  const shape = entry<Record<string, Field>>(shapes, body.do);
  if (!shape) return `a daemon does not know the request ${JSON.stringify(body.do)}`;
  const bad = Object.keys(shape).find((field) => !shape[field]!(body[field]));
  return bad ? `${String(body.do)}: ${bad} cannot be ${JSON.stringify(body[bad])}` : null;
}

export function onRequest(
  turn: Turn,
  { id, from, body }: Extract<CommonEvent, { type: 'request.received' }>,
): void {
  const objection = objectionTo(body);
  if (objection) {
    refuse(turn, id, 'request.invalid', objection);
    return;
  }
  const order = body as unknown as DaemonRequest;
  switch (order.do) {
    case 'status':
      reply(turn, id, viewOf(turn.state, turn.now) as unknown as Json);
      return;
    case 'group':
      onGroupOrder(turn, id, order);
      return;
    case 'resource':
      onResourceOrder(turn, id, order);
      return;
    case 'take':
      onTake(turn, id, from.server, order);
      return;
    case 'monitor':
      onMonitorOrder(turn, id, order);
      return;
    case 'cluster':
      onCluster(turn, id, order);
      return;
    case 'shutdown':
      onShutdown(turn, id, order);
      return;
    case 'toratio':
      onRatio(turn, id, order);
      return;
    case 'cancel-wait':
      onCancelWait(turn, id);
      return;
    case 'reload':
      onReload(turn, id);
      return;
    case 'mirror-event':
      onMirrorEvent(turn, id, order);
      return;
    case 'peer-broke':
      onPeerBroke(turn, id, order);
      return;
  }
}
