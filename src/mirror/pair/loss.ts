/**
 * What happens when the mirror connection is lost.
 *
 *   active, in step    gate shut ─► new generation and blocks in flight durable, not yet "latest"
 *                      ─► the own host's file names the new generation
 *                      ─► with fencing: held until the other side knows of it (its agent says so, or
 *                         will find it written on its server), or is off
 *                      ─► "latest" durable ─► gate open, the daemon is told
 *   standby, in step   RED, durable, before anything else
 *   not in step        the blocks in flight are noted; nothing else changes
 *
 * The host's file lets the other server read, while this agent does not run, whether this side
 * went on alone (src/mirror/pair/proof.ts). v3 10.7, 11.5, 12.2; ARCHITECTURE, "Who may serve a mirror".
 */
import type { JsonObject } from '../../core/json.ts';
import { INSTALL_PATH, mirrorPassedPath } from '../../core/paths.ts';
import { sleep } from '../../ports/clock.ts';
import { RemoteError, WireError } from '../../ports/wire.ts';
import type { CopyRecord } from '../copy/cluster-partition.ts';
import { failDisk } from '../copy/failure.ts';
import { wentAlone } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject, NOT_CURRENT, refused } from '../refused.ts';

const TELL_MS = 500;
const RETRY_MS = 50;
const TELL_ATTEMPTS = 3;

/** Where a server says, for others to read by its host, which generation its copy bears. */
export function generationFile(mirror: string): string {
  return `${INSTALL_PATH}/work/mirror/${mirror}.json`;
}

/** Makes a loss durable. Whoever is in the loop may call it; without a loss it does nothing. */
export async function recordLoss(disk: MirrorDisk): Promise<void> {
  const { pair, recovery, writes } = disk;
  const { loss } = pair.now;
  if (!loss || disk.life.isOver) return;
  const { current } = recovery;
  if (current?.start.side === 'target') {
    await current.closeBlockFile().catch(() => {});
    recovery.end(current);
  }
  // What the other side sent before must not be applied over what comes after.
  await writes.applied();
  try {
    if (disk.copy.isOpen) await recordInCopy(disk, loss.inStep);
  } catch (error) {
    await failDisk(disk, error);
  }
  pair.tell({ type: 'loss.recorded' });
  if (pair.now.alone === 'releasing') {
    await goOn(disk);
    void tellInVain(disk);
  } else if (pair.hold !== null) {
    if (pair.now.isClosing) {
      writes.turnAway(refused('not acknowledged: the mirror was deactivated'));
    }
    void holdUntilKnown(disk, pair.hold);
  }
}

async function recordInCopy(disk: MirrorDisk, wasInStep: boolean): Promise<void> {
  const { record } = disk.copy;
  const breakTime = disk.ports.clock.now();
  if (disk.pair.now.isActive) {
    await disk.writes.noteUnconfirmed(disk.copy.outOfSync);
    if (!wasInStep) return;
    disk.log('driverPortClosed', disk.p.number);
    await mint(disk, { latest: false, unserved: true, breakTime });
    await writeGeneration(disk, Number.POSITIVE_INFINITY);
  } else if (record.peerFollows && !record.peerYielded && record.latest) {
    await disk.copy.save({ latest: false, breakTime });
  }
}

/** A new generation, durable: this side is ahead from here. */
export async function mint(disk: MirrorDisk, change: Partial<CopyRecord> = {}): Promise<void> {
  const { record } = disk.copy;
  const follows = record.peerFollows || record.bases.length === 0;
  const { bases, history, generation } = wentAlone(record, disk.ports.random.id(), follows);
  const alone = { peerFollows: false, peerYielded: false, passedBy: null };
  await disk.copy.save({ ...alone, bases, history, generation, ...change });
}

/** The break is durable, and what had to be known elsewhere is: writes go on alone. */
async function goOn(disk: MirrorDisk): Promise<void> {
  try {
    await disk.copy.save({ latest: true });
  } catch (error) {
    await failDisk(disk, error);
  }
  disk.pair.tell({ type: 'writes.released' });
}

async function holdUntilKnown(disk: MirrorDisk, mine: number): Promise<void> {
  while (!disk.life.isOver && disk.pair.hold === mine) {
    if (await isAnyTrue([tellPeer(disk), isPeerOff(disk)])) {
      await disk.loop.run(async () => {
        if (disk.pair.hold === mine) await goOn(disk);
      });
      return;
    }
    await sleep(disk.ports.clock, RETRY_MS);
  }
}

/** As soon as one says so: over cut cables the other question would wait for nobody. */
async function isAnyTrue(answers: Promise<boolean>[]): Promise<boolean> {
  const yes = answers.map(async (answer) => (await answer) || Promise.reject(new Error('no')));
  return await Promise.any(yes).catch(() => false);
}

/** Without fencing the notice is a courtesy: the writes do not wait for it. */
async function tellInVain(disk: MirrorDisk): Promise<void> {
  for (
    let attempt = 0;
    attempt < TELL_ATTEMPTS && !disk.life.isOver && !disk.pair.session;
    attempt++
  ) {
    if (await tellPeer(disk)) return;
    await sleep(disk.ports.clock, RETRY_MS);
  }
}

/**
 * True when the other agent knows of the break, or does not run (a later one knows nothing). One
 * that hangs finds it written on its own server, before it takes any evidence (`heedNote`).
 */
async function tellPeer(disk: MirrorDisk): Promise<boolean> {
  const { server } = disk.ports;
  const { generation } = disk.copy.record;
  const forced = isForced(disk);
  const body = { do: 'peer-broke', mirror: disk.p.name, server, generation, forced };
  const told = disk.p.peers.map(async (peer) => {
    try {
      const reply = await disk.request({ server: peer, part: 'agent' }, body, TELL_MS);
      return isObject(reply) && reply.told === true;
    } catch (error) {
      if (error instanceof WireError && error.code === 'refused') return true;
      // Of a hybrid disk: one that is not current now knows nothing when it is, as one that starts.
      if (error instanceof RemoteError && error.code === NOT_CURRENT) return true;
      if (disk.p.isGrouped) return await isOff(disk, peer);
      return await leaveNote(disk, { generation, forced });
    }
  });
  return (await Promise.all(told)).every(Boolean);
}

/**
 * An operator gave the other copy up: its agent hears so, or finds it written on its server. Whom
 * neither reaches asks before it believes its own copy again (inquiry.ts).
 */
export async function tellGivenUp(disk: MirrorDisk): Promise<void> {
  const { generation } = disk.copy.record;
  if (disk.p.isGrouped) {
    await tellPeer(disk);
    return;
  }
  await Promise.all([tellPeer(disk), leaveNote(disk, { generation, forced: isForced(disk) })]);
}

/** `note` is as of the telling: the agent may end meanwhile. */
async function leaveNote(
  disk: MirrorDisk,
  note: { generation: string | null; forced: boolean },
): Promise<boolean> {
  const path = mirrorPassedPath(disk.p.name);
  const text = JSON.stringify(note);
  const body = { do: 'files', op: 'write', path, text };
  try {
    await disk.request({ server: disk.p.peer, part: 'host' }, body, TELL_MS);
    return true;
  } catch {
    return false;
  }
}

/** What the other side left while this agent did not answer: durable in the record from here. */
export async function heedNote(disk: MirrorDisk): Promise<void> {
  const { files } = disk.ports;
  const path = mirrorPassedPath(disk.p.name);
  const text = (await files?.read(path)) ?? null;
  if (text === null || !disk.copy.isOpen) return;
  const { generation, forced } = noteIn(text);
  const isKnown = knows(disk, generation) || (isForced(disk) && !forced);
  if (!isKnown && !disk.pair.now.isActive)
    await disk.copy.save({ latest: false, passedBy: generation });
  await files?.remove(path);
}

/** A note that cannot be read still says that the other side went on. */
function noteIn(text: string): { generation: string; forced: boolean } {
  try {
    const { generation, forced } = JSON.parse(text) as { generation?: unknown; forced?: unknown };
    return { generation: String(generation), forced: forced === true };
  } catch {
    return { generation: 'unreadable', forced: true };
  }
}

/** This copy bears that generation, or descends from it. */
function knows({ copy: { record } }: MirrorDisk, generation: string): boolean {
  return record.generation === generation || record.history.includes(generation);
}

/** The other copy was given up for this one, and was not in step with it since. */
export function isForced({ copy: { record }, p }: MirrorDisk): boolean {
  return record.victim === p.otherSide;
}

/** The management controllers of the other side say that its power is off. */
export async function isPeerOff(disk: MirrorDisk): Promise<boolean> {
  const off = await Promise.all(disk.p.peers.map((peer) => isOff(disk, peer)));
  return off.length > 0 && off.every(Boolean);
}

/** By the management controller of that server. */
export async function isOff(disk: MirrorDisk, server: string): Promise<boolean> {
  if (!disk.p.fencing) return false;
  const to = { server, part: 'bmc' as const };
  try {
    const reply = await disk.request(to, { do: 'power.status' }, TELL_MS);
    return isObject(reply) && reply.power === 'off';
  } catch {
    return false;
  }
}

/**
 * The other side says that it went on alone under `generation`. Durable when it answers: no
 * evidence makes this copy the latest afterwards. A late notice of a generation that this copy
 * already bears or descends from changes nothing, and neither does the break of a copy that was
 * given up for this one, unless it was itself `forced` since.
 */
export async function notePeerBroke(
  disk: MirrorDisk,
  generation: string,
  forced: boolean,
): Promise<JsonObject> {
  if (disk.pair.now.isActive) return { told: false, active: true };
  const isKnown = knows(disk, generation) || (isForced(disk) && !forced);
  if (isKnown || disk.pair.now.phase === 'idle' || disk.pair.now.phase === 'recovering')
    return { told: true };
  disk.pair.session?.close('the other side broke the mirror');
  return await disk.loop.run(async () => {
    await recordLoss(disk);
    if (disk.pair.now.isActive) return { told: false, active: true };
    if (disk.pair.session === null) await disk.copy.save({ latest: false, passedBy: generation });
    return { told: true };
  });
}

/** Keeps the generation where the other server can read it. False when the host did not take it. */
export async function writeGeneration(
  disk: MirrorDisk,
  attempts: number,
  copy: Pick<CopyRecord, 'generation' | 'peerFollows' | 'victim'> = disk.copy.record,
): Promise<boolean> {
  const { generation, peerFollows, victim } = copy;
  const text = JSON.stringify({ mirror: disk.p.name, generation, broke: !peerFollows, victim });
  const body = { do: 'files', op: 'write', path: generationFile(disk.p.name), text };
  for (let attempt = 1; attempt <= attempts && !disk.life.isOver; attempt++) {
    try {
      await disk.ask('host', body);
      return true;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (attempt === 1) {
        disk.log('noGenerationKept', disk.p.name, why);
      }
      await sleep(disk.ports.clock, RETRY_MS);
    }
  }
  return false;
}
