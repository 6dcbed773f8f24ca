/**
 * Which policy of those at hand counts. Each version is signed by somebody whom the version before
 * it lets sign policies; the first one has nothing to lean on but itself, and is the one that the
 * servers have held for longest. What does not follow is passed over, and said. Where nothing can be
 * believed at all a judge allows nothing.
 */
import { describeError } from '../core/errors.ts';
import type { Trust } from '../ports/signatures.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { CLOCK_SLACK_MS, keysOf, verifySignature } from '../signing/index.ts';
import { readPolicy } from './documents.ts';
import { NO_RECEIPTS, type Receipts, rankOf, receiptOf } from './receipts.ts';

export type Role = Policy['people'][number]['roles'][number];

export function trustOf(policy: Policy | null): Trust {
  return { signers: policy?.signers ?? [], revoked: policy?.revoked ?? [] };
}

export function hasRole(policy: Policy, principal: string, role: Role): boolean {
  return policy.people.some((one) => one.principal === principal && one.roles.includes(role));
}

/** `anna` covers anna on every host, `anna@control` only there. */
export function loginCovers(login: string, who: string): boolean {
  return login === who || login === who.slice(0, Math.max(0, who.lastIndexOf('@')));
}

/** Two principals are one person when the allowed signers list a key for both. */
export function samePerson(trust: Trust): (a: string, b: string) => boolean {
  const known = new Map<string, string[]>();
  const keys = (principal: string): string[] => {
    const found = known.get(principal) ?? keysOf(trust, principal);
    known.set(principal, found);
    return found;
  };
  return (a, b) => a === b || keys(a).some((key) => keys(b).includes(key));
}

interface Version {
  paper: SignedDocument;
  policy: Policy;
}

/** Above these nothing counts: a keeper's slip must not use up the numbers of every later version. */
export const MOST_STEP = 1_000;
const MOST_FIRST = 1_000_000;

/** Why the number does not fit after the version before it; null when it does. */
function wrongNumber({ policy }: Version, newest: Policy | undefined): string | null {
  const { version } = policy;
  const reported = `version ${version} of the policy`;
  if (newest === undefined) {
    return version > MOST_FIRST ? `${reported}: a first version is ${MOST_FIRST} at most` : null;
  }
  const before = newest.version;
  if (version <= before)
    return `${reported} is not above version ${before}, which was there before it`;
  if (version - before <= MOST_STEP) return null;
  return `${reported} is more than ${MOST_STEP} above version ${before}`;
}

/** A date decides whose rights counted when: it goes on, and is none that is still to come. */
function wrongDate({ policy }: Version, newest: Policy | undefined, receivedAt: number | null) {
  const at = Date.parse(policy.at);
  const reported = `version ${policy.version} of the policy is dated ${policy.at}`;
  if (newest && at < Date.parse(newest.at) - CLOCK_SLACK_MS) {
    return `${reported}, before version ${newest.version} (${newest.at})`;
  }
  if (receivedAt === null || at <= receivedAt + CLOCK_SLACK_MS) return null;
  return `${reported}, and came at ${new Date(receivedAt).toISOString()}: its date was still to come`;
}

/** Why `next` does not count after `newest`; null when it does. */
function objection(next: Version, newest: Policy | undefined, receipts: Receipts): string | null {
  const { paper: document, policy } = next;
  const before = newest ?? policy;
  const version = `version ${policy.version} of the policy`;
  const { at: receivedAt, isOld } = receiptOf(receipts, document.text);
  const odd = wrongNumber(next, newest) ?? wrongDate(next, newest, receivedAt);
  // What the servers held before numbers and dates were looked at stays what it was.
  const isAsEver = isOld && (newest === undefined || policy.version > newest.version);
  if (odd !== null && !isAsEver) return odd;
  if (!hasRole(before, document.by, 'policy')) {
    const whose = before === policy ? 'itself' : `version ${before.version}`;
    return `${version} is signed by ${document.by}, whom ${whose} does not let sign policies`;
  }
  const verdict = verifySignature(document.text, document.signature, {
    trust: trustOf(before),
    principal: document.by,
    namespace: 'drydock.policy',
    at: Date.parse(policy.at),
    receivedAt,
  });
  return verdict.ok
    ? null
    : `${version}: the signature of ${document.by} does not count: ${verdict.why}`;
}

/** A document that is held as a policy, read; or why it cannot be. */
type Held = { version: number; rank: number } & ({ read: Version } | { problem: string });

function readHeld(documents: readonly SignedDocument[], receipts: Receipts): Held[] {
  const texts = new Set<string>();
  const held: Held[] = [];
  for (const document of documents) {
    const key = `${document.text}\n${document.signature}`;
    if (texts.has(key)) continue;
    texts.add(key);
    const rank = rankOf(receipts, document.text);
    try {
      const policy = readPolicy(document);
      held.push({ version: policy.version, rank, read: { paper: document, policy } });
    } catch (error) {
      held.push({ version: document.version, rank, problem: describeError(error) });
    }
  }
  return held.sort((a, b) => compare(a.rank, b.rank) || a.version - b.version);
}

/** Both may be without end. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

export interface PolicyChain {
  /** From the oldest to the newest that counts. */
  trusted: Policy[];
  /** The same, as documents. */
  papers: SignedDocument[];
  untrusted: string | null;
  /** Why others at hand do not count; they keep nobody from anything. */
  passedOver: string[];
}

/** Documents that came at one time under one number, each as far as it counts after `newest`. */
function weighed(group: Held[], newest: Policy | undefined, receipts: Receipts) {
  const doubted: string[] = [];
  const counted = new Map<string, Version>();
  for (const held of group) {
    const why = 'problem' in held ? held.problem : objection(held.read, newest, receipts);
    if (why !== null) doubted.push(why);
    else if ('read' in held) counted.set(held.read.paper.text, held.read);
  }
  const [first, second] = [...counted.values()];
  return { first, second, doubted };
}

/**
 * Every version at hand that counts, and why others do not. They are taken in the order in which
 * servers received them, those that no server holds last, and each has to follow from what was there
 * before: whoever pushes or files another one, with a higher number, with a lower one, or as a first
 * version of their own, neither replaces a version nor keeps the next one from counting.
 */
export function policyChain(
  documents: readonly SignedDocument[],
  cluster: string,
  receipts: Receipts = NO_RECEIPTS,
): PolicyChain {
  const all = readHeld(
    documents.filter(({ name }) => name === 'policy'),
    receipts,
  );
  const own = all.filter((held) => 'problem' in held || held.read.policy.cluster === cluster);
  const stranger = all.find((held) => 'read' in held);
  if (own.every((held) => 'problem' in held) && stranger && 'read' in stranger) {
    const { policy } = stranger.read;
    const untrusted = `the policy that is held is for the cluster ${policy.cluster}`;
    return { trusted: [], papers: [], untrusted, passedOver: [] };
  }
  const trusted: Policy[] = [];
  const stored: SignedDocument[] = [];
  const passedOver: string[] = [];
  let untrusted: string | null = null;
  for (let at = 0; at < own.length; ) {
    const { rank, version } = own[at] as Held;
    const end = own.findIndex((one, i) => i > at && (one.rank !== rank || one.version !== version));
    const group = own.slice(at, end < 0 ? own.length : end);
    at += group.length;
    const { first, second, doubted } = weighed(group, trusted.at(-1), receipts);
    if (first && !second) {
      trusted.push(first.policy);
      stored.push(first.paper);
      untrusted = null;
    }
    if (second) untrusted = `two different policies bear the version ${version}`;
    passedOver.push(...doubted);
    // Two first ones: whichever is right, there is nothing to tell it by.
    if (second && trusted.length === 0) break;
  }
  if (trusted.length === 0) untrusted ??= passedOver.at(-1) ?? null;
  return { trusted, papers: stored, untrusted, passedOver };
}

export interface Believed {
  policy: Policy | null;
  /** Every version up to it that counts, as documents, the oldest first. */
  papers: SignedDocument[];
  untrusted: string | null;
  passedOver: string[];
}

export function newestPolicy(
  documents: readonly SignedDocument[],
  cluster: string,
  receipts: Receipts = NO_RECEIPTS,
): Believed {
  const { trusted, ...more } = policyChain(documents, cluster, receipts);
  return { policy: trusted.at(-1) ?? null, ...more };
}
