/** Between the two halves of an extension (x5 2.23.1) the copies are of different size. */
import type { MirrorDisk } from '../disk.ts';

/** Whether the copies are of different size; an active side says so. */
export function sayThatSizesDiffer(disk: MirrorDisk): boolean {
  const { peer, now } = disk.pair;
  if (peer === null || peer.sizeBytes === disk.copy.sizeBytes) return false;
  if (now.isActive) disk.logIfKnown('mirrorSizesDiffer', disk.p.device);
  return true;
}
