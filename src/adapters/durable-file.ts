/**
 * Small files that must be whole and durable: written beside the target, flushed, renamed, and
 * the folder flushed too, for a rename that is not on disk is no commit. Mode 0600.
 */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';

const OWNER_ONLY = 0o600;

export async function writeDurably(path: string, data: string): Promise<void> {
  await writeFileAtomic(path, data, { mode: OWNER_ONLY, fsync: true });
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** For state that must be on disk before the next effect runs (the host supervisor's). */
export function writeDurablySync(path: string, data: string): void {
  writeFileAtomic.sync(path, data, { mode: OWNER_ONLY, fsync: true });
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
