/** What policies, receipts by servers and ends of windows do to papers, and many windows in one folder. */
import test from 'ava';
import fc from 'fast-check';
import { foldWindow, foldWindows } from '../../src/change/fold.ts';
import { trustOf } from '../../src/change/policies.ts';
import type { Receipts } from '../../src/change/receipts.ts';
import type { ChangeWindow } from '../../src/change/types.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
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
} from '../support/signed-papers.ts';
import {
  agree,
  all,
  amended,
  approve,
  asked,
  close,
  first,
  fold,
  hand,
  of,
  ofEve,
  open,
  opened,
  review,
  told,
} from './folded.ts';

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
const receiptsAt = (papers: SignedDocument[], at: number | null): Receipts['held'] =>
  Object.fromEntries(papers.map((one) => [hash(one), at === null ? null : minute(at)]));
const foldAt = (papers: SignedDocument[], now: number, policy: Policy, held: Receipts['held']) =>
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
  const told = (one: SignedDocument, at: number) => {
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
  const why = (one: SignedDocument) => fold([one], 20).refused[0]?.why ?? 'counts';
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
  const reviewed = (id: string, of: SignedDocument, at: number) => [
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
  const states = (papers: SignedDocument[], now: number, held: Receipts['held'] = {}) =>
    foldWindows(papers, POLICY, minute(now), { held, unheldAt: null }).map(({ state, refused }) =>
      [state, ...refused.map(({ why }) => why)].join('; '),
    );
  const refused =
    'requested; E-1 was opened by break-glass without a plan, and owes its review: ' +
    'a second one names its plans';
  t.deepEqual(states([...first, ...second], 25), ['open', refused]);
  t.deepEqual(states([...first, ...alarmOf('E-2', 20, [PLAN])], 25), ['open', 'open']);
  const done = reviewed('E-1', first[0] as SignedDocument, 10);
  t.deepEqual(states([...first, ...second, ...done], 25), ['reviewed', 'open']);
  t.deepEqual(states([...first, ...second, done[0] as SignedDocument], 25), ['closed', refused]);
  const late = reviewed('E-1', first[0] as SignedDocument, 22);
  t.deepEqual(states([...first, ...second, ...late], 25), ['reviewed', refused], 'too late for it');
  const settled = [...second, ...reviewed('E-2', second[0] as SignedDocument, 30)];
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
