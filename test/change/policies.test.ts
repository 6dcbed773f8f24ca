import test from 'ava';
import { loginCovers, newestPolicy, samePerson, trustOf } from '../../src/change/policies.ts';
import type { Receipts } from '../../src/change/receipts.ts';
import { hashText } from '../../src/change/text.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import { KEYS, minute, POLICY, policyPaper, stamp } from '../support/signed-papers.ts';
import { testKey } from '../support/ssh-keys.ts';

const version = (number: number, more: Partial<Policy> = {}): Policy => ({
  ...POLICY,
  version: number,
  ...more,
});

function told(papers: SignedDocument[], receipts?: Receipts): string {
  const { policy, untrusted, passedOver } = newestPolicy(papers, 'uuid-1', receipts);
  const words = untrusted ?? ['believed', ...passedOver].join('; ');
  return `${policy?.version ?? 'none'}: ${words}`;
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

const TABLE: [string, SignedDocument[], string][] = [
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
    '2: believed; version 3 of the policy is signed by pia, whom version 2 does not let sign policies',
  ],
  [
    'one by somebody without the role',
    [policyPaper(POLICY), policyPaper(version(2), 'rita')],
    '1: believed; version 2 of the policy is signed by rita, whom version 1 does not let sign policies',
  ],
  [
    'one that names its own keeper',
    [policyPaper(POLICY), forged],
    '1: believed; version 9 of the policy is signed by thief, whom version 1 does not let sign policies',
  ],
  [
    'one under the name of the keeper with another key',
    [policyPaper(POLICY), policyPaper(version(2), 'pia', thief)],
    `1: believed; version 2 of the policy: the signature of pia does not count: the key ${'FP'} is not among the allowed signers`,
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
    '2: believed; version 2 of the policy is signed by thief, whom version 1 does not let sign policies',
  ],
  [
    'one that mends a wrong one before it',
    [policyPaper(POLICY), forged, policyPaper(version(10))],
    '10: believed; version 9 of the policy is signed by thief, whom version 1 does not let sign policies',
  ],
  [
    'one that leans on a wrong one before it',
    [policyPaper(POLICY), forged, policyPaper(stolen(10), 'thief', thief)],
    '1: believed; ' +
      'version 9 of the policy is signed by thief, whom version 1 does not let sign policies; ' +
      'version 10 of the policy is signed by thief, whom version 1 does not let sign policies',
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
    'one whose number leaves none for the next',
    [policyPaper(POLICY), policyPaper(version(Number.MAX_SAFE_INTEGER)), policyPaper(version(2))],
    '2: believed; policy: text.version: must be <= 1000000000; see drydock.policy/1',
  ],
  [
    'one that leaps',
    [policyPaper(POLICY), policyPaper(version(1002)), policyPaper(version(1001))],
    '1002: believed',
  ],
  [
    'one that leaps, and nothing else',
    [policyPaper(POLICY), policyPaper(version(1002))],
    '1: believed; version 1002 of the policy is more than 1000 above version 1',
  ],
  [
    'a first one with a number that leaves few for the next',
    [policyPaper(version(1_000_001))],
    'none: version 1000001 of the policy: a first version is 1000000 at most',
  ],
  [
    'one dated before the one before it',
    [policyPaper(POLICY), policyPaper(version(2, { at: stamp(-1450) }))],
    `1: believed; version 2 of the policy is dated ${stamp(-1450)}, before version 1 (${POLICY.at})`,
  ],
  [
    'one that cannot be read',
    [policyPaper(POLICY), { ...policyPaper(version(2)), text: '{}' }],
    '1: believed; policy: text: the field schema is missing; see drydock.policy/1',
  ],
];

for (const [title, papers, expected] of TABLE) {
  test(`of policies there is ${title}`, (t) => {
    t.is(told(papers).replace(/SHA256:[\w+/]+/, 'FP'), expected);
    t.is(told(papers.toReversed()).split(':')[0], expected.split(':')[0]);
  });
}

const receivedOf = (papers: (readonly [SignedDocument, number | null])[]): Receipts => ({
  held: Object.fromEntries(papers.map(([{ text }, at]) => [hashText(text), at])),
  unheldAt: null,
});

test('what a stranger pushes to a server without papers does not take the place of the true one', (t) => {
  const first = policyPaper(version(3));
  const second = policyPaper(version(4));
  const lower = policyPaper(stolen(1), 'thief', thief);
  const same = policyPaper(stolen(3), 'thief', thief);
  const receipts = receivedOf([
    [first, minute(0)],
    [second, minute(1)],
    [lower, minute(2)],
    [same, minute(3)],
  ]);
  t.regex(told([lower, same, first, second], receipts), /^4: believed; /);
  t.regex(
    told([lower, same, first, second]),
    /^3: .* 3 of the policy is signed by pia/,
    'with nothing but numbers to go by',
  );
  const next = policyPaper(version(5));
  t.regex(told([lower, same, first, second, next], receipts), /^5: believed; /, 'filed, not held');
});

test('a keeper of old does not slip a version in between', (t) => {
  const late = policyPaper(version(2, { people: [{ principal: 'pia', roles: ['policy'] }] }));
  const moved = policyPaper({ ...passedOn, version: 3 });
  const receipts = receivedOf([
    [policyPaper(POLICY), minute(0)],
    [moved, minute(1)],
    [late, minute(2)],
  ]);
  t.is(
    told([policyPaper(POLICY), late, moved], receipts),
    '3: believed; version 2 of the policy is not above version 3, which was there before it',
  );
});

test('of two texts of one version that both are the keeper’s the first that came counts', (t) => {
  const [one, other] = [policyPaper(version(2)), policyPaper(version(2, { approvals: 1 }))];
  const receipts = receivedOf([
    [policyPaper(POLICY), minute(0)],
    [one, minute(1)],
    [other, minute(2)],
  ]);
  t.regex(
    told([policyPaper(POLICY), other, one], receipts),
    /^2: believed; .* not above version 2/,
  );
  t.is(newestPolicy([policyPaper(POLICY), other, one], 'uuid-1', receipts).policy?.approvals, 2);
});

test('a policy that came after its signer’s key had expired, or before its own date, does not count', (t) => {
  const signers = POLICY.signers.map((line) =>
    line.startsWith('pia ') ? line.replace('pia ', 'pia valid-before="20260302203000Z" ') : line,
  );
  const first = policyPaper({ ...POLICY, signers });
  const next = policyPaper(version(2, { at: stamp(20) }));
  const at = (count: number | null) =>
    told(
      [first, next],
      receivedOf([
        [first, count === null ? null : minute(0)],
        [next, count === null ? null : minute(count)],
      ]),
    );
  t.is(at(29), '2: believed');
  t.is(at(null), '2: believed', 'held since before that was noted');
  t.regex(at(40), /^1: believed; .* no server had the text before .*: it came too late$/);
  t.regex(at(5), /^1: believed; .* its date was still to come$/);
});

test('versions that a server held before numbers had limits count as ever', (t) => {
  const year = policyPaper(version(202_611));
  t.is(
    told(
      [policyPaper(POLICY), year],
      receivedOf([
        [policyPaper(POLICY), null],
        [year, null],
      ]),
    ),
    '202611: believed',
  );
  t.regex(
    told(
      [policyPaper(POLICY), year],
      receivedOf([
        [policyPaper(POLICY), null],
        [year, 1],
      ]),
    ),
    /^1: /,
  );
});

test('a key that was revoked signs no further policy', (t) => {
  const revoked = version(2, { revoked: [KEYS.pia?.publicLine as string] });
  t.is(told([policyPaper(POLICY), policyPaper(revoked)]), '2: believed');
  t.regex(
    told([policyPaper(POLICY), policyPaper(revoked), policyPaper(version(3))]),
    /^2: believed; .* the key SHA256:\S+ is revoked$/,
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
