/**
 * Block devices of one server, by device path (`/dev/sdb1`). In the lab a file of the lab's
 * folder, in the twin memory. A failed disk answers every call with DeviceError `EIO`, a missing
 * one with `ENODEV`.
 */
export interface BlockStore {
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  write(offset: number, data: Uint8Array): Promise<void>;
  /** Everything written before is durable when this resolves. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export class DeviceError extends Error {
  readonly code: 'EIO' | 'ENODEV' | 'EROFS';
  constructor(code: 'EIO' | 'ENODEV' | 'EROFS', message: string) {
    super(message);
    this.name = 'DeviceError';
    this.code = code;
  }
}

export interface Devices {
  open(path: string): Promise<BlockStore>;
}
