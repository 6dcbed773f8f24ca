/** A mirror broken by order, connected: the active side goes on alone, the other one is behind. */

import { failDisk } from '../copy/failure.ts';
import { wentAlone } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { refused } from '../refused.ts';
import { refusedFor } from '../spoken.ts';

const ORDER_MS = 5000;

/** The connection on which the two have met. Throws `mirror.refused` where there is none. */
export function needSession(disk: MirrorDisk): Session {
  const { session } = disk.pair;
  if (!session || disk.pair.now.phase === 'none') {
    const words = `the mirror disk connect of ${disk.p.name} to ${disk.p.peer} is not connected`;
    throw refusedFor('mdadmn.unreachable', words);
  }
  return session;
}

/** clpmdctrl --break: this side (the active one, if any is) goes on alone, connected. */
export async function breakMirror(disk: MirrorDisk): Promise<void> {
  const session = needSession(disk);
  if (disk.pair.now.phase !== 'inSync')
    throw refused(`${disk.p.name} is not in step: nothing to break`);
  if (disk.pair.peer?.active && !disk.pair.now.isActive) {
    await session.ask('order-break', {}, undefined, ORDER_MS);
    return;
  }
  await disk.loop.run(async () => {
    if (disk.pair.session !== session || disk.pair.now.phase !== 'inSync')
      throw refused('the mirror broke meanwhile');
    disk.pair.tell({ type: 'break.began' });
    try {
      await breakHere(disk, session);
    } catch (error) {
      throw await failDisk(disk, error);
    } finally {
      disk.pair.tell({ type: 'break.ended' });
    }
  });
}

async function breakHere(disk: MirrorDisk, session: Session): Promise<void> {
  const copy = wentAlone(disk.copy.record, disk.ports.random.id(), true);
  await session.ask('break', { generation: copy.generation });
  await disk.writes.noteUnconfirmed(disk.copy.outOfSync);
  await disk.copy.save({
    ...copy,
    peerFollows: false,
    peerYielded: true,
    breakTime: disk.ports.clock.now(),
  });
  if (disk.pair.session === session) disk.pair.tell({ type: 'copies.differed', newer: 'mine' });
}

/** The other side breaks by order: this copy is behind from now on. */
export async function noteBreak(
  disk: MirrorDisk,
  session: Session,
  generation: string,
): Promise<void> {
  await disk.loop.run(async () => {
    if (disk.pair.session !== session || disk.pair.now.isActive)
      throw refused('this side is active');
    const breakTime = disk.ports.clock.now();
    await disk.copy.save({ latest: false, peerFollows: false, passedBy: generation, breakTime });
    disk.pair.tell({ type: 'copies.differed', newer: 'theirs' });
  });
}
