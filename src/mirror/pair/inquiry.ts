/**
 * The other side's answer on a copy that counts as the latest by its own record only.
 *
 *     agent starts ──► the record says "latest" ──► a claim: RED, `latest` unknown
 *                                                    │ answer: its copy is no newer ──► GREEN
 *                                                    │ answer: it went on, or was forced ──► behind
 *                                                    └ nobody answers ──► stays a claim; asked again
 *
 * While this agent did not run, an operator may have given this copy up by forcing the other one
 * (v3 11.10.6), and nothing here tells so. So a claim from an earlier life starts nothing: it wants
 * a meeting, the answer of the other agent over an interconnect, the file by which the other host
 * names the generation of its copy, its controller's answer that it was not on since
 * (peer-power.ts), or an operator. A copy that was compared in the life of this
 * process keeps its claim while nobody answers, and loses it as soon as somebody objects.
 */
import type { Json, JsonObject } from '../../core/json.ts';
import { sleep } from '../../ports/clock.ts';
import { type Copy, judge } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject } from '../refused.ts';
import { generationFile, heedNote, isForced, tellGivenUp } from './loss.ts';
import { isCopy, myCopy } from './meeting.ts';
import { wasOffSince } from './peer-power.ts';

const ASK_MS = 500;
const AGAIN_MS = 1000;

/**
 * `older`: no newer than this copy, and not active. `passed`: newer, or neither can be proved.
 * `unknown`: nobody answers, or what is answered tells nothing.
 */
export type Answer =
  /** `unseen`: nobody looked at the other copy, but it was not touched (peer-power.ts). */
  | { says: 'older'; unseen?: true }
  | { says: 'unknown' }
  | { says: 'passed'; by: string }
  /** `by`: its generation, where that is newer than this copy's. */
  | { says: 'active'; by: string | null };

const UNKNOWN: Answer = { says: 'unknown' };

/** Asks the other agent, and the other host in case the agent does not answer. */
export async function askPeer(disk: MirrorDisk): Promise<Answer> {
  if (disk.p.peer === '') return { says: 'older' };
  const [agent, host] = await Promise.all([askAgent(disk), readFile(disk)]);
  if (agent ?? host) return agent ?? host ?? UNKNOWN;
  return (await wasOffSince(disk)) ? { says: 'older', unseen: true } : UNKNOWN;
}

async function askAgent(disk: MirrorDisk): Promise<Answer | null> {
  const body = { do: 'compare', mirror: disk.p.name, server: disk.ports.server };
  try {
    const reply = await disk.request({ server: disk.p.peer, part: 'agent' }, body, ASK_MS);
    if (!isObject(reply)) return null;
    const copy = isCopy(reply.copy) ? (reply.copy as unknown as Copy) : null;
    const answer = copy ? answerOf(disk, copy, reply.victim) : UNKNOWN;
    if (reply.active !== true) return answer;
    return { says: 'active', by: answer.says === 'passed' ? answer.by : null };
  } catch {
    return null;
  }
}

/** What the other copy means for this one; `victim`: whose copy was given up for the other one. */
function answerOf(disk: MirrorDisk, theirs: Copy, victim: Json | undefined): Answer {
  const { verdict } = judge(myCopy(disk), theirs);
  if (verdict === 'same' || verdict === 'sourceMe') return { says: 'older' };
  if (verdict === 'unconstructed') return UNKNOWN;
  const isGivenUp = isForced(disk) && victim !== disk.p.side;
  if (verdict === 'bothChanged' && isGivenUp) return { says: 'older' };
  return { says: 'passed', by: theirs.generation ?? 'unknown' };
}

/** The file by which the other host tells the generation; null: it tells nothing. */
async function readFile(disk: MirrorDisk): Promise<Answer | null> {
  // A hybrid disk's other side leaves its file on whichever server was current.
  if (disk.p.isGrouped) return null;
  const body = { do: 'files', op: 'read', path: generationFile(disk.p.name) };
  try {
    const reply = await disk.request({ server: disk.p.peer, part: 'host' }, body, ASK_MS);
    const text = isObject(reply) ? reply.text : reply;
    const said = JSON.parse(String(text)) as { generation?: unknown; victim?: unknown };
    const { generation, victim } = said;
    if (typeof generation !== 'string') return null;
    const { record } = disk.copy;
    const isMine = [record.generation, ...record.bases, ...record.history].includes(generation);
    const isGivenUp = isForced(disk) && victim === null;
    return isMine || isGivenUp ? { says: 'older' } : { says: 'passed', by: generation };
  } catch {
    return null;
  }
}

/** The other agent asks for this copy before it believes its own. Changes nothing. */
export function answerCompare(disk: MirrorDisk): JsonObject {
  // What is only just being decided is no answer yet.
  if (disk.pair.now.isActivating) return { active: true };
  const copy = myCopy(disk) as unknown as Json;
  return { active: disk.pair.now.isActive, copy, victim: disk.copy.stored?.victim ?? null };
}

/**
 * Asks what became of the other copy, and makes durable what is learned: the claim of this one is
 * vouched for, or ends. To be called in the loop, without a connection.
 */
export async function checkClaim(disk: MirrorDisk): Promise<Answer> {
  await heedNote(disk);
  if (!disk.copy.record.latest) return UNKNOWN;
  const answer = await askPeer(disk);
  if (disk.pair.session || disk.pair.now.isActive) return answer;
  const isSeen = answer.says !== 'unknown' && !('unseen' in answer);
  if (isSeen) disk.pair.noteCompared(disk.ports.clock.now());
  if (answer.says === 'older') vouch(disk);
  else if ('by' in answer && answer.by !== null) {
    await disk.copy.save({ latest: false, passedBy: answer.by });
  }
  return answer;
}

function vouch(disk: MirrorDisk): void {
  disk.copy.vouch();
  // Whoever was given up may not have heard so: the force and the telling are two steps.
  if (isForced(disk)) void tellGivenUp(disk);
}

/** From the start of the agent until somebody vouched for the claim of this copy, or denied it. */
export async function seekAnswer(disk: MirrorDisk): Promise<void> {
  const isOpen = () => {
    return disk.copy.stored?.latest === true && !disk.copy.isVouched && !disk.life.isOver;
  };
  while (isOpen()) {
    await disk.loop.run(async () => {
      if (isOpen() && !disk.pair.session && !disk.pair.now.isFailed) await checkClaim(disk);
    });
    if (isOpen()) await sleep(disk.ports.clock, AGAIN_MS);
  }
}
