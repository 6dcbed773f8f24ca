/**
 * When a runner that waits may leap ahead: after a fault, once the cluster does not change any more
 * by itself. It is looked at only by what the runner asks anyway, so that nothing else is changed.
 */
import { substanceOf } from '../cluster/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Status } from '../schema/generated/status.ts';
import { HastyClock } from './hasty-clock.ts';
import type { Twin } from './twin.ts';

/** So long the cluster has to be seen unchanged; twice the heartbeat timeout at least. */
const CALM_MS = 5_000;
const FIRST_LEAP_MS = 60_000;
/** Each leap is so many times as long as the one before. */
const LONGER = 4;

export class Patience {
  readonly clock: HastyClock;
  readonly #world: Clock;
  readonly #twin: Twin;
  readonly #calmMs: number;
  /** What was seen last, and since when nothing else was. */
  #seen: unknown = null;
  #since = 0;
  #leapMs = FIRST_LEAP_MS;

  constructor(twin: Twin) {
    this.#twin = twin;
    this.#world = twin.controlClock();
    this.clock = new HastyClock(this.#world);
    this.#calmMs = Math.max(CALM_MS, 2 * twin.config.heartbeat.timeoutMs);
  }

  /** Something has happened just now. */
  begin(): void {
    this.#note(null);
  }

  lookedAt(status: Status): void {
    const isResting = this.#twin.isCalm(status);
    this.#pass(isResting ? substanceOf(status) : null);
  }

  /** A server did not say what became of its command. */
  heardNothing(): void {
    const isMoving = this.#twin.servers.some((server) => server.isMoving());
    this.#pass(isMoving ? null : 'silence');
  }

  #note(seen: unknown): void {
    this.#seen = seen;
    this.#since = this.#world.now();
    this.#leapMs = FIRST_LEAP_MS;
  }

  #pass(seen: unknown): void {
    if (seen === null || seen !== this.#seen) this.#note(seen);
    else if (this.#world.now() - this.#since >= this.#calmMs) {
      this.clock.leap(this.#leapMs);
      this.#leapMs *= LONGER;
    }
  }
}
