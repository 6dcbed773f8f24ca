/**
 * Flushes: what makes acknowledged writes durable.
 *
 *     write   ─► both copies have it (a power loss of both may still drop it, as a disk's cache)
 *     flush   ─► own copy durable ┐ both ─► answered
 *                other copy durable ┘
 *
 * Blocks that were acknowledged on both and not yet flushed on both are remembered: when the other
 * side is lost it may have lost them, so they become difference (loss.ts); when this side crashes
 * the activity map still names them (activity.ts).
 */

import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { settleLoss } from '../pair/loss.ts';
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
  return disk.phase === 'inSync' || disk.phase === 'recovering' ? disk.session : null;
}

/**
 * Resolves when every write acknowledged before the call is durable on both copies, or here alone
 * when the mirror is broken or asynchronous. Rejects as writeMirror does.
 */
export async function flushMirror(disk: MirrorDisk): Promise<void> {
  checkActive(disk);
  const round = disk.flushRound.run();
  if (disk.p.mode === 'sync') return await round;
  round.catch(() => {});
  await disk.flushLocal().catch(async (error: unknown) => {
    throw await failDisk(disk, error);
  });
}

/** One round; calls made meanwhile share the next one. */
export async function flushRound(disk: MirrorDisk): Promise<void> {
  while (disk.gate.isShut) await disk.gate.pass();
  if (!disk.active || disk.failed)
    throw refused(`${disk.p.name} is not active`, 'mirror.notActive');
  const session = follower(disk);
  disk.flushing = disk.unflushed;
  disk.unflushed = new Set();
  const remote = session ? session.ask('flush', {}) : Promise.resolve(null);
  const [own, other] = await Promise.allSettled([disk.flushLocal(), remote]);
  const blocks = disk.flushing;
  try {
    if (own.status === 'rejected') throw await failDisk(disk, own.reason);
    if (other.status === 'rejected') await goOnWithout(disk, session!, blocks, other.reason);
    disk.flushing = new Set();
  } catch (error) {
    for (const block of blocks) disk.unflushed.add(block);
    disk.flushing = new Set();
    throw error;
  }
}

/** Before this side stops being active, in turn, when nobody writes any more. */
export async function flushToRest(disk: MirrorDisk): Promise<void> {
  const session = follower(disk);
  try {
    await disk.flushLocal();
  } catch (error) {
    throw await failDisk(disk, error);
  }
  try {
    await session?.ask('flush', {});
    disk.unflushed.clear();
  } catch (error) {
    session?.close(`not flushed: ${error instanceof Error ? error.message : ''}`);
    await settleLoss(disk);
  }
}

/** The other side's flush. Nacks with `EIO` when its disk fails. */
export async function takeFlush(disk: MirrorDisk): Promise<void> {
  if (disk.active || follower(disk) === null) throw refused('this side takes no writes now');
  try {
    await disk.flushLocal();
  } catch (error) {
    throw await failDisk(disk, error);
  }
}
