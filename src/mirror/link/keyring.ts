/**
 * The keys of an encrypted mirror connection: the one of the key file, and while the file is being
 * changed (x5 2.29) the one before it as well.
 *
 *     [old] ── new key file, clpmdctrl --updatekey ──► [new, old] ── both sides have it ──► [new]
 *
 * A connection takes the first key of the calling side that the other one has too. A key file
 * holds 32 bytes (`openssl rand 32`); keys are named by a hash, never told.
 */
import type { BulkFiles } from '../../ports/bulk-files.ts';
import { RemoteError } from '../../ports/wire.ts';
import { KEY_BYTES, keyId } from './seal.ts';

export interface Key {
  id: string;
  bytes: Uint8Array;
}

export class Keyring {
  readonly #path: string;
  readonly #files: BulkFiles | undefined;
  #keys: Key[] = [];

  constructor(path: string, files: BulkFiles | undefined) {
    this.#path = path;
    this.#files = files;
  }

  /** Newest first. */
  get ids(): string[] {
    return this.#keys.map(({ id }) => id);
  }

  find(id: string): Key | null {
    return this.#keys.find((key) => key.id === id) ?? null;
  }

  /** Reads the key file; what was valid stays so. Rejects with RemoteError `mirror.key`. */
  async load(): Promise<Key> {
    const bytes = await this.#read();
    const key = { id: keyId(bytes), bytes };
    this.#keys = [key, ...this.#keys.filter(({ id }) => id !== key.id)].slice(0, 2);
    return key;
  }

  /** Both sides have this key: no other one is valid any more. */
  agree(id: string): void {
    const key = this.find(id);
    if (key) this.#keys = [key];
  }

  async #read(): Promise<Uint8Array> {
    const refuse = (why: string) =>
      new RemoteError(
        'mirror.key',
        `the key file ${this.#path} ${why}; put it there on both servers`,
      );
    if (!this.#files) throw refuse('cannot be read by this agent');
    let bytes: Uint8Array | null;
    try {
      bytes = await this.#files.read(this.#path, KEY_BYTES);
    } catch (error) {
      throw refuse(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (bytes === null) throw refuse('is missing');
    if (bytes.length !== KEY_BYTES) throw refuse(`has ${bytes.length} bytes and not ${KEY_BYTES}`);
    return bytes;
  }
}
