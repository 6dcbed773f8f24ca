/** Papers of one window, and what is said of their fold. */
import { foldWindow } from '../../src/change/fold.ts';
import { trustOf } from '../../src/change/policies.ts';
import type { ChangeWindow } from '../../src/change/types.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import {
  goodPapers,
  hash,
  minute,
  PLAN,
  POLICY,
  paper,
  REQUEST,
} from '../support/signed-papers.ts';

export const fold = (papers: SignedDocument[], now: number, policy: Policy | null = POLICY) =>
  foldWindow(papers, policy, trustOf(policy ?? POLICY), minute(now));

/** State, approvers, implementer, and why papers were refused. */
export function told({ state, approvals, implementer, refused, owesReview }: ChangeWindow): string {
  const by = approvals.map((one) => one.by).join('+') || 'nobody';
  const owes = owesReview ? ', owes a review' : '';
  const why = refused.map((one) => one.why.replaceAll(/SHA256:[\w+/]+/g, 'FP'));
  return [`${state} by ${by}, ${implementer.principal}${owes}`, ...why].join('; ');
}

export const { asked, of, first, second, opened, all } = goodPapers();
export const approve = (by: string, at = 30) => paper('approval', by, at, { of });
export const open = (by: string, at: number, more: object = {}) =>
  paper('opening', by, at, {
    of,
    approvals: [hash(first), hash(second)],
    differences: [],
    emergency: null,
    ...more,
  });
export const glass = (by: string, at: number, reason = 'the array burns') =>
  open(by, at, { approvals: [], emergency: reason });
export const close = (by: string, at: number) =>
  paper('closing', by, at, { of, outcome: 'successful', notes: '', runs: [], accepted: [] });
export const hand = (by: string, to: string, at: number, login = to) =>
  paper('handover', by, at, { of, to: { principal: to, login }, reason: 'shift', summary: [] });
export const review = (by: string, at: number) => paper('review', by, at, { of, notes: 'well' });
export const more = { ...PLAN, parameters: { group: 'db', to: 'server1' } };
export const amend = (by: string, at: number, plan: object = more) =>
  paper('amendment', by, at, { of, run: null, plan, reason: 'db first' });
export const amended = amend('ines', 70);
export const agree = (by: string, at = 80) => paper('approval', by, at, { of: hash(amended) });
export const ofEve = {
  ...REQUEST,
  type: 'emergency' as const,
  implementer: { principal: 'eve', login: 'eve' },
};
export const alarm = paper('request', 'eve', 0, ofEve);
export const asRequester = paper('request', 'rita', 0, {
  ...REQUEST,
  implementer: { principal: 'ines', login: 'root' },
});
