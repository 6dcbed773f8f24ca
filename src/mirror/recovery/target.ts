/**
 * The target's end of a recovery (source.ts): unfinished from the beginning, durably, until every
 * block is here; then it bears the source's generation. A victim's blocks that differ are kept in
 * a file before they are overwritten, where the operator asked for it (stored-blocks.ts).
 */
import type { JsonObject } from '../../core/json.ts';
import { RemoteError } from '../../ports/wire.ts';
import { adopted, targetOf } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Frame, Session } from '../link/session.ts';
import { refused } from '../refused.ts';
import { checkRange } from '../writes/checks.ts';
import { takeWrite } from '../writes/replicate.ts';
import { digest } from './copying.ts';
import { begin, ended } from './ends.ts';
import { showPause } from './pace.ts';
import type { Recovery, RecoveryKind } from './recovery.ts';
import { openBlockFile, storeDiffering } from './stored-blocks.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

/** The recovery whose target this copy is; null: none. */
function received(disk: MirrorDisk): Recovery | null {
  const { current } = disk.recovery;
  return current?.start.side === 'target' ? current : null;
}

/** The target's end of a recovery. */
export function serveTarget(disk: MirrorDisk, session: Session): void {
  const mine = (frame: Frame): Recovery => {
    const recovery = received(disk);
    const isKnown = recovery?.start.id === frame.header.recovery;
    if (!recovery || !isKnown || disk.pair.session !== session) {
      throw refused('no such recovery runs');
    }
    return recovery;
  };
  session.handle('recover-begin', async (frame) => {
    await disk.loop.run(() => beginTarget(disk, session, frame.header));
    return { header: {} };
  });
  session.handle('block', async (frame) => {
    const { blockFile } = mine(frame);
    if (blockFile) await storeDiffering(disk, blockFile, frame);
    await takeWrite(disk, frame, false);
    return { header: {} };
  });
  session.handle('compare', async ({ header }) => {
    const [offset, length] = [Number(header.offset), Number(header.length)];
    checkRange(disk, offset, length);
    const release = await disk.writes.ranges.take(offset, offset + length);
    const bytes = await disk.copy.read(offset, length).finally(release);
    // Durable with the flush that the source asks for before it clears the bits (copied.ts).
    return { header: { same: digest(bytes) === header.sum } };
  });
  session.handle('progress', async ({ header }) => {
    received(disk)?.doneAre(Number(header.done));
    return { header: {} };
  });
  session.handle('recovery-paused', async ({ header }) => {
    if (received(disk)) showPause(disk, null, header.on === true);
    return { header: {} };
  });
  session.handle('recover-abort', async () => {
    await disk.loop.run(async () => {
      const recovery = received(disk);
      if (disk.pair.session !== session || !recovery) return;
      await recovery.closeBlockFile();
      disk.recovery.end(recovery);
      disk.pair.tell({ type: 'recovery.aborted' });
    });
    return { header: {} };
  });
  session.handle('recover-finish', async (frame) => {
    await disk.loop.run(() => adopt(disk, mine(frame), frame.header));
    return { header: {} };
  });
}

async function beginTarget(disk: MirrorDisk, session: Session, header: JsonObject): Promise<void> {
  const { server } = disk.ports;
  if (disk.pair.session !== session || disk.pair.now.phase !== 'idle')
    throw refused('not ready for a recovery');
  if (disk.pair.now.isActive) throw refused(`${disk.p.name} is active on ${server}`);
  if (disk.pair.now.isFailed) throw new RemoteError('EIO', `the disk of ${server} failed`);
  if (!disk.copy.isOpen || disk.copy.record.state === 'unknown')
    throw refused('the mirror is not constructed');
  const named = header.victim === disk.p.side;
  const first = header.kind === 'construction' && disk.copy.record.state === 'blank';
  if (disk.pair.judgement?.verdict !== 'sourcePeer' && !named && !first) {
    throw refused(`the copy of ${server} may be newer: name it as the victim`);
  }
  const id = String(header.recovery);
  const size = disk.copy.sizeBytes;
  if (Number(header.sizeBytes) > size) {
    throw refused(`the data partition of ${server} has ${size} bytes only: resize it first`);
  }
  // What an interrupted recovery kept goes on in a further file.
  const path = isText(header.keep) ? header.keep : (disk.copy.record.keep ?? null);
  const blockFile = path === null ? null : await openBlockFile(disk, path);
  const fresh = { peerFollows: false, quick: false, recoveryPaused: false };
  await disk.copy.save({ ...targetOf(disk.copy.record, id), ...fresh, keep: path });
  const kind = header.kind as RecoveryKind;
  begin(disk, { side: 'target', id, kind, totalBlocks: Number(header.total) }, blockFile);
}

/** Every block is here and durable: this copy bears the source's generation. */
async function adopt(disk: MirrorDisk, recovery: Recovery, header: JsonObject): Promise<void> {
  const { generation, history, contact, lastUpdate } = header;
  await disk.copy.flush();
  await recovery.closeBlockFile();
  disk.copy.follow(typeof lastUpdate === 'number' ? lastUpdate : null);
  await disk.copy.save({
    lagging: false,
    keep: null,
    ...adopted(disk.copy.record, {
      generation: String(generation),
      history: (history as string[]).map(String),
    }),
    contact: { confirmed: String(contact), proposed: null },
    peerFollows: true,
    peerYielded: false,
    passedBy: null,
    victim: null,
    autoRecoveryHeld: null,
    breakTime: null,
  });
  disk.copy.outOfSync.clearAll();
  await disk.copy.outOfSync.commit();
  ended(disk, recovery);
}
