/**
 * A simulated server's binary files, by absolute path. What was appended is durable at once. Whatever
 * is not among them is read from the server's texts: it is one tree.
 */
import { bytesOfText } from '../core/byte-text.ts';
import type { BulkFiles } from '../ports/bulk-files.ts';
import type { MemoryFiles } from './memory-files.ts';
import type { SimProcess } from './sim-process.ts';

export class MemoryBulkFiles {
  readonly contents = new Map<string, Uint8Array>();
  readonly #texts: MemoryFiles;

  constructor(texts: MemoryFiles) {
    this.#texts = texts;
  }

  #read(path: string): Uint8Array | null {
    const text = this.contents.get(path) === undefined ? this.#texts.get(path) : null;
    return text === null ? (this.contents.get(path) ?? null) : bytesOfText(text);
  }

  /** Everything in a folder. */
  clear(folder: string): void {
    const prefix = folder.endsWith('/') ? folder : `${folder}/`;
    for (const path of [...this.contents.keys()]) {
      if (path.startsWith(prefix)) this.contents.delete(path);
    }
  }

  /** The port as a process of that server sees it. */
  forProcess(process: SimProcess): BulkFiles {
    const { contents } = this;
    return {
      read: (path, limitBytes) =>
        process.call(() => {
          const bytes = this.#read(path);
          if (bytes && bytes.length > limitBytes) throw new Error(`more than ${limitBytes} bytes`);
          return bytes;
        }),
      create: (path) =>
        process.call(() => {
          if (contents.has(path)) throw new Error(`${path} exists`);
          contents.set(path, new Uint8Array(0));
          return {
            append: (bytes) =>
              process.call(() => {
                const whole = Buffer.concat([contents.get(path) ?? new Uint8Array(0), bytes]);
                contents.set(path, whole);
              }),
            flush: () => process.call(() => undefined),
            close: () => process.call(() => undefined),
          };
        }),
      remove: (path) => process.call(() => void contents.delete(path)),
    };
  }
}
