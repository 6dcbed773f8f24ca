/**
 * Small files that must be whole and durable: written beside the target, flushed, renamed, and
 * the folder flushed too, for a rename that is not on disk is no commit. Mode 0600. The library
 * is loaded by the first write: most commands of a server only read.
 */
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY = 0o600;

export async function writeDurably(path: string, data: string): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  await writeFileAtomic(path, data, { mode: OWNER_ONLY, fsync: true });
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
