/**
 * The Wire port over real sockets: greeted, sealed connections for requests and mirror links, and
 * sealed datagrams. One connection per peer part and net is kept and used again.
 *
 * Between servers a request takes the first interconnect that answers, in the order of their ids,
 * and remembers it. A kept connection that was silent is asked for a sign of life first: then a
 * pulled cable costs a short wait and the next net, and not a request of unknown fate. Where there
 * is only one net, no other could be tried, and the request itself is the question.
 */
import type { Duplex } from 'node:stream';
import type { Json, JsonObject } from '../core/json.ts';
import type { Address, Caller, PartName } from '../core/part.ts';
import type { Clock } from '../ports/clock.ts';
import { type Link, RemoteError, SILENCE_LIMIT_MS, type Wire, WireError } from '../ports/wire.ts';
import { Channel } from './channel.ts';
import { DatagramSeal, epochAt } from './datagrams.ts';
import { greet, type Hello, receiveGreeting, type Session } from './handshake.ts';
import { answerRequests, Requester } from './requests.ts';
import { Strangers } from './strangers.ts';
import type { Transport } from './transport.ts';

export interface TcpWireOptions {
  server: string;
  part: PartName | 'control';
  /** The cluster's shared secret, 32 bytes. */
  key: Buffer;
  transport: Transport;
  /** The interconnects, `lan0` first. */
  lans: string[];
  clock: Clock;
}

export interface TcpWire extends Wire {
  close(): void;
}

type Handler = (from: Caller, body: Json) => Promise<Json>;

const GREETING_LIMIT_MS = 5000;
/** How long one net may take to show that it works while there is another one to try. */
const NET_TRIAL_MS = 400;
/** A connection silent for longer is asked for a sign of life before it carries a request. */
const TRUSTED_SILENCE_MS = 150;
/** Connections that have not proved the key yet; a peer is a server, or all of this machine. */
const STRANGERS = { total: 256, share: 128 };

function toLink(channel: Channel, peer: string, net: string): Link {
  return {
    peer,
    net,
    send: (header: JsonObject, payload?: Uint8Array) => channel.sendSoon(header, payload),
    sendPieces: (header, pieces) => channel.sendSoon(header, ...pieces),
    onFrame: (fn) => channel.onFrame(fn),
    onPieces: (fn) => channel.onPieces(fn),
    onClose: (fn) => channel.onClose(fn),
    close: () => channel.close(),
  };
}

class SocketWire implements TcpWire {
  readonly server: string;
  #options: TcpWireOptions;
  #handlers = new Map<PartName, Handler>();
  #linkEars = new Set<(link: Link) => void>();
  #datagramEars = new Set<(net: string, from: string, body: Json) => void>();
  #requesters = new Map<string, Promise<Requester>>();
  #channels = new Set<Channel>();
  #strangers = new Strangers(STRANGERS);
  #goodNet = new Map<string, string>();
  #seal: DatagramSeal;
  #closed = false;

  constructor(options: TcpWireOptions) {
    this.#options = options;
    this.server = options.server;
    const self: Address = { server: options.server, part: options.part };
    this.#seal = new DatagramSeal(options.key, self, epochAt(options.clock.now()));
    options.transport.onConnection((stream, peer) => void this.#receive(stream, peer));
    options.transport.onDatagram((bytes) => this.#takeDatagram(bytes));
  }

  async request(to: Address, body: Json, timeoutMs: number): Promise<Json> {
    const own = to.server === this.server ? this.#handlers.get(to.part as PartName) : undefined;
    if (own) return this.#requestHere(own, body);
    const { clock } = this.#options;
    const until = clock.now() + timeoutMs;
    const leftMs = () => until - clock.now();
    const nets = this.#netsTo(to);
    let failure = 'no answer';
    for (const [at, net] of nets.entries()) {
      const isLast = at === nets.length - 1;
      const trialMs = isLast
        ? Math.min(leftMs(), SILENCE_LIMIT_MS)
        : Math.min(leftMs() / 2, NET_TRIAL_MS);
      if (trialMs <= 0) break;
      try {
        const requester = await this.#requesterFor(to, net, trialMs, nets.length > 1);
        this.#goodNet.set(to.server, net);
        return await requester.ask(body, Math.max(1, leftMs()));
      } catch (error) {
        if (!(error instanceof WireError) || error.code !== 'unreachable') throw error;
        failure = error.message;
      }
    }
    throw new WireError('timeout', `${to.server}/${to.part}: ${failure}`);
  }

  serve(part: PartName, handler: Handler): () => void {
    this.#handlers.set(part, handler);
    return () => void this.#handlers.delete(part);
  }

  datagram(net: string, to: string, body: Json): void {
    if (this.#closed) return;
    const bytes = this.#seal.close(net, to, body);
    if (bytes) this.#options.transport.sendDatagram(net, to, bytes);
  }

  reaches(net: string, target: string, timeoutMs: number): Promise<boolean> {
    return this.#options.transport.reaches(net, target, timeoutMs);
  }

  onDatagram(fn: (net: string, from: string, body: Json) => void): () => void {
    this.#datagramEars.add(fn);
    return () => void this.#datagramEars.delete(fn);
  }

  async connect(peer: string, net: string, timeoutMs: number): Promise<Link> {
    const channel = await this.#open({ server: peer, part: 'agent' }, net, 'link', timeoutMs);
    return toLink(channel, peer, net);
  }

  listen(fn: (link: Link) => void): () => void {
    this.#linkEars.add(fn);
    return () => void this.#linkEars.delete(fn);
  }

  close(): void {
    this.#closed = true;
    for (const channel of [...this.#channels]) channel.close('this program ends');
    this.#strangers.destroyAll();
    this.#options.transport.close();
  }

  async #requestHere(handler: Handler, body: Json): Promise<Json> {
    const from: Address = { server: this.server, part: this.#options.part };
    try {
      return structuredClone((await handler(from, structuredClone(body))) ?? null);
    } catch (error) {
      const { code, message } = error as { code?: unknown; message: string };
      throw new RemoteError(typeof code === 'string' ? code : 'defect', message);
    }
  }

  #netsTo(to: Address): string[] {
    if (to.server === this.server) return ['local'];
    if (this.server === 'control' || to.server === 'control') return ['control'];
    if (to.part === 'bmc') return ['bmc'];
    const good = this.#goodNet.get(to.server);
    const { lans } = this.#options;
    return good ? [good, ...lans.filter((net) => net !== good)] : lans;
  }

  /** A connection that works; rejects `unreachable` when this net does not lead there now. */
  async #requesterFor(
    to: Address,
    net: string,
    timeoutMs: number,
    hasOther: boolean,
  ): Promise<Requester> {
    const name = `${to.server}/${to.part}/${net}`;
    const known = this.#requesters.get(name);
    const stored = known ? await known.catch(() => null) : null;
    if (stored && !stored.channel.closed) {
      const isTrusted = !hasOther || stored.silentMs < TRUSTED_SILENCE_MS;
      if (isTrusted || (await stored.ping(timeoutMs))) return stored;
      stored.channel.close('it fell silent');
      throw new WireError('unreachable', `nothing heard over ${net}`);
    }
    const opened = this.#open(to, net, 'requests', timeoutMs).then(
      (channel) => new Requester(channel),
    );
    this.#requesters.set(name, opened);
    try {
      return await opened;
    } catch (error) {
      if (this.#requesters.get(name) === opened) this.#requesters.delete(name);
      if (error instanceof WireError && error.code === 'timeout') {
        throw new WireError('unreachable', `nothing heard over ${net}`);
      }
      throw error;
    }
  }

  async #open(to: Address, net: string, kind: Hello['kind'], timeoutMs: number): Promise<Channel> {
    if (this.#closed) throw new WireError('unreachable', 'this program ends');
    const { transport, key, part, clock } = this.#options;
    const until = clock.now() + timeoutMs;
    const stream = await transport.dial(to, net, timeoutMs);
    stream.on('error', () => undefined);
    try {
      const who = { from: { server: this.server, part }, to, net, kind, pid: process.pid };
      const session = await greet(stream, key, who, Math.max(1, until - clock.now()));
      // Closed meanwhile: a connection that nobody knows of would keep the program alive.
      if (this.#closed) throw new WireError('unreachable', 'this program ends');
      return this.#keep(stream, session);
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  #keep(stream: Duplex, session: Session): Channel {
    const channel = new Channel(stream, session);
    this.#channels.add(channel);
    channel.onClose(() => this.#channels.delete(channel));
    return channel;
  }

  #accepts(hello: Hello): boolean {
    if (hello.to.server !== this.server) return false;
    if (hello.kind === 'link') return hello.to.part === 'agent' && this.#linkEars.size > 0;
    return this.#handlers.has(hello.to.part as PartName);
  }

  async #receive(stream: Duplex, peer: string): Promise<void> {
    stream.on('error', () => undefined);
    if (this.#closed) {
      stream.destroy();
      return;
    }
    const forget = this.#strangers.admit(stream, peer);
    try {
      const accepts = (hello: Hello) => this.#accepts(hello);
      const session = await receiveGreeting(stream, this.#options.key, accepts, GREETING_LIMIT_MS);
      const channel = this.#keep(stream, session);
      const { from, to, net, kind } = session.hello;
      if (kind === 'link') {
        for (const ear of this.#linkEars) ear(toLink(channel, from.server, net));
      } else {
        const asked = this.#callerOf(stream, session.hello);
        answerRequests(channel, async (body) => {
          const who = asked === null ? null : await asked;
          return this.#answer(to, who === null ? from : { ...from, who }, body);
        });
      }
    } catch {
      // A stranger, a stray or a scan: nothing is owed to it, not even a reason.
      stream.destroy();
    } finally {
      forget();
    }
  }

  /** A person stands behind the control host only; null: nobody has to be looked for. */
  #callerOf(stream: Duplex, { from, to, pid }: Hello): Promise<string | null> | null {
    const { transport } = this.#options;
    if (from.server !== 'control' || to.part !== 'host' || !transport.callerOf) return null;
    return transport.callerOf(stream, pid).catch(() => null);
  }

  #answer(to: Address, from: Caller, body: Json): Promise<Json> {
    const handler = this.#handlers.get(to.part as PartName);
    if (handler) return handler(from, body);
    return Promise.reject(new RemoteError('part.closed', `${to.part} has stopped listening`));
  }

  #takeDatagram(bytes: Buffer): void {
    if (this.#closed) return;
    const { heard: received, reply } = this.#seal.open(bytes);
    if (reply) this.#options.transport.sendDatagram(reply.net, reply.to, reply.bytes);
    for (const { net, from, body } of received) {
      for (const ear of this.#datagramEars) ear(net, from, body);
    }
  }
}

export function tcpWire(options: TcpWireOptions): TcpWire {
  return new SocketWire(options);
}
