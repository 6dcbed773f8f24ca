/** How a recovery begins and ends well, on either side. */
import type { MirrorDisk } from '../disk.ts';
import { doSizesDiffer } from '../pair/sizes.ts';
import { Recovery, type RecoveryStart } from './recovery.ts';
import type { BlockFile } from './stored-blocks.ts';

/** Both sides have agreed on it, and that it began is durable. */
export function begin(
  disk: MirrorDisk,
  start: Pick<RecoveryStart, 'side' | 'id' | 'kind' | 'totalBlocks'>,
  blockFile: BlockFile | null = null,
): Recovery {
  const { server, clock } = disk.ports;
  const { peer } = disk.p;
  const [from, to] = start.side === 'source' ? [server, peer] : [peer, server];
  const recovery = new Recovery({ ...start, from, to, startedAt: clock.now(), blockFile });
  // What was compared is copied now, or copied over: a verify that runs ends without a word on it.
  disk.recovery.begin(recovery);
  disk.copy.shown.forgetAll();
  disk.pair.tell({ type: 'recovery.started', side: start.side });
  return recovery;
}

/** The two are in step. `wasForced`: by an operator who named the copy that died. */
export function ended(disk: MirrorDisk, recovery: Recovery, wasForced = false): void {
  const { device, name } = disk.p;
  disk.recovery.end(recovery);
  disk.writes.resume();
  disk.pair.tell({ type: 'recovery.ended' });
  const { side, kind } = recovery.start;
  if (side !== 'source') return;
  disk.log(kind === 'construction' ? 'constructionEnded' : 'recoveryEnded', device);
  if (wasForced) disk.logIfKnown('forcedRecoveryEnded', name);
  if (doSizesDiffer(disk)) disk.logIfKnown('mirrorSizesStillDiffer', device);
}
