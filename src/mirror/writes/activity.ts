/**
 * Which blocks a crash of the active side leaves in doubt, kept durably before they are written.
 *
 *     with the other side    activity map: the block's extent
 *     alone                  activity map, and the out-of-sync map in memory: a crash merges the
 *                            former into the latter, so that a write need not wait for both
 *
 * The activity map bounds what is compared after a crash: when too many extents are hot, those at
 * rest are let go. At rest: not under way, flushed on both copies, their difference durable. As in
 * DRBD's activity log, an extent is larger than a block, so that random writes seldom wait.
 */
import { BLOCK_BYTES } from '../copy/block-map.ts';
import type { MirrorDisk } from '../disk.ts';
import { flushMirror } from './flush.ts';

const MOST_EXTENT_BLOCKS = (4 * 1024 * 1024) / BLOCK_BYTES;
/** Extents that may be hot at once: all of a disk of 4 GiB. */
export const MOST_EXTENTS = 1024;

/** Blocks of one extent: as few as keep a disk within `MOST_EXTENTS`, and never above 4 MiB. */
export function extentBlocks(blocks: number): number {
  let size = 1;
  while (size < MOST_EXTENT_BLOCKS && size * MOST_EXTENTS < blocks) size *= 2;
  return size;
}

/** The blocks may be written now, together with the other side or alone. */
export function isNoted(disk: MirrorDisk, together: boolean, first: number, end: number): boolean {
  const { activity, outOfSync } = disk.copy.partition;
  return activity.isDurable(first, end) && (together || outOfSync.hasAll(first, end));
}

/** Notes the blocks for the way they will be written; durable when it resolves. */
export async function note(
  disk: MirrorDisk,
  together: boolean,
  first: number,
  end: number,
): Promise<void> {
  const { activity, outOfSync } = disk.copy.partition;
  if (!together) outOfSync.note(first, end);
  const size = extentBlocks(activity.blocks);
  if (!activity.isDurable(first, end) && activity.count >= disk.writes.mostExtents * size) {
    await coolDown(disk);
  }
  const from = Math.floor(first / size) * size;
  const to = Math.min(Math.ceil(end / size) * size, activity.blocks);
  await activity.set(from, to);
}

async function coolDown(disk: MirrorDisk): Promise<void> {
  const { activity, outOfSync } = disk.copy.partition;
  await outOfSync.commit();
  const busy = disk.writes.unconfirmed();
  for (let block = activity.next(0); block >= 0; block = activity.next(block + 1)) {
    const isLoose = outOfSync.has(block) && !outOfSync.isDurable(block, block + 1);
    if (!busy.has(block) && !isLoose) activity.clear(block, block + 1);
  }
  // What is hot only because nobody flushes: it will be let go the next time.
  if (disk.writes.unflushed > 0) flushMirror(disk).catch(() => {});
}
