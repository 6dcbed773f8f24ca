/** Which policy a person's desk believes, whatever others leave in the shared folder. */
import test from 'ava';
import { hashText } from '../../src/change/text.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import { believedPolicy, type Workspace } from '../../src/service/window/workspace.ts';
import { minute, POLICY, policyPaper } from '../support/signed-papers.ts';
import { testKey } from '../support/ssh-keys.ts';

const thief = testKey();
const version = (number: number, more: Partial<Policy> = {}): Policy => ({
  ...POLICY,
  version: number,
  ...more,
});
const stolen = (number: number): SignedDocument =>
  policyPaper(
    version(number, {
      people: [{ principal: 'thief', roles: ['policy'] }],
      signers: [`thief ${thief.publicLine}`],
    }),
    'thief',
    thief,
  );

/** What servers hold came a minute after the one before it. */
function deskOf(folder: SignedDocument[], held: SignedDocument[] = []): Workspace {
  const receipts = Object.fromEntries(held.map(({ text }, at) => [hashText(text), minute(at)]));
  return {
    folder: '/nowhere',
    papers: [...held, ...folder],
    held,
    odd: [],
    now: minute(60),
    aheadMs: 0,
    receipts: { held: receipts, unheldAt: held.length > 0 ? minute(60) : null },
  };
}

function told(desk: Workspace): string {
  const { policy, untrusted, papers, passedOver } = believedPolicy(desk, 'uuid-1');
  const words = untrusted === null ? `${passedOver.length} passed over` : 'untrusted';
  return `${papers.map((one) => one.version).join(' ')} → ${policy?.version}, ${words}`;
}

const first = policyPaper(POLICY);
const second = policyPaper(version(2));
const highest = policyPaper(version(Number.MAX_SAFE_INTEGER));

const TABLE: [string, Workspace, string][] = [
  ['its own folder', deskOf([first, second]), '1 2 → 2, 0 passed over'],
  [
    'a stranger’s next version in the folder',
    deskOf([first, stolen(2), stolen(3)]),
    '1 → 1, 2 passed over',
  ],
  [
    'a stranger’s version beside the true one',
    deskOf([first, stolen(2), second]),
    '1 2 → 2, 1 passed over',
  ],
  ['the highest number there is', deskOf([first, highest, second]), '1 2 → 2, 1 passed over'],
  [
    'a stranger’s first version beside servers',
    deskOf([stolen(1)], [first]),
    '1 → 1, 1 passed over',
  ],
  [
    'a lower one beside servers',
    deskOf([stolen(1), policyPaper(version(4))], [policyPaper(version(3))]),
    '3 4 → 4, 1 passed over',
  ],
  ['the next one, not pushed yet', deskOf([first, second], [first]), '1 2 → 2, 0 passed over'],
];

for (const [title, desk, expected] of TABLE) {
  test(`the desk looks at ${title}`, (t) => t.is(told(desk), expected));
}
