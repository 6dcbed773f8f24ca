/**
 * Alerts on their way between servers. Each says how much it holds; the other sends what lacks, a
 * page at a time, of whichever server it is. So a server that was away catches up from any other.
 *
 *     new alert, or just booted ──► ask the peer: what I hold, and the page that you lack
 *                 ▲                       │ answer: what it holds now
 *                 └── it still lacks ─────┤
 *                 └── later and later ◄───┘ no answer (1 s, 2 s … 60 s), while it lacks something
 *
 * Who is asked learns by that what the asker holds, and asks back when it lacks something. No manual tells how
 * the product does it (v3 8: UDP 29003); this is our choice, over the wire that hosts use.
 */
import type { Json, JsonObject } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Wire } from '../ports/wire.ts';
import type { AlertLog, HeldAlerts } from './alert-log.ts';
import { alertOf } from './lines.ts';

const PAGE = 50;
const TIMEOUT_MS = 2_000;
/** New alerts come in groups: they go together. */
const GATHER_MS = 100;
const AGAIN_MS = 1_000;
const LONGEST_MS = 60_000;
/** Counted no further: by then the wait is the longest. */
const MOST_FAILURES = 10;

interface Peer {
  /** What it is known to hold; null: it has not said since this server booted. */
  held: HeldAlerts | null;
  isAsked: boolean;
  failures: number;
  cancel: (() => void) | null;
}

export interface AlertSyncWorld {
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
    for (const { cancel } of this.#peers.values()) cancel?.();
    for (const name of this.#world.peers) {
      this.#peers.set(name, { held: null, isAsked: false, failures: 0, cancel: null });
    }
    this.spread();
  }

  /** Something may be new for the others. */
  spread(): void {
    for (const [name, peer] of this.#peers) this.#plan(name, peer, GATHER_MS);
  }

  #lacks({ held }: Peer): boolean {
    return held === null || this.#log.isAheadOf(held);
  }

  #plan(name: string, peer: Peer, afterMs: number): void {
    if (peer.isAsked || peer.cancel || !this.#lacks(peer)) return;
    const { clock } = this.#world;
    const waitMs = peer.failures === 0 ? afterMs : AGAIN_MS * 2 ** (peer.failures - 1);
    peer.cancel = clock.at(clock.now() + Math.min(waitMs, LONGEST_MS), () => {
      peer.cancel = null;
      if (this.#peers.get(name) === peer && this.#world.isOn()) void this.#ask(name, peer);
    });
  }

  async #ask(name: string, peer: Peer): Promise<void> {
    peer.isAsked = true;
    const alerts = peer.held === null ? [] : this.#log.lackedBy(peer.held, PAGE);
    const body = { do: 'alerts', held: this.#log.held(), alerts } as unknown as Json;
    try {
      const to = { server: name, part: 'host' as const };
      const answer = await this.#world.wire.request(to, body, TIMEOUT_MS);
      peer.held = heldIn((answer as JsonObject | null)?.held);
      // Who does not take what it is given is not asked faster and faster.
      const [first] = this.#log.lackedBy(peer.held, 1);
      const isStuck = alerts.length > 0 && first?.at === alerts[0]?.at;
      peer.failures = isStuck ? Math.min(peer.failures + 1, MOST_FAILURES) : 0;
    } catch {
      peer.failures = Math.min(peer.failures + 1, MOST_FAILURES);
    }
    peer.isAsked = false;
    if (this.#peers.get(name) === peer) this.#plan(name, peer, 0);
  }

  /** A peer asks: takes what it brought, and answers what is held now. */
  async take(from: string, body: JsonObject): Promise<Json> {
    const peer = this.#peers.get(from);
    if (!peer || !this.#world.isOn()) throw new Error(`nothing is exchanged with ${from}`);
    const given = Array.isArray(body.alerts) ? body.alerts.slice(0, PAGE) : [];
    const alerts = given.map(alertOf).filter((alert) => alert !== null);
    await this.#log.add(alerts, this.#world.clock.now());
    peer.held = heldIn(body.held);
    peer.failures = 0;
    peer.cancel?.();
    peer.cancel = null;
    this.spread();
    return { held: this.#log.held() };
  }
}
