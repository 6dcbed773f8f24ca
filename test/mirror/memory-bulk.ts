/** Binary files of a server in memory. */
import type { BulkFiles } from '../../src/ports/bulk-files.ts';

export class MemoryBulk {
  readonly files = new Map<string, Uint8Array>();

  port(): BulkFiles {
    const { files } = this;
    return {
      read: async (path, limitBytes) => {
        const bytes = files.get(path) ?? null;
        if (bytes && bytes.length > limitBytes) throw new Error(`${path} is too long`);
        return bytes;
      },
      create: async (path) => {
        if (files.has(path)) throw new Error(`${path} exists`);
        let content = new Uint8Array(0);
        files.set(path, content);
        return {
          append: async (bytes) => {
            content = Buffer.concat([content, bytes]);
            files.set(path, content);
          },
          flush: async () => {},
          close: async () => {},
        };
      },
      remove: async (path) => void files.delete(path),
    };
  }
}
