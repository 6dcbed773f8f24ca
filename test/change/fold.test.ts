/** Windows from their papers: each case is a folder of papers, and all that is said of it. */
import test from 'ava';
import fc from 'fast-check';
import { foldWindow, foldWindows } from '../../src/change/fold.ts';
import { trustOf } from '../../src/change/policies.ts';
import type { Receipts } from '../../src/change/receipts.ts';
import type { ChangeWindow } from '../../src/change/types.ts';
import type { Paper } from '../../src/schema/generated/paper.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import { fingerprintOf } from '../../src/signing/index.ts';
import {
  goodPapers,
  hash,
  KEYS,
  minute,
  PLAN,
  POLICY,
  paper,
  policyPaper,
  REQUEST,
  stamp,
  T0,
} from '../support/signed-papers.ts';

const fold = (papers: Paper[], now: number, policy: Policy | null = POLICY) =>
  foldWindow(papers, policy, trustOf(policy ?? POLICY), minute(now));

/** State, approvers, implementer, and why papers were refused. */
function told({ state, approvals, implementer, refused, owesReview }: ChangeWindow): string {
  const by = approvals.map((one) => one.by).join('+') || 'nobody';
  const owes = owesReview ? ', owes a review' : '';
  const why = refused.map((one) => one.why.replaceAll(/SHA256:[\w+/]+/g, 'FP'));
  return [`${state} by ${by}, ${implementer.principal}${owes}`, ...why].join('; ');
}

const { asked, of, first, second, opened, all } = goodPapers();
const approve = (by: string, at = 30) => paper('approval', by, at, { of });
const open = (by: string, at: number, more: object = {}) =>
  paper('opening', by, at, {
    of,
    approvals: [hash(first), hash(second)],
    differences: [],
    emergency: null,
    ...more,
  });
const glass = (by: string, at: number, reason = 'the array burns') =>
  open(by, at, { approvals: [], emergency: reason });
const close = (by: string, at: number) =>
  paper('closing', by, at, { of, outcome: 'successful', notes: '', runs: [], accepted: [] });
const hand = (by: string, to: string, at: number, login = to) =>
  paper('handover', by, at, { of, to: { principal: to, login }, reason: 'shift', summary: [] });
const review = (by: string, at: number) => paper('review', by, at, { of, notes: 'well' });
const more = { ...PLAN, parameters: { group: 'db', to: 'server1' } };
const amend = (by: string, at: number, plan: object = more) =>
  paper('amendment', by, at, { of, run: null, plan, reason: 'db first' });
const amended = amend('ines', 70);
const agree = (by: string, at = 80) => paper('approval', by, at, { of: hash(amended) });
const ofEve = {
  ...REQUEST,
  type: 'emergency' as const,
  implementer: { principal: 'eve', login: 'eve' },
};
const alarm = paper('request', 'eve', 0, ofEve);
const asRequester = paper('request', 'rita', 0, {
  ...REQUEST,
  implementer: { principal: 'ines', login: 'root' },
});

const TABLE: [string, Paper[], number, string][] = [
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
    'requested by nobody, ines; the paper that it answers (dddddddddddd…) is not here or does not count',
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
    'requested by nobody, ; the paper that it answers (' +
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

test('roles and approvals are those of the policy in force when a paper was signed', (t) => {
  const first = policyPaper({ ...POLICY, approvals: 2 });
  const stricter: Policy = { ...POLICY, version: 2, at: stamp(100), approvals: 3 };
  const second = policyPaper(stricter);
  t.is(told(fold([...all, first, second], 120, stricter)), 'open by alf+amy, ines');
  t.is(fold(all, 120, stricter).state, 'requested', 'its older version is not at hand');
  const later = foldWindow(
    [...all.slice(0, 3), first, second],
    stricter,
    trustOf(stricter),
    minute(120),
  );
  t.is(later.state, 'requested', 'what is not open yet needs what the policy demands now');
});

test('nobody lowers the demand by papers dated back to a laxer policy', (t) => {
  const lax = policyPaper({ ...POLICY, approvals: 1 });
  const strict: Policy = { ...POLICY, version: 2, at: stamp(-100) };
  const early = paper('request', 'otto', -200, REQUEST);
  const papers = [
    early,
    paper('opening', 'otto', -199, {
      of: hash(early),
      approvals: [],
      differences: [],
      emergency: null,
    }),
    open('ines', -150),
    asked,
    first,
    open('ines', 61),
  ];
  const window = fold([...papers, lax, policyPaper(strict)], 62, strict);
  t.deepEqual([window.state, window.approvals.length, window.refused.length], ['requested', 1, 4]);
});

test('a revoked key takes back what it signed, an expired one does not', (t) => {
  const lines = POLICY.signers.map((line) =>
    line.startsWith('amy ') ? line.replace('amy ', 'amy valid-before="20260302203000Z" ') : line,
  );
  t.is(fold(all, 62, { ...POLICY, signers: lines }).state, 'open');
  const revoked = { ...POLICY, revoked: [fingerprintOf(KEYS.amy?.publicLine as string)] };
  t.regex(told(fold(all, 62, revoked)), /^requested by alf, ines; .*amy.* is revoked/);
});

/** Minutes after T0 at which the first server had the papers; null: held before that was noted. */
const receiptsAt = (papers: Paper[], at: number | null): Receipts['held'] =>
  Object.fromEntries(papers.map((one) => [hash(one), at === null ? null : minute(at)]));
const foldAt = (papers: Paper[], now: number, policy: Policy, held: Receipts['held']) =>
  foldWindow(papers, policy, trustOf(policy), minute(now), { receipts: { held, unheldAt: null } });

test('what reaches a server after its signer’s key expired is late, of every kind', (t) => {
  const signers = POLICY.signers.map((line) =>
    line.replace(/^(\w+) /, '$1 valid-before="20260302213000Z" '),
  );
  const policy = { ...POLICY, signers };
  const papers = [...all, amended, hand('ines', 'otto', 75), close('otto', 80), review('abe', 85)];
  const inTime = foldAt(papers, 200, policy, receiptsAt(papers, 88));
  t.deepEqual([inTime.state, inTime.refused], ['reviewed', []]);
  const old = foldAt(papers, 200, policy, receiptsAt(papers, null));
  t.deepEqual([old.state, old.refused], ['reviewed', []], 'held since before that was noted');
  for (const one of papers) {
    const held = { ...receiptsAt(papers, 88), ...receiptsAt([one], 96) };
    const why = foldAt(papers, 200, policy, held).refused.find(({ name }) => name === one.name);
    t.regex(why?.why ?? one.name, /no server had the text before .*: it came too late$/, one.text);
  }
});

test('what reaches a server after a policy took the right away is late; before, it counts', (t) => {
  const people = POLICY.people.map(({ principal }) => ({ principal, roles: [] })) as never;
  const later: Policy = { ...POLICY, version: 2, at: stamp(90), people };
  const versions = [policyPaper(POLICY), policyPaper(later)];
  const papers = [...all, paper('rejection', 'abe', 75, { of: hash(amended) }), amended];
  const known = { ...receiptsAt(versions, -60), ...receiptsAt(versions.slice(1), 91) };
  const told = (one: Paper, at: number) => {
    const held = { ...known, ...receiptsAt(papers, 80), ...receiptsAt([one], at) };
    const { refused } = foldAt([...papers, ...versions], 100, later, held);
    return refused.find(({ name }) => name === one.name)?.why ?? 'counts';
  };
  for (const one of papers.filter((each) => each !== amended)) {
    t.is(told(one, 90.5), 'counts', 'nobody knew of the new version yet');
    t.regex(
      told(one, 92),
      /^it came too late: \w+ does not have the role \w+ in the policy since version 2, and no server had it before /,
    );
  }
});

test('what comes when a window is open, or over, changes nothing of it by an earlier date', (t) => {
  const other = paper('request', 'rita', -5, { ...REQUEST, title: 'Another one' });
  const rejected = paper('rejection', 'abe', 25, { of });
  const withdrawn = paper('withdrawal', 'rita', 25, { of });
  for (const late of [other, rejected, withdrawn]) {
    const told = (at: number) => {
      const held = { ...receiptsAt(all, 61), ...receiptsAt([late], at) };
      return foldAt([...all, late], 100, POLICY, held);
    };
    const { state, request, refused } = told(70);
    t.deepEqual([state, request.title], ['open', REQUEST.title], late.text);
    t.regex(refused[0]?.why ?? '', /^a window that is open takes no \w+$/);
    if (late !== other) t.not(told(60).state, 'open', 'it came in time');
  }
  const dropped = paper('rejection', 'abe', 75, { of: hash(amended) });
  const agreed = [...all, amended, agree('alf', 80), agree('amy', 81)];
  const held = { ...receiptsAt(agreed, 82), ...receiptsAt([dropped], 90) };
  t.is(foldAt([...agreed, dropped], 100, POLICY, held).plans.length, 2);
  const never = { ...receiptsAt(all, 61), ...receiptsAt([opened], 190) };
  t.is(foldAt(all, 200, POLICY, never).opened, null, 'opened when it was over');
  const ahead = { ...receiptsAt(all, 500) };
  t.is(foldAt(all, 100, POLICY, ahead).state, 'open', 'by a clock that was ahead');
});

test('approvals that a server had only at the opening stand in the order of their dates', (t) => {
  // Equal but for their times: hashes say nothing of the order.
  for (const [first, second] of [
    ['amy', 'alf'],
    ['alf', 'amy'],
  ] as const) {
    for (let minute = 1; minute < 9; minute++) {
      const early = paper('approval', first, minute, { of });
      const late = paper('approval', second, minute + 1, { of });
      const papers = [asked, late, early];
      const { approvals } = foldAt(papers, 100, POLICY, receiptsAt(papers, 60));
      t.deepEqual(
        approvals.map(({ by }) => by),
        [first, second],
      );
    }
  }
});

test('nothing is dated before the first policy', (t) => {
  const late: Policy = { ...POLICY, at: stamp(10) };
  t.is(
    fold([asked], 20, late).refused[0]?.why,
    `it is dated ${stamp(0)}, before the first policy of the cluster (${stamp(10)})`,
  );
  t.deepEqual(fold([asked], 20, { ...POLICY, at: stamp(5) }).refused, [], 'clocks differ');
  t.is(foldAt([asked], 20, late, receiptsAt([asked], null)).state, 'requested', 'as ever');
});

test('a window has an end that is one; what servers held before is cut to that', (t) => {
  const day = 24 * 60;
  const long = (start: number, end: number) =>
    paper('request', 'rita', 0, { ...REQUEST, start: stamp(start), end: stamp(end) });
  const why = (one: Paper) => fold([one], 20).refused[0]?.why ?? 'counts';
  t.is(why(long(60, 60 + 31 * day)), 'counts');
  t.is(why(long(60, 61 + 31 * day)), 'it is to last 32 days, and a window lasts 31 days at most');
  t.regex(why(long(60, 100 * 365 * day)), /^it is to last 36500 days/);
  t.regex(why(long(400 * day, 401 * day)), /more than 400 days after it was asked for$/);
  const endless = long(60, 100 * 365 * day);
  const old = foldAt([endless], 61, POLICY, receiptsAt([endless], null));
  t.deepEqual([old.state, old.endsAt], ['requested', minute(60 + 31 * day)]);
});

test('beside break-glass without a plan that nobody has reviewed a second one names its plans', (t) => {
  const alarmOf = (id: string, at: number, plans: object[] = []) => {
    const request = paper('request', 'eve', at, { ...ofEve, plans }, id);
    const body = { of: hash(request), approvals: [], differences: [], emergency: 'fire' };
    return [request, paper('opening', 'eve', at + 1, body, id)];
  };
  const reviewed = (id: string, of: Paper, at: number) => [
    paper(
      'closing',
      'eve',
      at,
      { of: hash(of), outcome: 'successful', notes: '', runs: [], accepted: [] },
      id,
    ),
    paper('review', 'abe', at + 1, { of: hash(of), notes: 'well' }, id),
  ];
  const first = alarmOf('E-1', 1);
  const second = alarmOf('E-2', 20);
  const states = (papers: Paper[], now: number, held: Receipts['held'] = {}) =>
    foldWindows(papers, POLICY, minute(now), { held, unheldAt: null }).map(({ state, refused }) =>
      [state, ...refused.map(({ why }) => why)].join('; '),
    );
  const refused =
    'requested; E-1 was opened by break-glass without a plan, and owes its review: ' +
    'a second one names its plans';
  t.deepEqual(states([...first, ...second], 25), ['open', refused]);
  t.deepEqual(states([...first, ...alarmOf('E-2', 20, [PLAN])], 25), ['open', 'open']);
  const done = reviewed('E-1', first[0] as Paper, 10);
  t.deepEqual(states([...first, ...second, ...done], 25), ['reviewed', 'open']);
  t.deepEqual(states([...first, ...second, done[0] as Paper], 25), ['closed', refused]);
  const late = reviewed('E-1', first[0] as Paper, 22);
  t.deepEqual(states([...first, ...second, ...late], 25), ['reviewed', refused], 'too late for it');
  const settled = [...second, ...reviewed('E-2', second[0] as Paper, 30)];
  t.deepEqual(states([...first, ...settled], 40), ['open', 'reviewed'], 'nothing is taken back');
  const held = receiptsAt([...first, ...second], null);
  t.deepEqual(states([...first, ...second], 25, held), ['open', 'open'], 'as it was');
  const received = { ...receiptsAt(first, 24), ...receiptsAt(second, 22) };
  t.regex(
    states([...first, ...second], 25, received)[0] as string,
    /E-2 was opened/,
    'not by date',
  );
});

test('without a policy, whoever may sign may do everything but approve their own', (t) => {
  t.is(told(fold([...all], 62, null)), 'open by alf+amy, ines');
  t.regex(told(fold([asked, approve('rita')], 62, null)), /rita requested it/);
});

test('every window among the papers is folded, each from its own', (t) => {
  const other = goodPapers({ ...REQUEST, title: 'other' }, 'W-0');
  const windows = foldWindows(
    [policyPaper(POLICY), ...all, ...other.all.slice(0, 2)],
    POLICY,
    minute(62),
  );
  t.deepEqual(
    windows.map((one) => `${one.id} ${one.request.title} ${told(one)}`),
    ['W-0 other requested by alf, ines', 'W-1 Move web open by alf+amy, ines'],
  );
  const [unknown] = foldWindows(all, null, minute(62));
  t.is(unknown?.state, 'requested', 'nobody’s signature is known');
  t.is(unknown?.refused.length, 4);
});

test('the order of the files does not matter, and no paper is dropped in silence', (t) => {
  const papers = [
    ...all,
    approve('alfred'),
    approve('rita'),
    hand('ines', 'otto', 70),
    amended,
    agree('alf'),
    agree('abe', 81),
    close('otto', 90),
    review('abe', 95),
    { ...approve('abe'), signature: 'none' },
  ];
  const expected = fold(papers, 100);
  const count = (window: ChangeWindow) =>
    1 +
    window.approvals.length +
    (window.opened ? 1 : 0) +
    window.handovers.length +
    (window.plans.length - 1) * 3 +
    (window.closed ? 1 : 0) +
    (window.review ? 1 : 0) +
    window.refused.length;
  t.is(count(expected), papers.length);
  const sorted = ({ refused, ...rest }: ChangeWindow) => ({
    ...rest,
    refused: refused.map(({ name }) => name).sort(),
  });
  fc.assert(
    fc.property(fc.shuffledSubarray(papers, { minLength: papers.length }), (shuffled) => {
      t.deepEqual(sorted(fold(shuffled, 100)), sorted(expected));
    }),
    { numRuns: 20 },
  );
});
