/**
 * A block device in a file: a range of a disk's image, flushed for real. Before every access the
 * fault table is asked, so that a disk can fail under a running agent, as disks do.
 */
import { close, fdatasync, open, read, write, writeSync, writev, writevSync } from 'node:fs';
import { promisify } from 'node:util';
import { type BlockStore, DeviceError, deviceErrors } from '../ports/devices.ts';

/** `gone`: the disk was taken out of its bay. */
export type DiskFault = 'all' | 'write' | 'read' | 'gone' | null;

export interface FileBlockStoreOptions {
  /** For messages: the device's path on its server. */
  device: string;
  image: string;
  offset: number;
  sizeBytes: number;
  readOnly: boolean;
  fault(): DiskFault;
}

/** A vectored write takes so many pieces at once (IOV_MAX). */
const MOST_PIECES = 1024;
const PAGE_BYTES = 4096;
const QUICK_BYTES = 1024 * 1024;
const SLOW_MS = 2;
const SLOW_WRITES = 256;

/** What was written leaves the list. */
function leaveOut(pieces: Uint8Array[], count: number): void {
  let left = count;
  while (pieces.length > 0 && left >= (pieces[0] as Uint8Array).length) {
    left -= (pieces.shift() as Uint8Array).length;
  }
  if (left > 0) pieces[0] = (pieces[0] as Uint8Array).subarray(left);
}

class FileBlockStore implements BlockStore {
  readonly sizeBytes: number;
  #fd: number;
  #options: FileBlockStoreOptions;
  /** Writes left that are not done at once. */
  #slow = 0;

  constructor(fd: number, options: FileBlockStoreOptions) {
    this.#fd = fd;
    this.#options = options;
    this.sizeBytes = options.sizeBytes;
  }

  // Callbacks, not promises of a FileHandle: they cost half as much for each access.
  read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    return this.readInto(offset, bytes).then(() => bytes);
  }

  readInto(offset: number, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      const { length } = bytes;
      this.#check('read', offset, length);
      const at = this.#options.offset + offset;
      const next = (done: number): void => {
        read(this.#fd, bytes, done, length - done, at + done, (error, count) => {
          if (error) reject(this.#failed('read', error));
          else if (count === 0)
            reject(new DeviceError('EIO', `${this.#options.device}: its image ends too early`));
          else if (done + count === length) resolve();
          else next(done + count);
        });
      };
      if (length === 0) resolve();
      else next(0);
    });
  }

  write(offset: number, data: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#check('write', offset, data.length);
      if (this.#isQuick(offset, data.length)) {
        this.#writeNow(this.#options.offset + offset, data);
        resolve();
        return;
      }
      this.#writeFrom(this.#options.offset + offset, data, 0, (error) =>
        error ? reject(this.#failed('write', error)) : resolve(),
      );
    });
  }

  writePieces(offset: number, pieces: readonly Uint8Array[]): Promise<void> {
    const [first] = pieces;
    if (first && pieces.length === 1) return this.write(offset, first);
    return new Promise((resolve, reject) => {
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      this.#check('write', offset, length);
      if (this.#isQuick(offset, length)) {
        this.#piecesNow(this.#options.offset + offset, [...pieces]);
        resolve();
        return;
      }
      this.#writeAll(this.#options.offset + offset, [...pieces], (error) =>
        error ? reject(this.#failed('write', error)) : resolve(),
      );
    });
  }

  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#check('write', 0, 0);
      fdatasync(this.#fd, (error) => (error ? reject(this.#failed('write', error)) : resolve()));
    });
  }

  async close(): Promise<void> {
    await promisify(close)(this.#fd);
  }

  /**
   * A write of a few whole pages only fills the page cache: done at once it costs a third of a way
   * through the thread pool. When one took long, for the cache is being written back, the next
   * ones go through the pool again.
   */
  #isQuick(offset: number, length: number): boolean {
    const at = this.#options.offset + offset;
    const isPages = at % PAGE_BYTES === 0 && length % PAGE_BYTES === 0;
    if (!isPages || length > QUICK_BYTES) return false;
    if (this.#slow === 0) return true;
    this.#slow -= 1;
    return false;
  }

  #now(act: () => void): void {
    const from = performance.now();
    try {
      act();
    } catch (error) {
      throw this.#failed('write', error as NodeJS.ErrnoException);
    }
    if (performance.now() - from > SLOW_MS) this.#slow = SLOW_WRITES;
  }

  #writeNow(at: number, data: Uint8Array): void {
    this.#now(() => {
      for (let done = 0; done < data.length; ) {
        done += writeSync(this.#fd, data, done, data.length - done, at + done);
      }
    });
  }

  #piecesNow(at: number, pieces: Uint8Array[]): void {
    this.#now(() => {
      for (let from = at; pieces.length > 0; ) {
        const count = writevSync(this.#fd, pieces.slice(0, MOST_PIECES), from);
        from += count;
        leaveOut(pieces, count);
      }
    });
  }

  #writeFrom(at: number, data: Uint8Array, done: number, end: (error: Error | null) => void): void {
    if (done === data.length) {
      end(null);
      return;
    }
    write(this.#fd, data, done, data.length - done, at + done, (error, count) => {
      if (error) end(error);
      else this.#writeFrom(at, data, done + count, end);
    });
  }

  #writeAll(at: number, pieces: Uint8Array[], end: (error: Error | null) => void): void {
    if (pieces.length === 0) {
      end(null);
      return;
    }
    const now = pieces.slice(0, MOST_PIECES);
    writev(this.#fd, now, at, (error, count) => {
      if (error) {
        end(error);
        return;
      }
      leaveOut(pieces, count);
      this.#writeAll(at + count, pieces, end);
    });
  }

  #failed(kind: 'read' | 'write', error: NodeJS.ErrnoException): Error {
    const isDisk = error.code === 'EIO' || error.code === 'ENOSPC' || error.code === 'EROFS';
    return isDisk ? deviceErrors.failed(this.#options.device, kind) : error;
  }

  #check(kind: 'read' | 'write', offset: number, length: number): void {
    const { device, readOnly } = this.#options;
    const fault = this.#options.fault();
    if (fault === 'gone') throw deviceErrors.missing(device);
    if (fault === 'all' || fault === kind) throw deviceErrors.failed(device, kind);
    if (kind === 'write' && readOnly) throw deviceErrors.readOnly(device);
    if (offset < 0 || length < 0 || offset + length > this.sizeBytes) {
      throw deviceErrors.outside(device, offset, length);
    }
  }
}

export async function openFileBlockStore(options: FileBlockStoreOptions): Promise<BlockStore> {
  const fd = await promisify(open)(options.image, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw deviceErrors.missing(options.device);
  });
  return new FileBlockStore(fd as number, options);
}
