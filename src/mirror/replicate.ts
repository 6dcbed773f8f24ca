/**
 * Reads and writes of the active side, and the standby's end of a write.
 *
 *     write ─► take the byte range ─► gate ─► mark ─► own copy ┐ both durable ─► acknowledged
 *                                       │            other copy ┘
 *                                       └ alone: difference map (durable) ─► own copy ─► acknowledged
 *
 * While both sides are connected the blocks in flight are in the activity map first, so that after
 * a crash of the active side they are sent again. When the other side does not acknowledge, the
 * mirror is broken durably before the write is acknowledged (ARCHITECTURE; v3 10.8, 12.2).
 */
import { DeviceError } from '../ports/devices.ts';
import { RemoteError } from '../ports/wire.ts';
import { BLOCK_BYTES, blocksOf } from './block-map.ts';
import { type MirrorDisk, refused } from './disk.ts';
import { isPeerOff } from './loss.ts';
import type { Frame, Session } from './session.ts';

/** Longest read or write at once. */
export const MOST_BYTES = 4 * 1024 * 1024;
/** Blocks that may stay marked as in flight; an idle one is cleared when there are more. */
const ACTIVITY_LIMIT = 64;
/** A write that waits this long is reason to ask whether the other server is off. */
const PATIENCE_MS = 100;

let sequence = 0;

function checkRange(disk: MirrorDisk, offset: number, length: number): void {
  const size = disk.data?.sizeBytes ?? 0;
  const sound = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0;
  if (!sound || length <= 0 || length > MOST_BYTES || offset + length > size) {
    throw refused(`${disk.p.name} has no ${length} bytes at ${offset} of ${size}`, 'mirror.range');
  }
}

function checkActive(disk: MirrorDisk): void {
  if (!disk.active || disk.closing) {
    throw refused(`${disk.p.name} is not active on ${disk.ports.server}`, 'mirror.notActive');
  }
  if (disk.failed) throw refused(`NMP${disk.p.number} disk I/O error`, 'EIO');
}

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
    return await disk.data!.read(offset, length);
  } catch (error) {
    throw await failDisk(disk, error);
  }
}

/**
 * Writes to both copies, or to this one alone with the difference noted; resolves when the write
 * is acknowledged. Rejects with RemoteError `mirror.notActive`, `mirror.range`, `mirror.disk`; a
 * rejected write may or may not be there.
 */
export async function writeMirror(
  disk: MirrorDisk,
  offset: number,
  data: Uint8Array,
): Promise<void> {
  checkActive(disk);
  checkRange(disk, offset, data.length);
  const release = await disk.ranges.take(offset, offset + data.length);
  const id = ++sequence;
  const [first, end] = blocksOf(offset, data.length);
  try {
    while (disk.entry.isShut || disk.gate.isShut) {
      await disk.entry.pass();
      await disk.gate.pass();
    }
    checkActive(disk);
    disk.inFlight.set(id, [first, end]);
    const session = await mark(disk, first, end);
    const local = disk.writeLocal(offset, data);
    const remote = session ? session.ask('write', { offset }, data) : Promise.resolve(null);
    if (session) watchPeer(disk, session);
    const [own, other] = await Promise.allSettled([local, remote]);
    if (own.status === 'rejected') throw await failDisk(disk, own.reason);
    if (other.status === 'rejected') await goOnWithout(disk, session!, first, end, other.reason);
  } finally {
    disk.writeEnded(id);
    release();
  }
}

/** The session to write over, or null when these blocks are written here alone. */
function partner(disk: MirrorDisk, first: number, end: number): Session | null {
  if (disk.phase === 'inSync') return disk.session;
  if (disk.phase !== 'recovering') return null;
  // What the recovery has not reached yet is only noted: it will be copied as it is then.
  const ahead = disk.part!.difference.next(first);
  return ahead >= 0 && ahead < end ? null : disk.session;
}

/** Notes the blocks durably for the way they will take; again when that changed meanwhile. */
async function mark(disk: MirrorDisk, first: number, end: number): Promise<Session | null> {
  for (;;) {
    const session = partner(disk, first, end);
    try {
      if (session) await markActivity(disk, first, end);
      else await disk.part!.difference.set(first, end);
    } catch (error) {
      throw await failDisk(disk, error);
    }
    if (disk.gate.isShut) await disk.gate.pass();
    if (partner(disk, first, end) === session) return session;
  }
}

async function markActivity(disk: MirrorDisk, first: number, end: number): Promise<void> {
  const { activity } = disk.part!;
  if (activity.count > ACTIVITY_LIMIT) {
    const busy = new Set<number>();
    for (const [from, to] of disk.inFlight.values()) {
      for (let block = from; block < to; block++) busy.add(block);
    }
    for (let block = activity.next(0); block >= 0; block = activity.next(block + 1)) {
      if (!busy.has(block)) activity.clear(block, block + 1);
    }
  }
  await activity.set(first, end);
}

/** The other side did not take the write: the mirror is broken first, then the write counts. */
async function goOnWithout(
  disk: MirrorDisk,
  session: Session,
  first: number,
  end: number,
  reason: unknown,
): Promise<void> {
  if (reason instanceof RemoteError && disk.peer && disk.session === session) {
    disk.peer.diskError ||= reason.code === 'EIO';
  }
  if (disk.session === session && disk.phase !== 'idle') {
    session.close(`a write was not acknowledged: ${reason instanceof Error ? reason.message : ''}`);
  }
  for (;;) {
    await disk.gate.pass();
    try {
      await disk.part!.difference.set(first, end);
    } catch (error) {
      throw await failDisk(disk, error);
    }
    if (!disk.gate.isShut && disk.loss === null) return;
    if (disk.stopped) throw refused('the mirror agent stopped', 'mirror.stopped');
    await disk.turn.take(async () => {});
  }
}

/** With fencing, a write that waits asks the management controller whether the peer is off. */
function watchPeer(disk: MirrorDisk, session: Session): void {
  if (!disk.p.fencing || disk.watched === session) return;
  disk.watched = session;
  const { clock } = disk.ports;
  clock.at(clock.now() + PATIENCE_MS, () => {
    disk.watched = null;
    if (session.isLost || session.pending === 0 || disk.stopped) return;
    void isPeerOff(disk).then((off) => {
      if (off) session.close('the other server is off');
      else if (!session.isLost && session.pending > 0) watchPeer(disk, session);
    });
  });
}

/** The standby's end: durable here before it answers. Nacks with `EIO` when its disk fails. */
export async function takeWrite(disk: MirrorDisk, frame: Frame): Promise<void> {
  const offset = Number(frame.header.offset);
  checkRange(disk, offset, frame.payload.length);
  if (disk.active || (disk.phase !== 'inSync' && disk.phase !== 'recovering')) {
    throw refused('this side takes no writes now');
  }
  const write = disk.writeLocal(offset, frame.payload);
  const applied = write.catch(() => {});
  disk.incoming.add(applied);
  try {
    await write;
  } catch (error) {
    throw await failDisk(disk, error);
  } finally {
    disk.incoming.delete(applied);
  }
}

/**
 * The own disk failed (v3 10.8): nothing is acknowledged any more, the flag is kept if it can be,
 * the other side hears that it has everything acknowledged, the owner is told (not by an agent that
 * is being stopped: a server that is shut down must not come back by a reset). Answers the error
 * for whoever waits.
 */
export async function failDisk(
  disk: MirrorDisk,
  error: unknown,
  { isStopping = false } = {},
): Promise<Error> {
  if (!(error instanceof DeviceError))
    return error instanceof Error ? error : new Error(String(error));
  const words = refused(`NMP${disk.p.number} disk I/O error: ${error.message}`, error.code);
  if (disk.failed || disk.stopped) return words;
  disk.failed = true;
  disk.gate.shut();
  const { session } = disk;
  const inStep = disk.phase === 'inSync' && session !== null;
  if (inStep || !disk.active) disk.move({ type: 'latest.lost' });
  await disk.save({ diskError: true }).catch(() => {});
  disk.driverLog('Error', 'warning!! NMP%1 disk I/O error, system will reboot.');
  if (session) {
    const told = await session.ask('disk-failed', {}, undefined, 1000).catch(() => null);
    if (told && inStep) await disk.save({ latest: false }).catch(() => {});
  }
  disk.gate.turnAway(words);
  if (!disk.stopped && !isStopping) disk.ports.onDiskError(disk.p.name, error.message);
  return words;
}

/** Bytes that the difference map stands for. */
export function dirtyBytes(disk: MirrorDisk): number {
  const size = disk.data?.sizeBytes ?? 0;
  return Math.min(size, (disk.part?.difference.count ?? 0) * BLOCK_BYTES);
}
