/**
 * Floating addresses, with a wire that lets several servers hold the same one.
 *
 *   add ──► probe ──► claim heard ──────────► refused, `address.conflict`
 *             │
 *             └──── nobody within arpProbeMs ─► held, announced now and every announceMs
 *
 * A holder answers a probe with a claim, and an announcement likewise, and so does whoever probes for
 * the same address and comes first by name: so both sides of a conflict
 * know of it. A holder that cannot be reached cannot object: then both hold the address, as on a
 * real wire, and hear of each other when the links heal. Datagrams go over the net `arp`, which
 * follows the links of the interconnect.
 */
import type { Json, JsonObject } from '../core/json.ts';
import { isObject, text, word } from './fields.ts';
import type { HostState } from './state.ts';
import {
  armTimer,
  cancelTimer,
  change,
  changeLive,
  emit,
  isGoingDown,
  isOsUp,
  log,
  own,
  refusal,
  refuse,
  reply,
  type Turn,
  without,
} from './turn.ts';

const NET = 'arp';

/** Another server that lately answered for an address held here; null when none does. */
export function rivalOf(state: HostState, address: string, now: number): string | null {
  const rival = own(state.addresses, address)?.rival ?? null;
  return rival && now - rival.at <= 3 * state.timing.announceMs ? rival.server : null;
}

export function askAddress(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['add', 'remove', 'probe']);
  const address = text(body, 'address');
  if (op === 'add') {
    add(turn, id, address);
    return;
  }
  if (op === 'remove') remove(turn, address);
  const held = own(turn.state.addresses, address) !== undefined;
  reply(turn, id, { held, conflict: rivalOf(turn.state, address, turn.now) });
}

function tellPeers(turn: Turn, kind: string, address: string): void {
  for (const to of turn.state.peers) {
    emit(turn, { type: 'sendDatagram', net: NET, to, body: { kind, address } });
  }
}

function add(turn: Turn, id: string, address: string): void {
  if (isGoingDown(turn.state)) {
    throw refusal('os.off', `cannot take ${address}: ${turn.state.server} is going down`);
  }
  if (own(turn.state.addresses, address)) {
    reply(turn, id, { held: true, conflict: null });
    return;
  }
  const { probing } = turn.state.live;
  const waiting = own(probing, address);
  changeLive(turn, { probing: { ...probing, [address]: [...(waiting ?? []), id] } });
  if (waiting) return;
  tellPeers(turn, 'arp.probe', address);
  armTimer(turn, `arp:${address}`, turn.state.timing.arpProbeMs);
}

function remove(turn: Turn, address: string): void {
  giveUp(turn, address, 'address.removed', `${address} was removed while it was probed for`);
  if (own(turn.state.addresses, address)) {
    change(turn, { addresses: without(turn.state.addresses, address) });
  }
}

/** Ends a probe with a refusal for everyone who waits for it. */
function giveUp(turn: Turn, address: string, code: string, message: string): void {
  const waiting = own(turn.state.live.probing, address);
  if (!waiting) return;
  for (const id of waiting) refuse(turn, id, code, message);
  changeLive(turn, { probing: without(turn.state.live.probing, address) });
  cancelTimer(turn, `arp:${address}`);
}

export function probeIsOver(turn: Turn, address: string): void {
  const waiting = own(turn.state.live.probing, address);
  if (!waiting) return;
  changeLive(turn, { probing: without(turn.state.live.probing, address) });
  const isFirst = Object.keys(turn.state.addresses).length === 0;
  const held = { since: turn.now, rival: null };
  change(turn, { addresses: { ...turn.state.addresses, [address]: held } });
  tellPeers(turn, 'arp.announce', address);
  if (isFirst) armTimer(turn, 'announce', turn.state.timing.announceMs);
  for (const id of waiting) reply(turn, id, { held: true, conflict: null });
}

export function announceAgain(turn: Turn): void {
  const addresses = Object.keys(turn.state.addresses);
  if (addresses.length === 0) return;
  if (isOsUp(turn.state)) {
    for (const address of addresses) tellPeers(turn, 'arp.announce', address);
  }
  armTimer(turn, 'announce', turn.state.timing.announceMs);
}

export function arpReceived(turn: Turn, net: string, from: string, body: Json): void {
  if (net !== NET || !isOsUp(turn.state) || from === turn.state.server || !isObject(body)) return;
  const { kind, address } = body;
  if (typeof address !== 'string') return;
  const isHeld = own(turn.state.addresses, address) !== undefined;
  if (isHeld && kind !== 'arp.probe') noteRival(turn, address, from);
  // Of two that probe at once, the first by name goes on, and says so: the other one's probe may have
  // begun after it heard this one's, and would be over in the same moment.
  const isFirst = kind === 'arp.probe' && from > turn.state.server;
  const isWon = isFirst && own(turn.state.live.probing, address) !== undefined;
  if ((isHeld && kind !== 'arp.claim') || isWon) {
    const claim = { kind: 'arp.claim', address };
    emit(turn, { type: 'sendDatagram', net: NET, to: from, body: claim });
  }
  const isBeaten = kind !== 'arp.probe' || from < turn.state.server;
  if (isBeaten) giveUp(turn, address, 'address.conflict', `${from} answers for ${address} already`);
}

function noteRival(turn: Turn, address: string, from: string): void {
  const { server, addresses } = turn.state;
  if (rivalOf(turn.state, address, turn.now) !== from) {
    log(turn, 'addressHeldTwice', address, server, from);
  }
  const held = { ...addresses[address]!, rival: { server: from, at: turn.now } };
  change(turn, { addresses: { ...addresses, [address]: held } });
}
