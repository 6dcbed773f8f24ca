/**
 * Flushes: what makes acknowledged writes durable.
 *
 *     write   ─► both copies have it (a power loss of both may still drop it, as a disk's cache)
 *     flush   ─► own copy durable ┐ both ─► answered
 *                other copy durable ┘
 *
 * Blocks that were acknowledged on both and not yet flushed on both are remembered: when the other
 * side is lost it may have lost them, so they become out of sync (loss.ts); when this side crashes
 * the activity map still names them (activity.ts).
 */

import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { recordLoss } from '../pair/loss.ts';
import { refused } from '../refused.ts';
import { checkActive } from './checks.ts';
import { goOnWithout } from './unacknowledged.ts';

/**
 * Unflushed blocks above this are flushed unasked: they are what a lost connection costs. 1 GiB, a
 * quarter of what a crash may leave in doubt (activity.ts); file systems flush long before.
 */
export const MOST_UNFLUSHED = 16_384;

/** The session over which the other copy is kept in step, or being brought into it. */
export function follower(disk: MirrorDisk): Session | null {
  return disk.pair.now.phase === 'inSync' || disk.pair.now.phase === 'recovering'
    ? disk.pair.session
    : null;
}

/**
 * Resolves when every write acknowledged before the call is durable on both copies, or here alone
 * when the mirror is broken or asynchronous. Rejects as writeMirror does.
 */
export async function flushMirror(disk: MirrorDisk): Promise<void> {
  checkActive(disk);
  const round = disk.writes.flushRounds.run();
  if (disk.p.mode === 'sync') return await round;
  round.catch(() => {});
  await disk.copy.flush().catch(async (error: unknown) => {
    throw await failDisk(disk, error);
  });
}

/** One round; calls made meanwhile share the next one. */
export async function flushRound(disk: MirrorDisk): Promise<void> {
  while (disk.writes.isFrozen) await disk.writes.thawed();
  if (!disk.pair.now.isActive || disk.pair.now.isFailed)
    throw refused(`${disk.p.name} is not active`, 'mirror.notActive');
  const session = follower(disk);
  const blocks = disk.writes.flushBegan();
  const remote = session ? session.ask('flush', {}) : Promise.resolve(null);
  const [own, other] = await Promise.allSettled([disk.copy.flush(), remote]);
  let wasDone = false;
  try {
    if (own.status === 'rejected') throw await failDisk(disk, own.reason);
    if (other.status === 'rejected') await goOnWithout(disk, session!, blocks, other.reason);
    wasDone = true;
  } finally {
    disk.writes.flushEnded(wasDone);
  }
}

/** Before this side stops being active, in turn, when nobody writes any more. */
export async function flushToRest(disk: MirrorDisk): Promise<void> {
  const session = follower(disk);
  try {
    await disk.copy.flush();
  } catch (error) {
    throw await failDisk(disk, error);
  }
  try {
    await session?.ask('flush', {});
    disk.writes.allFlushed();
  } catch (error) {
    session?.close(`not flushed: ${error instanceof Error ? error.message : ''}`);
    await recordLoss(disk);
  }
}

/** The other side's flush. Nacks with `EIO` when its disk fails. */
export async function takeFlush(disk: MirrorDisk): Promise<void> {
  if (disk.pair.now.isActive || follower(disk) === null)
    throw refused('this side takes no writes now');
  try {
    await disk.copy.flush();
  } catch (error) {
    throw await failDisk(disk, error);
  }
}
