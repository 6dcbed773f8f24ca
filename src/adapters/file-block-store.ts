/**
 * A block device in a file: a range of a disk's image, flushed for real. Before every access the
 * fault table is asked, so that a disk can fail under a running agent, as disks do.
 */
import { type FileHandle, open } from 'node:fs/promises';
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

class FileBlockStore implements BlockStore {
  readonly sizeBytes: number;
  #file: FileHandle;
  #options: FileBlockStoreOptions;

  constructor(file: FileHandle, options: FileBlockStoreOptions) {
    this.#file = file;
    this.#options = options;
    this.sizeBytes = options.sizeBytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    this.#check('read', offset, length);
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const at = this.#options.offset + offset + done;
      const { bytesRead } = await this.#file.read(bytes, done, length - done, at);
      if (bytesRead === 0)
        throw new DeviceError('EIO', `${this.#options.device}: its image ends too early`);
      done += bytesRead;
    }
    return bytes;
  }

  async write(offset: number, data: Uint8Array): Promise<void> {
    this.#check('write', offset, data.length);
    let done = 0;
    while (done < data.length) {
      const at = this.#options.offset + offset + done;
      const { bytesWritten } = await this.#file.write(data, done, data.length - done, at);
      done += bytesWritten;
    }
  }

  async flush(): Promise<void> {
    this.#check('write', 0, 0);
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.#file.close();
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
  const file = await open(options.image, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw deviceErrors.missing(options.device);
  });
  return new FileBlockStore(file, options);
}
