/**
 * The counters behind the mirror statistics of x5 2.3. Pure: who counts brings the time. What
 * belongs to one sampling is forgotten when a sample is taken, what counts from the start of the
 * agent is not.
 *
 *     hooks of the data path ──► Counters ── sample(now) ──► 37 values ──► nmpN.cur, clpmdstat
 *
 * Times in ms, amounts in bytes; table.ts turns them into the documented units.
 */

/** Highest since the agent started, highest of this sampling, and the newest value. */
export class Peak {
  max = 0;
  max2 = 0;
  cur = 0;

  see(value: number): void {
    this.cur = value;
    if (value > this.max) this.max = value;
    if (value > this.max2) this.max2 = value;
  }

  /** A new sampling begins with what is there now. */
  begin(isLevel: boolean): void {
    this.max2 = isLevel ? this.cur : 0;
  }
}

/** A sum since the agent started, and of this sampling. */
export class Sum {
  total = 0;
  total2 = 0;

  add(value: number): void {
    this.total += value;
    this.total2 += value;
  }

  /** A new sampling begins. */
  begin(): void {
    this.total2 = 0;
  }
}

/** What a sample is made of: the counters as they stand at its end. */
export interface Reading {
  /** Length of the sampling. */
  elapsedMs: number;
  written: number;
  read: number;
  localWritten: number;
  localRead: number;
  sent: number;
  /** Of what was sent, before compression. */
  plain: number;
  syncs: number;
  syncMs: number;
  syncMaxMs: number;
  syncAck: Peak;
  recoveryAck: Peak;
  difference: Peak;
  sendQueue: Peak;
  requests: Peak;
  heartbeat: Peak;
  writeWaits: Sum;
  readWaits: Sum;
  unmount: Peak;
  fsck: Peak;
}

const AMOUNTS = ['written', 'read', 'localWritten', 'localRead', 'sent', 'plain'] as const;

export class Counters {
  written = 0;
  read = 0;
  localWritten = 0;
  localRead = 0;
  sent = 0;
  plain = 0;
  #syncs = 0;
  #syncMs = 0;
  #syncMaxMs = 0;
  readonly syncAck = new Peak();
  readonly recoveryAck = new Peak();
  readonly difference = new Peak();
  readonly sendQueue = new Peak();
  readonly requests = new Peak();
  readonly heartbeat = new Peak();
  readonly writeWaits = new Sum();
  readonly readWaits = new Sum();
  readonly unmount = new Peak();
  readonly fsck = new Peak();
  #since: number;

  constructor(now: number) {
    this.#since = now;
  }

  /** So many bytes more. */
  add(amount: (typeof AMOUNTS)[number], bytes: number): void {
    this[amount] += bytes;
  }

  requestBegan(): void {
    this.requests.see(this.requests.cur + 1);
  }

  requestEnded(): void {
    this.requests.see(this.requests.cur - 1);
  }

  /** Synchronisation data goes to the other side. */
  syncBegan(bytes: number): void {
    this.sendQueue.see(this.sendQueue.cur + 1);
    this.difference.see(this.difference.cur + bytes);
  }

  /** It is there after `ms`; null: it did not get there, which counts in no time. */
  syncEnded(bytes: number, ms: number | null): void {
    this.sendQueue.see(this.sendQueue.cur - 1);
    this.difference.see(this.difference.cur - bytes);
    if (ms === null) return;
    this.syncAck.see(ms);
    this.#syncs += 1;
    this.#syncMs += ms;
    this.#syncMaxMs = Math.max(this.#syncMaxMs, ms);
  }

  /** The counters as they stand; nothing is forgotten. */
  reading(now: number): Reading {
    const { written, read, localWritten, localRead, sent, plain } = this;
    const { syncAck, recoveryAck, difference, sendQueue, requests, heartbeat } = this;
    const { writeWaits, readWaits, unmount, fsck } = this;
    const peaks = { syncAck, recoveryAck, difference, sendQueue, requests, heartbeat };
    return structuredClone({
      elapsedMs: Math.max(1, now - this.#since),
      ...{ written, read, localWritten, localRead, sent, plain },
      ...{ syncs: this.#syncs, syncMs: this.#syncMs, syncMaxMs: this.#syncMaxMs },
      ...peaks,
      ...{ writeWaits, readWaits, unmount, fsck },
    });
  }

  /** A sampling ends and the next one begins. */
  sample(now: number): Reading {
    const reading = this.reading(now);
    this.#since = now;
    for (const key of AMOUNTS) this[key] = 0;
    this.#syncs = 0;
    this.#syncMs = 0;
    this.#syncMaxMs = 0;
    for (const level of [this.difference, this.sendQueue, this.requests]) level.begin(true);
    for (const time of [this.recoveryAck, this.heartbeat]) time.begin(false);
    for (const sum of [this.writeWaits, this.readWaits]) sum.begin();
    return reading;
  }
}
