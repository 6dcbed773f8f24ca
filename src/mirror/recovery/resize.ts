/**
 * clpmdctrl --resize: the mirror takes up more of its data partition, on one side at a time
 * (x5 2.23.1): first where it is not active, then on the other one.
 *
 *     nobody writes ─► the new part is zeroes, durable ─► maps laid out anew ─► record: new size
 *
 * The new part is zeroes on both sides, so nothing has to be copied. On the active side while the
 * other one is smaller, the mirror breaks first. Out of step it is refused, unless forced: then
 * every block counts as out of sync, and the next recovery is a full copy.
 *
 * The volume below is extended before, by the command, or by whoever manages volumes: the data
 * partition is opened anew, as large as it is then. Ours: generation and maps stay.
 */

import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { breakMirror } from '../pair/break.ts';
import { sayThatSizesDiffer } from '../pair/sizes.ts';
import { refused } from '../refused.ts';

const ZEROES = new Uint8Array(1024 * 1024);
const SECTOR_BYTES = 512;

/** Rejects `mirror.size`, `mirror.room` (its only fault), `mirror.refused`, `EIO`; already of that size: nothing happens. */
export async function resize(disk: MirrorDisk, sizeBytes: number, force: boolean): Promise<void> {
  checkResize(disk, sizeBytes, force, await measured(disk));
  if (disk.copy.record.sizeBytes === sizeBytes) return;
  const isFirst = disk.pair.peer !== null && disk.pair.peer.sizeBytes < sizeBytes;
  if (disk.pair.now.isActive && isFirst && disk.pair.now.phase === 'inSync')
    await breakMirror(disk);
  disk.writes.stop();
  try {
    await disk.writes.drained();
    await disk.loop.run(() => extend(disk, sizeBytes, force));
  } finally {
    disk.writes.resume();
  }
  disk.pair.session?.tell('resized', { sizeBytes, full: force });
}

/** Of the data partition as it is now; 0: the copy is not open. */
async function measured({ copy, p }: MirrorDisk): Promise<number> {
  if (!copy.isOpen) return 0;
  return copy.measure().catch((error: unknown) => {
    throw refused(`${p.dataDevice}: ${error instanceof Error ? error.message : String(error)}`);
  });
}

function checkResize(
  disk: MirrorDisk,
  sizeBytes: number,
  force: boolean,
  deviceBytes: number,
): void {
  const { name } = disk.p;
  if (!disk.copy.isOpen || !disk.copy.isConstructed) throw refused(`${name} is not constructed`);
  const { record } = disk.copy.partition;
  if (disk.recovery.current || disk.recovery.verification)
    throw refused(`a recovery or verify of ${name} runs`);
  if (sizeBytes % SECTOR_BYTES !== 0)
    throw refused('the size is no multiple of 512', 'mirror.size');
  if (sizeBytes < record.sizeBytes) {
    const words = `${name} has ${record.sizeBytes} bytes; it can be extended only`;
    throw refused(words, 'mirror.size');
  }
  if (!force && disk.pair.now.phase !== 'inSync') {
    throw refused(`${name} is not normal: recover it first, or force (then a full copy is due)`);
  }
  if (sizeBytes > deviceBytes) {
    const words = `${disk.p.dataDevice} has ${deviceBytes} bytes only: extend it first`;
    throw refused(words, 'mirror.room');
  }
}

async function extend(disk: MirrorDisk, sizeBytes: number, force: boolean): Promise<void> {
  const { partition } = disk.copy;
  if (disk.recovery.current || disk.pair.now.isFailed)
    throw refused('a recovery runs, or the disk failed');
  if (!force && !disk.pair.now.isActive && disk.pair.now.phase !== 'inSync')
    throw refused('the mirror broke meanwhile');
  try {
    if (sizeBytes > partition.deviceBytes) await disk.copy.reopenData();
    for (let at = partition.record.sizeBytes; at < sizeBytes; at += ZEROES.length) {
      await disk.copy.store.write(at, ZEROES.subarray(0, Math.min(ZEROES.length, sizeBytes - at)));
    }
    await disk.copy.flush();
    await partition.resize(sizeBytes, force);
  } catch (error) {
    throw await failDisk(disk, error);
  }
  if (force) disk.pair.tell({ type: 'outOfSync.complete' });
}

/** The other side was extended by force: whichever of the two is copied from, everything is. */
async function beOutOfSync(disk: MirrorDisk): Promise<void> {
  await disk.loop.run(async () => {
    await disk.copy.outOfSync.setAll();
    await disk.copy.outOfSync.commit();
    disk.pair.tell({ type: 'outOfSync.complete' });
  });
}

export function serveResize(disk: MirrorDisk, session: Session): void {
  session.handle('resized', async ({ header }) => {
    disk.pair.learn(session, { sizeBytes: Number(header.sizeBytes) });
    if (header.full === true && disk.copy.isConstructed) await beOutOfSync(disk);
    if (!sayThatSizesDiffer(disk)) disk.logIfKnown('mirrorSizesSame', disk.p.device);
    return { header: {} };
  });
}
