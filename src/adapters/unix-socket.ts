/** Unix sockets that only their owner may connect to. */
import { once } from 'node:events';
import { chmodSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';

/** Longest path of a Unix socket: what a `sockaddr_un` holds, less its end. */
export const MOST_PATH_BYTES = 107;

/** In place of what a program that is gone left there. Rejects when the path is too long. */
export async function listenAt(server: Server, path: string): Promise<void> {
  if (Buffer.byteLength(path) > MOST_PATH_BYTES) {
    throw new Error(`the path of a socket has ${MOST_PATH_BYTES} bytes at most: ${path}`);
  }
  rmSync(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  chmodSync(path, 0o600);
}
