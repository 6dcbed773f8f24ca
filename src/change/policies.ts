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
function objection(next: Version, before: Policy): string | null {
  const { paper, policy } = next;
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

function readVersions(papers: readonly Paper[]): { versions: Version[]; faults: string[] } {
  const versions: Version[] = [];
  const faults: string[] = [];
  for (const paper of papers) {
    try {
      const policy = readPolicy(paper);
      const isKnown = versions.some((one) => one.paper.text === paper.text);
      if (!isKnown) versions.push({ paper, policy });
    } catch (error) {
      faults.push(describeError(error));
    }
  }
  versions.sort((a, b) => a.policy.version - b.policy.version);
  return { versions, faults };
}

export interface PolicyChain {
  /** From the oldest to the newest that counts. */
  trusted: Policy[];
  untrusted: string | null;
}

/** Every version at hand that counts, and why there is one that does not. */
export function policyChain(papers: readonly Paper[], cluster: string): PolicyChain {
  const held = papers.filter(({ name }) => name === 'policy');
  const { versions, faults } = readVersions(held);
  const own = versions.filter(({ policy }) => policy.cluster === cluster);
  if (faults[0] !== undefined) return { trusted: [], untrusted: faults[0] };
  if (own.length === 0 && versions[0]) {
    const { policy } = versions[0];
    return {
      trusted: [],
      untrusted: `the policy that is held is for the cluster ${policy.cluster}`,
    };
  }
  const trusted: Policy[] = [];
  for (const version of own) {
    const before = trusted.at(-1) ?? version.policy;
    if (before.version === version.policy.version && before !== version.policy) {
      return { trusted, untrusted: `two different policies bear the version ${before.version}` };
    }
    const why = objection(version, before);
    if (why !== null) return { trusted, untrusted: why };
    trusted.push(version.policy);
  }
  return { trusted, untrusted: null };
}

export function newestPolicy(
  papers: readonly Paper[],
  cluster: string,
): { policy: Policy | null; untrusted: string | null } {
  const { trusted, untrusted } = policyChain(papers, cluster);
  return { policy: trusted.at(-1) ?? null, untrusted };
}
