/**
 * Being active: how one side becomes it, and ends it in order.
 *
 *   activate    agree over the connection (claim), or prove to be the latest without it
 *               ─► going alone: a new generation ─► active, durable ─► host's file ─► mount
 *   deactivate  umount ─► no new writes ─► writes under way end ─► not active, durable
 *
 * v3 12.1 (mdadmn 1, 4), 12.4.4; ARCHITECTURE, "Who may serve a mirror".
 */
import type { Evidence } from '../../../machines/mirror.machine.ts';
import { RemoteError } from '../../ports/wire.ts';
import { breakMirror } from '../agent/orders.ts';
import { isInBackup } from '../copy/backup.ts';
import { closeExport, openExport } from '../device/export.ts';
import { mountFor, umountFor } from '../device/mounting.ts';
import type { MirrorDisk } from '../disk.ts';
import { LinkLost, type Session } from '../link/session.ts';
import { refused } from '../refused.ts';
import { timed } from '../statistics/sampling.ts';
import { flushToRest } from '../writes/flush.ts';
import { takeMarkBack } from '../writes/queue.ts';
import { hearWord } from './inquiry.ts';
import { mint, settleLoss, writeGeneration } from './loss.ts';
import { ACTIVE_THERE, notLatest, prove } from './proof.ts';

const CLAIM_MS = 2000;
const FILE_ATTEMPTS = 5;

export interface ActivationOrder {
  mount: boolean;
  force: boolean;
  evidence: Evidence | null;
}

/**
 * Makes this side active. Rejects with RemoteError `mirror.notLatest`, `mirror.peerActive`,
 * `mirror.mount`, `mirror.host`, `mirror.disk`, `EIO`. Already active: nothing happens.
 */
export async function activate(disk: MirrorDisk, order: ActivationOrder): Promise<void> {
  if (disk.failed) throw refused(`NMP${disk.p.number} disk I/O error`, 'EIO');
  await disk.turn.take(async () => {
    if (disk.active) return;
    if (isInBackup(disk)) throw refused(`${disk.p.name} is in backup mode`, 'mirror.status');
    if (disk.isStopping) throw refused(`the mirror agent of ${disk.ports.server} is stopping`);
    disk.activating = true;
    try {
      await becomeLatest(disk, order);
      await becomeActive(disk);
      await openExport(disk);
      if (order.mount) await mountMirror(disk);
    } finally {
      disk.activating = false;
      disk.session?.tell('role', { active: disk.active });
    }
    disk.move({ type: 'mirror.activated' });
  });
  if (!disk.synchronises && disk.phase === 'inSync') await breakMirror(disk);
}

async function becomeLatest(disk: MirrorDisk, order: ActivationOrder): Promise<void> {
  if (order.evidence?.by === 'fence') disk.session?.close('the other server was fenced');
  const claimed = disk.session !== null && (await claim(disk, disk.session));
  await settleLoss(disk);
  const together = claimed && disk.session !== null;
  if (together) return;
  if (!order.force && disk.record.latest) {
    const word = await hearWord(disk);
    if (word.says === 'active') throw notLatest(disk, ACTIVE_THERE);
  }
  if (!disk.isProvedLatest) await prove(disk, order.evidence, order.force);
}

async function becomeActive(disk: MirrorDisk): Promise<void> {
  const { peerFollows, bases, generation } = disk.record;
  const shared = peerFollows || bases.length === 0 || bases.includes(generation ?? '');
  const minted = disk.phase !== 'inSync' && shared;
  if (minted) await mint(disk);
  const kept = await writeGeneration(disk, FILE_ATTEMPTS);
  if (minted && !kept) throw refused('the host does not keep the generation', 'mirror.host');
  // What this side was sent as the follower must not vanish under what builds on it.
  await disk.flushLocal();
  await disk.save({ active: true, lagging: false });
  disk.holding = null;
  disk.gate.open();
  disk.entry.open();
  disk.closing = false;
  disk.active = true;
  // A loss while this was being saved is settled as that of an active side, in its turn.
  if (disk.loss?.peerFollows) disk.gate.shut();
}

/** Agrees with the other side over the connection. False: the connection was lost meanwhile. */
async function claim(disk: MirrorDisk, session: Session): Promise<boolean> {
  if (disk.recovery?.side === 'target' || !disk.record.latest) {
    throw notLatest(disk, 'recover the mirror first');
  }
  try {
    await session.ask('claim', {}, undefined, Math.min(CLAIM_MS, disk.p.ackTimeoutMs));
    return true;
  } catch (error) {
    if (error instanceof LinkLost) return false;
    throw error;
  }
}

/** The other side wants to be active. Refused while this one is, or is about to be. */
export function hearClaim(disk: MirrorDisk): void {
  if (disk.active || (disk.activating && disk.p.connects)) {
    throw refused(`${disk.p.name} is active on ${disk.ports.server}`, 'mirror.peerActive');
  }
  if (disk.peer) disk.peer.active = true;
}

async function mountMirror(disk: MirrorDisk): Promise<void> {
  const { device } = disk.p;
  try {
    await mountFor(disk);
  } catch (error) {
    disk.active = false;
    await closeExport(disk);
    await disk.save({ active: false });
    const why = error instanceof Error ? error.message : String(error);
    const words = `Mount operation failed.(Device:${device})`;
    disk.log('Error', 'mdadmn', 1, `Failed to activate mirror disk.${words}`);
    throw refused(`Command failed. (mount ${device}: ${why})`, 'mirror.mount');
  }
}

/**
 * Ends being active in order: unmounted, every write ended, both copies equal when in step.
 * Writes that are held because the other side may not know of a break fail. Rejects with
 * RemoteError `mirror.umount`.
 */
export async function deactivate(disk: MirrorDisk): Promise<void> {
  if (!disk.active) return;
  await unmountMirror(disk);
  disk.closing = true;
  if (disk.holding) disk.gate.turnAway(refused('not acknowledged: the mirror was deactivated'));
  await closeExport(disk);
  await disk.drained();
  await disk.turn.take(async () => {
    await settleLoss(disk);
    await flushToRest(disk);
    await takeMarkBack(disk);
    await disk.part!.difference.commit();
    disk.active = false;
    disk.closing = false;
    disk.holding = null;
    await disk.save({ active: false });
    disk.part!.activity.clearAll();
    await disk.part!.activity.commit();
    disk.session?.tell('role', { active: false });
    disk.move({ type: 'mirror.deactivated' });
  });
}

async function unmountMirror(disk: MirrorDisk): Promise<void> {
  if (!disk.mounted) return;
  const { device } = disk.p;
  try {
    await timed(disk, ({ unmount }, ms) => unmount.see(ms), umountFor(disk));
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'mount.none') disk.mounted = false;
    else {
      const words = `Umount operation failed.(Device:${device})`;
      disk.log('Error', 'mdadmn', 4, `Failed to deactivate mirror disk.${words}`);
      const why = error instanceof Error ? error.message : String(error);
      throw refused(`Command failed. (umount ${device}: ${why})`, 'mirror.umount');
    }
  }
}
