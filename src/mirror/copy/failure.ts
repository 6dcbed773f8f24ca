import { DeviceError } from '../../ports/devices.ts';
import type { MirrorDisk } from '../disk.ts';
import { refused } from '../refused.ts';

/**
 * The own disk failed (v3 10.8): nothing is acknowledged any more, the flag is kept if it can be,
 * the other side hears that it has everything acknowledged, the owner is told (not by an agent that
 * is being stopped: a server that is shut down must not come back by a reset). Answers the error
 * for whoever waits.
 */
export async function failDisk(disk: MirrorDisk, error: unknown): Promise<Error> {
  if (!(error instanceof DeviceError))
    return error instanceof Error ? error : new Error(String(error));
  const words = refused(`NMP${disk.p.number} disk I/O error: ${error.message}`, error.code);
  if (disk.pair.now.isFailed || disk.life.isOver) return words;
  const { session, now } = disk.pair;
  const inStep = now.phase === 'inSync' && session !== null;
  disk.pair.tell({ type: 'disk.failed' });
  await disk.copy.save({ diskError: true }).catch(() => {});
  disk.log('driverDiskError', disk.p.number);
  if (session) {
    const reported = await session.ask('disk-failed', {}, undefined, 1000).catch(() => null);
    if (reported && inStep) await disk.copy.save({ latest: false }).catch(() => {});
  }
  disk.writes.turnAway(words);
  if (!disk.life.isOver && !disk.life.isEnding) disk.ports.onDiskError(disk.p.name, error.message);
  return words;
}
