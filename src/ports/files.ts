/**
 * Files of one server, rooted at that server's own `/`. Paths are absolute within that root. A text
 * holds every byte of its file, also those that are no UTF-8 (`core/byte-text.ts`).
 */
export interface Files {
  /** The text, or null when there is no such file. */
  read(path: string): Promise<string | null>;
  /** Durable and whole or not at all: 0600, written by rename. Makes missing folders. */
  write(path: string, text: string): Promise<void>;
  /** Names in a folder, sorted; empty when there is none. */
  list(path: string): Promise<string[]>;
  remove(path: string): Promise<void>;
}

/** A server's files with what logs need: they grow, and are put aside when they are full. */
export interface LogFiles extends Files {
  /** Adds to the end, for logs: neither durable nor whole. Makes missing folders; the new size. */
  append(path: string, text: string): Promise<number>;
  /** Moves a file over another one of the same folder. */
  rename(from: string, to: string): Promise<void>;
}
