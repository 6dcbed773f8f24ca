/** Which version of a policy was in force when: by its own date, and by when a server knew of it. */

import type { Policy } from '../schema/generated/policy.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { policyChain } from './policies.ts';
import type { Receipts } from './receipts.ts';
import { canonicalText, hashText } from './text.ts';

export interface PolicyTimes {
  /** Nothing is dated before it; null: nobody has said who may do what. */
  first: Policy | null;
  /** Dated then or before. */
  at(at: number): Policy | null;
  /** Dated then or before, and known to a server by then: what it took away was gone. */
  knownAt(at: number): Policy | null;
}

export function policyTimes(
  documents: readonly SignedDocument[],
  policy: Policy | null,
  receipts: Receipts,
): PolicyTimes {
  if (policy === null) return { first: null, at: () => null, knownAt: () => null };
  const older = policyChain(documents, policy.cluster, receipts).trusted.filter(
    ({ version }) => version < policy.version,
  );
  const known = [...older, policy];
  const [first = policy] = known;
  const since = new Map(
    known.map((one) => {
      const receivedAt = receipts.held[hashText(canonicalText(one))] ?? Number.NEGATIVE_INFINITY;
      return [one, Math.max(Date.parse(one.at), receivedAt)];
    }),
  );
  return {
    first,
    at: (at) => known.findLast((one) => Date.parse(one.at) <= at) ?? first,
    knownAt: (at) => known.findLast((one) => (since.get(one) ?? 0) <= at) ?? first,
  };
}
