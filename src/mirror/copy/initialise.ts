/** A copy made blank by order: clpmdinit, and clpmdchng for a disk that was replaced (v3 6.4, 6.7). */
import type { MirrorDisk } from '../disk.ts';
import { refused } from '../refused.ts';
import { learnSerial } from './serial.ts';

/**
 * clpmdinit --create: the cluster partition becomes that of a blank copy. `force` also where a
 * copy was constructed (v3 6.4); `quick`: contents of two such copies are compared, not copied.
 */
export async function create(disk: MirrorDisk, mode: 'normal' | 'quick' | 'force'): Promise<void> {
  const state = disk.copy.stored?.state ?? 'unknown';
  const foreign = disk.copy.isOpen ? disk.copy.partition.foreign : null;
  if (mode !== 'force' && foreign !== null) {
    const words = `the cluster partition of ${disk.p.name} bears the mark of ${foreign}`;
    throw refused(`${words}; clear it, or --create force`);
  }
  if (mode !== 'force' && state === 'constructed') {
    throw refused(`${disk.p.name} is constructed; --create force discards what it holds`);
  }
  await makeBlank(disk, mode === 'quick');
}

/** clpmdchng: the disk of this copy was replaced; its cluster partition is initialised. */
export async function changeDisk(disk: MirrorDisk): Promise<void> {
  await makeBlank(disk, false);
}

async function makeBlank(disk: MirrorDisk, quick: boolean): Promise<void> {
  if (disk.pair.now.isActive) {
    if (disk.device.isMounted) disk.log('driverMountOpen');
    disk.log('driverBusy', disk.p.number);
    throw refused(`${disk.p.name} is active here: stop it first`);
  }
  if (disk.recovery.current) throw refused('a recovery runs', 'mirror.recovering');
  const hangUp = () => disk.pair.session?.close('the cluster partition is being initialised');
  hangUp();
  await disk.loop.run(async () => {
    // The other side may have called again meanwhile, and been told of the copy as it was.
    hangUp();
    disk.pair.tell({ type: 'disk.replaced' });
    try {
      await disk.copy.initialise(quick, () => learnSerial(disk));
    } catch (error) {
      // Nothing is served from this disk: words for the operator, and no reset of the server.
      const why = error instanceof Error ? error.message : String(error);
      throw refused(`the disk of ${disk.p.name} cannot be initialised: ${why}`, 'mirror.disk');
    }
    disk.pair.tell({ type: 'copy.created' });
  });
}
