/**
 * Binary files of one server, rooted at that server's own `/`: key files are read, what a forced
 * recovery is about to overwrite is kept, and what a send queue cannot hold waits. Paths are
 * absolute within that root.
 */
export interface BulkFiles {
  /** The content, or null when there is no such file. Rejects above the limit. */
  read(path: string, limitBytes: number): Promise<Uint8Array | null>;
  /** A new file, 0600. Rejects when one is there. */
  create(path: string): Promise<BulkFile>;
  /** Nothing happens when there is none. */
  remove(path: string): Promise<void>;
}

export interface BulkFile {
  append(bytes: Uint8Array): Promise<void>;
  /** Everything appended before is durable when this resolves. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
