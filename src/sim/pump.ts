/**
 * What moves virtual time while somebody awaits: let every promise settle, fire the next timer,
 * again. Promises are let settle only after something asynchronous was set going (`stirred`),
 * because that costs more than most events. What is put off by `nextTick` runs when no microtask
 * is left: a sure sign, and much cheaper than a turn of the event loop. Such a turn is taken now
 * and then all the same, so that a long rehearsal hears of an interrupt.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { DrydockError } from '../core/errors.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** So many settlings between two turns of the event loop. */
const TURN_EVERY = 256;

/** Has to be asked for from a microtask, or what is put off would come before them. */
async function lastMicrotask(): Promise<void> {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
}

export class Pump {
  readonly #clock: VirtualClock;
  readonly #pending: () => string[];
  #active: Promise<void> | null = null;
  #settlings = 0;

  /** `pending` names what is under way, for the error when nothing is left to happen. */
  constructor(clock: VirtualClock, pending: () => string[]) {
    this.#clock = clock;
    this.#pending = pending;
  }

  /** The promise's outcome; virtual time moves until it has one. */
  async run<T>(promise: Promise<T>, limitMs: number): Promise<T> {
    const until = this.#clock.now() + limitMs;
    let settled = false;
    const mark = () => {
      settled = true;
    };
    promise.then(mark, mark);
    this.#clock.stir();
    for (;;) {
      await this.settle();
      if (settled) return promise;
      const next = this.#clock.next();
      if (next === null) throw this.#stuck('nothing is left to happen', 'twin.stuck');
      if (next > until) throw this.#stuck(`${limitMs} ms of virtual time passed`, 'twin.limit');
      // A burst of synchronous events needs no look at the promise in between.
      while (!this.#clock.stirred && (this.#clock.next() ?? Infinity) <= until) {
        this.#clock.fireNext();
      }
      if (!this.#clock.stirred) this.#clock.stir();
    }
  }

  /** Lets virtual time pass up to `at`. */
  async advanceTo(at: number): Promise<void> {
    this.#clock.stir();
    for (;;) {
      await this.settle();
      const next = this.#clock.next();
      if (next === null || next > at) break;
      while (!this.#clock.stirred && (this.#clock.next() ?? Infinity) <= at) {
        this.#clock.fireNext();
      }
    }
    this.#clock.skipTo(at);
  }

  /** Resolves when no promise can move on without time passing. */
  async settle(): Promise<void> {
    while (this.#clock.stirred) {
      this.#active ??= this.#turn();
      await this.#active;
    }
  }

  async #turn(): Promise<void> {
    this.#clock.stirred = false;
    this.#settlings += 1;
    await (this.#settlings % TURN_EVERY === 0 ? turn() : lastMicrotask());
    this.#active = null;
  }

  #stuck(what: string, code: string): DrydockError {
    const pending = this.#pending();
    const list = pending.length > 0 ? pending.join(', ') : 'no request under way';
    return new DrydockError(`the twin waited in vain: ${what}; pending: ${list}`, {
      code,
      remedy: 'look at what is pending; a part that was killed or frozen answers no one',
    });
  }
}
