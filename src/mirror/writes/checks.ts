/** What is asked before a read or a write. */
import type { MirrorDisk } from '../disk.ts';
import { refused } from '../refused.ts';

/** Longest read or write at once. */
export const MOST_BYTES = 4 * 1024 * 1024;

/** Rejects with RemoteError `mirror.range` what does not lie on the copy, or is too long. */
export function checkRange(disk: MirrorDisk, offset: number, length: number): void {
  const size = disk.copy.sizeBytes;
  const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0;
  if (!sound || length <= 0 || length > MOST_BYTES || offset + length > size) {
    throw refused(`${disk.p.name} has no ${length} bytes at ${offset} of ${size}`, 'mirror.range');
  }
}

export function checkActive(disk: MirrorDisk): void {
  const { isActive, isClosing, isFailed } = disk.pair.now;
  if (!isActive || isClosing) {
    throw refused(`${disk.p.name} is not active on ${disk.ports.server}`, 'mirror.notActive');
  }
  if (isFailed) throw refused(`NMP${disk.p.number} disk I/O error`, 'EIO');
}
