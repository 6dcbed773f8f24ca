/**
 * Mirror recovery: the source sends the blocks of its out-of-sync map, the target writes them.
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

import type { JsonObject } from '../../core/json.ts';
import { BLOCK_BYTES } from '../copy/block-map.ts';
import { failDisk } from '../copy/failure.ts';
import { completed, constructed, finishing, sourceOf } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { refusedFor } from '../spoken.ts';
import { copyOutOfSync, type UsedMap } from './copying.ts';
import { begin, ended } from './ends.ts';
import { showPause } from './pace.ts';
import { BY_ORDER, type Recovery, type RecoveryKind } from './recovery.ts';
import { usedSpace } from './used-space.ts';

/** Every block is compared before it is sent. */
const NOTHING_USED: UsedMap = { isUsed: () => false };

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
 * To be called in the loop. Rejects with RemoteError `mirror.refused`, or LinkLost.
 */
export async function startRecovery(disk: MirrorDisk, order: RecoveryOrder): Promise<string> {
  const { session } = disk.pair;
  if (!session || !disk.copy.isOpen || disk.pair.now.phase !== 'idle')
    throw refusedFor('mdadmn.unreachable', 'the other server is not connected');
  if (disk.pair.peer?.active)
    throw refusedFor('mdadmn.destinationActive', `${disk.p.name} is active on ${disk.p.peer}`);
  if (disk.copy.record.unfinished !== null)
    throw refusedFor('mdadmn.sourceAbnormal', 'this copy is itself unfinished');
  const id = disk.ports.random.id();
  if (order.kind === 'construction') {
    await disk.copy.save({
      ...constructed(disk.copy.record, disk.ports.random.id()),
      quick: false,
    });
  }
  const { outOfSync } = disk.copy;
  if (order.full) await outOfSync.setAll();
  // After that: what is written from now on is sent, whatever the file system said before.
  const used = order.full ? await usedSpace(disk.copy.store) : null;
  const held = order.full ? { autoRecoveryHeld: null } : {};
  await disk.copy.save({ ...sourceOf(disk.copy.record, id), ...held });
  const { kind, victim } = order;
  const { count: total } = outOfSync;
  const { sizeBytes } = disk.copy;
  const keep = order.keep ?? null;
  await session.ask('recover-begin', { recovery: id, kind, victim, total, sizeBytes, keep });
  const recovery = begin(disk, { side: 'source', id, kind, totalBlocks: outOfSync.count });
  if (disk.copy.record.recoveryPaused === true) showPause(disk, session, true);
  const { device } = disk.p;
  sayMode(disk, kind);
  if (kind === 'construction') disk.log('constructionStarted', device);
  else disk.log('recoveryStarted', device, recovery.start.totalBlocks * BLOCK_BYTES);
  void run(disk, session, recovery, order.compare ? NOTHING_USED : used);
  return id;
}

async function run(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  used: UsedMap | null,
): Promise<void> {
  try {
    for (;;) {
      await copyOutOfSync(disk, session, recovery, used);
      if (await finish(disk, session, recovery)) return;
    }
  } catch (error) {
    await abort(disk, session, recovery, error instanceof Error ? error.message : String(error));
  }
}

/** True when the two sides are in step; false when writes left new bits: copy again. */
async function finish(disk: MirrorDisk, session: Session, recovery: Recovery): Promise<boolean> {
  disk.writes.stop();
  await disk.writes.drained();
  return await disk.loop.run(async () => {
    const isOn = disk.pair.session === session && disk.copy.isOpen;
    if (!isOn) throw new Error('the connection was lost');
    const { outOfSync } = disk.copy;
    if (outOfSync.count > 0) {
      disk.writes.resume();
      return false;
    }
    const contact = disk.ports.random.id();
    const { confirmed } = disk.copy.record.contact;
    const proposal = { contact: { confirmed, proposed: contact } };
    disk.pair.tell({ type: 'recovery.finishing' });
    await disk.copy.save({
      ...finishing(disk.copy.record),
      ...proposal,
      peerFollows: true,
      peerYielded: false,
    });
    const { generation, history } = disk.copy.record;
    const line = {
      recovery: recovery.start.id,
      generation,
      history,
      contact,
      lastUpdate: disk.copy.lastUpdate,
    };
    await session.ask('recover-finish', line as JsonObject);
    const wasForced = disk.copy.record.victim === disk.p.otherSide;
    await disk.copy.save({
      ...completed(disk.copy.record),
      contact: { confirmed: contact, proposed: null },
      peerFollows: true,
      victim: null,
      victimKeeps: null,
      autoRecoveryHeld: null,
      recoveryPaused: false,
      breakTime: null,
    });
    disk.writes.queue.forgetMark();
    // Lost since: recorded as a loss in step.
    if (disk.pair.session !== session) disk.recovery.end(recovery);
    else ended(disk, recovery, wasForced);
    await outOfSync.commit();
    return true;
  });
}

async function abort(
  disk: MirrorDisk,
  session: Session,
  recovery: Recovery,
  why: string,
): Promise<void> {
  // In doubt the target has finished: end the connection, which records it as a loss.
  if (disk.pair.now.isFinishing) session.close(`finishing failed: ${why}`);
  await disk.loop
    .run(async () => {
      disk.recovery.end(recovery);
      disk.writes.resume();
      if (disk.pair.session === session) {
        // Written to both and not flushed there: nobody asks for that flush any more.
        await disk.writes.noteUnconfirmed(disk.copy.outOfSync);
        session.tell('recover-abort', { recovery: recovery.start.id, why });
        disk.pair.tell({ type: 'recovery.aborted' });
      }
      if (disk.copy.isOpen) await disk.copy.outOfSync.commit();
    })
    .catch((error) => failDisk(disk, error));
  if (disk.life.isOver) return;
  const first = recovery.start.kind === 'construction';
  disk.log('driverRecoveryBroken', disk.p.number);
  if (recovery.cancelled === BY_ORDER && sayCancelled(disk)) return;
  disk.log(first ? 'constructionFailed' : 'recoveryFailed', why, disk.p.device);
}

/** Of which way of copying: the manuals' message does not list its words; these are their terms. */
function sayMode(disk: MirrorDisk, kind: RecoveryKind): void {
  const mode = kind === 'difference' ? 'difference copy' : 'full copy';
  if (disk.p.manual === 'x5') disk.logIfKnown('recoveryMode', mode, disk.p.device);
  else disk.log('recoveryMode', mode);
}

/** False: the generation has no message for it, and says that the recovery failed. */
function sayCancelled(disk: MirrorDisk): boolean {
  const { name, device, otherSide } = disk.p;
  if (disk.copy.stored?.victim === otherSide)
    return disk.logIfKnown('forcedRecoveryCancelled', device);
  return disk.logIfKnown('recoveryCancelled', name);
}
