/** As durable-file.ts, for state that must be on disk before the next effect runs. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

const OWNER_ONLY = 0o600;

export function writeDurablySync(path: string, data: string): void {
  writeFileAtomic.sync(path, data, { mode: OWNER_ONLY, fsync: true });
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
