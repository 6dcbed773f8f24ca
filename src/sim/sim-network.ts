/**
 * The simulated network: a Wire per process. Everything that crosses it is scheduled on the
 * virtual clock and copied through JSON, so that no object is shared between servers.
 *
 * What becomes of a request where cables are cut and processes die: sim-request.ts.
 */

import { frozen } from '../core/frozen.ts';
import type { Json } from '../core/json.ts';
import type { Address, Caller, PartName } from '../core/part.ts';
import { type Link, type Wire, WireError } from '../ports/wire.ts';
import { Cables } from './cables.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type LinkWorld, linkPair } from './sim-link.ts';
import type { SimProcess } from './sim-process.ts';
import {
  type Asked,
  type Handler,
  type RequestWorld,
  type Served,
  SimRequest,
} from './sim-request.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface NetworkOptions {
  clock: VirtualClock;
  random: SeededRandom;
  /** Nets that the servers share, e.g. lan0, lan1, mdc400, com0. */
  nets: string[];
  latencyMs: number;
  bytesPerMs: number;
}

export class SimNetwork {
  readonly cables: Cables;
  /** Handlers that threw something that is not a refusal: defects, for the oracles. */
  readonly defects: string[] = [];
  /** Whether that server's operating system is up; the machinery tells. */
  isUp: (server: string) => boolean = () => true;
  readonly #clock: VirtualClock;
  readonly #links: LinkWorld;
  readonly #requests: RequestWorld;
  #served = new Map<string, Served>();
  #hearing = new Map<string, Set<{ process: SimProcess; part: string; fn: DatagramFn }>>();
  #listening = new Map<string, { process: SimProcess; fn: (link: Link) => void }>();
  #asked = new Set<SimRequest>();
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
    this.#requests = {
      clock: options.clock,
      cables: this.cables,
      isUp: (server) => this.isUp(server),
      served: ({ server, part }) => this.#served.get(`${server}/${part}`),
      defect: (words) => void this.defects.push(words),
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
      request: (to, body, timeoutMs) =>
        this.#request({ asker: process, from, to, body, timeoutMs, random }),
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
    for (const asked of [...this.#asked]) if (asked.asker === process) asked.drop();
    if (!this.isUp(process.server)) return;
    const words = `${process.server} closed the connection before it answered`;
    for (const asked of [...this.#asked]) {
      if (asked.target === process) asked.fail(words);
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

  #request(asked: Asked): Promise<Json> {
    this.#clock.stir();
    const request = new SimRequest(this.#requests, asked, () => this.#asked.delete(request));
    if (asked.asker.dead) request.drop();
    else {
      this.#asked.add(request);
      request.begin();
    }
    return request.answer;
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
