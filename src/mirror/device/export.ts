/**
 * The mirror as a block device: what applications, and clients nobody here wrote, read and write.
 * It is there as long as this side is active. A write is acknowledged when both copies have it; a
 * flush, or a write with FUA, makes it durable on both (flush.ts).
 */
import type { ExportedDevice } from '../../ports/devices.ts';
import { lengthOf, part } from '../copy/bytes.ts';
import { zeroes } from '../copy/zeroes.ts';
import type { MirrorDisk } from '../disk.ts';
import { MOST_BYTES } from '../writes/checks.ts';
import { flushMirror } from '../writes/flush.ts';
import { readMirror, writeMirror } from '../writes/replicate.ts';

/** The mirror takes so many bytes at once; a longer request goes part by part, in order. */
async function inParts(
  offset: number,
  length: number,
  each: (offset: number, length: number) => Promise<void>,
): Promise<void> {
  for (let done = 0; done < length; done += MOST_BYTES) {
    const now = Math.min(MOST_BYTES, length - done);
    await each(offset + done, now);
  }
}

export function exportedDevice(disk: MirrorDisk): ExportedDevice {
  return {
    name: `NMP${disk.p.number}`,
    sizeBytes: disk.copy.sizeBytes,
    readOnly: false,
    async read(offset, length) {
      if (length <= MOST_BYTES) return await readMirror(disk, offset, length);
      const whole = new Uint8Array(length);
      await inParts(offset, length, async (at, now) => {
        whole.set(await readMirror(disk, at, now), at - offset);
      });
      return whole;
    },
    async write(offset, pieces, durable) {
      const length = lengthOf(pieces);
      if (length <= MOST_BYTES) {
        const [only] = pieces;
        const data = only && pieces.length === 1 ? only : pieces;
        return await writeMirror(disk, offset, data, durable);
      }
      await inParts(offset, length, (at, now) =>
        writeMirror(disk, at, part(pieces, at - offset, now), false),
      );
      if (durable) await flushMirror(disk);
    },
    async writeZeroes(offset, length, durable) {
      await inParts(offset, length, (at, now) => writeMirror(disk, at, zeroes(now), false));
      if (durable) await flushMirror(disk);
    },
    flush: () => flushMirror(disk),
  };
}

/** A device that cannot be offered leaves the mirror usable by requests; it is said in the log. */
export async function openExport(disk: MirrorDisk): Promise<void> {
  const { exports } = disk.ports;
  if (!exports) return;
  try {
    disk.device.offered(await exports.open(exportedDevice(disk)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    disk.log('deviceNotOffered', disk.p.name, disk.p.device, why);
  }
}
