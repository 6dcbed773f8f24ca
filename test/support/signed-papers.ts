/** A small company whose people sign their papers with real keys: for tests of what counts. */
import { documentOf } from '../../src/change/documents.ts';
import { canonicalText, hashText } from '../../src/change/text.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import type { ApprovedPlan, WindowRequest } from '../../src/schema/generated/window-document.ts';
import { type TestKey, testKey } from './ssh-keys.ts';

/** 2026-03-02T20:00:00Z, a Monday. */
export const T0 = Date.UTC(2026, 2, 2, 20);
const MINUTE_MS = 60_000;

export const minute = (count: number) => T0 + count * MINUTE_MS;
export const stamp = (count: number) => new Date(minute(count)).toISOString();

/** rita asks, ines implements, alf, amy and abe approve, eve breaks glass, pia keeps the policy. */
export const KEYS: Record<string, TestKey> = Object.fromEntries(
  ['rita', 'ines', 'otto', 'alf', 'amy', 'abe', 'eve', 'pia'].map((name) => [name, testKey()]),
);

/** alf once more: another name, the same key. */
KEYS.alfred = KEYS.alf as TestKey;

const line = (name: string) => `${name} ${KEYS[name]?.publicLine}`;

export const POLICY: Policy = {
  schema: 'drydock.policy/1',
  cluster: 'uuid-1',
  version: 1,
  at: new Date(T0 - 86_400_000).toISOString(),
  demandsWindow: true,
  approvals: 2,
  people: [
    { principal: 'rita', roles: ['request', 'approve'] },
    { principal: 'ines', roles: ['implement', 'approve', 'emergency'], logins: ['ines'] },
    { principal: 'otto', roles: ['implement'] },
    { principal: 'alf', roles: ['approve'] },
    { principal: 'alfred', roles: ['approve', 'implement'] },
    { principal: 'amy', roles: ['approve', 'implement'] },
    { principal: 'abe', roles: ['approve'] },
    { principal: 'eve', roles: ['emergency'] },
    { principal: 'pia', roles: ['policy'] },
  ],
  signers: Object.keys(KEYS).map(line),
};

export const PLAN: ApprovedPlan = {
  runbook: { id: 'move', title: 'Move a group', hash: 'a'.repeat(64) },
  called: [{ id: 'look', hash: 'b'.repeat(64) }],
  parameters: { group: 'web', to: 'server2' },
  cluster: 'uuid-1',
  servers: ['server1', 'server2'],
  commands: [['clpstat'], ['clpgrp', '-m', 'web', '-a', 'server2']],
  rehearsal: { outcome: 'done', steps: 2, durationMs: 1, transcript: '', unknowns: [] },
};

/** From minute 60 to minute 180. */
export const REQUEST: WindowRequest = {
  title: 'Move web',
  ticket: 'CHG-7',
  reason: 'a disk is worn',
  risk: 'low',
  impact: 'a minute',
  type: 'normal',
  plans: [PLAN],
  backout: 'move it back',
  reserveMs: 0,
  clusters: [{ name: 'one', uuid: 'uuid-1', topology: 'c'.repeat(64), versions: {} }],
  servers: ['server1', 'server2', 'server3'],
  start: stamp(60),
  end: stamp(180),
  implementer: { principal: 'ines', login: 'ines' },
  approvals: 2,
};

/** Signs a window's paper; `at` in minutes after T0. */
export function paper(
  kind: string,
  by: string,
  at: number,
  body: object,
  window = 'W-1',
): SignedDocument {
  const document = { schema: 'drydock.window-paper/1', window, kind, by, at: stamp(at), body };
  const key = KEYS[by] as TestKey;
  return documentOf(document as never, by, key.sign(canonicalText(document), 'drydock.window'));
}

export function policyPaper(policy: Policy, by = 'pia', key = KEYS[by] as TestKey): SignedDocument {
  return documentOf(policy, by, key.sign(canonicalText(policy), 'drydock.policy'));
}

export const hash = ({ text }: SignedDocument) => hashText(text);

/** A request, two approvals and an opening, as they should be. */
export function goodPapers(request: WindowRequest = REQUEST, window = 'W-1') {
  const asked = paper('request', 'rita', 0, request, window);
  const of = hash(asked);
  const first = paper('approval', 'alf', 10, { of }, window);
  const second = paper('approval', 'amy', 20, { of, note: 'go' }, window);
  const approvals = [hash(first), hash(second)];
  const body = { of, approvals, differences: [], emergency: null };
  const opened = paper('opening', 'ines', 61, body, window);
  return { asked, of, first, second, opened, all: [asked, first, second, opened] };
}
