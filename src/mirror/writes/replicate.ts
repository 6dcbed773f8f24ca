/**
 * Reads and writes of the active side, and the standby's end of a write.
 *
 *     write ─► take the byte range ─► gate ─► mark ─► own copy ┐ both have it ─► acknowledged
 *                                       │            other copy ┘
 *                                       └ alone: noted out of sync ─► own copy ─► acknowledged
 *
 * A durable write (the standard; FUA) has it flushed on both as well; any other is so with the next
 * flush (flush.ts). The blocks are in the activity map first (activity.ts), so that after a crash
 * of the active side they are sent again. When the other side does not acknowledge, the
 * mirror is broken durably before the write is acknowledged (ARCHITECTURE; v3 10.8, 12.2).
 */
import { BLOCK_BYTES, blocksOf } from '../copy/block-map.ts';
import { type Bytes, lengthOf, whole } from '../copy/bytes.ts';
import { failDisk } from '../copy/failure.ts';
import { areZeroes, zeroes } from '../copy/zeroes.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Frame, Session } from '../link/session.ts';
import { isPeerOff } from '../pair/loss.ts';
import { isAhead } from '../recovery/copied.ts';
import { refused } from '../refused.ts';
import { timedWait } from '../statistics/sampling.ts';
import { isNoted, note } from './activity.ts';
import { checkActive, checkRange } from './checks.ts';
import { flushMirror, follower, MOST_UNFLUSHED } from './flush.ts';
import { limitQueue, writeQueued } from './queue.ts';
import { goOnWithout } from './unacknowledged.ts';

/** A write that waits this long is reason to ask whether the other server is off. */
const PATIENCE_MS = 100;

/**
 * Reads `length` bytes at `offset` of the active copy. Rejects with RemoteError
 * `mirror.notActive`, `mirror.range` or `mirror.disk`.
 */
export async function readMirror(
  disk: MirrorDisk,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  checkActive(disk);
  checkRange(disk, offset, length);
  try {
    disk.sampling?.counters.requestBegan();
    const bytes = await disk.copy.read(offset, length);
    disk.sampling?.counters.add('read', length);
    return bytes;
  } catch (error) {
    throw await failDisk(disk, error);
  } finally {
    disk.sampling?.counters.requestEnded();
  }
}

/**
 * Writes to both copies, or to this one alone with the noted out of sync; resolves when the write
 * is acknowledged. Rejects with RemoteError `mirror.notActive`, `mirror.range`, `mirror.disk`; a
 * rejected write may or may not be there.
 */
export async function writeMirror(
  disk: MirrorDisk,
  offset: number,
  data: Bytes,
  durable = true,
): Promise<void> {
  checkActive(disk);
  const length = lengthOf(data);
  checkRange(disk, offset, length);
  const { release, wait } = disk.writes.ranges.ask(offset, offset + length);
  disk.sampling?.counters.requestBegan();
  if (wait) {
    const isForCopying = disk.recovery.current?.makesWait(offset, offset + length) === true;
    await timedWait(disk, isForCopying ? 'writeWaits' : null, wait);
  }
  const [first, end] = blocksOf(offset, length);
  let id = 0;
  let unflushed = false;
  let queued = false;
  try {
    if (!disk.writes.areOpen) await disk.writes.admitted();
    checkActive(disk);
    id = disk.writes.begin(first, end);
    limitQueue(disk);
    let session = partner(disk, first, end);
    if (disk.writes.isFrozen || !isNoted(disk, session !== null, first, end)) {
      session = await mark(disk, first, end);
    }
    if (session && disk.p.mode === 'async') {
      queued = true;
      await writeQueued(disk, session, { id, offset, data: whole(data), durable });
    } else if (session) {
      await writeBoth(disk, session, offset, data, durable);
      unflushed = !durable;
    } else {
      disk.recovery.wroteAlone(first, end);
      disk.copy.shown.forget(first, end);
      await disk.copy.write(offset, data, durable).catch(async (error: unknown) => {
        throw await failDisk(disk, error);
      });
    }
    disk.sampling?.counters.add('written', length);
  } finally {
    disk.sampling?.counters.requestEnded();
    if (!queued) disk.writes.ended(id, unflushed);
    release();
    if (disk.writes.unflushed > MOST_UNFLUSHED) flushMirror(disk).catch(() => {});
  }
}

async function writeBoth(
  disk: MirrorDisk,
  session: Session,
  offset: number,
  data: Bytes,
  durable: boolean,
): Promise<void> {
  const local = disk.copy.write(offset, data, durable);
  const line = durable ? { offset, durable } : { offset };
  const remote = areZeroes(data)
    ? session.ask('write', { ...line, zeroes: lengthOf(data) })
    : session.ask('write', line, data);
  watchPeer(disk, session);
  const [own, other] = await Promise.allSettled([local, remote]);
  if (own.status === 'rejected') throw await failDisk(disk, own.reason);
  if (other.status === 'fulfilled') return;
  const [first, end] = blocksOf(offset, lengthOf(data));
  const blocks = Array.from({ length: end - first }, (_, at) => first + at);
  await goOnWithout(disk, session, blocks, other.reason);
}

/** The session to write over, or null when these blocks are written here alone. */
function partner(disk: MirrorDisk, first: number, end: number): Session | null {
  if (disk.pair.now.phase === 'inSync') return disk.pair.session;
  if (disk.pair.now.phase !== 'recovering') return null;
  // What the recovery has not reached yet is only noted: it will be copied as it is then.
  return isAhead(disk, first, end) ? null : disk.pair.session;
}

/** Notes the blocks durably for the way they will take; again when that changed meanwhile. */
async function mark(disk: MirrorDisk, first: number, end: number): Promise<Session | null> {
  for (;;) {
    const session = partner(disk, first, end);
    if (!disk.writes.isFrozen && isNoted(disk, session !== null, first, end)) return session;
    try {
      await note(disk, session !== null, first, end);
    } catch (error) {
      throw await failDisk(disk, error);
    }
    if (disk.writes.isFrozen) await disk.writes.thawed();
    if (partner(disk, first, end) === session) return session;
  }
}

/** With fencing, a write that waits asks the management controller whether the peer is off. */
function watchPeer(disk: MirrorDisk, session: Session): void {
  if (!disk.p.fencing || !disk.writes.watch(session)) return;
  const { clock } = disk.ports;
  clock.at(clock.now() + PATIENCE_MS, () => {
    disk.writes.watchEnded();
    if (session.isLost || session.pending === 0 || disk.life.isOver) return;
    void isPeerOff(disk).then((off) => {
      if (off) session.close('the other server is off');
      else if (!session.isLost && session.pending > 0) watchPeer(disk, session);
    });
  });
}

/** The standby's end: here, durable if so asked, before it answers. Nacks with `EIO` when its disk fails. */
export async function takeWrite(
  disk: MirrorDisk,
  frame: Frame,
  durable = frame.header.durable === true,
): Promise<void> {
  const offset = Number(frame.header.offset);
  const { zeroes: wiped } = frame.header;
  const isWipe = typeof wiped === 'number';
  const data = isWipe ? zeroes(wiped) : (frame.bytes ?? frame.payload);
  const length = isWipe ? wiped : lengthOf(data);
  checkRange(disk, offset, length);
  if (disk.pair.now.isActive || follower(disk) === null) {
    throw refused('this side takes no writes now');
  }
  // In the order of arrival where writes overlap: a queued one has left its range on the other side.
  const { release, wait } = disk.writes.ranges.ask(offset, offset + length);
  const write = (async () => {
    if (wait) await wait;
    await disk.copy.write(offset, data, durable);
  })().finally(release);
  disk.writes.apply(write);
  try {
    await write;
  } catch (error) {
    throw await failDisk(disk, error);
  }
}

/** Bytes that the out-of-sync map stands for. */
export function dirtyBytes(disk: MirrorDisk): number {
  const size = disk.copy.sizeBytes;
  const count = disk.copy.isOpen ? disk.copy.outOfSync.count : 0;
  return Math.min(size, count * BLOCK_BYTES);
}
