/**
 * The right to run a runbook on this cluster, as this server keeps it. The token grows with every
 * taking, so that a runner whose lease went to another can be told by its older token, even if it
 * does not know yet.
 *
 * What a server kept while it was off may be past. So one that boots asks the hosts of the others,
 * and until it heard from so many that with itself they are a majority it is not `told`: it takes
 * no command of a run, and gives nobody the lease. A lease is held by a majority, or by half of the
 * servers where a person gave up the others by name; either way one of those that are heard knows.
 *
 *     booted ──► asks every peer, again and again ──► heard from a majority ──► told: takes over
 *                 │                                                             what is newest
 *                 └── a person names those that are not heard ──► told: takes what it is given
 */
import type { Json, JsonObject } from '../core/json.ts';
import type { LeaseHeld, LeaseView } from '../ports/lease.ts';
import { anyText, isObject, lease as leaseField, text, texts, whole, word } from './fields.ts';
import { armTimer, change, changeLive, emit, isOsUp, refusal, reply, type Turn } from './turn.ts';

const ASK_TIMEOUT_MS = 1_000;
const ASK_AGAIN_MS = 1_000;
const ASKED = 'lease:';

export function askLease(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['acquire', 'release', 'show', 'ask', 'vouch']);
  if (op === 'acquire') acquire(turn, body);
  if (op === 'release') release(turn, leaseField(body));
  if (op === 'ask') askPeers(turn);
  if (op === 'vouch') vouch(turn, leaseField(body), texts(body, 'without'));
  reply(turn, id, { ...turn.state.lease, told: turn.state.live.told });
}

/** Nothing that it knows counts until it heard from the others. */
export function askPeers(turn: Turn): void {
  changeLive(turn, { told: false, heard: {} });
  takeNewest(turn);
  askAgain(turn);
}

export function askAgain(turn: Turn): void {
  const { live, peers } = turn.state;
  if (live.told || !isOsUp(turn.state)) return;
  for (const server of peers) {
    if (server in live.heard) continue;
    const to = { server, part: 'host' as const };
    const body = { do: 'lease', op: 'show' };
    const request = { id: `${ASKED}${server}`, to, body, timeoutMs: ASK_TIMEOUT_MS };
    emit(turn, { type: 'sendRequest', ...request });
  }
  armTimer(turn, 'lease', ASK_AGAIN_MS);
}

function leaseOf(body: Json): LeaseView | null {
  if (!isObject(body) || !Number.isSafeInteger(body.token)) return null;
  return isObject(body) ? (body as unknown as LeaseView) : null;
}

/** A peer said what it knows; what is no lease counts as silence. */
export function peerAnswered(turn: Turn, id: string, body: Json): void {
  const said = leaseOf(body);
  if (!id.startsWith(ASKED) || turn.state.live.told || said === null) return;
  const received = { ...turn.state.live.heard, [id.slice(ASKED.length)]: said };
  changeLive(turn, { heard: received });
  takeNewest(turn);
}

function takeNewest(turn: Turn): void {
  const { server, peers, lease, live } = turn.state;
  const all = Object.values(live.heard);
  if (2 * (all.length + 1) <= peers.length + 1) return;
  changeLive(turn, { told: true, heard: {} });
  const newest = all.reduce((best, other) => newerOf(server, best, other), lease);
  if (newest === lease) return;
  const { holder, token, about, since, without } = newest;
  const floor = Math.max(floorOf(lease), floorOf(newest));
  const stored = { holder, token, about, since, ...(without ? { without } : {}) };
  change(turn, { lease: floor > token ? { ...stored, floor } : stored });
}

/**
 * Of one taking, that it was given back is the newer news. A lease for which a person gave up this
 * server by name stands where it is served, whatever this server thinks of tokens.
 */
function newerOf(self: string, best: LeaseView, other: LeaseView): LeaseView {
  const gaveUpThis = other.holder !== null && (other.without ?? []).includes(self);
  if (gaveUpThis && other.told) return other;
  if (other.token !== best.token) return other.token > best.token ? other : best;
  return other.holder === null ? other : best;
}

/** No token up to this one is news here. */
function floorOf({ token, floor }: LeaseView): number {
  return Math.max(token, floor ?? 0);
}

function unheard({ peers, live }: Turn['state']): string[] {
  return live.told ? [] : peers.filter((peer) => !(peer in live.heard));
}

/** Refuses what needs to know who holds the cluster, beside what a person gave up. */
export function requireReported(turn: Turn, without: readonly string[] = []): void {
  const silent = unheard(turn.state).filter((peer) => !without.includes(peer));
  if (silent.length === 0) return;
  throw refusal(
    'lease.unknown',
    `${turn.state.server} was off and does not know yet who holds the cluster: ` +
      `it has not heard from ${silent.join(', ')}`,
  );
}

function acquire(turn: Turn, body: JsonObject): void {
  const holder = text(body, 'holder');
  const about = anyText(body, 'about');
  const atLeast = body.atLeast === undefined ? 0 : whole(body, 'atLeast', 0);
  const over = body.over === undefined ? [] : texts(body, 'over');
  const without = body.without === undefined ? [] : texts(body, 'without');
  if (without.includes(turn.state.server)) {
    throw refusal('request.malformed', `request lease: ${turn.state.server} is here`);
  }
  requireReported(turn, without);
  const held = turn.state.lease;
  if (held.holder !== null && held.holder !== holder && !over.includes(held.holder)) {
    const words = held.about === '' ? held.holder : `${held.holder} (${held.about})`;
    const since = new Date(held.since).toISOString();
    throw refusal('lease.held', `${turn.state.server} is leased to ${words} since ${since}`);
  }
  const token = Math.max(floorOf(held), atLeast) + 1;
  const taken = { holder, token, about, since: turn.now };
  change(turn, { lease: without.length > 0 ? { ...taken, without } : taken });
  changeLive(turn, { told: true, heard: {} });
}

/** A person says of servers that are off that the run which this one was leased to goes on. */
function vouch(turn: Turn, given: LeaseHeld | null, without: string[]): void {
  requireReported(turn, without);
  if (given === null && turn.state.lease.holder !== null) {
    throw refusal('lease.held', `${turn.state.server} is leased to ${turn.state.lease.holder}`);
  }
  checkLease(turn, given);
  changeLive(turn, { told: true, heard: {} });
  if (given === null) return;
  const named = [...new Set([...(turn.state.lease.without ?? []), ...without])];
  change(turn, { lease: { ...turn.state.lease, without: named } });
}

/** Giving back what nobody holds is done already. */
function release(turn: Turn, given: LeaseHeld | null): void {
  if (given === null) throw refusal('request.malformed', 'request lease: no lease is named');
  const held = turn.state.lease;
  if (held.holder !== null) checkLease(turn, given);
  const token = Math.max(floorOf(held), given.token);
  if (held.holder === null && token === held.token) return;
  change(turn, { lease: { holder: null, token, about: '', since: turn.now } });
}

/**
 * Refuses a runner whose lease is no longer good here. A server that did not hear of the taking
 * learns it now: its own token is the older one, and nobody holds it.
 */
export function checkLease(turn: Turn, given: LeaseHeld | null): void {
  if (given === null) return;
  const held = turn.state.lease;
  const isMine = held.holder === given.holder && given.token >= held.token;
  const isNews = held.holder === null && given.token > floorOf(held);
  if (!isMine && !isNews) {
    const now = held.holder === null ? 'nobody' : held.holder;
    throw refusal(
      'lease.stale',
      `${given.holder} no longer holds ${turn.state.server}: its token is ${given.token}, ` +
        `here it is ${held.token}, held by ${now}`,
    );
  }
  if (given.token > held.token) {
    const since = isMine ? held.since : turn.now;
    change(turn, { lease: { ...held, holder: given.holder, token: given.token, since } });
  }
}
