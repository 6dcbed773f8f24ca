/**
 * What stands outside a lab's servers: a file a key in a folder that all supervisors reach. A file
 * is replaced whole, so that nobody reads half of one.
 */
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OWNER_ONLY, writeDurablySync } from '../adapters/durable-file.ts';
import type { Outside } from '../ports/outside.ts';

export function outsidePath(folder: string, key: string): string {
  return join(folder, encodeURIComponent(key));
}

export function labOutside(folder: string): Outside {
  const pathOf = (key: string) => outsidePath(folder, key);
  const look = async (key: string): Promise<string | null> => {
    try {
      return await readFile(pathOf(key), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
  return {
    look,
    async take(key, text) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      writeDurablySync(pathOf(key), text, { mode: OWNER_ONLY });
    },
    async release(key, text) {
      if ((await look(key)) === text) await rm(pathOf(key), { force: true });
    },
  };
}
