/** A server's binary files in a folder of this machine; nothing reaches outside it. */
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BulkFile, BulkFiles } from '../ports/bulk-files.ts';
import { locateIn } from './node-files.ts';

function growing(file: FileHandle): BulkFile {
  return {
    append: async (bytes) => {
      await file.appendFile(bytes);
    },
    flush: () => file.datasync(),
    close: () => file.close(),
  };
}

export function nodeBulkFiles(root: string): BulkFiles {
  return {
    async read(path, limitBytes) {
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const file = await open(await locateIn(root, path), flags).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      });
      if (!file) return null;
      try {
        const facts = await file.stat();
        if (!facts.isFile()) throw new Error('it is not a plain file');
        if (facts.size > limitBytes) throw new Error(`it has more than ${limitBytes} bytes`);
        return new Uint8Array(await file.readFile());
      } finally {
        await file.close();
      }
    },

    async create(path) {
      const target = await locateIn(root, path);
      await mkdir(dirname(target), { recursive: true, mode: 0o700 });
      const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
      return growing(
        await open(target, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600),
      );
    },

    async remove(path) {
      await rm(await locateIn(root, path), { force: true });
    },
  };
}
