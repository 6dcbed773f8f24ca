/**
 * By what a copy that is RED because it lost its partner counts as the latest again. Each proof
 * says: the active side acknowledged nothing that this copy lacks.
 *
 *   yield                     the other agent, not active, yields durably over an interconnect
 *   notice, operatingSystem   the other host's file still names the generation that both had
 *   fence                     its power is off; with fencing configured it held its writes until
 *                             this side knew of the break; only in the life of the process that
 *                             saw the loss
 *
 * No proof counts once the other side told that it went on alone. v3 12.4.4, return value 81.
 */

import type { Evidence } from '../../../machines/mirror-events.ts';
import type { JsonObject } from '../../core/json.ts';
import { failureOf } from '../../messages/index.ts';
import type { RemoteError } from '../../ports/wire.ts';
import { holderOf } from '../agent/other-side.ts';
import { type Contact, forced, haveMet } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject } from '../refused.ts';
import { refusedFor } from '../spoken.ts';
import { generationFile, heedNote, isOff, recordLoss, tellGivenUp } from './loss.ts';

const ASK_MS = 500;
export const ACTIVE_THERE = 'the mirror is active on the other server';

/** The refusal of v3 12.4.4. */
export function notLatest(
  disk: MirrorDisk,
  why: string,
  reason: Parameters<typeof refusedFor>[0] = 'mdadmn.notLatest',
): RemoteError {
  const { text } = failureOf('md.notLatest', disk.p.name);
  return refusedFor(reason, `${text} ${why}`, 'mirror.notLatest');
}

/**
 * Makes this copy the latest, durably, or rejects with `mirror.notLatest`. `force`: an operator
 * gave up the other copy. To be called in the loop, without a connection.
 */
export async function prove(
  disk: MirrorDisk,
  evidence: Evidence | null,
  force: boolean,
): Promise<void> {
  const { record } = disk.copy;
  if (record.state === 'unknown') throw notLatest(disk, 'the mirror is not constructed');
  if (force) {
    await heedNote(disk);
    await disk.copy.flush();
    await disk.copy.save({
      ...forced(disk.copy.record, disk.ports.random.id()),
      victim: disk.p.otherSide,
      peerFollows: false,
      passedBy: null,
      autoRecoveryHeld: `forced on ${disk.ports.server} alone`,
    });
    await tellGivenUp(disk);
    return;
  }
  if (record.state === 'blank' || record.unfinished !== null) {
    throw notLatest(disk, 'a full mirror recovery must end first');
  }
  if (record.latest) {
    const why = `nobody tells what became of the copy on ${disk.p.peer} since the agent here ended`;
    throw notLatest(
      disk,
      `${why}; start it, or force this one, naming that copy as the one that dies`,
    );
  }
  const why = await whyNotProved(disk, evidence);
  if (why !== null) throw notLatest(disk, why);
  await disk.copy.save({ latest: true, peerYielded: true });
}

async function whyNotProved(disk: MirrorDisk, evidence: Evidence | null): Promise<string | null> {
  await heedNote(disk);
  const { record } = disk.copy;
  if (record.passedBy !== null) return 'the other side went on alone';
  if (record.lagging === true)
    return 'the mirror is asynchronous: acknowledged writes may be missing';
  if (!record.peerFollows) return 'this copy was not in step with the other one';
  if (evidence?.by === 'fence' && evidence.from === disk.p.peer) {
    if (!disk.p.fencing) return 'forced stop is not configured';
    if (!(await areOthersOff(disk))) return 'another server of the other side may serve its copy';
    return disk.pair.now.partedInStep ? null : 'this agent did not see how the connection was lost';
  }
  const answer = await askYield(disk);
  if (answer === 'yielded') return null;
  if (answer === 'active') return ACTIVE_THERE;
  if (!evidence) return 'recover the mirror, or force it naming the copy that dies';
  // A hybrid disk's other side leaves its file on whichever server was current.
  if (disk.p.isGrouped) return 'forced stop, or the current server of the other side, has to tell';
  return (await peerFileSaysSame(disk)) ? null : 'the other server does not confirm its generation';
}

/**
 * Besides its current server, which was stopped by force, none of the other side's servers may have
 * taken its copy over: each is off, or says that the stopped one still holds it.
 */
async function areOthersOff(disk: MirrorDisk): Promise<boolean> {
  const { peer, peers, dataDevice } = disk.p;
  const rest = peers.filter((name) => name !== peer);
  const holds = rest.map(async (name) => {
    const holder = await holderOf((...order) => disk.request(...order), name, dataDevice);
    return holder === peer || (await isOff(disk, name));
  });
  return (await Promise.all(holds)).every(Boolean);
}

async function peerFileSaysSame(disk: MirrorDisk): Promise<boolean> {
  const body = { do: 'files', op: 'read', path: generationFile(disk.p.name) };
  try {
    const to = { server: disk.p.peer, part: 'host' as const };
    const reply = await disk.request(to, body, ASK_MS);
    const text = isObject(reply) ? reply.text : reply;
    if (typeof text !== 'string') return false;
    const said = JSON.parse(text) as { generation?: unknown };
    return said.generation === disk.copy.record.generation;
  } catch {
    return false;
  }
}

/** Asks the other agent, over an interconnect, to yield. */
async function askYield(disk: MirrorDisk): Promise<'yielded' | 'active' | 'no'> {
  const { server } = disk.ports;
  const { generation, contact } = disk.copy.record;
  const contacts = { confirmed: contact.confirmed, proposed: contact.proposed };
  const body = { do: 'yield', mirror: disk.p.name, server, generation, contact: contacts };
  try {
    const reply = await disk.request({ server: disk.p.peer, part: 'agent' }, body, ASK_MS);
    if (!isObject(reply)) return 'no';
    if (reply.active === true) return 'active';
    return reply.yielded === true ? 'yielded' : 'no';
  } catch {
    return 'no';
  }
}

const isContact = (value: unknown): value is Contact =>
  typeof value === 'object' && value !== null && 'confirmed' in value && 'proposed' in value;

/** The other agent is about to activate: yield, durably, when this copy is no newer. */
export async function answerYield(disk: MirrorDisk, body: JsonObject): Promise<JsonObject> {
  if (disk.pair.now.isActive || disk.pair.now.isActivating) return { yielded: false, active: true };
  disk.pair.session?.close('the other side lost the connection');
  return await disk.loop.run(async () => {
    await recordLoss(disk);
    const { record } = disk.copy;
    const { contact, generation, server } = body;
    const same = record.generation !== null && record.generation === generation;
    const whole = record.unfinished === null && record.state === 'constructed';
    const met = isContact(contact) && haveMet(record.contact, contact);
    if (!same || !whole || !met || disk.pair.session || disk.pair.now.isActive)
      return { yielded: false };
    await disk.copy.save({ latest: false, passedBy: `yielded to ${String(server)}` });
    return { yielded: true };
  });
}
