/**
 * Disk images of a copy: backup mode, in which it rests so that one can be made, and what a copy
 * that comes from one is worth.
 *
 *   normal ── backup begin ──► backup mode: not connected, not active; durable, so in the image too
 *     ▲                            │
 *     └──────── backup end ────────┘  meets again: the same, or a difference from the other side
 *
 *   restored   by the mark of clprestore.sh, by clpmdctrl --setreplace, or because another disk
 *              lies under the cluster partition: a new generation, RED, until a full copy or force
 *   skip-copy  as restored, and its cluster partition is initialised; both sides so: when they meet
 *              every block is compared. Equal: both GREEN. Else both stay RED, nothing is copied,
 *              and an operator names the copy that dies.
 *
 * x5 2.18 to 2.20. The marks and how they are found are our choice.
 */
import type { MirrorDisk } from '../disk.ts';
import { recordLoss } from '../pair/loss.ts';
import { verify } from '../recovery/verify.ts';
import { refused } from '../refused.ts';
import { restoredFromImage } from './generations.ts';
import { STRANGE } from './restoration.ts';

const BYE_MS = 1000;
/** The vendor's words for a copy that cannot go into or out of backup mode now. */
const INVALID = 'Some invalid status. Check the status of cluster.';

export const isInBackup = (disk: MirrorDisk): boolean =>
  (disk.copy.stored?.backup ?? null) !== null;

/** In step, this side says that it stops: the other one counts as the latest from then on. */
export async function sayGoodbye(disk: MirrorDisk): Promise<void> {
  await disk.loop.run(() => goodbye(disk, true));
}

/** `ends`: the agent runs no longer after it. */
async function goodbye(disk: MirrorDisk, ends: boolean): Promise<void> {
  await recordLoss(disk);
  const { session } = disk.pair;
  if (!session || disk.pair.now.phase !== 'inSync') return;
  await disk.copy.save({ latest: false });
  await session.ask('bye', { ends }, undefined, BYE_MS).catch(() => {});
}

/** Constructed, and neither active nor on its way to be, nor in a recovery. */
function rests({ pair, recovery, copy }: MirrorDisk): boolean {
  const { isActive, isActivating } = pair.now;
  return !isActive && !isActivating && !recovery.current && copy.isConstructed;
}

/**
 * Backup mode begins: what was acknowledged is on this copy, nothing more comes. Rejects with
 * `mirror.status` while the mirror is active here, is being recovered or was never constructed.
 */
export async function beginBackup(disk: MirrorDisk): Promise<void> {
  const { name } = disk.p;
  if (!rests(disk)) throw refused(`${name}: ${INVALID}`, 'mirror.status');
  await disk.loop.run(async () => {
    if (isInBackup(disk)) return;
    await goodbye(disk, false);
    if (!rests(disk)) throw refused(`${name}: ${INVALID}`, 'mirror.status');
    await disk.copy.save({ backup: disk.ports.random.id() });
    disk.pair.session?.close('backup mode');
    await disk.writes.applied();
    await recordLoss(disk);
    await disk.copy.flush();
  });
}

/** Backup mode ends; the sides meet again. Not in backup mode: nothing happens. */
export async function endBackup(disk: MirrorDisk): Promise<void> {
  if (!isInBackup(disk)) return;
  await disk.loop.run(() => disk.copy.save({ backup: null }));
  disk.want('reconnect');
}

/**
 * The copy counts as restored: whoever met it before does not know it. Rejects with `mirror.status`
 * while it is active or being recovered.
 */
export async function markRestored(disk: MirrorDisk): Promise<void> {
  if (!rests(disk)) throw refused(`${disk.p.name}: ${INVALID}`, 'mirror.status');
  const hangUp = () => disk.pair.session?.close('the copy counts as restored');
  hangUp();
  await disk.loop.run(async () => {
    hangUp();
    await recordLoss(disk);
    if (!rests(disk)) throw refused(`${disk.p.name}: ${INVALID}`, 'mirror.status');
    const id = disk.ports.random.id();
    await disk.copy.save({
      ...restoredFromImage(disk.copy.record, disk.ports.random.id(), id),
      ...STRANGE,
    });
  });
}

/**
 * Both copies were restored to be equal: whether they are is looked at, and said. Rejects as verify
 * does; a verify that was interrupted begins again when the two meet again.
 */
export async function verifyRestored(disk: MirrorDisk): Promise<void> {
  const { name, peer } = disk.p;
  const { differingBlocks, blocks } = await verify(disk, false);
  if (differingBlocks === 0) {
    disk.log('restoredEqual', name, peer);
    return;
  }
  // Said once; from here it is an operator's.
  await disk.loop.run(() => disk.copy.save({ quick: false }));
  disk.log('restoredDiffers', name, peer, differingBlocks, blocks);
}
