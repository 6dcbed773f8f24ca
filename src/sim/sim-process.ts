/**
 * A process of a simulated server: the one gate through which anything enters its code.
 *
 *     running ──freeze──► frozen ──thaw──► running
 *        │                  │
 *        └──────kill────────┴──► dead (for good)
 *
 * Frozen (SIGSTOP), what should enter waits; dead, it is dropped: a promise that such a process
 * awaits never settles, so no code of it runs on after its death.
 */
import type { Clock } from '../ports/clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

export class SimProcess {
  readonly server: string;
  readonly name: string;
  /** The clock as this process sees it: its timers die and freeze with it. */
  readonly clock: Clock;
  readonly #world: VirtualClock;
  readonly #offsetMs: number;
  #state: 'running' | 'frozen' | 'dead' = 'running';
  #held: (() => void)[] = [];
  #onDeath: (() => void)[] = [];

  /**
   * `quiet`: its timers' callbacks are synchronous (parts driven by src/core/drive.ts). `offsetMs`:
   * how far its server's time was from the world's when it began; it runs on as a monotonic clock.
   */
  constructor(world: VirtualClock, server: string, name: string, quiet = false, offsetMs = 0) {
    this.#world = world;
    this.#offsetMs = offsetMs;
    this.server = server;
    this.name = name;
    this.clock = {
      now: () => world.now() + offsetMs,
      at: (at, fn) => {
        if (this.#state === 'dead') return () => undefined;
        return quiet
          ? world.atQuietly(at - offsetMs, () => this.enter(fn))
          : world.at(at - offsetMs, () => this.enter(fn));
      },
    };
  }

  get dead(): boolean {
    return this.#state === 'dead';
  }

  get frozen(): boolean {
    return this.#state === 'frozen';
  }

  /** Runs `fn` as this process: now, after the thaw, or never. */
  enter(fn: () => void): void {
    if (this.#state === 'running') fn();
    else if (this.#state === 'frozen') this.#held.push(fn);
  }

  /** What `work` answers, if the process still lives to hear it. */
  call<T>(work: () => T, delayMs = 0): Promise<T> {
    this.#world.stir();
    return new Promise<T>((resolve, reject) => {
      const perform = () => {
        // Also after a delay: whoever awaits it goes on before time does.
        this.#world.stir();
        try {
          resolve(work());
        } catch (error) {
          reject(error);
        }
      };
      if (delayMs > 0) this.clock.at(this.#world.exact() + this.#offsetMs + delayMs, perform);
      else this.enter(perform);
    });
  }

  freeze(): void {
    if (this.#state === 'running') this.#state = 'frozen';
  }

  thaw(): void {
    if (this.#state !== 'frozen') return;
    this.#state = 'running';
    const held = this.#held;
    this.#held = [];
    this.#world.stir();
    for (const fn of held) this.enter(fn);
  }

  onDeath(fn: () => void): void {
    this.#onDeath.push(fn);
  }

  kill(): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#held = [];
    this.#world.stir();
    for (const fn of this.#onDeath.splice(0)) fn();
  }
}
