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

/** The same words in every world: a rehearsal tells what a person will read. */
export const deviceErrors = {
  missing: (device: string) => new DeviceError('ENODEV', `${device}: no such device`),
  failed: (device: string, kind: 'read' | 'write') =>
    new DeviceError('EIO', `${device}: ${kind} error`),
  readOnly: (device: string) => new DeviceError('EROFS', `${device}: read-only`),
  outside: (device: string, offset: number, length: number) =>
    new DeviceError('EIO', `${device}: bytes ${offset}+${length} lie outside the device`),
};

export interface Devices {
  open(path: string): Promise<BlockStore>;
}
