/**
 * Alerts on their way between servers. Each says how much it holds; the other sends what lacks, a
 * page at a time, of whichever server it is. So a server that was away catches up from any other.
 *
 *     new alert, or just booted ──► ask the peer: what I hold, and the page that you lack
 *                 ▲                       │ answer: what it holds now
 *                 └── it still lacks ─────┤
 *                 └── later and later ◄───┘ no answer (1 s, 2 s … 60 s), while it lacks something
 *
 * Each server brings its own alerts to all others. What a peer lacks of a third server it gets from that
 * one, so it is asked a while later what it holds by then, and is sent only what it lacks then: else all
 * would send everything to all. Who is asked learns by that what the asker holds, and asks back when it
 * lacks something. No manual tells how the product does it (v3 8: UDP 29003); this is our choice, over
 * the wire that hosts use.
 */
import type { Json, JsonObject } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Wire } from '../ports/wire.ts';
import { type AlertLog, type HeldAlerts, heldOf } from './alert-log.ts';
import { type Alert, alertOf } from './lines.ts';

const PAGE = 50;
const TIMEOUT_MS = 2_000;
/** New alerts come in groups: they go together. */
const GATHER_MS = 100;
/** So long whoever raised an alert has to bring it before others do. */
const RELAY_MS = 1_000;
const AGAIN_MS = 1_000;
const LONGEST_MS = 60_000;
/** Counted no further: by then the wait is the longest. */
const MOST_FAILURES = 10;

/** What is planned next for a peer. */
interface Plan {
  at: number;
  cancel(): void;
}

interface Peer {
  /** What it is known to hold; null: it has not said since this server booted. */
  held: HeldAlerts | null;
  isAsked: boolean;
  failures: number;
  plan: Plan | null;
  /** When others had their time to bring what it lacks of theirs; null: it lacks nothing of them. */
  relayAt: number | null;
}

/** Whose alerts a peer is sent; before those of others it is asked for its word alone. */
type Of = 'own' | 'nobody' | 'all';

export interface AlertSyncWorld {
  server: string;
  peers: readonly string[];
  clock: Clock;
  wire: Wire;
  /** The system is up, and its alert synchronization runs. */
  isOn(): boolean;
}

/** What a peer says that it holds: of each server a time. */
function heldIn(body: Json | undefined): HeldAlerts {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return {};
  const entries = Object.entries(body).filter(([, at]) => Number.isSafeInteger(at));
  return Object.fromEntries(entries) as HeldAlerts;
}

export class AlertSync {
  readonly #world: AlertSyncWorld;
  readonly #log: AlertLog;
  readonly #peers = new Map<string, Peer>();

  constructor(world: AlertSyncWorld, log: AlertLog) {
    this.#world = world;
    this.#log = log;
  }

  /** The server has booted: what the others hold is not known any more. */
  begin(): void {
    for (const { plan } of this.#peers.values()) plan?.cancel();
    for (const name of this.#world.peers) {
      const fresh = { held: null, isAsked: false, failures: 0, plan: null, relayAt: null };
      this.#peers.set(name, fresh);
    }
    this.spread();
  }

  /** Something may be new for the others. */
  spread(): void {
    for (const [name, peer] of this.#peers) this.#plan(name, peer, GATHER_MS);
  }

  #lacksOwn({ held }: Peer): boolean {
    return held === null || this.#log.isAheadOf(held, this.#world.server);
  }

  #lacks({ held }: Peer): boolean {
    return held === null || this.#log.isAheadOfAny(held);
  }

  /** `isFresh`: the peer has just been asked what it holds, so that it is sent all that it lacks. */
  #plan(name: string, peer: Peer, afterMs: number, isFresh = false): void {
    if (!this.#lacks(peer)) peer.relayAt = null;
    if (peer.isAsked || !this.#lacks(peer)) return;
    const { clock } = this.#world;
    const now = clock.now();
    peer.relayAt = isFresh || peer.held === null ? null : (peer.relayAt ?? now + RELAY_MS);
    const isOwn = this.#lacksOwn(peer);
    const soon = peer.relayAt === null || isOwn ? now + afterMs : peer.relayAt;
    const laterMs = Math.min(AGAIN_MS * 2 ** (peer.failures - 1), LONGEST_MS);
    const at = peer.failures === 0 ? soon : now + laterMs;
    if (peer.plan && peer.plan.at <= at) return;
    peer.plan?.cancel();
    const cancel = clock.at(at, () => {
      peer.plan = null;
      if (this.#peers.get(name) !== peer || !this.#world.isOn() || !this.#lacks(peer)) return;
      const isRelay = peer.relayAt !== null && clock.now() >= peer.relayAt;
      void this.#ask(name, peer, isFresh ? 'all' : isRelay ? 'nobody' : 'own');
    });
    peer.plan = { at, cancel };
  }

  #pageFor({ held }: Peer, of: Of): Alert[] {
    if (held === null || of === 'nobody') return [];
    return this.#log.lackedBy(held, PAGE, of === 'own' ? this.#world.server : undefined);
  }

  async #ask(name: string, peer: Peer, of: Of): Promise<void> {
    peer.isAsked = true;
    const alerts = this.#pageFor(peer, of);
    const body = { do: 'alerts', held: this.#log.held(), alerts } as unknown as Json;
    try {
      const to = { server: name, part: 'host' as const };
      const answer = await this.#world.wire.request(to, body, TIMEOUT_MS);
      peer.held = heldIn((answer as JsonObject | null)?.held);
      // Who does not take what it is given is not asked faster and faster.
      const [sent] = alerts;
      const isStuck = sent !== undefined && heldOf(peer.held, sent.server) < sent.at;
      peer.failures = isStuck ? Math.min(peer.failures + 1, MOST_FAILURES) : 0;
    } catch {
      peer.failures = Math.min(peer.failures + 1, MOST_FAILURES);
    }
    peer.isAsked = false;
    const isFresh = of === 'nobody' || (of === 'all' && alerts.length === PAGE);
    if (this.#peers.get(name) === peer) this.#plan(name, peer, 0, isFresh);
  }

  /** A peer asks: takes what it brought, and answers what is held now. */
  async take(from: string, body: JsonObject): Promise<Json> {
    const peer = this.#peers.get(from);
    if (!peer || !this.#world.isOn()) throw new Error(`nothing is exchanged with ${from}`);
    // As it asked: what it is told while this is written down is newer.
    peer.held = heldIn(body.held);
    const given = Array.isArray(body.alerts) ? body.alerts.slice(0, PAGE) : [];
    const alerts = given.map(alertOf).filter((alert) => alert !== null);
    await this.#log.add(alerts, this.#world.clock.now());
    if (peer.failures > 0) {
      peer.plan?.cancel();
      peer.plan = null;
      peer.failures = 0;
    }
    this.spread();
    return { held: this.#log.held() };
  }
}
