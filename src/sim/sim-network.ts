/**
 * The simulated network: a Wire per process. Everything that crosses it is scheduled on the
 * virtual clock and copied through JSON, so that no object is shared between servers.
 *
 * A request to a part that nobody serves is refused where the operating system is up and stays
 * without an answer where it is not; over a cut cable it times out. A process that dies with a
 * request in hand closes the connection: the asker hears at once that the outcome is unknown.
 */

import { DrydockError } from '../core/errors.ts';
import { frozen } from '../core/frozen.ts';
import type { Json } from '../core/json.ts';
import type { Address, Caller, PartName } from '../core/part.ts';
import {
  type Link,
  RemoteError,
  TOO_LARGE,
  type Wire,
  WireError,
  whyTooLarge,
} from '../ports/wire.ts';
import { Cables } from './cables.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type LinkWorld, linkPair } from './sim-link.ts';
import type { SimProcess } from './sim-process.ts';
import type { VirtualClock } from './virtual-clock.ts';

type Handler = (from: Caller, body: Json) => Promise<Json>;

interface Served {
  process: SimProcess;
  handler: Handler;
}

interface Asked {
  words: string;
  asker: SimProcess;
  target: SimProcess | null;
  fail(error: Error): void;
}

export interface NetworkOptions {
  clock: VirtualClock;
  random: SeededRandom;
  /** Nets that the servers share, e.g. lan0, lan1, mdc400, com0. */
  nets: string[];
  latencyMs: number;
  bytesPerMs: number;
}

/** Through JSON, and through a frame: what would not fit on the real wire does not here either. */
function copied(body: Json): Json {
  const text = JSON.stringify(body ?? null);
  const why = whyTooLarge(`{"q":0,"b":${text}}`);
  if (why !== null) throw new RemoteError(TOO_LARGE, why);
  return JSON.parse(text) as Json;
}

export class SimNetwork {
  readonly cables: Cables;
  /** Handlers that threw something that is not a refusal: defects, for the oracles. */
  readonly defects: string[] = [];
  /** Whether that server's operating system is up; the machinery tells. */
  isUp: (server: string) => boolean = () => true;
  readonly #clock: VirtualClock;
  readonly #links: LinkWorld;
  #served = new Map<string, Served>();
  #hearing = new Map<string, Set<{ process: SimProcess; part: string; fn: DatagramFn }>>();
  #listening = new Map<string, { process: SimProcess; fn: (link: Link) => void }>();
  #asked = new Set<Asked>();
  #lastSent: Json = null;
  #lastCopy: Json = null;

  constructor(options: NetworkOptions) {
    this.#clock = options.clock;
    this.#clock.isAwaited = () => this.#asked.size > 0;
    this.cables = new Cables(options.nets, options.latencyMs, options.random);
    this.#links = {
      clock: options.clock,
      cables: this.cables,
      bytesPerMs: options.bytesPerMs,
      isUp: (server) => this.isUp(server),
    };
  }

  /** What is asked and not yet answered, for the words of an error. */
  pending(): string[] {
    return [...this.#asked].map((asked) => asked.words);
  }

  /**
   * The wire of one process, which speaks as that part; `who`: whom the servers know it to be. `random`: how
   * long its requests take; one of its own where they are not to change how long all others take.
   */
  wire(process: SimProcess, part: Address['part'], who?: string, random?: SeededRandom): Wire {
    const { server } = process;
    const from: Caller = { server, part, ...(who === undefined ? {} : { who }) };
    process.onDeath(() => this.#forget(process));
    return {
      server,
      request: (to, body, timeoutMs) => this.#request(process, from, random, to, body, timeoutMs),
      serve: (served, handler) => this.#serve(process, served, handler),
      datagram: (net, to, body) => this.#datagram(process, net, to, body),
      onDatagram: (fn) => this.#hear(process, part, fn),
      reaches: (net, target, timeoutMs) => this.#reaches(process, net, target, timeoutMs),
      connect: (peer, net, timeoutMs) => this.#connect(process, peer, net, timeoutMs),
      listen: (fn) => {
        this.#listening.set(server, { process, fn });
        return () => this.#listening.delete(server);
      },
    };
  }

  #serve(process: SimProcess, part: PartName, handler: Handler): () => void {
    const key = `${process.server}/${part}`;
    const served = { process, handler };
    this.#served.set(key, served);
    return () => {
      if (this.#served.get(key) === served) this.#served.delete(key);
    };
  }

  #hear(process: SimProcess, part: string, fn: DatagramFn): () => void {
    const ears = this.#hearing.get(process.server) ?? new Set();
    this.#hearing.set(process.server, ears);
    const ear = { process, part, fn };
    ears.add(ear);
    return () => ears.delete(ear);
  }

  #forget(process: SimProcess): void {
    for (const [key, served] of this.#served) {
      if (served.process === process) this.#served.delete(key);
    }
    for (const ear of this.#hearing.get(process.server) ?? []) {
      if (ear.process === process) this.#hearing.get(process.server)?.delete(ear);
    }
    if (this.#listening.get(process.server)?.process === process) {
      this.#listening.delete(process.server);
    }
    for (const asked of this.#asked) if (asked.asker === process) this.#asked.delete(asked);
    if (!this.isUp(process.server)) return;
    const words = `${process.server} closed the connection before it answered`;
    for (const asked of [...this.#asked]) {
      if (asked.target === process) asked.fail(new WireError('timeout', words));
    }
  }

  #datagram(process: SimProcess, net: string, to: string, body: Json): void {
    const from = process.server;
    if (process.dead || !this.cables.isUp(net, from, to)) return;
    if (this.cables.loses(net, from, to)) return;
    const copy = this.#copyOf(body);
    const at = this.#clock.exact() + this.cables.latency(net, from, to);
    this.#clock.atQuietly(at, () => {
      for (const ear of [...(this.#hearing.get(to) ?? [])]) {
        // Address resolution is the host's; every other datagram is the cluster daemon's.
        if ((net === 'arp') !== (ear.part === 'host')) continue;
        ear.process.enter(() => ear.fn(net, from, copy));
      }
    });
  }

  /** One copy for all who are sent the same: whoever hears it cannot change it. */
  #copyOf(body: Json): Json {
    if (body !== this.#lastSent) {
      this.#lastSent = body;
      this.#lastCopy = frozen(JSON.parse(JSON.stringify(body)) as Json);
    }
    return this.#lastCopy;
  }

  /** Heard after the way there and back, or not within the limit. */
  #reaches(process: SimProcess, net: string, target: string, timeoutMs: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#clock.stir();
    const answers = this.cables.reaches(net, process.server, target);
    const ms = answers ? 2 * this.cables.latency(net, process.server, target) : timeoutMs;
    this.#clock.at(this.#clock.exact() + ms, () =>
      process.enter(() => {
        this.#clock.stir();
        resolve(answers);
      }),
    );
    return promise;
  }

  #request(
    process: SimProcess,
    from: Caller,
    random: SeededRandom | undefined,
    to: Address,
    body: Json,
    timeoutMs: number,
  ): Promise<Json> {
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    this.#clock.stir();
    if (process.dead) return promise;
    const end = (settle: () => void) => {
      if (!this.#asked.delete(asked)) return;
      cancel();
      process.enter(() => {
        this.#clock.stir();
        settle();
      });
    };
    const words = `${from.server}/${from.part} → ${to.server}/${to.part} ${describe(body)}`;
    const asked: Asked = {
      words,
      asker: process,
      target: null,
      fail: (error) => end(() => reject(error)),
    };
    this.#asked.add(asked);
    const cancel = this.#clock.at(this.#clock.exact() + timeoutMs, () =>
      asked.fail(new WireError('timeout', `no answer within ${timeoutMs} ms: ${words}`)),
    );
    const net = this.cables.route(from.server, to.server, to.part);
    if (net === null) return promise;
    let message: Json;
    try {
      message = copied(body);
    } catch (error) {
      asked.fail(error as Error);
      return promise;
    }
    const back = (settle: () => void) => {
      if (!this.cables.isUp(net, to.server, from.server)) return;
      const at = this.#clock.exact() + this.cables.latency(net, to.server, from.server, random);
      this.#clock.atQuietly(at, () => end(settle));
    };
    const at = this.#clock.exact() + this.cables.latency(net, from.server, to.server, random);
    this.#clock.atQuietly(at, () => this.#deliver(asked, from, to, message, back, resolve, reject));
    return promise;
  }

  #deliver(
    asked: Asked,
    from: Caller,
    to: Address,
    body: Json,
    back: (settle: () => void) => void,
    resolve: (answer: Json) => void,
    reject: (error: Error) => void,
  ): void {
    const served = this.#served.get(`${to.server}/${to.part}`);
    if (!served) {
      if (!this.isUp(to.server)) return;
      const words = `nobody serves ${to.part} on ${to.server}`;
      back(() => reject(new WireError('refused', words)));
      return;
    }
    const { process, handler } = served;
    asked.target = process;
    const answered = (settle: () => void) => {
      this.#clock.stir();
      process.enter(() => {
        // On its way: the death of who answered no longer matters.
        asked.target = null;
        back(settle);
      });
    };
    process.enter(() => {
      this.#clock.stir();
      called(handler, from, body)
        .then(copiedAnswer)
        .then(
          (copy) => answered(() => resolve(copy)),
          (error: unknown) => {
            const refusal = error instanceof Unsent ? error : this.#refusal(error, to);
            answered(() => reject(refusal));
          },
        );
    });
  }

  #refusal(error: unknown, to: Address): Error {
    if (error instanceof RemoteError || error instanceof DrydockError) {
      return new RemoteError(error.code, error.message);
    }
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.defects.push(`${to.server}/${to.part}: ${words}`);
    return new RemoteError('defect', words.split('\n')[0] ?? '');
  }

  #connect(process: SimProcess, peer: string, net: string, timeoutMs: number): Promise<Link> {
    const { promise, resolve, reject } = Promise.withResolvers<Link>();
    this.#clock.stir();
    if (process.dead) return promise;
    const { server } = process;
    const later = (ms: number, fn: () => void) =>
      this.#clock.at(this.#clock.exact() + ms, () => process.enter(fn));
    const giveUp = later(timeoutMs, () =>
      reject(new WireError('timeout', `no connection to ${peer} on ${net} in ${timeoutMs} ms`)),
    );
    const isThere = this.cables.isUp(net, server, peer) && this.cables.isUp(net, peer, server);
    if (!isThere) return promise;
    later(2 * this.cables.latency(net, server, peer), () => {
      const listener = this.#listening.get(peer);
      if (!listener || listener.process.dead) {
        if (!this.isUp(peer)) return;
        giveUp();
        reject(new WireError('refused', `nobody listens on ${peer}`));
        return;
      }
      giveUp();
      const { near, far } = linkPair(this.#links, process, listener.process, net);
      listener.process.enter(() => listener.fn(far));
      resolve(near);
    });
    return promise;
  }
}

type DatagramFn = (net: string, from: string, body: Json) => void;

class Unsent extends WireError {}

/** An answer that does not fit was given all the same: to whoever asked it is lost. */
function copiedAnswer(answer: Json): Json {
  try {
    return copied(answer);
  } catch (error) {
    const words = `it answered, and the answer cannot be sent: ${(error as Error).message}`;
    throw new Unsent('timeout', words);
  }
}

/** A handler that throws at once is refused like one that rejects. */
async function called(handler: Handler, from: Caller, body: Json): Promise<Json> {
  return handler(from, body);
}

function describe(body: Json): string {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return '';
  return [body.do, body.op, body.argv].flat().filter(Boolean).join(' ');
}
