/**
 * A simulated server's file tree: texts by absolute path. Writes are whole and durable at once, as
 * the port promises, so power loss leaves it as it is.
 */
import { bytesOfText } from '../core/byte-text.ts';
import type { LogFiles } from '../ports/files.ts';
import type { SimProcess } from './sim-process.ts';

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export class MemoryFiles {
  readonly texts = new Map<string, string>();
  /** Bytes of what was last appended to, so that a long log is not counted anew for every line. */
  readonly #appended = new Map<string, { text: string; bytes: number }>();

  get(path: string): string | null {
    return this.texts.get(normalise(path)) ?? null;
  }

  put(path: string, text: string): void {
    this.texts.set(normalise(path), text);
  }

  /** Bytes of the file now. */
  #append(path: string, text: string): number {
    const before = this.texts.get(path) ?? '';
    const known = this.#appended.get(path);
    const held = known?.text === before ? known.bytes : bytesOfText(before).length;
    const next = { text: before + text, bytes: held + bytesOfText(text).length };
    this.texts.set(path, next.text);
    this.#appended.set(path, next);
    return next.bytes;
  }

  /** Names in a folder, sorted: its files, and its folders that have files. */
  names(path: string): string[] {
    const folder = normalise(path);
    const prefix = folder === '/' ? '/' : `${folder}/`;
    const names = new Set<string>();
    for (const key of this.texts.keys()) {
      if (key.startsWith(prefix)) names.add(key.slice(prefix.length).split('/')[0]!);
    }
    return [...names].sort();
  }

  /** A file, or everything in a folder. */
  clear(path: string): void {
    const folder = normalise(path);
    const prefix = folder === '/' ? '/' : `${folder}/`;
    for (const key of [...this.texts.keys()]) {
      if (key === folder || key.startsWith(prefix)) this.texts.delete(key);
    }
  }

  /** The port as a process of that server sees it. */
  forProcess(process: SimProcess): LogFiles {
    return {
      read: (path) => process.call(() => this.get(path)),
      write: (path, text) => process.call(() => this.put(path, text)),
      append: (path, text) => process.call(() => this.#append(normalise(path), text)),
      rename: (from, to) =>
        process.call(() => {
          this.put(to, this.get(from) ?? '');
          this.texts.delete(normalise(from));
        }),
      list: (path) => process.call(() => this.names(path)),
      remove: (path) => process.call(() => this.clear(path)),
    };
  }
}
