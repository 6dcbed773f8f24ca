/**
 * Being active: how one side becomes it, and ends it in order.
 *
 *   activate    agree over the connection (claim), or prove to be the latest without it
 *               ─► going alone: a new generation ─► active, durable ─► host's file ─► mount
 *   deactivate  umount ─► no new writes ─► writes under way end ─► not active, durable
 *
 * v3 12.1 (mdadmn 1, 4), 12.4.4; ARCHITECTURE, "Who may serve a mirror".
 */

import type { Evidence } from '../../../machines/mirror-events.ts';
import { failureOf } from '../../messages/index.ts';
import { sleep } from '../../ports/clock.ts';
import { RemoteError } from '../../ports/wire.ts';
import { isInBackup } from '../copy/backup.ts';
import { openExport } from '../device/export.ts';
import { mountFor, umountFor } from '../device/mounting.ts';
import type { MirrorDisk } from '../disk.ts';
import { LinkLost, type Session } from '../link/session.ts';
import { refused } from '../refused.ts';
import { refusedFor } from '../spoken.ts';
import { timed } from '../statistics/sampling.ts';
import { flushToRest } from '../writes/flush.ts';
import { takeMarkBack } from '../writes/queue.ts';
import { breakMirror } from './break.ts';
import { checkClaim } from './inquiry.ts';
import { mint, recordLoss, writeGeneration } from './loss.ts';
import { ACTIVE_THERE, notLatest, prove } from './proof.ts';

const CLAIM_MS = 2000;
const FILE_ATTEMPTS = 5;
const LOOK_MS = 100;

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
  if (disk.pair.now.isFailed) throw refused(`NMP${disk.p.number} disk I/O error`, 'EIO');
  if (!order.force) await awaitConstruction(disk);
  await disk.loop.run(async () => {
    if (disk.pair.now.isActive) return;
    if (isInBackup(disk)) throw refused(`${disk.p.name} is in backup mode`, 'mirror.status');
    if (disk.life.isEnding) throw refused(`the mirror agent of ${disk.ports.server} is stopping`);
    disk.pair.tell({ type: 'activation.began' });
    try {
      await becomeLatest(disk, order);
      await becomeActive(disk);
      await openExport(disk);
      disk.log('driverDeviceOpened', disk.p.number);
      if (order.mount) await mountMirror(disk);
    } finally {
      disk.pair.session?.tell('role', { active: disk.pair.now.isActive });
      disk.pair.tell({ type: 'activation.ended' });
    }
  });
  if (!disk.line.synchronises && disk.pair.now.phase === 'inSync') await breakMirror(disk);
}

/**
 * Two blank copies become a mirror when their agents have met, and only then is it active (v3 6.5; x5
 * 2.23.2): right after a start the group may be sooner. Waits as long as a connection may take.
 */
async function awaitConstruction({ copy, p, life, ports: { clock } }: MirrorDisk): Promise<void> {
  const isDue = () => p.constructs && copy.stored?.state === 'blank' && !life.isEnding;
  const until = clock.now() + 2 * p.connectTimeoutMs;
  while (isDue() && clock.now() < until) await sleep(clock, LOOK_MS);
}

async function becomeLatest(disk: MirrorDisk, order: ActivationOrder): Promise<void> {
  if (order.evidence?.by === 'fence') disk.pair.session?.close('the other server was fenced');
  const claimed = disk.pair.session !== null && (await claim(disk, disk.pair.session));
  await recordLoss(disk);
  const together = claimed && disk.pair.session !== null;
  if (together) return;
  if (!order.force && disk.copy.record.latest) {
    const answer = await checkClaim(disk);
    if (answer.says === 'active') throw notLatest(disk, ACTIVE_THERE, 'mdadmn.remoteActive');
  }
  if (!disk.copy.isProvedLatest) await prove(disk, order.evidence, order.force);
}

async function becomeActive(disk: MirrorDisk): Promise<void> {
  const { peerFollows, bases, generation } = disk.copy.record;
  const shared = peerFollows || bases.length === 0 || bases.includes(generation ?? '');
  const minted = disk.pair.now.phase !== 'inSync' && shared;
  if (minted) await mint(disk);
  const stored = await writeGeneration(disk, FILE_ATTEMPTS);
  if (minted && !stored) throw refused('the host does not keep the generation', 'mirror.host');
  // What this side was sent as the follower must not vanish under what builds on it.
  await disk.copy.flush();
  await disk.copy.save({ active: true, lagging: false });
  // A loss while this was being saved freezes writes: it will be recorded as that of an active side.
  disk.pair.tell({ type: 'mirror.opened' });
}

/** Agrees with the other side over the connection. False: the connection was lost meanwhile. */
async function claim(disk: MirrorDisk, session: Session): Promise<boolean> {
  if (disk.recovery.current?.start.side === 'target' || !disk.copy.record.latest) {
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
export function answerClaim(disk: MirrorDisk): void {
  if (disk.pair.now.isActive || (disk.pair.now.isActivating && disk.p.connects)) {
    throw refused(`${disk.p.name} is active on ${disk.ports.server}`, 'mirror.peerActive');
  }
  disk.pair.tell({ type: 'peer.learned', facts: { active: true } });
}

async function mountMirror(disk: MirrorDisk): Promise<void> {
  const { device } = disk.p;
  try {
    await mountFor(disk);
  } catch (error) {
    disk.pair.tell({ type: 'mirror.deactivated' });
    await disk.device.close();
    disk.log('driverDeviceClosedEarly', disk.p.number, 0, 0);
    await disk.copy.save({ active: false });
    const why = error instanceof Error ? error.message : String(error);
    const { text } = failureOf('md.commandFailed', `mount ${device}: ${why}`);
    throw refusedFor('mdadmn.mountFailed', text, 'mirror.mount');
  }
}

/**
 * Ends being active in order: unmounted, every write ended, both copies equal when in step.
 * Writes that are held because the other side may not know of a break fail. Rejects with
 * RemoteError `mirror.umount`.
 */
export async function deactivate(disk: MirrorDisk): Promise<void> {
  if (!disk.pair.now.isActive) return;
  await unmountMirror(disk);
  disk.pair.tell({ type: 'mirror.closing' });
  if (disk.pair.hold !== null)
    disk.writes.turnAway(refused('not acknowledged: the mirror was deactivated'));
  await disk.device.close();
  await disk.writes.drained();
  await disk.loop.run(async () => {
    await recordLoss(disk);
    await flushToRest(disk);
    await takeMarkBack(disk);
    await disk.copy.outOfSync.commit();
    disk.pair.tell({ type: 'mirror.deactivated' });
    await disk.copy.save({ active: false });
    disk.copy.activity.clearAll();
    await disk.copy.activity.commit();
    disk.pair.session?.tell('role', { active: false });
  });
  disk.log('driverDeviceClosed', disk.p.number);
}

async function unmountMirror(disk: MirrorDisk): Promise<void> {
  if (!disk.device.isMounted) return;
  const { device } = disk.p;
  try {
    await timed(disk, ({ unmount }, ms) => unmount.see(ms), umountFor(disk));
  } catch (error) {
    if (error instanceof RemoteError && error.code === 'mount.none') disk.device.mounted(false);
    else {
      disk.log('mirrorNotDeactivated', failureOf('mdadmn.umountFailed').text, device);
      const why = error instanceof Error ? error.message : String(error);
      throw refused(
        failureOf('md.commandFailed', `umount ${device}: ${why}`).text,
        'mirror.umount',
      );
    }
  }
}
