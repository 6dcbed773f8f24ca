/** Time as a port. Milliseconds since the epoch; in the twin, virtual. */
export interface Clock {
  now(): number;
  /** Calls `fn` once at or after `at`; the answer cancels it. */
  at(at: number, fn: () => void): () => void;
}

export function sleep(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.at(clock.now() + ms, resolve);
  });
}
