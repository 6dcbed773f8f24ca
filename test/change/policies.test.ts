import test from 'ava';
import { loginCovers, newestPolicy, samePerson, trustOf } from '../../src/change/policies.ts';
import type { Paper } from '../../src/schema/generated/paper.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import { KEYS, POLICY, policyPaper } from '../support/signed-papers.ts';
import { testKey } from '../support/ssh-keys.ts';

const version = (number: number, more: Partial<Policy> = {}): Policy => ({
  ...POLICY,
  version: number,
  ...more,
});

function told(papers: Paper[]): string {
  const { policy, untrusted } = newestPolicy(papers, 'uuid-1');
  return `${policy?.version ?? 'none'}: ${untrusted ?? 'believed'}`;
}

/** Somebody's own policy: their key, their rules. */
const thief = testKey();
const stolen = (number: number) =>
  version(number, {
    people: [{ principal: 'thief', roles: ['policy'] }],
    signers: [`thief ${thief.publicLine}`],
  });
const forged = policyPaper(stolen(9), 'thief', thief);

/** pia leaves, and lets rita follow her. */
const passedOn = version(2, { people: [{ principal: 'rita', roles: ['policy'] }] });

const TABLE: [string, Paper[], string][] = [
  ['none at all', [], 'none: believed'],
  ['the first one, signed by its own keeper', [policyPaper(POLICY)], '1: believed'],
  ['the same one twice', [policyPaper(POLICY), policyPaper(POLICY)], '1: believed'],
  ['the next one', [policyPaper(version(2)), policyPaper(POLICY)], '2: believed'],
  ['one that passes the office on', [policyPaper(POLICY), policyPaper(passedOn)], '2: believed'],
  [
    'one by the new keeper',
    [policyPaper(POLICY), policyPaper(passedOn), policyPaper(version(3), 'rita')],
    '3: believed',
  ],
  [
    'one by the old keeper, who is none any more',
    [policyPaper(POLICY), policyPaper(passedOn), policyPaper(version(3))],
    '2: version 3 of the policy is signed by pia, whom version 2 does not let sign policies',
  ],
  [
    'one by somebody without the role',
    [policyPaper(POLICY), policyPaper(version(2), 'rita')],
    '1: version 2 of the policy is signed by rita, whom version 1 does not let sign policies',
  ],
  [
    'one that names its own keeper',
    [policyPaper(POLICY), forged],
    '1: version 9 of the policy is signed by thief, whom version 1 does not let sign policies',
  ],
  [
    'one under the name of the keeper with another key',
    [policyPaper(POLICY), policyPaper(version(2), 'pia', thief)],
    `1: version 2 of the policy: the signature of pia does not count: the key ${'FP'} is not among the allowed signers`,
  ],
  [
    'one whose text was changed',
    [{ ...policyPaper(POLICY), text: policyPaper(version(1, { approvals: 1 })).text }],
    'none: version 1 of the policy: the signature of pia does not count: ' +
      'the signature does not fit the text: one of them was changed',
  ],
  [
    'two of one version',
    [policyPaper(POLICY), policyPaper(version(1, { approvals: 1 }))],
    'none: two different policies bear the version 1',
  ],
  [
    'two of the first version, and one that fits only one of them',
    [policyPaper(POLICY), policyPaper(stolen(1), 'thief', thief), policyPaper(version(2))],
    'none: two different policies bear the version 1',
  ],
  [
    'two of a later version, both by the keeper',
    [policyPaper(POLICY), policyPaper(version(2)), policyPaper(version(2, { approvals: 1 }))],
    '1: two different policies bear the version 2',
  ],
  [
    'two of a later version, and only one by the keeper',
    [policyPaper(POLICY), policyPaper(version(2)), policyPaper(stolen(2), 'thief', thief)],
    '2: believed',
  ],
  [
    'one that mends a wrong one before it',
    [policyPaper(POLICY), forged, policyPaper(version(10))],
    '10: believed',
  ],
  [
    'one that leans on a wrong one before it',
    [policyPaper(POLICY), forged, policyPaper(stolen(10), 'thief', thief)],
    '1: version 10 of the policy is signed by thief, whom version 1 does not let sign policies',
  ],
  [
    'one of another cluster only',
    [policyPaper(version(9, { cluster: 'uuid-2' }))],
    'none: the policy that is held is for the cluster uuid-2',
  ],
  [
    'one of another cluster beside its own',
    [policyPaper(version(9, { cluster: 'uuid-2' })), policyPaper(POLICY)],
    '1: believed',
  ],
  [
    'one that cannot be read',
    [policyPaper(POLICY), { ...policyPaper(version(2)), text: '{}' }],
    '1: policy: text: the field schema is missing; see drydock.policy/1',
  ],
];

for (const [title, papers, expected] of TABLE) {
  test(`of policies there is ${title}`, (t) => {
    t.is(told(papers).replace(/SHA256:[\w+/]+/, 'FP'), expected);
    t.is(told(papers.toReversed()).split(':')[0], expected.split(':')[0]);
  });
}

test('a key that was revoked signs no further policy', (t) => {
  const revoked = version(2, { revoked: [KEYS.pia?.publicLine as string] });
  t.is(told([policyPaper(POLICY), policyPaper(revoked)]), '2: believed');
  t.regex(
    told([policyPaper(POLICY), policyPaper(revoked), policyPaper(version(3))]),
    /^2: .* the key SHA256:\S+ is revoked$/,
  );
});

test('two names with one key are one person', (t) => {
  const isSame = samePerson(trustOf(POLICY));
  t.true(isSame('alf', 'alfred'));
  t.true(isSame('amy', 'amy'));
  t.false(isSame('alf', 'amy'));
  t.true(isSame('nobody', 'nobody'));
  t.false(isSame('nobody', 'nowhere'));
});

test('a login covers its host, or every host', (t) => {
  const rows: [string, string, boolean][] = [
    ['anna', 'anna@control', true],
    ['anna', 'anna', true],
    ['anna@control', 'anna@control', true],
    ['anna@control', 'anna@server1', false],
    ['anna', 'annabel@control', false],
    ['anna', 'otto@anna', false],
    ['anna@ad', 'anna@ad@control', true],
  ];
  for (const [login, who, expected] of rows)
    t.is(loginCovers(login, who), expected, `${login} ${who}`);
});
