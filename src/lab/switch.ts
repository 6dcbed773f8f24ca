/**
 * The switch: all cables of a lab. Every connection and datagram between servers, and from the
 * control host, passes here, addressed by name; here alone cables are cut, delayed and healed.
 *
 *     program ──envelope──► switch ──(cable up?)──► the port that the addressed part registered
 *
 * A new connection over a cut cable, or to a server without power, hangs as on a real net and goes
 * through when that changes. When nobody registered that part, it is refused. Connections of a
 * server whose power was cut stay silent; once it is on again they are reset.
 *
 * Registering and changing cables is asked for over a greeted connection to the server `switch`.
 */
import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Channel } from '../adapters/channel.ts';
import { receiveGreeting } from '../adapters/handshake.ts';
import { loginOfPeer } from '../adapters/login.ts';
import { isHungUpOn } from '../adapters/peer-user.ts';
import { answerRequests } from '../adapters/requests.ts';
import { Strangers } from '../adapters/strangers.ts';
import type { Json } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import { RemoteError } from '../ports/wire.ts';
import { HalfPipe } from './half-pipe.ts';
import { Links } from './links.ts';
import { CONNECTED, type Envelope, REFUSED, readEnvelope, readFirstLine } from './preamble.ts';
import { LOOPBACK, type SwitchRequest } from './switch-protocol.ts';

const FIRST_LINE_LIMIT_MS = 5000;
const PARKED_LIMIT = 1024;
/** Connections that have not said yet where they are bound for. */
const STRANGERS = { total: 512, share: 512 };

interface Registration {
  tcp: number;
  udp: number;
}

interface Pipe {
  envelope: Envelope;
  halves: HalfPipe[];
  /** The power of one end was cut since: silent for ever. */
  dead: boolean;
}

interface Parked {
  envelope: Envelope;
  socket: Socket;
}

export class Switch {
  readonly links: Links;
  #key: Buffer;
  #clock: Clock;
  #tcp: Server;
  #udp: UdpSocket;
  #registered = new Map<string, Registration>();
  #pipes = new Set<Pipe>();
  #parked = new Set<Parked>();
  #sockets = new Set<Socket>();
  /** The caller's socket, by the port that its connection is carried on from. */
  #callers = new Map<number, Socket>();
  #strangers = new Strangers(STRANGERS);

  constructor(options: { key: Buffer; lans: string[]; clock: Clock }) {
    this.#key = options.key;
    this.#clock = options.clock;
    this.links = new Links(options.lans);
    this.#tcp = createServer((socket) => void this.#receive(socket));
    this.#udp = createSocket('udp4');
    this.#udp.on('message', (bytes, from) => this.#forward(bytes, from));
    this.#udp.on('error', () => undefined);
  }

  async listen(): Promise<Registration> {
    this.#tcp.listen(0, LOOPBACK);
    this.#udp.bind(0, LOOPBACK);
    await Promise.all([once(this.#tcp, 'listening'), once(this.#udp, 'listening')]);
    return { tcp: (this.#tcp.address() as AddressInfo).port, udp: this.#udp.address().port };
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#tcp.close();
    this.#udp.close();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.once('close', () => this.#sockets.delete(socket));
  }

  async #receive(socket: Socket): Promise<void> {
    this.#keep(socket);
    if (await isHungUpOn(socket)) return;
    const forget = this.#strangers.admit(socket, LOOPBACK);
    try {
      const line = await readFirstLine(socket, FIRST_LINE_LIMIT_MS);
      const envelope = line === null ? null : readEnvelope(line);
      if (!envelope) socket.destroy();
      else if (envelope.to.server === 'switch') await this.#talk(socket);
      else this.#route({ envelope, socket });
    } finally {
      forget();
    }
  }

  /** A program registers itself, or changes cables. */
  async #talk(socket: Socket): Promise<void> {
    try {
      socket.write(Buffer.from([CONNECTED]));
      const accepts = (hello: { to: { server: string } }) => hello.to.server === 'switch';
      const session = await receiveGreeting(socket, this.#key, accepts, FIRST_LINE_LIMIT_MS);
      const channel = new Channel(socket, session);
      answerRequests(channel, async (body) => this.#answer(channel, body as SwitchRequest));
    } catch {
      socket.destroy();
    }
  }

  async #whoCalls(port: number, pid: number | null): Promise<string | null> {
    const socket = this.#callers.get(port);
    return socket ? loginOfPeer(socket, pid) : null;
  }

  #answer(channel: Channel, request: SwitchRequest): Json | Promise<Json> {
    switch (request.do) {
      case 'register': {
        const name = `${request.server}/${request.part}`;
        const entry = { tcp: request.tcp, udp: request.udp };
        this.#registered.set(name, entry);
        channel.onClose(() => {
          if (this.#registered.get(name) === entry) this.#registered.delete(name);
        });
        this.#kick();
        return {};
      }
      case 'power':
        this.#setPower(request.server, request.on);
        return {};
      case 'cable':
        this.links.setCable(request.server, request.net, request.up);
        return null;
      case 'links':
        for (const change of request.changes) this.links.change(change);
        this.#kick();
        return this.links.view() as unknown as Json;
      case 'reaches': {
        const { net, server, target } = request;
        return { answers: this.links.reaches(net, server, target) };
      }
      case 'caller':
        return this.#whoCalls(request.port, request.pid).then((who) => ({ who }));
      case 'status':
        return {
          registered: [...this.#registered.keys()].sort(),
          links: this.links.view() as unknown as Json,
          carried: this.links.carried() as unknown as Json,
        };
      default:
        throw new RemoteError('switch.request', 'the switch does not know that request');
    }
  }

  #setPower(server: string, on: boolean): void {
    if (on === this.links.isPowered(server)) return;
    this.links.setPower(server, on);
    for (const pipe of [...this.#pipes]) {
      const { from, to, net } = pipe.envelope;
      if (from.server !== server && to.server !== server) continue;
      if (!on && !this.links.isUp(net, from, to)) pipe.dead = true;
      else if (on && pipe.dead) this.#drop(pipe);
    }
    this.#kick();
  }

  #drop(pipe: Pipe): void {
    this.#pipes.delete(pipe);
    for (const half of pipe.halves) half.close();
  }

  #kick(): void {
    for (const { halves } of this.#pipes) for (const half of halves) half.kick();
    for (const parked of [...this.#parked]) this.#route(parked);
  }

  #route(parked: Parked): void {
    const { envelope, socket } = parked;
    const { from, to, net } = envelope;
    if (!this.links.isUp(net, from, to) || !this.links.isUp(net, to, from)) {
      this.#park(parked);
      return;
    }
    this.#parked.delete(parked);
    const target = this.#registered.get(`${to.server}/${to.part}`);
    if (target) this.#join(envelope, socket, target.tcp);
    else socket.end(Buffer.from([REFUSED]));
  }

  #park(parked: Parked): void {
    if (this.#parked.has(parked)) return;
    if (this.#parked.size >= PARKED_LIMIT) {
      parked.socket.destroy();
      return;
    }
    this.#parked.add(parked);
    parked.socket.once('close', () => this.#parked.delete(parked));
    // Only a socket that is read from notices that its caller gave up.
    parked.socket.on('readable', () => void parked.socket.read(0));
  }

  #join(envelope: Envelope, near: Socket, port: number): void {
    const far = connect({ host: LOOPBACK, port });
    this.#keep(far);
    const onUnreached = () => near.destroy();
    far.once('error', onUnreached);
    far.once('connect', () => {
      far.off('error', onUnreached);
      near.removeAllListeners('readable');
      const pipe: Pipe = { envelope, halves: [], dead: false };
      const cable = (from: Envelope['from'], to: Envelope['to']) => {
        const line = this.links.line(envelope.net, from, to);
        const isUp = () => !pipe.dead && line.isUp();
        return { ...line, isUp, now: () => this.#clock.now() };
      };
      pipe.halves.push(
        new HalfPipe(near, far, cable(envelope.from, envelope.to)),
        new HalfPipe(far, near, cable(envelope.to, envelope.from)),
      );
      const port = far.localPort ?? 0;
      this.#callers.set(port, near);
      far.once('close', () => this.#callers.delete(port));
      near.write(Buffer.from([CONNECTED]));
      this.#pipes.add(pipe);
      let open = 2;
      for (const socket of [near, far]) {
        socket.once('close', () => {
          open -= 1;
          if (open === 0) this.#pipes.delete(pipe);
        });
      }
    });
  }

  #forward(bytes: Buffer, _from: RemoteInfo): void {
    const at = bytes.indexOf(10);
    const envelope = at < 0 ? null : readEnvelope(bytes.subarray(0, at).toString('utf8'));
    if (!envelope || !this.links.isUp(envelope.net, envelope.from, envelope.to)) return;
    const { from, to, net } = envelope;
    const send = () => {
      this.links.count(net, from.server, to.server, bytes.length - at - 1);
      const target = this.#registered.get(`${to.server}/${to.part}`);
      if (target) this.#udp.send(bytes.subarray(at + 1), target.udp, LOOPBACK);
    };
    const delayMs = this.links.delayMs(net, from.server, to.server);
    if (delayMs > 0) this.#clock.at(this.#clock.now() + delayMs, send);
    else send();
  }
}
