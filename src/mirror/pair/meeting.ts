/**
 * How two sides meet on a fresh connection. The first server of the configuration connects.
 *
 *     connecting side                              listening side
 *     hello {copy, contact, map} ────────────────► judges; keeps the proposed contact
 *     judges alike               ◄──────────────── hello {copy, map}
 *     yields, if it must, durably
 *     met ───────────────────────────────────────► durable, live
 *     takes what it won, durable, live ◄────────── ok
 *
 * Whoever loses by the judgement is durable before whoever wins, so that never two copies count
 * as the latest. Both hold their turn meanwhile: neither activates nor breaks in between.
 */
import type { Judgement, PeerFacts } from '../../../machines/mirror-pair.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { type Copy, finishing, judge, lastMeeting, unknownCopy } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Frame, Question, Session } from '../link/session.ts';
import { isObject, refused } from '../refused.ts';
import { heedNote, recordLoss } from './loss.ts';
import { sayThatSizesDiffer } from './sizes.ts';

const PROTOCOL = 1;

interface Hello {
  copy: Copy;
  facts: PeerFacts;
  quick: boolean;
  map: Uint8Array;
}

/**
 * What the connecting side begins: of two blank copies the initial construction, of two that were
 * restored to be equal (clprestore.sh --skip-copy) a verify.
 */
export type Outcome = { judgement: Judgement; construct: 'no' | 'copy' | 'compare' | 'verify' };

/** This copy as the other side is told of it. */
export function myCopy(disk: MirrorDisk): Copy {
  const record = disk.copy.stored;
  if (!record || disk.pair.now.isFailed) return unknownCopy();
  const { state, generation, bases, history, contact, unfinished, latest, diskError } = record;
  const restored = record.restored ?? null;
  // An active side is about to acknowledge: what it held so far goes on with this meeting.
  const unserved = record.unserved === true && !disk.pair.now.isActive;
  const copy = { state, generation, bases, history, contact, unfinished, restored };
  return { ...copy, latest, diskError, unserved };
}

function hello(disk: MirrorDisk, copy: Copy): JsonObject {
  return {
    protocol: PROTOCOL,
    mirror: disk.p.name,
    server: disk.ports.server,
    sizeBytes: disk.copy.sizeBytes,
    copy: copy as unknown as Json,
    active: disk.pair.now.isActive,
    diskError: disk.pair.now.isFailed || copy.diskError,
    victim: disk.copy.stored?.victim ?? null,
    quick: disk.copy.stored?.quick ?? false,
  };
}

/** Identifiers of the other side are kept in a record of fixed size. */
const MOST_ID = 100;
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= MOST_ID;
const isTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);
const isId = (value: unknown): boolean => value === null || isText(value);

export function isCopy(value: Json | undefined): boolean {
  if (!isObject(value)) return false;
  const { state, generation, bases, history, contact, unfinished } = value;
  return (
    (state === 'unknown' || state === 'blank' || state === 'constructed') &&
    isId(generation) &&
    isId(unfinished) &&
    isId(value.restored ?? null) &&
    isTexts(bases) &&
    isTexts(history) &&
    isObject(contact) &&
    isId(contact.confirmed) &&
    isId(contact.proposed)
  );
}

function readHello(disk: MirrorDisk, frame: Frame): Hello {
  const { header, payload } = frame;
  if (header.protocol !== PROTOCOL || !isCopy(header.copy)) {
    throw refused('a greeting that this version does not understand', 'mirror.protocol');
  }
  const copy = header.copy as unknown as Copy;
  const size = disk.copy.sizeBytes;
  const known = copy.state !== 'unknown' && size > 0;
  // Between the two halves of a resize they differ; a recovery to the smaller one is refused.
  const resized = copy.state === 'constructed' && disk.copy.isConstructed;
  if (known && header.sizeBytes !== size && !resized) {
    throw refused(`the data partitions differ in size: ${size} and ${header.sizeBytes}`);
  }
  const facts = {
    active: header.active === true,
    diskError: header.diskError === true,
    victim: isText(header.victim) ? header.victim : null,
    sizeBytes: Number(header.sizeBytes ?? size),
  };
  return { copy, facts, quick: header.quick === true, map: payload };
}

const mapOf = (disk: MirrorDisk): Uint8Array =>
  disk.copy.stored?.state === 'constructed' && disk.copy.record.bases.length > 0
    ? disk.copy.outOfSync.toBytes()
    : new Uint8Array(0);

/**
 * A meeting is remembered only when no full copy is due: a copy that was restored from an image
 * must not pass at the next meeting either.
 */
const isRemembered = (judgement: Judgement): boolean =>
  judgement.verdict === 'same' || (judgement.verdict.startsWith('source') && !judgement.full);

/** The connecting side. Rejects with LinkLost or RemoteError when they did not meet. */
export async function meet(disk: MirrorDisk, session: Session): Promise<Outcome> {
  return await disk.loop.run(async () => {
    await recordLoss(disk);
    await heedNote(disk);
    const mine = myCopy(disk);
    const contact = disk.ports.random.id();
    const limit = disk.p.connectTimeoutMs;
    const greeting = { ...hello(disk, mine), contact };
    const theirs = readHello(disk, await session.ask('hello', greeting, mapOf(disk), limit));
    const judgement = judge(mine, theirs.copy);
    const wins = judgement.verdict === 'sourceMe' || judgement.verdict === 'same';
    // Before the other side takes this meeting for the last one, it is known here as well.
    if (wins) await propose(disk, judgement, theirs, contact);
    else await conclude(disk, judgement, theirs, contact);
    await session.ask('met', {}, undefined, limit);
    if (wins) await conclude(disk, judgement, theirs, contact);
    disk.pair.connect(session, judgement, theirs.facts);
    sayThatSizesDiffer(disk);
    return { judgement, construct: constructs(disk, theirs) };
  });
}

/** The listening side, from the first question on. */
export async function accept(
  disk: MirrorDisk,
  session: Session,
  first: Question,
): Promise<Outcome> {
  return await disk.loop.run(async () => {
    disk.pair.session?.close('replaced by a new connection');
    await recordLoss(disk);
    await heedNote(disk);
    const mine = myCopy(disk);
    const theirs = readHello(disk, first);
    const { contact } = first.header;
    if (!isText(contact)) throw refused('a greeting without a contact', 'mirror.protocol');
    const judgement = judge(mine, theirs.copy);
    await propose(disk, judgement, theirs, contact);
    const met = session.expect('met', disk.p.connectTimeoutMs);
    first.reply(hello(disk, mine), mapOf(disk));
    const question = await met;
    await conclude(disk, judgement, theirs, contact);
    disk.pair.connect(session, judgement, theirs.facts);
    sayThatSizesDiffer(disk);
    question.reply({});
    return { judgement, construct: 'no' };
  });
}

/** Keeps the contact of a meeting that may end without this side hearing of it. */
async function propose(
  disk: MirrorDisk,
  judgement: Judgement,
  theirs: Hello,
  contact: string,
): Promise<void> {
  if (!disk.copy.isOpen || !isRemembered(judgement)) return;
  const confirmed = lastMeeting(disk.copy.record.contact, theirs.copy.contact);
  await disk.copy.save({ contact: { confirmed, proposed: contact } });
}

function constructs(disk: MirrorDisk, theirs: Hello): Outcome['construct'] {
  const record = disk.copy.stored;
  const { copy } = theirs;
  if (record?.state === 'constructed' && copy.state === 'constructed') {
    const isBoth = (record.restored ?? null) !== null && (copy.restored ?? null) !== null;
    return isBoth && record.quick && theirs.quick ? 'verify' : 'no';
  }
  if (record?.state !== 'blank' || copy.state !== 'blank') return 'no';
  if (!disk.p.constructs) {
    disk.logIfKnown('constructionNotExecuted', disk.p.device);
    return 'no';
  }
  return record.quick && theirs.quick ? 'compare' : 'copy';
}

/** Makes the judgement durable on this side. */
async function conclude(
  disk: MirrorDisk,
  judgement: Judgement,
  theirs: Hello,
  contact: string,
): Promise<void> {
  if (!disk.copy.isConstructed) return;
  const { outOfSync } = disk.copy;
  if (disk.pair.now.isActive) await disk.copy.save({ unserved: false });
  const met = isRemembered(judgement) ? { contact: { confirmed: contact, proposed: null } } : {};
  switch (judgement.verdict) {
    case 'same':
      outOfSync.clearAll();
      await outOfSync.commit();
      await disk.copy.save({
        ...met,
        latest: true,
        lagging: false,
        peerFollows: true,
        peerYielded: false,
        passedBy: null,
      });
      return;
    case 'sourceMe': {
      if (judgement.full) await outOfSync.setAll();
      else await mergeMaps(disk, theirs);
      const { record } = disk.copy;
      await disk.copy.save({
        ...met,
        latest: true,
        peerFollows: false,
        peerYielded: true,
        passedBy: null,
        bases: record.bases.length > 0 ? record.bases : finishing(record).bases,
      });
      return;
    }
    case 'sourcePeer':
      await disk.copy.save({ ...met, latest: false, peerFollows: false });
      return;
    default: {
      // Neither can be proved; what an operator has forced stays what it is (v3 11.10.5).
      // A copy that cannot be read takes nothing from one that serves, nor from one whose claim was
      // vouched for in the life of this process, nor from one that the other side said durably has
      // everything, or is ahead: nothing was served there since (v3 10.8, 6.7.2).
      const { latest: was, peerYielded, victim } = disk.copy.record;
      // Forced in turn, each without the other: what an operator said last is not known.
      const isCounter = theirs.facts.victim === disk.p.side && !disk.pair.now.isActive;
      const isKnown = disk.pair.now.isActive || disk.copy.isProvedLatest || (was && peerYielded);
      const keeps = theirs.copy.state === 'unknown' && isKnown && !isCounter;
      // Its writes were held until the other side knew of the break (forced stop): it does now.
      const latest = keeps || (victim === disk.p.otherSide && was && !isCounter);
      await disk.copy.save({ ...met, latest, peerFollows: false });
    }
  }
}

/** What either side may have that the other lacks: the two maps together. */
async function mergeMaps(disk: MirrorDisk, theirs: Hello): Promise<void> {
  const { record, outOfSync } = disk.copy.partition;
  // A map without a base is left over from an older recovery and says nothing.
  if (record.bases.length === 0) outOfSync.clearAll();
  await outOfSync.merge(theirs.map);
}
