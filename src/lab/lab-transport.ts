/**
 * The transport of the lab's programs. What leaves a server goes to the switch, in an envelope;
 * what stays within it goes straight to the part's own Unix socket. A lab is its user's own:
 * programs of other users of the machine (root's excepted) are hung up on unheard, and do not come
 * into the folder where the sockets are.
 */
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { Channel } from '../adapters/channel.ts';
import { greet } from '../adapters/handshake.ts';
import { isHungUpOn } from '../adapters/peer-user.ts';
import { Requester } from '../adapters/requests.ts';
import type { Transport } from '../adapters/transport.ts';
import { listenAt, MOST_PATH_BYTES } from '../adapters/unix-socket.ts';
import type { Json } from '../core/json.ts';
import type { Address, PartName } from '../core/part.ts';
import { WireError } from '../ports/wire.ts';
import { CONNECTED, writeEnvelope } from './preamble.ts';
import { LOOPBACK, type SwitchRequest } from './switch-protocol.ts';

export interface SwitchPlace {
  tcp: number;
  udp: number;
}

/** Waits for the switch's `+` or `-`; what comes after it stays in the socket. */
function awaitReply(socket: Socket, to: Address, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (error: WireError | null) => {
      clearTimeout(limit);
      socket.off('readable', onReadable).off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const name = `${to.server}/${to.part}`;
    const onReadable = () => {
      const byte: Buffer | null = socket.read(1);
      if (byte === null) return;
      const isConnected = byte[0] === CONNECTED;
      end(isConnected ? null : new WireError('refused', `nobody listens at ${name}`));
    };
    const onClose = () => end(new WireError('refused', `nobody listens at ${name}`));
    const limit = setTimeout(
      () => end(new WireError('timeout', `${name} does not answer`)),
      timeoutMs,
    );
    socket.on('readable', onReadable).once('close', onClose);
  });
}

/** null: there is no such socket, and the switch knows whether that part is reached elsewhere. */
function dialNear(path: string, to: Address, timeoutMs: number): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const name = `${to.server}/${to.part}`;
    const socket = connect({ path });
    const end = (outcome: Socket | WireError | null) => {
      clearTimeout(limit);
      if (outcome !== socket) socket.destroy();
      if (outcome instanceof WireError) reject(outcome);
      else resolve(outcome);
    };
    const late = () => end(new WireError('timeout', `${name} does not answer`));
    const limit = setTimeout(late, timeoutMs);
    socket.once('connect', () => end(socket));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      if (code === 'ECONNREFUSED') end(new WireError('refused', `nobody listens at ${name}`));
      // One that hangs takes no more connections at some time.
      else if (code === 'EAGAIN') late();
      else end(null);
    });
  });
}

export class LabTransport implements Transport {
  #self: Address;
  #place: SwitchPlace;
  #key: Buffer;
  #sockets: string | undefined;
  #server: Server | null = null;
  #near: Server | null = null;
  #udp: UdpSocket | null = null;
  #control: Requester | null = null;
  #onConnection: (stream: Duplex, peer: string) => void = (stream) => stream.destroy();
  #onDatagram: (bytes: Buffer) => void = () => undefined;

  /** `sockets`: the folder with those of its server; without it all goes to the switch. */
  constructor(options: { self: Address; place: SwitchPlace; key: Buffer; sockets?: string }) {
    this.#self = options.self;
    this.#place = options.place;
    this.#key = options.key;
    this.#sockets = options.sockets;
  }

  /** Where a part of its server is asked from within; null: there is no room for such a path. */
  #socketOf(part: Address['part']): string | null {
    if (this.#sockets === undefined) return null;
    const path = join(this.#sockets, `${part === 'bmc' ? 'host' : part}.sock`);
    return Buffer.byteLength(path) > MOST_PATH_BYTES ? null : path;
  }

  /** Opens the sockets; nobody knows of them yet. */
  async listen(): Promise<void> {
    // Loaded here because the short programs, which only ask, never come here.
    const { createSocket } = await import('node:dgram');
    if (this.#server) return;
    this.#server = createServer((socket) => {
      socket.setNoDelay(true);
      void this.#receive(socket);
    });
    this.#server.listen(0, LOOPBACK);
    this.#udp = createSocket('udp4');
    this.#udp.on('message', (bytes) => this.#onDatagram(bytes));
    this.#udp.on('error', () => undefined);
    this.#udp.bind(0, LOOPBACK);
    await Promise.all([once(this.#server, 'listening'), once(this.#udp, 'listening')]);
    const path = this.#socketOf(this.#self.part);
    if (path === null) return;
    this.#near = createServer((socket) => this.#onConnection(socket, LOOPBACK));
    await listenAt(this.#near, path);
  }

  async #receive(socket: Socket): Promise<void> {
    socket.on('error', () => undefined);
    if (!(await isHungUpOn(socket))) this.#onConnection(socket, LOOPBACK);
  }

  /** Tells the switch that these parts are reached here. */
  async register(parts: PartName[]): Promise<void> {
    await this.listen();
    const tcp = (this.#server?.address() as AddressInfo | undefined)?.port ?? 0;
    const udp = this.#udp?.address().port ?? 0;
    for (const part of parts) {
      await this.ask({ do: 'register', server: this.#self.server, part, tcp, udp });
    }
  }

  /** Asks the switch itself. */
  async ask(request: SwitchRequest, timeoutMs = 5000): Promise<Json> {
    if (!this.#control || this.#control.channel.closed) {
      const to: Address = { server: 'switch', part: 'control' };
      const stream = await this.dial(to, 'local', timeoutMs);
      const who = { from: this.#self, to, net: 'local', kind: 'requests' } as const;
      const session = await greet(stream, this.#key, who, timeoutMs);
      this.#control = new Requester(new Channel(stream, session));
    }
    return this.#control.ask(request as unknown as Json, timeoutMs);
  }

  /** The switch is gone, and with it every cable: a program of the lab has nothing left to do. */
  onSwitchGone(fn: () => void): void {
    this.#control?.channel.onClose(fn);
  }

  async dial(to: Address, net: string, timeoutMs: number): Promise<Duplex> {
    const path = to.server === this.#self.server ? this.#socketOf(to.part) : null;
    const near = path === null ? null : await dialNear(path, to, timeoutMs);
    return near ?? this.#dialFar(to, net, timeoutMs);
  }

  async #dialFar(to: Address, net: string, timeoutMs: number): Promise<Duplex> {
    const socket = connect({ host: LOOPBACK, port: this.#place.tcp, noDelay: true });
    socket.on('error', () => undefined);
    socket.write(writeEnvelope({ from: this.#self, to, net }));
    try {
      await awaitReply(socket, to, timeoutMs);
      return socket;
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** The switch has the other end, and asks the kernel whose it is. */
  async callerOf(stream: Duplex, pid: number | undefined): Promise<string | null> {
    const port = (stream as Socket).remotePort;
    if (port === undefined) return null;
    const { who } = (await this.ask({ do: 'caller', port, pid: pid ?? null })) as {
      who: string | null;
    };
    return who;
  }

  /** The switch has the cables to what stands outside. */
  async reaches(net: string, target: string, timeoutMs: number): Promise<boolean> {
    const request = { do: 'reaches', server: this.#self.server, net, target } as const;
    const { answers } = (await this.ask(request, timeoutMs)) as { answers: boolean };
    return answers;
  }

  onConnection(fn: (stream: Duplex, peer: string) => void): void {
    this.#onConnection = fn;
  }

  sendDatagram(net: string, to: string, bytes: Buffer): void {
    const envelope = { from: this.#self, to: { server: to, part: this.#self.part }, net };
    const packet = Buffer.concat([Buffer.from(writeEnvelope(envelope)), bytes]);
    this.#udp?.send(packet, this.#place.udp, LOOPBACK, () => undefined);
  }

  onDatagram(fn: (bytes: Buffer) => void): void {
    this.#onDatagram = fn;
  }

  close(): void {
    this.#control?.channel.close();
    this.#server?.close();
    this.#near?.close();
    this.#udp?.close();
    this.#udp = null;
  }
}
