/**
 * The mirror as a block device: what applications, and clients nobody here wrote, read and write.
 * It is there as long as this side is active. A write is acknowledged when both copies have it; a
 * flush, or a write with FUA, makes it durable on both (flush.ts).
 */
import type { DeviceExport, ExportedDevice } from '../ports/devices.ts';
import type { MirrorDisk } from './disk.ts';
import { flushMirror } from './flush.ts';
import { MOST_BYTES, readMirror, writeMirror } from './replicate.ts';
import { zeroes } from './zeroes.ts';

/** Joined only where a write came in pieces: how a socket cut it is nobody's business here. */
function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

const lengthOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, piece) => sum + piece.length, 0);

/** The mirror takes so many bytes at once; a longer request goes part by part, in order. */
async function inParts(
  offset: number,
  length: number,
  part: (offset: number, length: number, isLast: boolean) => Promise<void>,
): Promise<void> {
  for (let done = 0; done < length; done += MOST_BYTES) {
    const now = Math.min(MOST_BYTES, length - done);
    await part(offset + done, now, done + now === length);
  }
}

export function exportedDevice(disk: MirrorDisk): ExportedDevice {
  return {
    name: `NMP${disk.p.number}`,
    sizeBytes: disk.data?.sizeBytes ?? 0,
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
      const data = join(pieces, lengthOf(pieces));
      if (data.length <= MOST_BYTES) return await writeMirror(disk, offset, data, durable);
      await inParts(offset, data.length, (at, now, isLast) =>
        writeMirror(disk, at, data.subarray(at - offset, at - offset + now), durable && isLast),
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
    disk.exported = await exports.open(exportedDevice(disk));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    disk.log('Warning', 'mdagent', 0, `${disk.p.name}: ${disk.p.device} is not offered: ${why}`);
  }
}

export async function closeExport(disk: MirrorDisk): Promise<void> {
  const open: DeviceExport | null = disk.exported;
  disk.exported = null;
  await open?.close();
}
