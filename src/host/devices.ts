/**
 * Block devices by path, and who may touch them.
 *
 *     /dev/sdb ──► disk (serial) ─┬─ 1 MiB ─┬─ /dev/sdb1 ─┬─ /dev/sdb2 ─┐   partitions lie one after
 *                                 └ reserved └ e.g. cluster └ e.g. data ─┘   the other, in their order
 *
 * The bytes live with the disk's serial: a new disk in the same bay is blank.
 */
import { diskOf, partitionDevice } from '../core/device-names.ts';
import { processState } from './processes.ts';
import type { HostState, MirrorDevices, Partition } from './state.ts';

/** Where the first partition starts, as fdisk aligns it on disks that are not tiny. */
export const FIRST_OFFSET = 1024 * 1024;
export const SECTOR = 512;
const MOST_PARTITIONS = 128;

export interface ResolvedDevice {
  /** The disk's device, e.g. /dev/sdb. */
  disk: string;
  serial: string;
  /** Bytes from the start of the disk. */
  offset: number;
  size: number;
  failed: 'all' | 'write' | 'read' | null;
  readOnly: boolean;
  /** Other servers reach it, too. */
  shared: boolean;
}

/** Gives partitions their places on the disk: as told, else after the one before. */
export function layOut(
  wanted: { number: number; sizeBytes: number; offsetBytes?: number | undefined }[],
): Partition[] {
  let next = FIRST_OFFSET;
  return wanted.map(({ number, sizeBytes, offsetBytes = next }) => {
    next = offsetBytes + sizeBytes;
    return { number, offsetBytes, sizeBytes };
  });
}

/** What is wrong with a partition table for a disk of that size; null when nothing is. */
export function faultOfTable(table: Partition[], diskBytes: number): string | null {
  const sorted = [...table].sort((a, b) => a.offsetBytes - b.offsetBytes);
  let end = SECTOR;
  for (const { number, offsetBytes, sizeBytes } of sorted) {
    if (number > MOST_PARTITIONS) return `partition ${number} is above ${MOST_PARTITIONS}`;
    if (table.filter((other) => other.number === number).length > 1) {
      return `partition ${number} is there twice`;
    }
    if (sizeBytes % SECTOR !== 0 || offsetBytes % SECTOR !== 0) {
      return `partition ${number} does not lie on sectors of ${SECTOR} bytes`;
    }
    if (offsetBytes < end) return `partition ${number} lies over what is before it`;
    end = offsetBytes + sizeBytes;
    if (end > diskBytes) return `partition ${number} ends after the disk does`;
  }
  return null;
}

/** What lies behind a device path on this server; null when there is no such device. */
export function resolveDevice(
  state: Pick<HostState, 'disks' | 'readOnly'>,
  path: string,
): ResolvedDevice | null {
  for (const [device, disk] of Object.entries(state.disks)) {
    const { serial, failed, shared = false } = disk;
    const found = (at: string, offset: number, size: number): ResolvedDevice => {
      const readOnly = state.readOnly.includes(at) || state.readOnly.includes(device);
      return { disk: device, serial, offset, size, failed, readOnly, shared };
    };
    if (device === path) return found(device, 0, disk.sizeBytes);
    for (const { number, offsetBytes, sizeBytes } of disk.partitions) {
      const at = partitionDevice(device, number);
      if (at === path) return found(at, offsetBytes, sizeBytes);
    }
  }
  return null;
}

/** The mirror whose data or cluster partition lies on a device while the agent serves it. */
export function mirrorInUse(state: HostState, device: string): MirrorDevices | null {
  if (processState(state, 'agent') === 'off') return null;
  const lies = (path: string) => path === device || diskOf(path) === device;
  return state.mirrors.find(({ data, cluster }) => lies(data) || lies(cluster)) ?? null;
}

export function isMounted(state: HostState, device: string): boolean {
  const lies = (path: string) => path === device || diskOf(path) === device;
  return state.mounts.some((mount) => lies(mount.device));
}
