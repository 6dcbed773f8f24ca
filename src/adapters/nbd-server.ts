/**
 * An NBD server on a Unix socket. What is answered in one turn of the event loop goes out in one
 * write; a client that does not read its answers, or has too much under way, is not read either.
 */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { type Exports, NbdConnection, type NbdExport } from '../nbd/index.ts';
import { readIntoSlabs, type Slabs } from './slabs.ts';
import { listenAt } from './unix-socket.ts';

const FINISH_LIMIT_MS = 2000;

class Client {
  readonly connection: NbdConnection;
  readonly socket: Socket;
  readonly #slabs: Slabs | null;
  #waiting: Uint8Array[] = [];
  #ending = false;

  constructor(accepted: Socket, exports: Exports) {
    this.connection = new NbdConnection(exports, {
      send: (pieces) => this.#send(pieces),
      end: () => this.#end(),
      changed: () => this.#pace(),
      later: () =>
        setImmediate(() => {
          this.#flush();
          this.connection.resume();
          this.#pace();
        }),
    });
    const take = (bytes: Buffer): void => {
      this.connection.receive(bytes);
      this.#pace();
    };
    const incoming = readIntoSlabs(accepted, take);
    this.socket = incoming?.socket ?? accepted.on('data', take);
    this.#slabs = incoming?.slabs ?? null;
    const { socket } = this;
    socket.on('drain', () => this.#pace());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.connection.finish('the client left'));
    socket.on('close', () => this.connection.lost());
  }

  #send(pieces: readonly Uint8Array[]): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(...pieces);
    this.#slabs?.release(this.connection.doneUpTo);
  }

  #flush(): void {
    const pieces = this.#waiting;
    this.#waiting = [];
    if (this.socket.destroyed || pieces.length === 0) return;
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
    if (this.#ending) this.socket.end();
    this.#pace();
  }

  #end(): void {
    this.#ending = true;
    if (this.#waiting.length === 0) this.socket.end();
  }

  #pace(): void {
    if (this.connection.isFull || this.socket.writableNeedDrain) this.socket.pause();
    else this.socket.resume();
  }
}

async function gone(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close');
}

export interface NbdServer {
  readonly path: string;
  /** Takes no new client, answers what is under way, and hangs up. */
  close(): Promise<void>;
}

/** Only the owner may connect. Rejects when the path is too long or cannot be bound. */
export async function serveNbd(path: string, exported: NbdExport): Promise<NbdServer> {
  // The empty name is the default export, which is the only one here.
  const exports: Exports = {
    names: () => [exported.name],
    find: (name) => (name === '' || name === exported.name ? exported : null),
  };
  const clients = new Set<Client>();
  const accept = (accepted: Socket) => {
    const client = new Client(accepted, exports);
    clients.add(client);
    client.socket.on('close', () => clients.delete(client));
  };
  const server: Server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, accept);
  await listenAt(server, path);
  return {
    path,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const client of clients) client.connection.finish('the export ends');
      const limit = setTimeout(() => {
        for (const client of clients) client.socket.destroy();
      }, FINISH_LIMIT_MS);
      await Promise.all([closed, ...[...clients].map(({ socket }) => gone(socket))]);
      clearTimeout(limit);
    },
  };
}
