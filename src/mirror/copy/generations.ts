/**
 * Which copy of a mirror is the newer one, decided by generation identifiers as DRBD does, and by
 * nothing else: no clock, no colour. Pure.
 *
 * A generation names the contents of a copy. A side that goes on alone first mints a new one, so
 * a copy that carries an older generation cannot have what was written since. `bases` are the
 * generations (and interrupted recoveries) against which the out-of-sync map is complete; while it
 * is not empty the two copies differ, or may.
 *
 *     in step   G            G         bases []  and []
 *     break     G'  [G]      G         left went on alone from G
 *     recovery  G'  [G,R]    G ⟶R      right is the unfinished target of recovery R
 *     in step   G'           G'
 *
 * `contact` names the last meeting of the two sides: a copy restored from an image made before it
 * carries an older one, and so never passes for what it was. A copy that is known to be restored
 * (x5 2.18 to 2.20) bears a new generation and the mark `restored` until it was copied anew or an
 * operator named it the latest: it is no source, and nothing that a map says holds for it.
 *
 * Rules: v3 11.10.5 (both sides changed or unprovable: the operator decides); ARCHITECTURE, "Who
 * may serve a mirror". Unknown counts as newer.
 */
import type { Judgement } from '../../../machines/mirror-pair.ts';

/** What the judge looks at. StoredBlocks in the cluster partition of each copy. */
export interface Copy {
  /** unknown: never initialised or unreadable; blank: initialised, holds no data of the mirror. */
  state: 'unknown' | 'blank' | 'constructed';
  generation: string | null;
  bases: string[];
  /** Older generations of this copy's line, newest first. */
  history: string[];
  contact: Contact;
  /** Id of the recovery whose half-written target this copy is; such a copy is no source. */
  unfinished: string | null;
  /** Which restoration from a disk image this copy comes from; null or left out: none. */
  restored?: string | null;
  latest: boolean;
  diskError: boolean;
  /** Its generation is minted, but nothing was acknowledged under it: the writes were held. */
  unserved?: boolean;
}

/** Identifier of the last meeting that both sides confirmed, and of one under way. */
export interface Contact {
  confirmed: string | null;
  proposed: string | null;
}

interface Rule {
  /** `firstIsSource` is tried both ways round. */
  says: 'firstIsSource' | 'same' | 'bothChanged' | 'unrelated' | 'unconstructed';
  full: boolean;
  why: string;
  holds(first: Copy, second: Copy): boolean;
}

/** The record of a copy has a fixed place: what grows in it is bounded. */
export const HISTORY_LIMIT = 64;
export const BASES_LIMIT = 64;

function lineOf(copy: Copy): string[] {
  return [copy.generation ?? '', ...copy.bases, ...copy.history].filter(Boolean);
}

/** The meeting that both remember, or null. */
export function lastMeeting(first: Contact, second: Contact): string | null {
  const mine = [first.confirmed, first.proposed];
  const theirs = [second.proposed, second.confirmed];
  return theirs.find((id) => id !== null && mine.includes(id)) ?? null;
}

export function haveMet(first: Contact, second: Contact): boolean {
  return lastMeeting(first, second) !== null;
}

const isBlank = (copy: Copy): boolean => copy.state === 'blank';
const isWhole = (copy: Copy): boolean => copy.state === 'constructed' && copy.unfinished === null;
const isAhead = (first: Copy, second: Copy): boolean =>
  !lineOf(second).includes(first.generation ?? '') && isWhole(first);
const isRestored = (copy: Copy): boolean => (copy.restored ?? null) !== null;
const hasBase = (first: Copy, id: string | null): boolean =>
  id !== null && first.bases.includes(id);

/** Read from the top; the first rule that holds decides. */
const RULES: Rule[] = [
  {
    says: 'unconstructed',
    full: false,
    why: 'a cluster partition is not initialised or cannot be read',
    holds: (a, b) => a.state === 'unknown' || b.state === 'unknown',
  },
  {
    says: 'unconstructed',
    full: true,
    why: 'neither copy was constructed yet',
    holds: (a, b) => isBlank(a) && isBlank(b),
  },
  {
    says: 'firstIsSource',
    full: true,
    why: 'the other disk is blank',
    holds: (a, b) => isBlank(b) && isWhole(a) && a.latest,
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'one disk is blank and the other copy cannot be proved to be the latest',
    holds: (a, b) => isBlank(a) || isBlank(b),
  },
  {
    says: 'firstIsSource',
    full: true,
    why: 'the other copy was restored from a disk image',
    holds: (a, b) => isRestored(b) && !isRestored(a) && isWhole(a) && a.latest,
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'a copy was restored from a disk image and the other is not provably the latest',
    holds: (a, b) => isRestored(a) || isRestored(b),
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'both copies are unfinished targets of a recovery',
    holds: (a, b) => a.unfinished !== null && b.unfinished !== null,
  },
  {
    says: 'firstIsSource',
    full: false,
    why: 'a recovery in this direction was interrupted',
    holds: (a, b) => isWhole(a) && hasBase(a, b.unfinished),
  },
  {
    says: 'firstIsSource',
    full: true,
    why: 'the other copy is the unfinished target of a recovery',
    holds: (a, b) => isWhole(a) && b.unfinished !== null && a.latest,
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'one copy is unfinished and the other cannot be proved to be the latest',
    holds: (a, b) => a.unfinished !== null || b.unfinished !== null,
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'the copies bear one generation but did not meet last: one was restored from an image',
    holds: (a, b) => a.generation === b.generation && !haveMet(a.contact, b.contact),
  },
  {
    says: 'firstIsSource',
    full: true,
    why: 'the other copy had a disk error',
    holds: (a, b) => a.generation === b.generation && b.diskError && !a.diskError,
  },
  {
    says: 'same',
    full: false,
    why: 'both copies bear one generation and neither went on',
    holds: (a, b) => a.generation === b.generation && a.bases.length === 0 && b.bases.length === 0,
  },
  {
    says: 'firstIsSource',
    full: false,
    why: 'the other side stopped while it was active and this side is known to be the latest',
    holds: (a, b) => a.generation === b.generation && a.latest && !b.latest,
  },
  {
    says: 'firstIsSource',
    full: false,
    why: 'this side stopped while it was active: what was in flight may differ',
    holds: (a, b) => a.generation === b.generation && a.bases.length > 0 && b.bases.length === 0,
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'both copies bear one generation and both may have gone on',
    holds: (a, b) => a.generation === b.generation,
  },
  {
    says: 'firstIsSource',
    full: false,
    why: 'this side went on alone from where the other one stayed',
    holds: (a, b) =>
      hasBase(a, b.generation) && isAhead(a, b) && haveMet(a.contact, b.contact) && !b.diskError,
  },
  {
    says: 'firstIsSource',
    full: true,
    why: 'the other copy is an older one of this line',
    holds: (a, b) => isAhead(a, b) && lineOf(a).includes(b.generation ?? ''),
  },
  {
    says: 'firstIsSource',
    full: false,
    why: 'the other side broke the mirror and stopped before it acknowledged anything alone',
    holds: (a, b) =>
      b.unserved === true &&
      a.unserved !== true &&
      hasBase(a, b.history[0] ?? null) &&
      hasBase(b, b.history[0] ?? null) &&
      isWhole(a) &&
      isWhole(b) &&
      haveMet(a.contact, b.contact) &&
      !b.diskError,
  },
  {
    says: 'bothChanged',
    full: true,
    why: 'both copies went on from a common generation',
    holds: (a, b) => lineOf(a).some((id) => lineOf(b).includes(id)),
  },
  {
    says: 'unrelated',
    full: true,
    why: 'the copies have no generation in common: they are of different mirrors',
    holds: () => true,
  },
];

function decide(rule: Rule, mine: Copy, theirs: Copy): Judgement | null {
  const { full, why } = rule;
  if (rule.says !== 'firstIsSource') {
    return rule.holds(mine, theirs) ? { verdict: rule.says, full, why } : null;
  }
  const me = rule.holds(mine, theirs);
  const peer = rule.holds(theirs, mine);
  if (me && peer)
    return { verdict: 'bothChanged', full: true, why: 'either copy may be the newer' };
  if (me) return { verdict: 'sourceMe', full, why };
  return peer ? { verdict: 'sourcePeer', full, why } : null;
}

/**
 * Compares two copies. Symmetric: what is `sourceMe` on one side is `sourcePeer` on the other.
 * A source verdict means that the source holds every acknowledged write that the other one holds.
 */
export function judge(mine: Copy, theirs: Copy): Judgement {
  for (const rule of RULES) {
    const judgement = decide(rule, mine, theirs);
    if (judgement) return judgement;
  }
  return { verdict: 'unrelated', full: true, why: 'no rule holds' };
}

function remember(copy: Copy): string[] {
  const older = copy.generation === null ? copy.history : [copy.generation, ...copy.history];
  return [...new Set(older)].slice(0, HISTORY_LIMIT);
}

/**
 * Beyond the limit the second oldest goes: whoever bears a base that is forgotten gets a full copy.
 * The list is never emptied by it, so that two copies that differ never pass for equal.
 */
function including(ids: string[], id: string | null): string[] {
  const all = id === null || ids.includes(id) ? ids : [...ids, id];
  return all.length <= BASES_LIMIT ? all : [all[0]!, ...all.slice(1 - BASES_LIMIT)];
}

/** A copy whose cluster partition was just initialised. */
export function blankCopy(): Copy {
  return {
    state: 'blank',
    generation: null,
    bases: [],
    history: [],
    contact: { confirmed: null, proposed: null },
    unfinished: null,
    latest: false,
    diskError: false,
  };
}

export function unknownCopy(): Copy {
  return { ...blankCopy(), state: 'unknown' };
}

/** The first copy of a mirror: everything in it is new. */
export function constructed(copy: Copy, generation: string): Copy {
  return {
    ...copy,
    state: 'constructed',
    generation,
    bases: [],
    history: [],
    unfinished: null,
    restored: null,
    latest: true,
  };
}

/**
 * The copy comes from a disk image (restoration `id`): whatever bears the old generation is not it.
 * The older ones stay in its history, so that it is still seen to be of this mirror.
 */
export function restoredFromImage(copy: Copy, minted: string, id: string): Copy {
  const generation = minted;
  return { ...copy, generation, history: remember(copy), bases: [], restored: id, latest: false };
}

/**
 * This side goes on alone under `minted`. `peerMayFollow`: the other copy may hold everything up
 * to now under the present generation, so that the map counts from it.
 */
export function wentAlone(copy: Copy, minted: string, peerMayFollow: boolean): Copy {
  const bases = peerMayFollow ? including(copy.bases, copy.generation) : copy.bases;
  return { ...copy, generation: minted, bases, history: remember(copy), latest: true };
}

/** Found active at start: it ended without order, writes in flight may be on one copy only. */
export function crashed(copy: Copy, peerMayFollow: boolean): Copy {
  if (copy.state !== 'constructed' || !peerMayFollow) return copy;
  return { ...copy, bases: including(copy.bases, copy.generation) };
}

/** Source of recovery `id`: from here the map is complete for its half-written target as well. */
export function sourceOf(copy: Copy, id: string): Copy {
  return { ...copy, bases: including(copy.bases, id) };
}

/** The target may take over the present generation any moment now: it has it, or nearly. */
export function finishing(copy: Copy): Copy {
  return { ...copy, bases: including(copy.bases, copy.generation) };
}

export function targetOf(copy: Copy, id: string): Copy {
  return { ...copy, state: 'constructed', unfinished: id, restored: null, latest: false };
}

/** The target has every block of the source: it becomes that copy. */
export function adopted(copy: Copy, source: Pick<Copy, 'generation' | 'history'>): Copy {
  return {
    ...copy,
    state: 'constructed',
    generation: source.generation,
    history: source.history.slice(0, HISTORY_LIMIT),
    bases: [],
    unfinished: null,
    restored: null,
    latest: true,
    diskError: false,
  };
}

/** The source learned that the target finished: no difference is left. */
export function completed(copy: Copy): Copy {
  return { ...copy, bases: [], latest: true };
}

/** An operator named this copy the latest and the other one the victim (v3 11.10.5, 11.10.6). */
export function forced(copy: Copy, minted: string): Copy {
  return {
    ...copy,
    state: 'constructed',
    generation: minted,
    history: remember(copy),
    bases: [],
    unfinished: null,
    restored: null,
    latest: true,
  };
}
