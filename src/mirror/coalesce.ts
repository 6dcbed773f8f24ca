/**
 * Group commit. `run()` answers when a round of the job that began after the call has ended; calls
 * made while a round runs share the next one. A round that fails fails everyone who waited for it.
 */
export class Coalesced {
  readonly #job: () => Promise<void>;
  #next: Promise<void> | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(job: () => Promise<void>) {
    this.#job = job;
  }

  run(): Promise<void> {
    if (this.#next) return this.#next;
    const round = this.#running.then(
      () => this.#start(),
      () => this.#start(),
    );
    this.#next = round;
    this.#running = round;
    return round;
  }

  #start(): Promise<void> {
    this.#next = null;
    return this.#job();
  }
}

/** One work after the other. Nothing within the loop may wait for something that needs it. */
export class Loop {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}

/** A gate that is open or shut; `pass` waits while it is shut. */
export class Gate {
  #waiting: { go: () => void; fail: (error: Error) => void }[] = [];
  #shut = false;

  get isShut(): boolean {
    return this.#shut;
  }

  shut(): void {
    this.#shut = true;
  }

  open(): void {
    this.#shut = false;
    for (const { go } of this.#waiting.splice(0)) go();
  }

  /** Everyone who waits is turned away; the gate stays as it is. */
  turnAway(error: Error): void {
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }

  async pass(): Promise<void> {
    while (this.#shut) {
      await new Promise<void>((go, fail) => {
        this.#waiting.push({ go, fail });
      });
    }
  }
}
