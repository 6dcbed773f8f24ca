/**
 * Mirror recovery: the source sends the blocks of its difference map, the target writes them.
 * A full copy is a difference copy whose map says everything; what the file system does not use is
 * compared first, and sent where it differs (used-space.ts).
 *
 *     source                                     target
 *     map complete for recovery R, durable
 *     begin {R} ────────────────────────────────► unfinished R, durable: RED, no source any more
 *     block by block, each range taken, so that a write there waits for that range only
 *     block ────────────────────────────────────► written; a flush clears many bits (copied.ts)
 *     … writes behind the copied part go to both, those ahead of it are only noted
 *     no bit left: no write begins, those under way end
 *     the target may follow from here, durable
 *     finish {generation} ──────────────────────► bears the source's generation, durable
 *     no difference left, durable ◄────────────── ok
 *
 * Interrupted: the bits that are left are what the target still lacks; the next recovery goes on
 * from there. Interrupted while finishing: the target may have finished, so the source goes on
 * under a new generation. The map is made durable again and again as it empties, so that a crash
 * does not cost what was copied. Paused: no further range is taken, writes go on as they do while
 * it runs. The target's end is target.ts. v3 11.10.1 to 11.10.6; mdadmn messages of v3 12.1.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import { Gate } from '../coalesce.ts';
import { BLOCK_BYTES } from '../copy/block-map.ts';
import { failDisk } from '../copy/failure.ts';
import { constructed, finishing, settled, sourceOf } from '../copy/generations.ts';
import { isAllZero } from '../copy/zeroes.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { refused } from '../refused.ts';
import { timedWait } from '../statistics/sampling.ts';
import { Copied, FLUSH_BLOCKS, flushCopied } from './copied.ts';
import { mayGoOn, pace, showPause } from './pace.ts';
import type { Keeper } from './stored-blocks.ts';
import { type UsedSpace, usedSpace } from './used-space.ts';

const CHUNK_BLOCKS = 8;
/** Of blocks that are compared first; when one of them differs all of them are sent. */
const COMPARED_BLOCKS = 4;
const NOTHING_USED: UsedMap = { isUsed: () => false };
const LANES = 4;
type UsedMap = Pick<UsedSpace, 'isUsed'>;
export type RecoveryKind = 'full' | 'difference' | 'construction';

export interface Recovery {
  id: string;
  side: 'source' | 'target';
  from: string;
  to: string;
  kind: RecoveryKind;
  /** ms since the epoch, this server's clock. */
  startedAt: number;
  totalBlocks: number;
  doneBlocks: number;
  /** Bytes of blocks that were sent over the mirror disk connect. */
  bytesSent: number;
  /** The finish is under way: the target may bear the source's generation already. */
  finishing: boolean;
  cancelled: string | null;
  /** Shut while an operator has it paused. */
  pause: Gate;
  /** Bytes that are being copied now; a write there waits for that range only. */
  copying: Set<[number, number]>;
  /** Sent, and not known to be durable on the target. */
  copied: Copied;
  /** Writes that waited so. */
  waitedWrites: number;
  /** When the next range may be sent under a bandwidth limit. */
  nextAt: number;
  /** Target: keeps what it overwrites, where the operator wants it. */
  keeper: Keeper | null;
}

export interface RecoveryOrder {
  full: boolean;
  kind: RecoveryKind;
  /** The server whose copy the operator named as the one that dies; null when nobody had to. */
  victim: string | null;
  /** Blocks are compared by digest first and sent when they differ. */
  compare: boolean;
  /** File of the victim's server that keeps what is overwritten there and differs; null: none. */
  keep?: string | null;
}

/**
 * Starts a recovery from this side to the other one; answers its id once both sides have begun.
 * To be called in turn. Rejects with RemoteError `mirror.refused`, or LinkLost.
 */
export async function startRecovery(disk: MirrorDisk, order: RecoveryOrder): Promise<string> {
  const { session, part } = disk;
  if (!session || !part || disk.phase !== 'idle')
    throw refused('the other server is not connected');
  if (disk.peer?.active) throw refused(`${disk.p.name} is active on ${disk.p.peer}`);
  if (disk.record.unfinished !== null) throw refused('this copy is itself unfinished');
  const id = disk.ports.random.id();
  if (order.kind === 'construction') {
    await disk.save({ ...constructed(disk.record, disk.ports.random.id()), quick: false });
  }
  if (order.full) await part.difference.setAll();
  // After that: what is written from now on is sent, whatever the file system said before.
  const used = order.full ? await usedSpace(disk.data!) : null;
  const held = order.full ? { autoRecoveryHeld: null } : {};
  await disk.save({ ...sourceOf(disk.record, id), ...held });
  const { kind, victim } = order;
  const { count: total } = part.difference;
  const { sizeBytes } = disk.data!;
  const keep = order.keep ?? null;
  await session.ask('recover-begin', { recovery: id, kind, victim, total, sizeBytes, keep });
  begin(disk, 'source', id, kind, part.difference.count);
  if (disk.record.recoveryPaused === true) showPause(disk, session, true);
  const words =
    kind === 'construction' ? 'Initial recovery of mirror disk started.' : 'Recovery started.';
  const gap = kind === 'construction' ? '' : ' ';
  disk.log(
    'Info',
    'mdadmn',
    kind === 'construction' ? 16 : 17,
    `${words}(Device:${gap}${disk.p.device})`,
  );
  void run(disk, session, disk.recovery!, order.compare ? NOTHING_USED : used);
  return id;
}

export function begin(
  disk: MirrorDisk,
  side: Recovery['side'],
  id: string,
  kind: RecoveryKind,
  total: number,
): void {
  const { server, clock } = disk.ports;
  disk.phase = 'recovering';
  // What was compared is copied now, or copied over: a verify that runs ends without a word on it.
  disk.verification = null;
  disk.shown.forgetAll();
  disk.recovery = {
    id,
    side,
    kind,
    from: side === 'source' ? server : disk.p.peer,
    to: side === 'source' ? disk.p.peer : server,
    startedAt: clock.now(),
    totalBlocks: total,
    doneBlocks: 0,
    bytesSent: 0,
    finishing: false,
    cancelled: null,
    pause: new Gate(),
    copying: new Set(),
    copied: new Copied(),
    waitedWrites: 0,
    nextAt: 0,
    keeper: null,
  };
  disk.move({ type: 'recovery.started', side });
}

async function run(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  used: UsedMap | null,
): Promise<void> {
  try {
    for (;;) {
      await copyDifference(disk, session, recovery, used);
      if (await finish(disk, session, recovery)) return;
    }
  } catch (error) {
    await abort(disk, session, recovery, error instanceof Error ? error.message : String(error));
  }
}

/** Copies until no bit is set; a few ranges at a time. */
async function copyDifference(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  used: UsedMap | null,
): Promise<void> {
  const { difference } = disk.part!;
  const flushBlocks = Math.min(FLUSH_BLOCKS, disk.copying.flushBlocks);
  const claimed = new Set<number>();
  const running = new Set<Promise<void>>();
  const start = (work: Promise<void>): void => {
    const lane: Promise<void> = work
      .catch((error: unknown) => {
        recovery.cancelled ??= error instanceof Error ? error.message : String(error);
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
    const chunk = nextChunk(difference, used, isTaken, from);
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
    if (!chunk || running.size >= Math.min(LANES, disk.copying.lanes)) await Promise.race(running);
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
  const length = Math.min(end * BLOCK_BYTES, disk.data!.sizeBytes) - offset;
  const release = await timedWait(disk, 'readWaits', disk.ranges.take(offset, offset + length));
  const copied: [number, number] = [offset, offset + length];
  recovery.copying.add(copied);
  const fail = async (error: unknown): Promise<never> => {
    throw await failDisk(disk, error);
  };
  try {
    const bytes = await recovery.copied.memory.read(disk.data!, offset, length).catch(fail);
    if (!(compare && (await isEqual(session, offset, bytes)))) {
      if (compare && isAllZero(bytes)) {
        await session.ask('block', { offset, recovery: recovery.id, zeroes: length });
      } else {
        pace(disk, recovery, length);
        await session.ask('block', { offset, recovery: recovery.id }, bytes);
        recovery.bytesSent += length;
      }
    }
    recovery.copied.memory.free(bytes);
    recovery.copied.add(first, end);
  } finally {
    recovery.copying.delete(copied);
    release();
  }
}

/** A write waits for one of the ranges that are being copied: counted. */
export function countWait(disk: MirrorDisk, offset: number, length: number): void {
  const { recovery } = disk;
  for (const [from, to] of recovery?.copying ?? []) {
    if (from >= offset + length || offset >= to) continue;
    recovery!.waitedWrites += 1;
    disk.waitedForRecovery += 1;
    return;
  }
}

export const digest = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

async function isEqual(session: Session, offset: number, bytes: Uint8Array): Promise<boolean> {
  const sum = digest(bytes);
  const { header } = await session.ask('compare', { offset, length: bytes.length, sum });
  return header.same === true;
}

/** True when the two sides are in step; false when writes left new bits: copy again. */
async function finish(disk: MirrorDisk, session: Session, recovery: Recovery): Promise<boolean> {
  disk.entry.shut();
  await disk.drained();
  return await disk.turn.take(async () => {
    const { part } = disk;
    if (disk.session !== session || !part) throw new Error('the connection was lost');
    if (part.difference.count > 0) {
      disk.entry.open();
      return false;
    }
    const contact = disk.ports.random.id();
    const { confirmed } = disk.record.contact;
    const kept = { contact: { confirmed, proposed: contact } };
    recovery.finishing = true;
    await disk.save({ ...finishing(disk.record), ...kept, peerFollows: true, peerYielded: false });
    const { generation, history } = disk.record;
    const line = {
      recovery: recovery.id,
      generation,
      history,
      contact,
      lastUpdate: disk.lastUpdate,
    };
    await session.ask('recover-finish', line as JsonObject);
    await disk.save({
      ...settled(disk.record),
      contact: { confirmed: contact, proposed: null },
      peerFollows: true,
      victim: null,
      victimKeeps: null,
      autoRecoveryHeld: null,
      recoveryPaused: false,
      breakTime: null,
    });
    disk.queue.marked = null;
    if (disk.session === session) ended(disk, recovery);
    else if (disk.recovery === recovery) disk.recovery = null; // Lost since: settled as in step.
    await part.difference.commit();
    return true;
  });
}

export function ended(disk: MirrorDisk, recovery: Recovery): void {
  disk.recovery = null;
  disk.phase = 'inSync';
  disk.judgement = { verdict: 'same', full: false, why: 'recovered' };
  if (disk.peer) disk.peer.diskError = false;
  disk.entry.open();
  disk.move({ type: 'recovery.ended' });
  if (recovery.side !== 'source') return;
  const first = recovery.kind === 'construction';
  const words = first
    ? `Initial recovery of mirror disk has finished successfully.(Device:${disk.p.device})`
    : `Building of switch mirror disk has finished successfully.(Device: ${disk.p.device})`;
  disk.log('Info', 'mdadmn', first ? 18 : 6, words);
}

async function abort(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  why: string,
): Promise<void> {
  // In doubt the target has finished: end the connection, which settles it as a loss.
  if (recovery.finishing) session.close(`finishing failed: ${why}`);
  await disk.turn
    .take(async () => {
      if (disk.recovery === recovery) disk.recovery = null;
      disk.entry.open();
      if (disk.session === session) {
        // Written to both and not flushed there: nobody asks for that flush any more.
        await disk.markInFlight();
        disk.phase = 'idle';
        session.tell('recover-abort', { recovery: recovery.id, why });
        disk.move({ type: 'recovery.aborted' });
      }
      await disk.part?.difference.commit();
    })
    .catch((error) => failDisk(disk, error));
  if (disk.stopped) return;
  const first = recovery.kind === 'construction';
  disk.driverLog('Info', 'NMP(%1):mirror break occurred, recovery failed.');
  const words = first
    ? `Initial recovery of mirror disk finished abnormally.${why}(Device:${disk.p.device})`
    : `Building of switch mirror disk finished abnormally.${why}(Device:${disk.p.device})`;
  disk.log('Error', 'mdadmn', first ? 19 : 5, words);
}

/** Ends a recovery that this side sends; what is left stays noted. */
export function cancelRecovery(disk: MirrorDisk, why: string): void {
  if (!disk.recovery) return;
  disk.recovery.cancelled ??= why;
  disk.recovery.pause.open();
}
