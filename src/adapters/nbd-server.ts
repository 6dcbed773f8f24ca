/**
 * An NBD server on a Unix socket. What is answered in one turn of the event loop goes out in one
 * write; a client that does not read its answers, or has too much under way, is not read either.
 */
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { type Exports, NbdConnection, type NbdExport } from '../nbd/index.ts';

/** Longest path of a Unix socket: what a `sockaddr_un` holds, less its end. */
const MOST_PATH_BYTES = 107;
const FINISH_LIMIT_MS = 2000;

class Client {
  readonly connection: NbdConnection;
  readonly #socket: Socket;
  #waiting: Uint8Array[] = [];
  #ending = false;

  constructor(socket: Socket, exports: Exports) {
    this.#socket = socket;
    this.connection = new NbdConnection(exports, {
      send: (pieces) => this.#send(pieces),
      end: () => this.#end(),
      changed: () => this.#pace(),
    });
    socket.on('data', (chunk: Buffer) => {
      this.connection.receive(chunk);
      this.#pace();
    });
    socket.on('drain', () => this.#pace());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => this.connection.finish('the client left'));
    socket.on('close', () => this.connection.lost());
  }

  #send(pieces: readonly Uint8Array[]): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#flush());
    this.#waiting.push(...pieces);
  }

  #flush(): void {
    const pieces = this.#waiting;
    this.#waiting = [];
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
    if (this.#ending) this.#socket.end();
    this.#pace();
  }

  #end(): void {
    this.#ending = true;
    if (this.#waiting.length === 0) this.#socket.end();
  }

  #pace(): void {
    if (this.connection.isFull || this.#socket.writableNeedDrain) this.#socket.pause();
    else this.#socket.resume();
  }
}

export interface NbdServer {
  readonly path: string;
  /** Takes no new client, answers what is under way, and hangs up. */
  close(): Promise<void>;
}

/** Only the owner may connect. Rejects when the path is too long or cannot be bound. */
export async function serveNbd(path: string, exported: NbdExport): Promise<NbdServer> {
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) {
    throw new Error(`the path of a socket has ${MOST_PATH_BYTES} bytes at most: ${path}`);
  }
  // The empty name is the default export, which is the only one here.
  const exports: Exports = {
    names: () => [exported.name],
    find: (name) => (name === '' || name === exported.name ? exported : null),
  };
  const sockets = new Map<Socket, Client>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.set(socket, new Client(socket, exports));
    socket.on('close', () => sockets.delete(socket));
  });
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
  return {
    path,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const client of sockets.values()) client.connection.finish('the export ends');
      const limit = setTimeout(() => {
        for (const socket of sockets.keys()) socket.destroy();
      }, FINISH_LIMIT_MS);
      await closed;
      clearTimeout(limit);
    },
  };
}
