/** What one side answers the other over a mirror connection once they have met. */

import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import { serveConnection } from '../link/connection.ts';
import type { Session } from '../link/session.ts';
import { answerClaim } from '../pair/activation.ts';
import { breakMirror, noteBreak } from '../pair/break.ts';
import { noteEnding } from '../pair/peer-power.ts';
import { cancel, pause, recover } from '../recovery/orders.ts';
import { serveResize } from '../recovery/resize.ts';
import { serveTarget } from '../recovery/target.ts';
import { serveVerify } from '../recovery/verify.ts';
import { takeFlush } from '../writes/flush.ts';
import { serveQueue } from '../writes/queue.ts';
import { takeWrite } from '../writes/replicate.ts';

const done = { header: {} };

export function serveSession(disk: MirrorDisk, session: Session): void {
  session.handle('write', async (frame) => {
    await takeWrite(disk, frame);
    return done;
  });
  session.handle('flush', async () => {
    await takeFlush(disk);
    return done;
  });
  session.handle('echo', async () => done);
  session.handle('claim', async () => {
    answerClaim(disk);
    return done;
  });
  session.handle('role', async ({ header }) => {
    disk.pair.learn(session, { active: header.active === true });
    if (header.active !== true) disk.want('considerRecovery');
    return done;
  });
  session.handle('break', async ({ header }) => {
    return await orFailed(disk, () => noteBreak(disk, session, String(header.generation)));
  });
  // The other side stops in order, or its disk failed: it does not count as the latest any more.
  session.handle('bye', async ({ header }) => {
    if (header.ends === true && disk.pair.session === session) {
      disk.pair.tell({ type: 'peer.leaving' });
    }
    if (disk.pair.now.phase !== 'inSync' || disk.pair.now.isActive) return done;
    return await orFailed(disk, () => disk.copy.save({ peerYielded: true }));
  });
  session.handle('ending', async ({ header }) => {
    return await orFailed(disk, () => noteEnding(disk, header.boot));
  });
  session.handle('disk-failed', async () => {
    disk.pair.tell({ type: 'peer.learned', facts: { diskError: true } });
    // What it sent before is all that it acknowledged.
    await disk.writes.applied();
    if (disk.pair.now.phase !== 'inSync' || disk.pair.now.isActive) return done;
    return await orFailed(disk, () =>
      disk.copy.save({ peerYielded: true, lagging: disk.pair.now.isFailed }),
    );
  });
  session.handle('order-recover', async ({ header }) => ({
    header: { recovery: await recover(disk, { full: header.full === true }) },
  }));
  session.handle('order-pause', async ({ header }) => {
    await pause(disk, header.on === true);
    return done;
  });
  session.handle('order-break', async () => {
    await breakMirror(disk);
    return done;
  });
  session.handle('order-cancel', async () => {
    await cancel(disk);
    return done;
  });
  serveTarget(disk, session);
  serveConnection(disk, session);
  serveQueue(disk, session);
  serveVerify(disk, session);
  serveResize(disk, session);
}

/** What cannot be made durable here is known nowhere: the disk has failed. */
async function orFailed(disk: MirrorDisk, work: () => Promise<void>): Promise<typeof done> {
  try {
    await work();
    return done;
  } catch (error) {
    throw await failDisk(disk, error);
  }
}
