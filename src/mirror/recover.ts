/**
 * Mirror recovery: the source sends the blocks of its difference map, the target writes them.
 * A full copy is a difference copy whose map says everything.
 *
 *     source                                     target
 *     map complete for recovery R, durable
 *     begin {R} ────────────────────────────────► unfinished R, durable: RED, no source any more
 *     block by block, each range taken, so that a write there waits for that range only
 *     block ────────────────────────────────────► durable, then answered: the bit is cleared
 *     … writes behind the copied part go to both, those ahead of it are only noted
 *     no bit left: no write begins, those under way end
 *     the target may follow from here, durable
 *     finish {generation} ──────────────────────► bears the source's generation, durable
 *     no difference left, durable ◄────────────── ok
 *
 * Interrupted: the bits that are left are what the target still lacks; the next recovery goes on
 * from there. Interrupted while finishing: the target may have finished, so the source goes on
 * under a new generation. v3 11.10.1 to 11.10.6; mdadmn messages of v3 12.1.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../core/json.ts';
import { RemoteError } from '../ports/wire.ts';
import { BLOCK_BYTES } from './block-map.ts';
import { type MirrorDisk, refused } from './disk.ts';
import { adopted, constructed, finishing, settled, sourceOf, targetOf } from './generations.ts';
import { failDisk, takeWrite } from './replicate.ts';
import type { Frame, Session } from './session.ts';

const CHUNK_BLOCKS = 4;
const LANES = 4;

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
}

export interface RecoveryOrder {
  full: boolean;
  kind: RecoveryKind;
  /** The server whose copy the operator named as the one that dies; null when nobody had to. */
  victim: string | null;
  /** Blocks are compared by digest first and sent when they differ. */
  compare: boolean;
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
  const held = order.full ? { autoRecoveryHeld: null } : {};
  await disk.save({ ...sourceOf(disk.record, id), ...held });
  const { kind, victim } = order;
  await session.ask('recover-begin', { recovery: id, kind, victim, total: part.difference.count });
  begin(disk, 'source', id, kind, part.difference.count);
  const words =
    kind === 'construction' ? 'Initial recovery of mirror disk started.' : 'Recovery started.';
  const gap = kind === 'construction' ? '' : ' ';
  disk.log(
    'Info',
    'mdadmn',
    kind === 'construction' ? 16 : 17,
    `${words}(Device:${gap}${disk.p.device})`,
  );
  void run(disk, session, disk.recovery!, order.compare);
  return id;
}

function begin(
  disk: MirrorDisk,
  side: Recovery['side'],
  id: string,
  kind: RecoveryKind,
  total: number,
): void {
  const { server, clock } = disk.ports;
  disk.phase = 'recovering';
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
  };
  disk.move({ type: 'recovery.started', side });
}

async function run(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  compare: boolean,
): Promise<void> {
  try {
    for (;;) {
      await copyDifference(disk, session, recovery, compare);
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
  compare: boolean,
): Promise<void> {
  const { difference } = disk.part!;
  const claimed = new Set<number>();
  const running = new Set<Promise<void>>();
  for (;;) {
    if (recovery.cancelled !== null) break;
    const chunk = nextChunk(difference, claimed);
    if (!chunk && running.size === 0) return;
    if (chunk) {
      const [first, end] = chunk;
      for (let block = first; block < end; block++) claimed.add(block);
      const lane = copyChunk(disk, session, recovery, first, end, compare).finally(() => {
        for (let block = first; block < end; block++) claimed.delete(block);
        running.delete(lane);
      });
      running.add(lane);
      lane.catch((error: unknown) => {
        recovery.cancelled ??= error instanceof Error ? error.message : String(error);
      });
    }
    if (!chunk || running.size >= LANES) await Promise.race(running);
  }
  await Promise.allSettled(running);
  throw new Error(recovery.cancelled ?? 'cancelled');
}

function nextChunk(
  map: { next(from: number): number; has(block: number): boolean; blocks: number },
  claimed: Set<number>,
): [number, number] | null {
  let first = map.next(0);
  while (first >= 0 && claimed.has(first)) first = map.next(first + 1);
  if (first < 0) return null;
  let end = first + 1;
  const most = Math.min(first + CHUNK_BLOCKS, map.blocks);
  while (end < most && map.has(end) && !claimed.has(end)) end++;
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
  const release = await disk.ranges.take(offset, offset + length);
  try {
    const bytes = await disk.data!.read(offset, length).catch(async (error: unknown) => {
      throw await failDisk(disk, error);
    });
    if (!(compare && (await isEqual(session, offset, bytes)))) {
      await session.ask('block', { offset, recovery: recovery.id }, bytes);
      recovery.bytesSent += length;
    }
    disk.part!.difference.clear(first, end);
    recovery.doneBlocks += end - first;
    const { doneBlocks: done, totalBlocks: total } = recovery;
    session.tell('progress', { done, total });
  } finally {
    release();
  }
}

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

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
      autoRecoveryHeld: null,
      breakTime: null,
    });
    disk.queue.marked = null;
    if (disk.session === session) ended(disk, recovery);
    await part.difference.commit();
    return true;
  });
}

function ended(disk: MirrorDisk, recovery: Recovery): void {
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
  if (disk.recovery) disk.recovery.cancelled ??= why;
}

/** The target's end of a recovery. */
export function serveTarget(disk: MirrorDisk, session: Session): void {
  const mine = (frame: Frame): Recovery => {
    const { recovery } = disk;
    const known = recovery?.side === 'target' && recovery.id === frame.header.recovery;
    if (!known || disk.session !== session) throw refused('no such recovery runs');
    return recovery;
  };
  session.handle('recover-begin', async (frame) => {
    await disk.turn.take(() => beginTarget(disk, session, frame.header));
    return { header: {} };
  });
  session.handle('block', async (frame) => {
    if (disk.recovery?.side !== 'target') throw refused('no such recovery runs');
    await takeWrite(disk, frame, true);
    return { header: {} };
  });
  session.handle('compare', async ({ header }) => {
    const offset = Number(header.offset);
    const release = await disk.ranges.take(offset, offset + Number(header.length));
    const bytes = await disk.data!.read(offset, Number(header.length)).finally(release);
    return { header: { same: digest(bytes) === header.sum } };
  });
  session.handle('progress', async ({ header }) => {
    if (disk.recovery?.side === 'target') disk.recovery.doneBlocks = Number(header.done);
    return { header: {} };
  });
  session.handle('recover-abort', async () => {
    await disk.turn.take(async () => {
      if (disk.session !== session || disk.recovery?.side !== 'target') return;
      disk.recovery = null;
      disk.phase = 'idle';
      disk.move({ type: 'recovery.aborted' });
    });
    return { header: {} };
  });
  session.handle('recover-finish', async (frame) => {
    await disk.turn.take(() => adopt(disk, mine(frame), frame.header));
    return { header: {} };
  });
}

async function beginTarget(disk: MirrorDisk, session: Session, header: JsonObject): Promise<void> {
  const { server } = disk.ports;
  if (disk.session !== session || disk.phase !== 'idle') throw refused('not ready for a recovery');
  if (disk.active) throw refused(`${disk.p.name} is active on ${server}`);
  if (disk.failed) throw new RemoteError('EIO', `the disk of ${server} failed`);
  if (!disk.part || disk.record.state === 'unknown') throw refused('the mirror is not constructed');
  const named = header.victim === server;
  const first = header.kind === 'construction' && disk.record.state === 'blank';
  if (disk.judgement?.verdict !== 'sourcePeer' && !named && !first) {
    throw refused(`the copy of ${server} may be newer: name it as the victim`);
  }
  const id = String(header.recovery);
  await disk.save({ ...targetOf(disk.record, id), peerFollows: false, quick: false });
  const kind = header.kind as RecoveryKind;
  begin(disk, 'target', id, kind, Number(header.total));
}

/** Every block is here and durable: this copy bears the source's generation. */
async function adopt(disk: MirrorDisk, recovery: Recovery, header: JsonObject): Promise<void> {
  const { generation, history, contact, lastUpdate } = header;
  await disk.flushLocal();
  disk.lastUpdate = typeof lastUpdate === 'number' ? lastUpdate : null;
  await disk.save({
    lagging: false,
    ...adopted(disk.record, {
      generation: String(generation),
      history: (history as string[]).map(String),
    }),
    contact: { confirmed: String(contact), proposed: null },
    peerFollows: true,
    peerYielded: false,
    passedBy: null,
    victim: null,
    autoRecoveryHeld: null,
    breakTime: null,
  });
  disk.part!.difference.clearAll();
  await disk.part!.difference.commit();
  ended(disk, recovery);
}
