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
import { showPause } from './pace.ts';
import { begin, ended, type Recovery, type RecoveryKind } from './recovery.ts';
import { closeKeeper, keepDiffering, openKeeper } from './stored-blocks.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

/** The target's end of a recovery. */
export function serveTarget(disk: MirrorDisk, session: Session): void {
  const mine = (frame: Frame): Recovery => {
    const { recovery } = disk;
    const known = recovery?.side === 'target' && recovery.id === frame.header.recovery;
    if (!known || disk.session !== session) throw refused('no such recovery runs');
    return recovery;
  };
  session.handle('recover-begin', async (frame) => {
    await disk.turn.take(() => beginTarget(disk, session, frame.header));
    return { header: {} };
  });
  session.handle('block', async (frame) => {
    const { keeper } = mine(frame);
    if (keeper) await keepDiffering(disk, keeper, frame);
    await takeWrite(disk, frame, false);
    return { header: {} };
  });
  session.handle('compare', async ({ header }) => {
    const [offset, length] = [Number(header.offset), Number(header.length)];
    checkRange(disk, offset, length);
    const release = await disk.ranges.take(offset, offset + length);
    const bytes = await disk.data!.read(offset, length).finally(release);
    // Durable with the flush that the source asks for before it clears the bits (copied.ts).
    return { header: { same: digest(bytes) === header.sum } };
  });
  session.handle('progress', async ({ header }) => {
    if (disk.recovery?.side === 'target') disk.recovery.doneBlocks = Number(header.done);
    return { header: {} };
  });
  session.handle('recovery-paused', async ({ header }) => {
    if (disk.recovery?.side === 'target') showPause(disk, null, header.on === true);
    return { header: {} };
  });
  session.handle('recover-abort', async () => {
    await disk.turn.take(async () => {
      if (disk.session !== session || disk.recovery?.side !== 'target') return;
      await closeKeeper(disk.recovery);
      disk.recovery = null;
      disk.phase = 'idle';
      disk.move({ type: 'recovery.aborted' });
    });
    return { header: {} };
  });
  session.handle('recover-finish', async (frame) => {
    await disk.turn.take(() => adopt(disk, mine(frame), frame.header));
    return { header: {} };
  });
}

async function beginTarget(disk: MirrorDisk, session: Session, header: JsonObject): Promise<void> {
  const { server } = disk.ports;
  if (disk.session !== session || disk.phase !== 'idle') throw refused('not ready for a recovery');
  if (disk.active) throw refused(`${disk.p.name} is active on ${server}`);
  if (disk.failed) throw new RemoteError('EIO', `the disk of ${server} failed`);
  if (!disk.part || disk.record.state === 'unknown') throw refused('the mirror is not constructed');
  const named = header.victim === server;
  const first = header.kind === 'construction' && disk.record.state === 'blank';
  if (disk.judgement?.verdict !== 'sourcePeer' && !named && !first) {
    throw refused(`the copy of ${server} may be newer: name it as the victim`);
  }
  const id = String(header.recovery);
  const size = disk.data?.sizeBytes ?? 0;
  if (Number(header.sizeBytes) > size) {
    throw refused(`the data partition of ${server} has ${size} bytes only: resize it first`);
  }
  // What an interrupted recovery kept goes on in a further file.
  const path = isText(header.keep) ? header.keep : (disk.record.keep ?? null);
  const keeper = path === null ? null : await openKeeper(disk, path);
  const fresh = { peerFollows: false, quick: false, recoveryPaused: false };
  await disk.save({ ...targetOf(disk.record, id), ...fresh, keep: path });
  const kind = header.kind as RecoveryKind;
  begin(disk, 'target', id, kind, Number(header.total));
  disk.recovery!.keeper = keeper;
}

/** Every block is here and durable: this copy bears the source's generation. */
async function adopt(disk: MirrorDisk, recovery: Recovery, header: JsonObject): Promise<void> {
  const { generation, history, contact, lastUpdate } = header;
  await disk.flushLocal();
  await closeKeeper(recovery);
  disk.lastUpdate = typeof lastUpdate === 'number' ? lastUpdate : null;
  await disk.save({
    lagging: false,
    keep: null,
    ...adopted(disk.record, {
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
  disk.part!.difference.clearAll();
  await disk.part!.difference.commit();
  ended(disk, recovery);
}
