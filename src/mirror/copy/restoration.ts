/** A copy that comes from a disk image: how that is seen when it is opened (backup.ts says the rest). */
import { mirrorRestoredPath } from '../../core/paths.ts';
import type { MirrorDisk } from '../disk.ts';
import type { ClusterPartition } from './cluster-partition.ts';
import { blankCopy, constructed, restoredFromImage } from './generations.ts';

/** What a mark asks for. */
interface Restoration {
  id: string;
  skipCopy: boolean;
}

/** What no longer holds of a copy from an image. */
export const STRANGE = {
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
 * when what it asks for is durable: a crash in between, or another server of a group that reaches the
 * same copy, finds it again and changes nothing twice.
 */
async function heedRestoration(disk: MirrorDisk, part: ClusterPartition): Promise<void> {
  const { files, random } = disk.ports;
  if (!files) return;
  const path = mirrorRestoredPath(disk.p.name);
  const text = await files.read(path);
  if (text === null) return;
  // A mark that cannot be read still says that something was restored.
  const { id, skipCopy } = readMark(text) ?? { id: random.id(), skipCopy: false };
  if (part.record.marked === id) {
    // Done before.
  } else if (skipCopy) {
    const copy = restoredFromImage(constructed(blankCopy(), random.id()), random.id(), id);
    await part.format({ ...copy, history: [], quick: true, marked: id });
  } else if (part.record.state === 'constructed') {
    const copy = restoredFromImage(part.record, random.id(), id);
    await part.save({ ...copy, ...STRANGE, marked: id });
  }
  await files.remove(path);
}

/**
 * A copy whose disk bears another serial than when it was last open was moved there as an image:
 * it is marked even when nobody said so.
 */
export async function heedOtherDisk(disk: MirrorDisk): Promise<void> {
  const { copy } = disk;
  const { serial } = copy;
  if (!copy.isOpen || serial === null) return;
  await disk.loop.run(async () => {
    const known = copy.record.diskSerial ?? null;
    copy.beAtHome();
    if (copy.record.state !== 'constructed' || known === serial) return;
    if (known === null) {
      await copy.save({});
      return;
    }
    const id = disk.ports.random.id();
    const restored = restoredFromImage(copy.record, disk.ports.random.id(), id);
    await copy.save({ ...restored, ...STRANGE });
    const words = `lies on disk ${serial} and was written on ${known}: it counts as restored`;
    disk.log('restoredCopy', disk.p.name, words);
  });
}

/** Opens the copy as it is, or as a mark says that it is to be taken. Rejects with DeviceError. */
export async function openCopy(disk: MirrorDisk): Promise<void> {
  const { copy, ports } = disk;
  await copy.open((partition) => heedRestoration(disk, partition));
  if (copy.record.state === 'unknown') return;
  disk.pair.noteCompared(copy.record.breakTime ?? copy.lastUpdate ?? ports.clock.now());
}
