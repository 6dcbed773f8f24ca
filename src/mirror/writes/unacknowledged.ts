import { RemoteError } from '../../ports/wire.ts';
import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { refused } from '../refused.ts';

/** The other side did not take the blocks: the mirror is broken first, then they count. */
export async function goOnWithout(
  disk: MirrorDisk,
  session: Session,
  blocks: Iterable<number>,
  reason: unknown,
): Promise<void> {
  if (reason instanceof RemoteError && reason.code === 'EIO') {
    disk.pair.learn(session, { diskError: true });
  }
  if (disk.pair.session === session && disk.pair.now.phase !== 'idle') {
    session.close(`a write was not acknowledged: ${reason instanceof Error ? reason.message : ''}`);
  }
  for (;;) {
    await disk.writes.thawed();
    try {
      const { outOfSync } = disk.copy;
      for (const block of blocks) outOfSync.note(block, block + 1);
      await outOfSync.commit();
    } catch (error) {
      throw await failDisk(disk, error);
    }
    if (!disk.writes.isFrozen && disk.pair.now.loss === null) return;
    if (disk.life.isOver) throw refused('the mirror agent stopped', 'mirror.stopped');
    await disk.loop.run(async () => {});
  }
}
