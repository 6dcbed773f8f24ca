/**
 * The clock of somebody who waits in a world at rest: it may leap ahead of the world's, so that a
 * time limit of ten minutes is over without ten minutes of heartbeats having to be played.
 */
import type { Clock } from '../ports/clock.ts';

interface Armed {
  at: number;
  fn: () => void;
  cancel: () => void;
}

export class HastyClock implements Clock {
  readonly #world: Clock;
  readonly #armed = new Set<Armed>();
  #aheadMs = 0;

  constructor(world: Clock) {
    this.#world = world;
  }

  now(): number {
    return this.#world.now() + this.#aheadMs;
  }

  at(at: number, fn: () => void): () => void {
    const armed: Armed = { at, fn, cancel: () => undefined };
    this.#armed.add(armed);
    this.#arm(armed);
    return () => {
      this.#armed.delete(armed);
      armed.cancel();
    };
  }

  leap(ms: number): void {
    this.#aheadMs += ms;
    for (const armed of this.#armed) {
      armed.cancel();
      this.#arm(armed);
    }
  }

  #arm(armed: Armed): void {
    armed.cancel = this.#world.at(armed.at - this.#aheadMs, () => {
      this.#armed.delete(armed);
      armed.fn();
    });
  }
}
