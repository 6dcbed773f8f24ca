/**
 * What an operator orders: recovery, forced recovery, break, cancel, construction, a replaced disk.
 * Each order is carried out on the side it concerns, whichever server it was given on.
 *
 * A recovery that would overwrite newer or unknown data is refused (`mirror.refused`) unless the
 * operator named the copy that dies. v3 6.4, 6.7, 11.10.4 to 11.10.6; clpmdctrl, clpmdinit, clpmdchng.
 */
import type { JsonObject } from '../../core/json.ts';
import { forced, wentAlone } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { askWord } from '../pair/inquiry.ts';
import { heedNote, tellGivenUp, writeGeneration } from '../pair/loss.ts';
import { showPause } from '../recovery/pace.ts';
import type { RecoveryKind } from '../recovery/recovery.ts';
import { cancelRecovery, startRecovery } from '../recovery/source.ts';
import { isObject, refused } from '../refused.ts';

const ORDER_MS = 5000;
const FILE_ATTEMPTS = 5;
/** Of a reason and of a path, in the record of a copy, characters. */
const MOST_WHY = 200;
const MOST_PATH = 1000;

export interface RecoverOrder {
  full: boolean;
}

function needSession(disk: MirrorDisk): Session {
  if (!disk.session || disk.phase === 'none') {
    throw refused(`the mirror disk connect of ${disk.p.name} to ${disk.p.peer} is not connected`);
  }
  return disk.session;
}

/**
 * clpmdctrl --recovery: from the newer copy to the older, by generations. While a recovery runs it
 * answers that one's id. Rejects with `mirror.refused`, `mirror.inSync`, `mirror.held`.
 */
export async function recover(disk: MirrorDisk, order: RecoverOrder): Promise<string> {
  if (disk.recovery) return disk.recovery.id;
  const session = needSession(disk);
  if (disk.phase === 'inSync') throw refused(`${disk.p.name} has no difference`, 'mirror.inSync');
  const { verdict, why } = disk.judgement!;
  const mineWasForced = disk.record.victim === disk.p.peer;
  const isCountered = disk.peer?.victim === disk.ports.server;
  if (mineWasForced && isCountered && !verdict.startsWith('source')) {
    throw refused(`${disk.p.name}: either copy was given up for the other one; force it again`);
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
  if (verdict === 'unconstructed') throw refused(`${disk.p.name}: ${why}`);
  if (verdict !== 'sourceMe' && !mineWasForced) {
    throw refused(`${disk.p.name}: ${why}; force it, naming the server with the latest data`);
  }
  const held = disk.record.autoRecoveryHeld;
  if (held !== null && !order.full) {
    throw refused(`${disk.p.name} is held: ${held}; order a full recovery`, 'mirror.held');
  }
  return await disk.turn.take(async () => {
    // Whoever orders it anew wants it to go on.
    await disk.save({ recoveryPaused: false });
    return await startHere(disk, order.full);
  });
}

async function startHere(disk: MirrorDisk, orderedFull: boolean): Promise<string> {
  if (disk.recovery) return disk.recovery.id;
  const forcedHere = disk.record.victim === disk.p.peer;
  // v3: without the FastSync Option every recovery is a full copy.
  const unlicensed = !disk.p.differenceCopy;
  const full = orderedFull || disk.judgement?.full === true || forcedHere || unlicensed;
  const kind: RecoveryKind = full ? 'full' : 'difference';
  disk.paused = false;
  const victim = forcedHere ? disk.p.peer : null;
  const keep = forcedHere ? (disk.record.victimKeeps ?? null) : null;
  return await startRecovery(disk, { full, kind, victim, compare: false, keep });
}

const LOOK_AGAIN_MS = 1000;
/** Mirrors whose monitor was found suspended, and is looked at again. */
const lookedAt = new WeakSet<MirrorDisk>();

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

function lookAgain(disk: MirrorDisk): void {
  if (lookedAt.has(disk)) return;
  lookedAt.add(disk);
  const { clock } = disk.ports;
  clock.at(clock.now() + LOOK_AGAIN_MS, () => {
    lookedAt.delete(disk);
    if (!disk.stopped) disk.considerRecovery();
  });
}

/** A recovery of the agent's own accord, when v3 11.10.1 allows it. */
export async function recoverAutomatically(disk: MirrorDisk): Promise<void> {
  if (disk.stopped || disk.whyNotAutomatic() !== null) return;
  if (await isMonitorSuspended(disk)) {
    lookAgain(disk);
    return;
  }
  await disk.turn.take(async () => {
    if (disk.stopped || disk.whyNotAutomatic() !== null) return;
    await startHere(disk, false);
  });
}

/** The initial construction of two blank copies, from this side. */
export async function construct(disk: MirrorDisk, compare: boolean): Promise<string> {
  return await disk.turn.take(() =>
    startRecovery(disk, { full: true, kind: 'construction', victim: null, compare }),
  );
}

/**
 * clpmdctrl --force: the copy of `latest` counts as the newest, the one of `victim` is given up.
 * With the other server connected a full copy starts; without it, automatic recovery stays held
 * until a full recovery is ordered. Answers the recovery's id, or null.
 */
export async function force(
  disk: MirrorDisk,
  latest: string,
  victim: string,
  keep: string | null = null,
): Promise<string | null> {
  const { server } = disk.ports;
  if (
    victim !== (latest === server ? disk.p.peer : server) ||
    ![server, disk.p.peer].includes(latest)
  ) {
    throw refused(`the latest copy and the victim must be ${server} and ${disk.p.peer}, one each`);
  }
  if (keep !== null && keep.length > MOST_PATH) {
    throw refused(
      `the path of the kept blocks is longer than ${MOST_PATH} characters`,
      'mirror.keep',
    );
  }
  if (latest !== server) return await forceThere(disk, latest, victim, keep);
  if (disk.recovery) throw refused('a recovery runs', 'mirror.recovering');
  if (disk.isStopping) throw refused(`the mirror agent of ${server} is stopping`);
  if (disk.phase === 'inSync') throw refused(`${disk.p.name} has no difference`, 'mirror.inSync');
  const isActiveThere = disk.session
    ? disk.peer?.active === true
    : (await askWord(disk)).says === 'active';
  if (isActiveThere) throw refused(`${disk.p.name} is active on ${victim}: stop it there first`);
  const isFirst = disk.record.state === 'blank' && disk.judgement?.verdict === 'unconstructed';
  // Not executed by itself where the configuration says so ("fullcopy" 0): this names its source.
  if (isFirst && disk.session && disk.judgement?.full) return await construct(disk, false);
  return await disk.turn.take(async () => {
    const { state } = disk.record;
    if (disk.isStopping) throw refused(`the mirror agent of ${server} is stopping`);
    if (state !== 'constructed')
      throw refused(`the copy of ${server} holds no data of ${disk.p.name}`);
    // A victim whose cluster partition cannot be read takes no copy yet; the decision stands.
    const follows = disk.session !== null && disk.judgement?.verdict !== 'unconstructed';
    const held = follows ? null : `forced on ${server} alone: the copy of ${victim} is given up`;
    await heedNote(disk);
    // What an operator decides for must not vanish later: it may lie in the disk's cache only.
    await disk.flushLocal();
    const copy = forced(disk.record, disk.ports.random.id());
    // First where the other server can read it: from here on nobody believes the victim's copy.
    if (!(await writeGeneration(disk, FILE_ATTEMPTS, { ...copy, victim, peerFollows: false }))) {
      throw refused('the host does not keep the generation', 'mirror.host');
    }
    await disk.save({
      ...copy,
      victim,
      victimKeeps: keep,
      peerFollows: false,
      peerYielded: false,
      passedBy: null,
      recoveryPaused: false,
      autoRecoveryHeld: held,
    });
    if (!follows) {
      await tellGivenUp(disk);
      return null;
    }
    disk.judgement = { verdict: 'sourceMe', full: true, why: `${victim} was named as the victim` };
    return await startHere(disk, true);
  });
}

async function forceThere(
  disk: MirrorDisk,
  latest: string,
  victim: string,
  keep: string | null,
): Promise<string | null> {
  const body = { do: 'force', mirror: disk.p.name, latest, victim, keep };
  const to = { server: latest, part: 'agent' as const };
  const reply = (await disk.request(to, body, ORDER_MS)) as JsonObject;
  return reply.recovery === null ? null : String(reply.recovery);
}

/** clpmdctrl --break: this side (the active one, if any is) goes on alone, connected. */
export async function breakMirror(disk: MirrorDisk): Promise<void> {
  const session = needSession(disk);
  if (disk.phase !== 'inSync') throw refused(`${disk.p.name} is not in step: nothing to break`);
  if (disk.peer?.active && !disk.active) {
    await session.ask('order-break', {}, undefined, ORDER_MS);
    return;
  }
  await disk.turn.take(async () => {
    if (disk.session !== session || disk.phase !== 'inSync')
      throw refused('the mirror broke meanwhile');
    disk.gate.shut();
    const copy = wentAlone(disk.record, disk.ports.random.id(), true);
    await session.ask('break', { generation: copy.generation });
    await disk.markInFlight();
    await disk.save({
      ...copy,
      peerFollows: false,
      peerYielded: true,
      breakTime: disk.ports.clock.now(),
    });
    disk.judgement = { verdict: 'sourceMe', full: false, why: 'broken by order' };
    disk.paused = true;
    if (disk.session !== session) return;
    disk.phase = 'idle';
    disk.move({ type: 'copies.differed' });
    disk.gate.open();
  });
}

/** The other side breaks by order: this copy is behind from now on. */
export async function hearBreak(
  disk: MirrorDisk,
  session: Session,
  generation: string,
): Promise<void> {
  await disk.turn.take(async () => {
    if (disk.session !== session || disk.active) throw refused('this side is active');
    const breakTime = disk.ports.clock.now();
    await disk.save({ latest: false, peerFollows: false, passedBy: generation, breakTime });
    disk.judgement = { verdict: 'sourcePeer', full: false, why: 'broken by order' };
    disk.paused = true;
    disk.phase = 'idle';
    disk.move({ type: 'copies.differed' });
  });
}

/** clpmdctrl --cancel: the recovery ends, what is left stays noted. */
export async function cancel(disk: MirrorDisk): Promise<void> {
  const { recovery } = disk;
  if (!recovery) throw refused(`no recovery of ${disk.p.name} runs`);
  if (recovery.side === 'target') {
    await needSession(disk).ask('order-cancel', {}, undefined, ORDER_MS);
    return;
  }
  disk.paused = true;
  cancelRecovery(disk, 'cancelled by an operator');
  await disk.turn.take(() => disk.save({ recoveryPaused: false }));
}

/**
 * The recovery takes no further range until it is told to go on; writes go on as before. Durable:
 * a recovery that begins of its own accord after an interruption is paused again.
 */
export async function pause(disk: MirrorDisk, on: boolean): Promise<void> {
  const { recovery } = disk;
  const isTheirs = recovery ? recovery.side === 'target' : disk.judgement?.verdict === 'sourcePeer';
  if (isTheirs) {
    await needSession(disk).ask('order-pause', { on }, undefined, ORDER_MS);
    return;
  }
  if (!recovery && (on || disk.part?.record.recoveryPaused !== true)) {
    throw refused(`no recovery of ${disk.p.name} runs`);
  }
  await disk.turn.take(async () => {
    await disk.save({ recoveryPaused: on });
    if (disk.recovery?.side === 'source') showPause(disk, disk.session, on);
  });
}

/**
 * clpmdinit --create: the cluster partition becomes that of a blank copy. `force` also where a
 * copy was constructed (v3 6.4); `quick`: contents of two such copies are compared, not copied.
 */
export async function create(disk: MirrorDisk, mode: 'normal' | 'quick' | 'force'): Promise<void> {
  const state = disk.part?.record.state ?? 'unknown';
  const foreign = disk.part?.foreign ?? null;
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
  if (disk.active) throw refused(`${disk.p.name} is active here: stop it first`);
  if (disk.recovery) throw refused('a recovery runs', 'mirror.recovering');
  const hangUp = () => disk.session?.close('the cluster partition is being initialised');
  hangUp();
  await disk.turn.take(async () => {
    // The other side may have called again meanwhile, and been told of the copy as it was.
    hangUp();
    disk.failed = false;
    disk.diskErrorSeen = false;
    disk.loss = null;
    try {
      const part = await disk.openDevices();
      await part.format({ quick });
      // It may be another disk than the one that was there: this copy is at home on it.
      disk.serial = null;
      await disk.learnSerial();
      disk.homeSerial = disk.serial;
    } catch (error) {
      // Nothing is served from this disk: words for the operator, and no reset of the server.
      disk.part = null;
      disk.diskErrorSeen = true;
      const why = error instanceof Error ? error.message : String(error);
      throw refused(`the disk of ${disk.p.name} cannot be initialised: ${why}`, 'mirror.disk');
    }
    disk.lastUpdate = null;
    disk.move({ type: 'link.lost' });
    disk.move({ type: 'copy.created' });
    disk.gate.open();
    disk.entry.open();
  });
}

/** Holds automatic recovery, with a reason, or lets it go. */
export async function holdAutoRecovery(
  disk: MirrorDisk,
  hold: boolean,
  why: string,
): Promise<void> {
  if (!disk.isConstructed) throw refused(`${disk.p.name} is not constructed`);
  await disk.turn.take(() =>
    disk.save({ autoRecoveryHeld: hold ? why.slice(0, MOST_WHY) || 'held by an operator' : null }),
  );
}
