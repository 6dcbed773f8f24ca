/**
 * What an operator orders of a recovery, and the agent of its own accord. Each order is carried out
 * on the side it concerns, whichever server it was given on.
 *
 * A recovery that would overwrite newer or unknown data is refused (`mirror.refused`) unless the
 * operator named the copy that dies (force.ts). v3 11.10.4 to 11.10.6; clpmdctrl.
 */
import type { MirrorDisk } from '../disk.ts';
import { needSession } from '../pair/break.ts';
import { isObject, refused } from '../refused.ts';
import { refusedFor } from '../spoken.ts';
import { showPause } from './pace.ts';
import { BY_ORDER, type RecoveryKind } from './recovery.ts';
import { startRecovery } from './source.ts';

const ORDER_MS = 5000;
/** Of a reason in the record of a copy, characters. */
const MOST_WHY = 200;

export interface RecoverOrder {
  full: boolean;
}

/**
 * clpmdctrl --recovery: from the newer copy to the older, by generations. While a recovery runs it
 * answers that one's id. Rejects with `mirror.refused`, `mirror.inSync`, `mirror.held`.
 */
export async function recover(disk: MirrorDisk, order: RecoverOrder): Promise<string> {
  if (disk.recovery.current) return disk.recovery.current.start.id;
  const session = needSession(disk);
  if (disk.pair.now.phase === 'inSync')
    throw refused(`${disk.p.name} has no difference`, 'mirror.inSync');
  const { verdict, why } = disk.pair.judgement!;
  const mineWasForced = disk.copy.record.victim === disk.p.otherSide;
  const isCountered = disk.pair.peer?.victim === disk.p.side;
  if (mineWasForced && isCountered && !verdict.startsWith('source')) {
    const words = `${disk.p.name}: either copy was given up for the other one; force it again`;
    throw refusedFor('mdadmn.directionUnknown', words);
  }
  const theirsWasForced = isCountered && !mineWasForced;
  if (verdict === 'sourcePeer' || (verdict !== 'sourceMe' && theirsWasForced)) {
    const { header } = await session.ask(
      'order-recover',
      { full: order.full },
      undefined,
      ORDER_MS,
    );
    return String(header.recovery);
  }
  if (verdict === 'unconstructed')
    throw refusedFor('mdadmn.sourceAbnormal', `${disk.p.name}: ${why}`);
  if (verdict !== 'sourceMe' && !mineWasForced) {
    const words = `${disk.p.name}: ${why}; force it, naming the server with the latest data`;
    throw refusedFor('mdadmn.directionUnknown', words);
  }
  const held = disk.copy.record.autoRecoveryHeld;
  if (held !== null && !order.full) {
    throw refused(`${disk.p.name} is held: ${held}; order a full recovery`, 'mirror.held');
  }
  return await disk.loop.run(async () => {
    // Whoever orders it anew wants it to go on.
    await disk.copy.save({ recoveryPaused: false });
    return await startHere(disk, order.full);
  });
}

export async function startHere(disk: MirrorDisk, orderedFull: boolean): Promise<string> {
  if (disk.recovery.current) return disk.recovery.current.start.id;
  const forcedHere = disk.copy.record.victim === disk.p.otherSide;
  // v3: without the FastSync Option every recovery is a full copy.
  const unlicensed = !disk.p.differenceCopy;
  const full = orderedFull || disk.pair.judgement?.full === true || forcedHere || unlicensed;
  const kind: RecoveryKind = full ? 'full' : 'difference';
  disk.pair.tell({ type: 'recovery.ordered' });
  const victim = forcedHere ? disk.p.otherSide : null;
  const keep = forcedHere ? (disk.copy.record.victimKeeps ?? null) : null;
  return await startRecovery(disk, { full, kind, victim, compare: false, keep });
}

const POLL_MS = 1000;
/** Mirrors whose monitor was found suspended, and is looked at again. */
const polled = new WeakSet<MirrorDisk>();

/** x5 2.18, 2.19: suspending the mirror disk monitor keeps automatic recovery from working. */
async function isMonitorSuspended(disk: MirrorDisk): Promise<boolean> {
  const { monitors } = disk.p;
  if (monitors.length === 0) return false;
  const view = await disk.ask('daemon', { do: 'status' }).catch(() => null);
  const known = isObject(view) && isObject(view.monitors) ? view.monitors : {};
  return monitors.some((name) => {
    const monitor = known[name];
    return isObject(monitor) && monitor.state === 'Suspend';
  });
}

function pollAgain(disk: MirrorDisk): void {
  if (polled.has(disk)) return;
  polled.add(disk);
  const { clock } = disk.ports;
  clock.at(clock.now() + POLL_MS, () => {
    polled.delete(disk);
    if (!disk.life.isOver) disk.want('considerRecovery');
  });
}

/** A recovery of the agent's own accord, when v3 11.10.1 allows it. */
export async function recoverAutomatically(disk: MirrorDisk): Promise<void> {
  if (disk.life.isOver || disk.whyNotAutomatic() !== null) return;
  if (await isMonitorSuspended(disk)) {
    pollAgain(disk);
    return;
  }
  await disk.loop.run(async () => {
    if (disk.life.isOver || disk.whyNotAutomatic() !== null) return;
    await startHere(disk, false);
  });
}

/** The initial construction of two blank copies, from this side. */
export async function construct(disk: MirrorDisk, compare: boolean): Promise<string> {
  return await disk.loop.run(() =>
    startRecovery(disk, { full: true, kind: 'construction', victim: null, compare }),
  );
}

/** clpmdctrl --cancel: the recovery ends, what is left stays noted. */
export async function cancel(disk: MirrorDisk): Promise<void> {
  const { current: recovery } = disk.recovery;
  if (!recovery) throw refused(`no recovery of ${disk.p.name} runs`);
  if (recovery.start.side === 'target') {
    await needSession(disk).ask('order-cancel', {}, undefined, ORDER_MS);
    return;
  }
  disk.pair.tell({ type: 'recovery.cancelled' });
  recovery.cancel(BY_ORDER);
  await disk.loop.run(() => disk.copy.save({ recoveryPaused: false }));
}

/**
 * The recovery takes no further range until it is told to go on; writes go on as before. Durable:
 * a recovery that begins of its own accord after an interruption is paused again.
 */
export async function pause(disk: MirrorDisk, on: boolean): Promise<void> {
  const { current: recovery } = disk.recovery;
  const isTheirs = recovery
    ? recovery.start.side === 'target'
    : disk.pair.judgement?.verdict === 'sourcePeer';
  if (isTheirs) {
    await needSession(disk).ask('order-pause', { on }, undefined, ORDER_MS);
    return;
  }
  if (!recovery && (on || disk.copy.stored?.recoveryPaused !== true)) {
    throw refused(`no recovery of ${disk.p.name} runs`);
  }
  await disk.loop.run(async () => {
    await disk.copy.save({ recoveryPaused: on });
    if (disk.recovery.current?.start.side === 'source') showPause(disk, disk.pair.session, on);
  });
}

/** Holds automatic recovery, with a reason, or lets it go. */
export async function holdAutoRecovery(
  disk: MirrorDisk,
  hold: boolean,
  why: string,
): Promise<void> {
  if (!disk.copy.isConstructed) throw refused(`${disk.p.name} is not constructed`);
  await disk.loop.run(() =>
    disk.copy.save({
      autoRecoveryHeld: hold ? why.slice(0, MOST_WHY) || 'held by an operator' : null,
    }),
  );
}
