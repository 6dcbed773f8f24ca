/** Between the two halves of an extension (x5 2.23.1) the copies are of different size. */
import type { MirrorDisk } from '../disk.ts';

/** As far as the other side has told. */
export function doSizesDiffer({ pair: { peer }, copy }: MirrorDisk): boolean {
  return peer !== null && peer.sizeBytes !== copy.sizeBytes;
}

/** Whether they do; an active side says so. */
export function sayThatSizesDiffer(disk: MirrorDisk): boolean {
  const differ = doSizesDiffer(disk);
  if (differ && disk.pair.now.isActive) disk.logIfKnown('mirrorSizesDiffer', disk.p.device);
  return differ;
}
