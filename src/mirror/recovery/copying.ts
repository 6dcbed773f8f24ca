/** The copying of a recovery: ranges of blocks, a few at a time, until no bit is set. */
import { createHash } from 'node:crypto';
import { BLOCK_BYTES } from '../copy/block-map.ts';
import { failDisk } from '../copy/failure.ts';
import { isAllZero } from '../copy/zeroes.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { timedWait } from '../statistics/sampling.ts';
import { flushCopied } from './copied.ts';
import { mayGoOn, pace } from './pace.ts';
import type { Recovery } from './recovery.ts';
import type { UsedSpace } from './used-space.ts';

const CHUNK_BLOCKS = 8;
/** Of blocks that are compared first; when one of them differs all of them are sent. */
const COMPARED_BLOCKS = 4;

export type UsedMap = Pick<UsedSpace, 'isUsed'>;

/** Copies until no bit is set; a few ranges at a time. */
export async function copyOutOfSync(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  used: UsedMap | null,
): Promise<void> {
  const { outOfSync } = disk.copy;
  const { flushBlocks, lanes } = disk.recovery.limits;
  const claimed = new Set<number>();
  const running = new Set<Promise<void>>();
  const start = (work: Promise<void>): void => {
    const lane: Promise<void> = work
      .catch((error: unknown) => {
        recovery.cancel(error instanceof Error ? error.message : String(error));
      })
      .finally(() => running.delete(lane));
    running.add(lane);
  };
  let flushing = false;
  let from = 0;
  for (;;) {
    await mayGoOn(disk, session, recovery);
    if (recovery.cancelled !== null) break;
    const { copied } = recovery;
    const isTaken = (block: number) => claimed.has(block) || copied.has(block);
    const chunk = nextChunk(outOfSync, used, isTaken, from);
    from = chunk?.[1] ?? 0;
    if (!chunk && running.size === 0 && copied.size === 0) return;
    if (!flushing && copied.size >= (chunk || running.size > 0 ? flushBlocks : 1)) {
      flushing = true;
      start(
        flushCopied(disk, session, recovery).finally(() => {
          flushing = false;
        }),
      );
    }
    if (chunk) {
      const [first, end] = chunk;
      const compare = used?.isUsed(first) === false;
      for (let block = first; block < end; block++) claimed.add(block);
      start(
        copyChunk(disk, session, recovery, first, end, compare).finally(() => {
          for (let block = first; block < end; block++) claimed.delete(block);
        }),
      );
    }
    if (!chunk || running.size >= lanes) await Promise.race(running);
  }
  await Promise.allSettled(running);
  throw new Error(recovery.cancelled ?? 'cancelled');
}

/** Blocks that are all in use, or none of them. */
function nextChunk(
  map: { next(from: number): number; has(block: number): boolean; blocks: number },
  used: UsedMap | null,
  isTaken: (block: number) => boolean,
  from: number,
): [number, number] | null {
  const free = (at: number): number => {
    let block = map.next(at);
    while (block >= 0 && isTaken(block)) block = map.next(block + 1);
    return block;
  };
  let first = free(from);
  if (first < 0 && from > 0) first = free(0);
  if (first < 0) return null;
  let end = first + 1;
  const size = used?.isUsed(first) === false ? COMPARED_BLOCKS : CHUNK_BLOCKS;
  const most = Math.min(first + size, map.blocks);
  const isAlike = (block: number) => used?.isUsed(block) === used?.isUsed(first);
  while (end < most && map.has(end) && !isTaken(end) && isAlike(end)) end++;
  return [first, end];
}

async function copyChunk(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  first: number,
  end: number,
  compare: boolean,
): Promise<void> {
  const offset = first * BLOCK_BYTES;
  const length = Math.min(end * BLOCK_BYTES, disk.copy.sizeBytes) - offset;
  const taken = disk.writes.ranges.take(offset, offset + length);
  const release = await timedWait(disk, 'readWaits', taken);
  const { id } = recovery.start;
  const fail = async (error: unknown): Promise<never> => {
    throw await failDisk(disk, error);
  };
  const copy = async (): Promise<void> => {
    const bytes = await recovery.copied.memory.read(disk.copy.store, offset, length).catch(fail);
    if (!(compare && (await isEqual(session, offset, bytes)))) {
      if (compare && isAllZero(bytes)) {
        await session.ask('block', { offset, recovery: id, zeroes: length });
      } else {
        pace(disk, recovery, length);
        await session.ask('block', { offset, recovery: id }, bytes);
        recovery.sent(length);
      }
    }
    recovery.copied.memory.free(bytes);
    recovery.copied.add(first, end);
  };
  await recovery.copying(offset, offset + length, copy).finally(release);
}

export const digest = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

async function isEqual(session: Session, offset: number, bytes: Uint8Array): Promise<boolean> {
  const sum = digest(bytes);
  const { header } = await session.ask('compare', { offset, length: bytes.length, sum });
  return header.same === true;
}
