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
import { mirrorRestoredPath } from '../../core/paths.ts';
import type { MirrorDisk } from '../disk.ts';
import { settleLoss } from '../pair/loss.ts';
import { verify } from '../recovery/verify.ts';
import { refused } from '../refused.ts';
import type { ClusterPartition } from './cluster-partition.ts';
import { blankCopy, constructed, restoredFromImage } from './generations.ts';

const BYE_MS = 1000;
/** The vendor's words for a copy that cannot go into or out of backup mode now. */
const INVALID = 'Some invalid status. Check the status of cluster.';

/** Whether `mode` is one that a mark can ask for. */
interface Restoration {
  id: string;
  skipCopy: boolean;
}

export const isInBackup = (disk: MirrorDisk): boolean =>
  (disk.part?.record.backup ?? null) !== null;

/** In step, this side says that it stops: the other one counts as the latest from then on. */
export async function sayGoodbye(disk: MirrorDisk): Promise<void> {
  await disk.turn.take(() => goodbye(disk, true));
}

/** `ends`: the agent runs no longer after it. */
async function goodbye(disk: MirrorDisk, ends: boolean): Promise<void> {
  await settleLoss(disk);
  const { session } = disk;
  if (!session || disk.phase !== 'inSync') return;
  await disk.save({ latest: false });
  await session.ask('bye', { ends }, undefined, BYE_MS).catch(() => {});
}

/**
 * Backup mode begins: what was acknowledged is on this copy, nothing more comes. Rejects with
 * `mirror.status` while the mirror is active here, is being recovered or was never constructed.
 */
export async function beginBackup(disk: MirrorDisk): Promise<void> {
  const { name } = disk.p;
  const isFit = () => !disk.active && !disk.activating && !disk.recovery && disk.isConstructed;
  if (!isFit()) throw refused(`${name}: ${INVALID}`, 'mirror.status');
  await disk.turn.take(async () => {
    if (isInBackup(disk)) return;
    await goodbye(disk, false);
    if (!isFit()) throw refused(`${name}: ${INVALID}`, 'mirror.status');
    await disk.save({ backup: disk.ports.random.id() });
    disk.session?.close('backup mode');
    await Promise.all(disk.incoming);
    await settleLoss(disk);
    await disk.data?.flush();
  });
}

/** Backup mode ends; the sides meet again. Not in backup mode: nothing happens. */
export async function endBackup(disk: MirrorDisk): Promise<void> {
  if (!isInBackup(disk)) return;
  await disk.turn.take(() => disk.save({ backup: null }));
  disk.reconnect();
}

/**
 * The copy counts as restored: whoever met it before does not know it. Rejects with `mirror.status`
 * while it is active or being recovered.
 */
export async function markRestored(disk: MirrorDisk): Promise<void> {
  const isFit = () => !disk.active && !disk.activating && !disk.recovery && disk.isConstructed;
  if (!isFit()) throw refused(`${disk.p.name}: ${INVALID}`, 'mirror.status');
  const hangUp = () => disk.session?.close('the copy counts as restored');
  hangUp();
  await disk.turn.take(async () => {
    hangUp();
    await settleLoss(disk);
    if (!isFit()) throw refused(`${disk.p.name}: ${INVALID}`, 'mirror.status');
    const id = disk.ports.random.id();
    await disk.save({ ...restoredFromImage(disk.record, disk.ports.random.id(), id), ...STRANGE });
  });
}

/** What no longer holds of a copy from an image. */
const STRANGE = {
  active: false,
  peerFollows: false,
  peerYielded: false,
  victim: null,
  backup: null,
};

function readMark(text: string): Restoration | null {
  try {
    const { id, skipCopy } = JSON.parse(text) as Partial<Restoration>;
    return typeof id === 'string' && id !== '' ? { id, skipCopy: skipCopy === true } : null;
  } catch {
    return null;
  }
}

/**
 * Takes the mark that clprestore.sh left, before anything else is done with the copy. The mark goes
 * when what it asks for is durable: a crash in between finds it again and changes nothing twice.
 */
export async function heedRestoration(disk: MirrorDisk, part: ClusterPartition): Promise<void> {
  const { files, random } = disk.ports;
  if (!files) return;
  const path = mirrorRestoredPath(disk.p.name);
  const text = await files.read(path);
  if (text === null) return;
  // A mark that cannot be read still says that something was restored.
  const { id, skipCopy } = readMark(text) ?? { id: random.id(), skipCopy: false };
  if (part.record.restored === id) {
    // Done before the crash.
  } else if (skipCopy) {
    const copy = restoredFromImage(constructed(blankCopy(), random.id()), random.id(), id);
    await part.format({ ...copy, history: [], quick: true });
  } else if (part.record.state === 'constructed') {
    await part.save({ ...restoredFromImage(part.record, random.id(), id), ...STRANGE });
  }
  await files.remove(path);
}

/**
 * A copy whose disk bears another serial than when it was last open was moved there as an image:
 * it is marked even when nobody said so.
 */
export async function heedOtherDisk(disk: MirrorDisk): Promise<void> {
  const { part, serial } = disk;
  if (!part || serial === null) return;
  await disk.turn.take(async () => {
    const known = part.record.diskSerial ?? null;
    disk.homeSerial = serial;
    if (part.record.state !== 'constructed' || known === serial) return;
    if (known === null) {
      await disk.save({});
      return;
    }
    const id = disk.ports.random.id();
    const copy = restoredFromImage(part.record, disk.ports.random.id(), id);
    await disk.save({ ...copy, ...STRANGE });
    const words = `lies on disk ${serial} and was written on ${known}: it counts as restored`;
    disk.log('Warning', 'mdagent', 0, `The copy of ${disk.p.name} ${words}.`);
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
    disk.log('Info', 'mdagent', 0, `${name}: every block was compared with ${peer}: equal.`);
    return;
  }
  // Said once; from here it is an operator's.
  await disk.turn.take(() => disk.save({ quick: false }));
  const words = `differs from that of ${peer} in ${differingBlocks} of ${blocks} blocks`;
  const remedy = 'name the server whose copy is right: clpmdctrl --force SERVER';
  disk.log('Error', 'mdagent', 0, `The restored copy of ${name} ${words}; ${remedy} ${name}.`);
}
