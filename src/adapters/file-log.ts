/** The system log of a server as a file of JSON lines, oldest first. Losing its tail harms nobody. */
import { createWriteStream } from 'node:fs';
import { visible } from '../core/visible.ts';
import type { Log } from '../ports/log.ts';

export function fileLog(path: string): { log: Log; close(): void } {
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 });
  // A full disk must not bring the cluster down because it cannot be written about.
  stream.on('error', () => undefined);
  return {
    log: (entry) => void stream.write(`${visible(JSON.stringify(entry))}\n`),
    close: () => stream.end(),
  };
}
