/** Windows from their papers; each case is a folder of papers, and all that is said of it. */
import test from 'ava';
import type { ChangeWindow } from '../../src/change/types.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import { hash, minute, PLAN, POLICY, paper, REQUEST, stamp, T0 } from '../support/signed-papers.ts';
import {
  agree,
  alarm,
  all,
  amend,
  amended,
  approve,
  asked,
  asRequester,
  close,
  first,
  fold,
  glass,
  hand,
  more,
  of,
  open,
  opened,
  review,
  second,
  told,
} from './folded.ts';

const TABLE: [string, SignedDocument[], number, string][] = [
  ['a request', [asked], 1, 'requested by nobody, ines'],
  ['one approval', [asked, first], 11, 'requested by alf, ines'],
  ['two approvals', [asked, first, second], 21, 'approved by alf+amy, ines'],
  ['three approvals', [asked, first, second, approve('abe')], 31, 'approved by alf+amy+abe, ines'],
  ['an opening', all, 62, 'open by alf+amy, ines'],
  ['its papers twice', [...all, ...all], 62, 'open by alf+amy, ines'],
  ['the end passed while open', all, 181, 'expired by alf+amy, ines'],
  ['the end passed before it opened', [asked, first], 181, 'expired by alf, ines'],
  ['closed in time', [...all, close('ines', 90)], 200, 'closed by alf+amy, ines'],
  ['closed late', [...all, close('rita', 190)], 200, 'closed by alf+amy, ines'],
  ['reviewed', [...all, close('ines', 90), review('abe', 95)], 200, 'reviewed by alf+amy, ines'],
  ['withdrawn', [asked, paper('withdrawal', 'rita', 5, { of })], 6, 'withdrawn by nobody, ines'],
  ['rejected', [asked, paper('rejection', 'abe', 5, { of })], 6, 'rejected by nobody, ines'],
  [
    'the requester approves',
    [asked, approve('rita')],
    31,
    'requested by nobody, ines; rita requested it, and cannot approve it too',
  ],
  [
    'the implementer approves',
    [asked, approve('ines')],
    31,
    'requested by nobody, ines; ines implements it, and cannot approve it too',
  ],
  [
    'one person approves twice',
    [asked, first, approve('alf')],
    31,
    'requested by alf, ines; alf approved it, and cannot approve it too',
  ],
  [
    'one person approves under two names',
    [asked, first, approve('alfred')],
    31,
    'requested by alf, ines; alfred has a key of alf, who approved it: that is one person',
  ],
  [
    'somebody without the role approves',
    [asked, approve('otto')],
    31,
    'requested by nobody, ines; otto does not have the role approve in the policy',
  ],
  [
    'somebody without the role requests',
    [paper('request', 'otto', 0, REQUEST)],
    1,
    'requested by nobody, ines; otto does not have the role request in the policy',
  ],
  [
    'an approval is dated before the request',
    [asked, approve('alf', -6)],
    1,
    'requested by nobody, ines; it is dated 360 s before the request that it answers ' +
      `(${stamp(-6)}, ${stamp(0)}); clocks may differ by 300 s, ahead or behind`,
  ],
  [
    'a paper is dated in the future',
    [asked, approve('alf', 20)],
    14,
    `requested by nobody, ines; it is dated ${stamp(20)}, which is still to come ` +
      '(360 s ahead; clocks may differ by 300 s, ahead or behind)',
  ],
  [
    'an approver’s clock is behind the requester’s',
    [asked, approve('alf', -5)],
    1,
    'requested by alf, ines',
  ],
  [
    'every clock differs from the next one',
    [
      asked,
      paper('approval', 'alf', 59.9, { of }),
      paper('approval', 'amy', 63, { of }),
      open('ines', 61, {
        approvals: [
          hash(paper('approval', 'alf', 59.9, { of })),
          hash(paper('approval', 'amy', 63, { of })),
        ],
      }),
      close('ines', 60.5),
      review('abe', 60),
    ],
    63,
    'reviewed by alf+amy, ines',
  ],
  ['a paper is a little ahead', [asked, approve('alf', 20)], 15, 'requested by alf, ines'],
  [
    'an approval of another request',
    [asked, paper('approval', 'alf', 10, { of: 'd'.repeat(64) })],
    11,
    'requested by nobody, ines; the document that it answers (dddddddddddd…) is not here or does not count',
  ],
  [
    'an approval that was changed',
    [asked, { ...first, signature: second.signature }],
    11,
    'requested by nobody, ines; the signature of alf does not count: ' +
      'the signature does not fit the text: one of them was changed',
  ],
  [
    'a second request',
    [asked, paper('request', 'rita', 1, { ...REQUEST, title: 'other' })],
    2,
    'requested by nobody, ines; a window that is requested takes no request',
  ],
  [
    'a login that the policy does not know',
    [asRequester],
    1,
    'requested by nobody, ines; the policy knows ines by the login ines, not root',
  ],
  [
    'opened by somebody else',
    [asked, first, second, open('otto', 61)],
    62,
    'approved by alf+amy, ines; only its implementer, ines, can open it',
  ],
  [
    'opened with one approval of two',
    [asked, first, open('ines', 61)],
    62,
    'requested by alf, ines; it names 1 approvals that count, and 2 are needed',
  ],
  [
    'opened without naming the approvals',
    [asked, first, second, open('ines', 61, { approvals: [] })],
    62,
    'approved by alf+amy, ines; it names 0 approvals that count, and 2 are needed',
  ],
  [
    'opened after its end',
    [asked, first, second, open('ines', 181)],
    182,
    'expired by alf+amy, ines; a window that is expired takes no opening',
  ],
  ['break-glass', [asked, glass('eve', 5)], 6, 'open by nobody, ines, owes a review'],
  [
    'break-glass of one’s own',
    [
      alarm,
      paper('opening', 'eve', 1, {
        of: hash(alarm),
        approvals: [],
        differences: [],
        emergency: 'fire',
      }),
    ],
    2,
    'open by nobody, eve, owes a review',
  ],
  [
    'break-glass without a reason',
    [asked, glass('eve', 5, ' ')],
    6,
    'requested by nobody, ines; break-glass needs a reason',
  ],
  [
    'break-glass without the role',
    [asked, glass('otto', 5)],
    6,
    'requested by nobody, ines; otto does not have the role emergency in the policy',
  ],
  [
    'break-glass reviewed by whoever broke it',
    [asked, glass('ines', 5), close('ines', 9), review('ines', 10)],
    11,
    'closed by nobody, ines, owes a review; ines opened or implemented it, and cannot review it too',
  ],
  [
    'break-glass reviewed',
    [asked, glass('eve', 5), close('ines', 9), review('abe', 10)],
    11,
    'reviewed by nobody, ines',
  ],
  [
    'closed by a stranger',
    [...all, close('abe', 90)],
    91,
    'open by alf+amy, ines; it takes the implementer or the requester, and abe is neither',
  ],
  ['handed over', [...all, hand('ines', 'otto', 70)], 71, 'open by alf+amy, otto'],
  [
    'handed over after the end',
    [...all, hand('ines', 'otto', 190)],
    191,
    'expired by alf+amy, otto',
  ],
  [
    'handed over to an approver',
    [...all, hand('ines', 'amy', 70)],
    71,
    'open by alf+amy, ines; amy approved it, and cannot implement it too',
  ],
  [
    'handed over to an approver under another name',
    [...all, hand('ines', 'alfred', 70)],
    71,
    'open by alf+amy, ines; alfred approved it, and cannot implement it too',
  ],
  [
    'handed over to somebody without the role',
    [...all, hand('ines', 'rita', 70)],
    71,
    'open by alf+amy, ines; rita does not have the role implement in the policy',
  ],
  [
    'handed on by whoever gave it away',
    [...all, hand('ines', 'otto', 70), hand('ines', 'ines', 71)],
    72,
    'open by alf+amy, otto; it takes the implementer or the requester, and ines is neither',
  ],
  [
    'an amendment onto another server',
    [...all, amend('ines', 70, { ...PLAN, servers: ['server9'] })],
    71,
    'open by alf+amy, ines; its plan acts on server9, which the request does not name',
  ],
  [
    'an amendment approved by its author’s requester',
    [...all, amended, agree('rita')],
    81,
    'open by alf+amy, ines; rita requested it, and cannot approve it too',
  ],
  [
    'a withdrawal by somebody else',
    [asked, paper('withdrawal', 'alf', 5, { of })],
    6,
    'requested by nobody, ines; only rita, who wrote it, can withdraw it',
  ],
  [
    'no request at all',
    [first],
    11,
    'requested by nobody, ; the document that it answers (' +
      `${of.slice(0, 12)}…) is not here or does not count`,
  ],
];

for (const [title, papers, now, expected] of TABLE) {
  test(`the window of ${title}`, (t) => t.is(told(fold(papers, now)), expected));
}

test('an open window tells everything that its papers say', (t) => {
  const window = fold(all, 62);
  t.deepEqual(window, {
    id: 'W-1',
    state: 'open',
    hash: of,
    requester: 'rita',
    requestedAt: stamp(0),
    request: REQUEST,
    approvals: [
      { by: 'alf', at: stamp(10), note: '', hash: hash(first) },
      { by: 'amy', at: stamp(20), note: 'go', hash: hash(second) },
    ],
    plans: [PLAN],
    pending: [],
    opened: {
      of,
      approvals: [hash(first), hash(second)],
      differences: [],
      emergency: null,
      by: 'ines',
      at: stamp(61),
      hash: hash(opened),
    },
    startsAt: minute(60),
    endsAt: minute(180),
    implementer: { principal: 'ines', login: 'ines' },
    handovers: [],
    closed: null,
    review: null,
    owesReview: false,
    refused: [],
  });
});

test('an amended plan waits until it is approved, and counts then', (t) => {
  const waiting = fold([...all, amended, agree('alf')], 81);
  t.deepEqual(waiting.plans, [PLAN]);
  t.deepEqual(
    waiting.pending.map(({ plan, approvals }) => [plan.parameters, approvals.map(({ by }) => by)]),
    [[more.parameters, ['alf']]],
  );
  const counts = fold([...all, amended, agree('alf'), agree('abe')], 81);
  t.deepEqual([counts.plans, counts.pending], [[PLAN, more], []]);
  const dropped = [...all, amended, paper('rejection', 'abe', 75, { of: hash(amended) })];
  t.deepEqual(fold(dropped, 81).pending, []);
});

test('break-glass begins at once and lasts as long as the policy lets it', (t) => {
  const span = ({ startsAt, endsAt }: ChangeWindow) =>
    [startsAt, endsAt].map((at) => (at - T0) / 60_000);
  const papers = [asked, glass('eve', 5)];
  t.deepEqual(span(fold(papers, 6)), [5, 180], 'its planned end comes first');
  const short = { ...POLICY, emergencyMinutes: 30 };
  t.deepEqual(span(fold(papers, 6, short)), [5, 35]);
  t.is(fold(papers, 36, short).state, 'expired');
  const late = { ...REQUEST, end: stamp(2000) };
  const request = paper('request', 'rita', 0, late);
  const body = { of: hash(request), approvals: [], differences: [], emergency: 'fire' };
  t.deepEqual(span(fold([request, paper('opening', 'eve', 5, body)], 6)), [5, 245]);
});

test('break-glass opens at once, also when the clock of whoever breaks it is ahead', (t) => {
  const { state, startsAt } = fold([asked, glass('eve', 6)], 5);
  t.deepEqual([state, startsAt], ['open', minute(5)]);
});
