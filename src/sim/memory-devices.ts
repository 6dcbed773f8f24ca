/**
 * The block devices of one simulated server. Which disk a path means, and whether it fails, is the
 * host's word, asked anew at every call: a disk that fails or is swapped while a store is open
 * answers EIO from then on, as a device that went away does.
 */
import { type BlockStore, type Devices, deviceErrors } from '../ports/devices.ts';
import { MemoryDisk, type PowerLoss } from './memory-block-store.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimProcess } from './sim-process.ts';

export interface ResolvedDevice {
  serial: string;
  offset: number;
  sizeBytes: number;
  failed: 'all' | 'read' | 'write' | null;
  readOnly?: boolean;
}

export type ResolveDevice = (path: string) => ResolvedDevice | null;

export class MemoryDevices {
  readonly disks = new Map<string, MemoryDisk>();
  /** How long a flush takes; real ones are slower than the rest. It has its effect at its end. */
  readonly #flushMs: () => number;
  resolve: ResolveDevice = () => null;

  /** Those that other servers reach, too, by serial: one memory for all. */
  readonly #shared: Map<string, MemoryDisk>;

  constructor(flushMs: number | (() => number) = 0.1, shared = new Map<string, MemoryDisk>()) {
    this.#shared = shared;
    this.#flushMs = typeof flushMs === 'number' ? () => flushMs : flushMs;
  }

  /** A shared one may have been made for another server already. */
  createDisk(serial: string, sizeBytes: number, isShared = false): MemoryDisk {
    const known = isShared ? this.#shared.get(serial) : undefined;
    const disk = known ?? new MemoryDisk(serial, sizeBytes);
    this.disks.set(serial, disk);
    if (isShared) this.#shared.set(serial, disk);
    return disk;
  }

  /** An image of a disk, or a disk made from one: all of it durable. A shared one is shared still. */
  copyDisk(from: string, to: string): void {
    const source = this.disks.get(from);
    if (!source) throw deviceErrors.missing(from);
    this.createDisk(to, source.sizeBytes, this.#shared.has(to)).copyFrom(source);
  }

  /** A cabinet beside the servers has a power, and a cache, of its own. */
  powerLoss(mode: PowerLoss, random: SeededRandom): void {
    for (const [serial, disk] of this.disks) {
      if (!this.#shared.has(serial)) disk.powerLoss(mode, random);
    }
  }

  /** A device's bytes as they are, without any process or fault; for oracles and set-up. */
  peek(path: string, offset = 0, length?: number): Uint8Array | null {
    const where = this.resolve(path);
    const disk = where && this.disks.get(where.serial);
    if (!where || !disk) return null;
    return disk.read(where.offset + offset, length ?? where.sizeBytes - offset);
  }

  forProcess(process: SimProcess): Devices {
    return {
      open: (path) =>
        process.call(() => {
          const where = this.#find(path);
          return this.#store(process, path, where.serial, where.sizeBytes);
        }),
    };
  }

  #find(path: string): ResolvedDevice {
    const where = this.resolve(path);
    if (!where || !this.disks.has(where.serial)) {
      throw deviceErrors.missing(path);
    }
    return where;
  }

  #store(process: SimProcess, path: string, serial: string, sizeBytes: number): BlockStore {
    const access = (kind: 'read' | 'write') => {
      const where = this.#find(path);
      if (where.serial !== serial || where.failed === 'all' || where.failed === kind) {
        throw deviceErrors.failed(path, kind);
      }
      if (kind === 'write' && where.readOnly) {
        throw deviceErrors.readOnly(path);
      }
      return { where, disk: this.disks.get(serial)! };
    };
    const within = (offset: number, length: number) => {
      if (offset < 0 || offset + length > sizeBytes) {
        throw deviceErrors.outside(path, offset, length);
      }
    };
    return {
      sizeBytes,
      read: (offset, length) =>
        process.call(() => {
          const { where, disk } = access('read');
          within(offset, length);
          return disk.read(where.offset + offset, length);
        }),
      write: (offset, data) =>
        process.call(() => {
          const { where, disk } = access('write');
          within(offset, data.length);
          disk.write(where.offset + offset, data);
        }),
      flush: () => {
        // What is written while it is under way is not covered.
        const upTo = this.disks.get(serial)?.written;
        return process.call(() => {
          const { where, disk } = access('write');
          disk.flush(where.offset, where.sizeBytes, upTo);
        }, this.#flushMs());
      },
      close: () => process.call(() => undefined),
    };
  }
}
