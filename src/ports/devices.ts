/**
 * Block devices of one server, by device path (`/dev/sdb1`). In the lab a file of the lab's
 * folder, in the twin memory. A failed disk answers every call with DeviceError `EIO`, a missing
 * one with `ENODEV`.
 */
export interface BlockStore {
  readonly sizeBytes: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** As `read`, into `bytes`, where a store can do that: as many as it holds. */
  readInto?(offset: number, bytes: Uint8Array): Promise<void>;
  write(offset: number, data: Uint8Array): Promise<void>;
  /** As `write` of the pieces one after the other, where a store can do that without joining them. */
  writePieces?(offset: number, pieces: readonly Uint8Array[]): Promise<void>;
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

/** What a server offers to its applications: a device to read and write, as long as it is open. */
export interface ExportedDevice {
  readonly name: string;
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** `pieces` one after the other; `durable`: it is so when it resolves. */
  write(offset: number, pieces: readonly Uint8Array[], durable: boolean): Promise<void>;
  writeZeroes(offset: number, length: number, durable: boolean): Promise<void>;
  /** Every write answered before is durable when it resolves, whoever sent it. */
  flush(): Promise<void>;
}

export interface DeviceExport {
  /** What is under way is answered; afterwards nobody reaches the device. */
  close(): Promise<void>;
}

/** How applications reach a device. In the lab NBD on a Unix socket. */
export interface DeviceExports {
  open(device: ExportedDevice): Promise<DeviceExport>;
}

export interface Devices {
  open(path: string): Promise<BlockStore>;
}
