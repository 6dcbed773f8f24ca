/**
 * The right to run a runbook on this cluster, as this server keeps it. The token grows by one with
 * every taking, so that a runner whose lease went to another can be told by its older token, even
 * if it does not know yet.
 */
import type { JsonObject } from '../core/json.ts';
import type { LeaseHeld } from '../ports/cluster.ts';
import { anyText, lease as leaseField, text, whole, word } from './fields.ts';
import { change, refusal, reply, type Turn } from './turn.ts';

export function askLease(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['acquire', 'release', 'show']);
  if (op === 'acquire') acquire(turn, body);
  if (op === 'release') release(turn, leaseField(body));
  reply(turn, id, turn.state.lease);
}

function acquire(turn: Turn, body: JsonObject): void {
  const holder = text(body, 'holder');
  const about = anyText(body, 'about');
  const atLeast = body.atLeast === undefined ? 0 : whole(body, 'atLeast', 0);
  const held = turn.state.lease;
  if (held.holder !== null && held.holder !== holder) {
    const words = held.about === '' ? held.holder : `${held.holder} (${held.about})`;
    const since = new Date(held.since).toISOString();
    throw refusal('lease.held', `${turn.state.server} is leased to ${words} since ${since}`);
  }
  const token = Math.max(held.token, atLeast) + 1;
  change(turn, { lease: { holder, token, about, since: turn.now } });
}

/** Giving back what nobody holds is done already. */
function release(turn: Turn, given: LeaseHeld | null): void {
  if (given === null) throw refusal('request.malformed', 'request lease: no lease is named');
  const held = turn.state.lease;
  if (held.holder !== null) checkLease(turn, given);
  const token = Math.max(held.token, given.token);
  if (held.holder === null && token === held.token) return;
  change(turn, { lease: { holder: null, token, about: '', since: turn.now } });
}

/**
 * Refuses a runner whose lease is no longer good here. A server that was down when the lease was
 * taken learns it now: its own token is the older one, and nobody holds it.
 */
export function checkLease(turn: Turn, given: LeaseHeld | null): void {
  if (given === null) return;
  const held = turn.state.lease;
  const isMine = held.holder === given.holder && given.token >= held.token;
  const isNews = held.holder === null && given.token > held.token;
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
