/**
 * Names of block devices: which disk a partition lies on, and what a disk's partition is called.
 *
 *     /dev/sdb2                     → /dev/sdb, 2         a disk called by letters
 *     /dev/nvme0n1p1                → /dev/nvme0n1, 1     one whose name ends with a number
 *     /dev/disk/by-id/scsi-1-part3  → /dev/disk/by-id/scsi-1, 3
 *     /dev/nvme0n1, /dev/md0, /dev/VG/LV, /dev/mapper/…   whole devices
 *
 * Our choice: what device mapper shows is always a device of its own, for nothing in its name tells
 * a partition from a volume; and two names of one disk are two disks, as far as anybody here knows.
 */
const BY_LINK = /^(\/dev\/disk\/[^/]+\/.+)-part(\d+)$/;
const BY_NUMBER = /^(\/dev\/(?:cciss\/)?[a-z]+\d[a-z0-9]*)p(\d+)$/;
const BY_LETTERS = /^(\/dev\/[a-z]+)(\d+)$/;
/** Disks that are counted. */
const COUNTED = /^\/dev\/(?:bcache|drbd|dm|loop|md|nbd|pmem|ram|sr|zram)$/;

/** null when the path names no partition. */
export function splitPartition(path: string): { disk: string; number: number } | null {
  const match = BY_LINK.exec(path) ?? BY_NUMBER.exec(path) ?? BY_LETTERS.exec(path);
  const [, disk = '', number] = match ?? [];
  return match === null || COUNTED.test(disk) ? null : { disk, number: Number(number) };
}

/** The reverse. */
export function partitionDevice(disk: string, number: number): string {
  if (disk.startsWith('/dev/disk/')) return `${disk}-part${number}`;
  return /\d$/.test(disk) ? `${disk}p${number}` : `${disk}${number}`;
}

/** The disk that a partition lies on; of a whole device itself. */
export function diskOf(path: string): string {
  return splitPartition(path)?.disk ?? path;
}
