/**
 * Verify: both copies are compared online, block by block, by digests; nothing is copied.
 *
 *     for each range   taken, so that a write there waits for that range only
 *                      own digests ─┐
 *                      other side's ┴ differ ─► noted
 *     in step          report; marked: the mirror is broken by order, with exactly these blocks as
 *                      difference, and a recovery is to be ordered
 *     not in step      no block differs, and none was written meanwhile: the two are in step again
 *                      without a copy (x5 2.19: a restore with --skip-copy); else a report
 *
 * The side that is active compares, else the one that was asked. Blocks that were written while
 * the two are not in step are compared again before the end, with no write under way. Ours: the
 * manuals have no such order.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/json.ts';
import { RemoteError } from '../../ports/wire.ts';
import { BLOCK_BYTES, blocksOf } from '../copy/block-map.ts';
import { failDisk } from '../copy/failure.ts';
import { adopted, completed, finishing } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { breakMirror } from '../pair/break.ts';
import { refused } from '../refused.ts';
import { checkRange } from '../writes/checks.ts';

const RANGE_BLOCKS = 16;
const DIGEST_BYTES = 32;
/** Ranges that a report names one by one. */
const MOST_RANGES = 100;
const VERIFY_MS = 7 * 86_400_000;

export interface Verification {
  doneBlocks: number;
  totalBlocks: number;
  differing: Set<number>;
  /** Written here alone meanwhile. */
  touched: Set<number>;
}

export interface VerifyReport extends JsonObject {
  blocks: number;
  differingBlocks: number;
  /** In bytes, `[offset, length]`; the first hundred. */
  differing: [number, number][];
  marked: boolean;
  /** The two are in step, by what was found or as they were. */
  inStep: boolean;
}

/** Rejects `mirror.refused`, `EIO`, or LinkLost: then nothing was changed. */
export async function verify(disk: MirrorDisk, mark: boolean): Promise<VerifyReport> {
  const { session } = disk.pair;
  if (!session) throw refused(`${disk.p.name}: the other server is not connected`);
  if (disk.pair.peer?.active && !disk.pair.now.isActive) {
    const { header } = await session.ask('order-verify', { mark }, undefined, VERIFY_MS);
    return header.report as VerifyReport;
  }
  return await verifyHere(disk, session, mark);
}

export async function verifyHere(
  disk: MirrorDisk,
  session: Session,
  mark: boolean,
): Promise<VerifyReport> {
  checkReady(disk);
  const blocks = disk.copy.outOfSync.blocks;
  const verification: Verification = {
    doneBlocks: 0,
    totalBlocks: blocks,
    differing: new Set(),
    touched: new Set(),
  };
  const wasInStep = disk.pair.now.phase === 'inSync';
  disk.recovery.beginVerify(verification);
  try {
    for (let first = 0; first < blocks; first += RANGE_BLOCKS) {
      await compareRange(disk, session, first, Math.min(first + RANGE_BLOCKS, blocks));
      verification.doneBlocks = Math.min(first + RANGE_BLOCKS, blocks);
    }
    let marked = false;
    let inStep = wasInStep;
    if (wasInStep && mark && verification.differing.size > 0) {
      await markDiffering(disk, verification);
      marked = true;
      inStep = false;
    } else if (!wasInStep) inStep = await match(disk, session, verification);
    return report(verification, marked, inStep, disk.copy.sizeBytes);
  } finally {
    disk.recovery.endVerify(verification);
  }
}

function checkReady(disk: MirrorDisk): void {
  const { name } = disk.p;
  if (disk.recovery.verification) throw refused(`${name} is being verified`);
  if (disk.pair.peer && disk.pair.peer.sizeBytes !== disk.copy.record.sizeBytes) {
    throw refused(`the copies of ${name} differ in size: resize the smaller one`);
  }
  if (disk.recovery.current) throw refused(`a recovery of ${name} runs`);
  if (disk.pair.now.isFailed || disk.copy.record.state !== 'constructed')
    throw refused(`${name} is not constructed`);
}

async function compareRange(
  disk: MirrorDisk,
  session: Session,
  first: number,
  end: number,
): Promise<void> {
  const { verification } = disk.recovery;
  if (!verification || disk.pair.session !== session) throw refused('the verify was interrupted');
  const isQuiet = disk.writes.areStopped;
  const offset = first * BLOCK_BYTES;
  const length = Math.min(end * BLOCK_BYTES, disk.copy.sizeBytes) - offset;
  // Behind the shut entry nobody writes, and whoever waits there holds its range.
  const release = isQuiet ? null : await disk.writes.ranges.take(offset, offset + length);
  try {
    const asked = session.ask('digest', { offset, length });
    const [mine, theirs] = await Promise.all([digests(disk, offset, length), asked]);
    for (let at = 0; at < end - first; at++) {
      const [from, to] = [at * DIGEST_BYTES, (at + 1) * DIGEST_BYTES];
      const differs = Buffer.compare(mine.subarray(from, to), theirs.payload.subarray(from, to));
      if (differs === 0) verification.differing.delete(first + at);
      else verification.differing.add(first + at);
      verification.touched.delete(first + at);
    }
  } finally {
    release?.();
  }
}

/** One digest a block, one after the other. */
async function digests(disk: MirrorDisk, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await disk.copy.read(offset, length).catch(async (error: unknown) => {
    throw await failDisk(disk, error);
  });
  const sums: Uint8Array[] = [];
  for (let at = 0; at < length; at += BLOCK_BYTES) {
    sums.push(
      createHash('sha256')
        .update(bytes.subarray(at, at + BLOCK_BYTES))
        .digest(),
    );
  }
  return Buffer.concat(sums);
}

/** Breaks the mirror by order; what differs is the difference. */
async function markDiffering(disk: MirrorDisk, { differing }: Verification): Promise<void> {
  const { outOfSync } = disk.copy;
  for (const block of differing) outOfSync.note(block, block + 1);
  await outOfSync.commit();
  await breakMirror(disk);
}

/** Not in step: becomes so when no block differs, none written meanwhile included. */
async function match(
  disk: MirrorDisk,
  session: Session,
  verification: Verification,
): Promise<boolean> {
  disk.writes.stop();
  try {
    await disk.writes.drained();
    if (disk.recovery.verification !== verification) throw refused('the verify was interrupted');
    const size = disk.copy.outOfSync.blocks;
    for (const block of [...verification.touched]) {
      await compareRange(disk, session, block, Math.min(block + 1, size));
    }
    if (verification.differing.size > 0) return false;
    await disk.loop.run(() => becomeOne(disk, session));
    return true;
  } finally {
    disk.writes.resume();
  }
}

/** As the end of a recovery: the other side takes over this side's generation. */
async function becomeOne(disk: MirrorDisk, session: Session): Promise<void> {
  if (disk.pair.session !== session || disk.pair.now.phase !== 'idle')
    throw refused('the verify was interrupted');
  if (disk.copy.record.unfinished !== null) {
    throw refused('this copy is the unfinished target of a recovery: verify from the other side');
  }
  const contact = disk.ports.random.id();
  const { confirmed } = disk.copy.record.contact;
  const proposal = { contact: { confirmed, proposed: contact } };
  await disk.copy.flush();
  const { bases, contact: before, peerFollows, peerYielded } = disk.copy.record;
  await disk.copy.save({
    ...finishing(disk.copy.record),
    ...proposal,
    peerFollows: true,
    peerYielded: false,
  });
  const { generation, history } = disk.copy.record;
  const line = { generation, history, contact, lastUpdate: disk.copy.lastUpdate };
  try {
    await session.ask('verified', line as JsonObject);
  } catch (error) {
    if (error instanceof RemoteError && disk.pair.session === session) {
      // It took nothing over: all is as it was.
      await disk.copy.save({ bases, contact: before, peerFollows, peerYielded });
      throw error;
    }
    // The other side may have taken the generation over: recorded as a loss in step.
    disk.pair.tell({ type: 'copies.matched' });
    session.close('the end of a verify was not answered');
    throw error;
  }
  await disk.copy.save({
    ...completed(disk.copy.record),
    contact: { confirmed: contact, proposed: null },
    ...IN_STEP,
    // Every block is that of the other copy: it does not matter any more where this one comes from.
    restored: null,
  });
  disk.copy.outOfSync.clearAll();
  await disk.copy.outOfSync.commit();
  if (disk.pair.session === session) inStepAgain(disk);
}

const IN_STEP = {
  peerFollows: true,
  peerYielded: false,
  passedBy: null,
  victim: null,
  victimKeeps: null,
  autoRecoveryHeld: null,
  breakTime: null,
  lagging: false,
  quick: false,
};

function inStepAgain(disk: MirrorDisk): void {
  disk.pair.tell({ type: 'latest.proved' });
  disk.pair.tell({ type: 'copies.matched' });
}

function report(
  { differing, totalBlocks }: Verification,
  marked: boolean,
  inStep: boolean,
  sizeBytes: number,
): VerifyReport {
  const ranges: [number, number][] = [];
  let count = 0;
  for (const block of [...differing].sort((a, b) => a - b)) {
    const offset = block * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, sizeBytes - offset);
    const last = ranges.at(-1);
    if (last && last[0] + last[1] === offset) last[1] += length;
    else if (count++ < MOST_RANGES) ranges.push([offset, length]);
    else break;
  }
  return {
    blocks: totalBlocks,
    differingBlocks: differing.size,
    differing: ranges,
    marked,
    inStep,
  };
}

export function serveVerify(disk: MirrorDisk, session: Session): void {
  session.handle('digest', async ({ header }) => {
    const [offset, length] = [Number(header.offset), Number(header.length)];
    if (disk.recovery.verification)
      throw refused(`${disk.p.name} is being verified from the other side`);
    checkRange(disk, offset, length);
    const release = await disk.writes.ranges.take(offset, offset + length);
    try {
      const payload = await digests(disk, offset, length);
      disk.copy.shown.add(...blocksOf(offset, length));
      return { header: {}, payload };
    } finally {
      release();
    }
  });
  session.handle('order-verify', async ({ header }) => ({
    header: { report: await verifyHere(disk, session, header.mark === true) },
  }));
  session.handle('verified', async ({ header }) => {
    await disk.loop.run(() => noteVerified(disk, session, header));
    return { header: {} };
  });
}

async function noteVerified(disk: MirrorDisk, session: Session, header: JsonObject): Promise<void> {
  const { generation, history, contact, lastUpdate } = header;
  const ready =
    disk.pair.session === session &&
    disk.pair.now.phase === 'idle' &&
    !disk.pair.now.isActive &&
    !disk.pair.now.isFailed;
  if (!ready || disk.copy.record.state !== 'constructed') throw refused('not ready to be in step');
  if (!disk.copy.shown.isWhole(disk.copy.outOfSync.blocks)) {
    throw refused('blocks of this copy were not compared, or were written since');
  }
  await disk.copy.flush();
  disk.copy.follow(typeof lastUpdate === 'number' ? lastUpdate : null);
  await disk.copy.save({
    ...adopted(disk.copy.record, {
      generation: String(generation),
      history: (history as string[]).map(String),
    }),
    contact: { confirmed: String(contact), proposed: null },
    ...IN_STEP,
  });
  disk.copy.outOfSync.clearAll();
  await disk.copy.outOfSync.commit();
  inStepAgain(disk);
}
