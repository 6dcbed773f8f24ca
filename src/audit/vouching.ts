/**
 * Who vouches for a record: anchors stored elsewhere, and checkpoints within it that somebody
 * signed. A signature counts only where allowed signers are given; whose it is, nobody else knows.
 */
import type { Trust } from '../ports/signatures.ts';
import { verifySignature } from '../signing/index.ts';
import type { StoredAnchor } from './anchors.ts';
import { checkpointText, type SignedCheckpoint } from './checkpoint.ts';
import type { Problem, Walk } from './walk.ts';

export interface Vouched {
  problem: Problem | null;
  /** Entries up to here are those that an anchor names. */
  byAnchor: number | null;
  /** Entries up to here are signed for. */
  bySignature: number | null;
  /** Who and where, for people, of the last of each. */
  anchorWords: string | null;
  signatureWords: string | null;
  /** Signatures that nobody looked at, for want of allowed signers. */
  unread: number;
  unsigned: number;
}

export type SignatureFound =
  | { kind: 'unsigned' | 'unread' }
  | { kind: 'holds'; words: string }
  | { kind: 'fails'; why: string };

export function readSigned(
  { checkpoint, signature }: SignedCheckpoint,
  trust: Trust | null,
): SignatureFound {
  if (signature === null) return { kind: 'unsigned' };
  if (trust === null) return { kind: 'unread' };
  const { by, at } = checkpoint;
  if (by === null) return { kind: 'fails', why: 'it is signed and does not say by whom' };
  const verdict = verifySignature(checkpointText(checkpoint), signature, {
    trust,
    principal: by,
    namespace: 'drydock.checkpoint',
    at: Date.parse(at),
  });
  if (!verdict.ok)
    return { kind: 'fails', why: `the signature of ${by} does not hold: ${verdict.why}` };
  return { kind: 'holds', words: `signed by ${by} (${verdict.fingerprint}) at ${at}` };
}

/** What one anchor says of the record; null: it fits. */
function anchorProblem(anchor: StoredAnchor, walk: Walk, sound: number): Problem | null {
  const { seq, hash, place, signed } = anchor;
  const found = walk.wanted.get(seq) ?? null;
  if (found === null) {
    if (seq > walk.end) {
      const why = `${place} names entry ${seq}, and the record ends at ${walk.end}`;
      return { entry: walk.end + 1, why };
    }
    return { entry: seq, why: `entry ${seq}, which ${place} names, is not there as it was` };
  }
  if (found !== hash) {
    const from = sound + 1;
    const part =
      from === seq ? `entry ${seq} was` : `entries from one of ${from} to ${seq} on were`;
    return { entry: from, why: `${part} written anew: ${place} names another entry ${seq}` };
  }
  if (!signed) return null;
  const { root, record } = signed.checkpoint;
  const isKnown = walk.isWhole && walk.tree.size >= seq;
  if (isKnown && (walk.tree.root(seq) !== root || walk.record !== record)) {
    return { entry: seq, why: `${place} contradicts itself: its root is not that of entry ${seq}` };
  }
  return null;
}

function first(a: Problem | null, b: Problem): Problem {
  return a === null || b.entry < a.entry ? b : a;
}

function useAnchors(
  vouched: Vouched,
  walk: Walk,
  anchors: StoredAnchor[],
  trust: Trust | null,
): void {
  for (const anchor of [...anchors].sort((a, b) => a.seq - b.seq)) {
    const signature = anchor.signed ? readSigned(anchor.signed, trust) : null;
    if (signature?.kind === 'fails') {
      const why = `${anchor.place}: ${signature.why}`;
      vouched.problem = first(vouched.problem, { entry: anchor.seq, why });
      continue;
    }
    const problem = anchorProblem(anchor, walk, vouched.byAnchor ?? 0);
    if (problem) vouched.problem = first(vouched.problem, problem);
    else {
      vouched.byAnchor = anchor.seq;
      const also = signature?.kind === 'holds' ? `, ${signature.words}` : '';
      vouched.anchorWords = `entry ${anchor.seq} is the one that ${anchor.place} names${also}`;
    }
  }
}

function useSignatures(vouched: Vouched, walk: Walk, trust: Trust | null): void {
  for (const seen of walk.checkpoints) {
    const signature = readSigned(seen, trust);
    if (signature.kind === 'unsigned') vouched.unsigned += 1;
    if (signature.kind === 'unread') vouched.unread += 1;
    if (signature.kind === 'fails') {
      const why = `entry ${seen.seq}, a checkpoint: ${signature.why}`;
      vouched.problem = first(vouched.problem, { entry: seen.seq, why });
    }
    if (signature.kind !== 'holds' || seen.fits === null) continue;
    const { size } = seen.checkpoint;
    if (seen.fits) {
      vouched.bySignature = size;
      vouched.signatureWords = `entries 1 to ${size} are ${signature.words}`;
    } else {
      const from = (vouched.bySignature ?? 0) + 1;
      const part =
        from === size ? `entry ${size} was` : `entries from one of ${from} to ${size} on were`;
      const why = `${part} written anew: what was ${signature.words} is not what stands there`;
      vouched.problem = first(vouched.problem, { entry: from, why });
    }
  }
}

export function vouchedFor(walk: Walk, anchors: StoredAnchor[], trust: Trust | null): Vouched {
  const vouched: Vouched = {
    problem: null,
    byAnchor: null,
    bySignature: null,
    anchorWords: null,
    signatureWords: null,
    unread: 0,
    unsigned: 0,
  };
  useAnchors(vouched, walk, anchors, trust);
  useSignatures(vouched, walk, trust);
  return vouched;
}
