/**
 * Which policy of those at hand counts. Each version is signed by somebody whom the version before
 * it lets sign policies; the oldest one at hand has nothing to lean on but itself. Where anything
 * about the newest one is wrong the answer says why, and a judge then allows nothing: a policy that
 * somebody put in place of the true one must not open the door.
 */
import { describeError } from '../core/errors.ts';
import type { Trust } from '../ports/signatures.ts';
import type { Paper } from '../schema/generated/paper.ts';
import type { Policy } from '../schema/generated/policy.ts';
import { keysOf, verifySignature } from '../signing/index.ts';
import { readPolicy } from './papers.ts';

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
  paper: Paper;
  policy: Policy;
}

/** Why `next` does not count after `before`; null when it does. */
function objection(next: Version, newest: Policy | undefined): string | null {
  const { paper, policy } = next;
  const before = newest ?? policy;
  const version = `version ${policy.version} of the policy`;
  if (!hasRole(before, paper.by, 'policy')) {
    const whose = before === policy ? 'itself' : `version ${before.version}`;
    return `${version} is signed by ${paper.by}, whom ${whose} does not let sign policies`;
  }
  const verdict = verifySignature(paper.text, paper.signature, {
    trust: trustOf(before),
    principal: paper.by,
    namespace: 'drydock.policy',
    at: Date.parse(policy.at),
  });
  return verdict.ok
    ? null
    : `${version}: the signature of ${paper.by} does not count: ${verdict.why}`;
}

/** A paper that is held as a policy, read; or why it cannot be. */
type Held = { version: number } & ({ read: Version } | { fault: string });

function readHeld(papers: readonly Paper[]): Held[] {
  const texts = new Set<string>();
  const held: Held[] = [];
  for (const paper of papers) {
    if (texts.has(paper.text)) continue;
    texts.add(paper.text);
    try {
      const policy = readPolicy(paper);
      held.push({ version: policy.version, read: { paper, policy } });
    } catch (error) {
      held.push({ version: paper.version, fault: describeError(error) });
    }
  }
  return held.sort((a, b) => a.version - b.version);
}

export interface PolicyChain {
  /** From the oldest to the newest that counts. */
  trusted: Policy[];
  untrusted: string | null;
}

/**
 * Every version at hand that counts, and why there is one that does not. A version that does not
 * count is passed over as soon as there is a higher one that does: so a wrong one can be mended.
 */
export function policyChain(papers: readonly Paper[], cluster: string): PolicyChain {
  const all = readHeld(papers.filter(({ name }) => name === 'policy'));
  const own = all.filter((held) => 'fault' in held || held.read.policy.cluster === cluster);
  const [stranger] = all;
  if (own.length === 0 && stranger && 'read' in stranger) {
    const { policy } = stranger.read;
    return {
      trusted: [],
      untrusted: `the policy that is held is for the cluster ${policy.cluster}`,
    };
  }
  const trusted: Policy[] = [];
  let untrusted: string | null = null;
  for (const version of [...new Set(own.map((held) => held.version))]) {
    const doubted: string[] = [];
    const counted = own
      .filter((held) => held.version === version)
      .flatMap((held) => {
        const why = 'fault' in held ? held.fault : objection(held.read, trusted.at(-1));
        if (why !== null) doubted.push(why);
        return why === null && 'read' in held ? [held.read.policy] : [];
      });
    const [first, second] = counted;
    if (first && !second) trusted.push(first);
    if (second) doubted.push(`two different policies bear the version ${version}`);
    untrusted = first && !second ? null : (doubted.at(-1) ?? untrusted);
    // Two first ones: whichever is right, there is nothing to tell it by.
    if (second && trusted.length === 0) break;
  }
  return { trusted, untrusted };
}

export function newestPolicy(
  papers: readonly Paper[],
  cluster: string,
): { policy: Policy | null; untrusted: string | null } {
  const { trusted, untrusted } = policyChain(papers, cluster);
  return { policy: trusted.at(-1) ?? null, untrusted };
}
