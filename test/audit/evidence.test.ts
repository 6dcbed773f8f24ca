/** The evidence of a window: the fields that change management asks for, and that they are proven. */
import test from 'ava';
import fc from 'fast-check';
import { sealEntry } from '../../src/audit/chain.ts';
import { makeEvidence, runsOfWindow } from '../../src/audit/evidence.ts';
import { escaped, evidenceHtml } from '../../src/audit/evidence-html.ts';
import { evidenceReadme } from '../../src/audit/evidence-readme.ts';
import { MerkleTree, provesInclusion } from '../../src/audit/merkle.ts';
import { entriesOf, isOfWindow } from '../../src/audit/windows.ts';
import type { ChangeWindow } from '../../src/change/types.ts';
import type { NewEntry } from '../../src/ports/journal.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { hashOfPaper, PLAN, policyPaper, REQUEST, windowPaper } from '../support/window-papers.ts';

const request = windowPaper('request', 'rosa', 0, REQUEST);
const hash = hashOfPaper(request);
const approval = windowPaper('approval', 'ana', 1, { of: hash, note: 'go' });

const window: ChangeWindow = {
  id: 'CHG-1',
  state: 'closed',
  hash,
  requester: 'rosa',
  requestedAt: '2026-01-01T00:00:00.000Z',
  request: REQUEST,
  approvals: [
    { by: 'ana', at: '2026-01-01T00:01:00.000Z', note: 'go', hash: hashOfPaper(approval) },
  ],
  plans: [PLAN],
  pending: [],
  opened: {
    of: hash,
    approvals: [hashOfPaper(approval)],
    differences: ['v3-5.1: took 0.5 s, now 9.0 s'],
    emergency: null,
    by: 'ines',
    at: '2026-01-01T00:02:00.000Z',
    hash: 'd'.repeat(64),
  },
  startsAt: Date.parse(REQUEST.start),
  endsAt: Date.parse(REQUEST.end),
  implementer: REQUEST.implementer,
  handovers: [],
  closed: {
    of: hash,
    outcome: 'with-issues',
    notes: 'slow',
    runs: ['look-1'],
    accepted: ['monitor.m.server1.suspended: left'],
    by: 'ines',
    at: '2026-01-01T00:09:00.000Z',
    hash: 'e'.repeat(64),
  },
  review: null,
  owesReview: false,
  refused: [{ name: 'window/CHG-1/x', why: 'forged' }],
};

const TYPED = {
  window: 'CHG-1',
  server: 'server1',
  note: '7',
  startedAt: '2026-01-01T00:05:30.000Z',
  argv: ['clpstat', '-n'],
  login: { real: { name: 'ines' } },
  refused: null,
};

const DRAFTS: NewEntry[] = [
  { run: null, type: 'window.requested', body: { window: 'CHG-1', hash } },
  { run: 'other-1', type: 'run.created', body: { plan: { runbook: { id: 'x', title: 'X' } } } },
  {
    run: 'look-1',
    type: 'run.created',
    body: { plan: { runbook: { id: 'v3-5.1', title: 'Look' } } },
  },
  { run: 'look-1', type: 'run.started', body: { authority: { window: 'CHG-1', who: 'ines@c' } } },
  {
    run: 'look-1',
    type: 'step.ended',
    body: {
      step: 'look',
      outcome: 'done',
      why: null,
      changes: [
        { key: 'mirror.md1.server2.color', from: 'RED', to: 'GREEN' },
        { key: 'lease.server1', from: null, to: 'look-1' },
      ],
    },
  },
  { run: 'look-1', type: 'run.finished', body: { outcome: 'done' } },
  {
    run: null,
    type: 'command.seen',
    body: { ...TYPED, exitCode: null },
  },
  { run: null, type: 'command.seen', body: { ...TYPED, exitCode: 0 } },
  { run: null, type: 'window.closed', body: { window: 'CHG-1' } },
];

function recorded(drafts: readonly NewEntry[] = DRAFTS): JournalEntry[] {
  const made: JournalEntry[] = [];
  for (const [index, draft] of drafts.entries()) {
    const last = made.at(-1) ?? null;
    const stamp = { at: Date.UTC(2026, 0, 1, 0, index), who: 'ines@control' };
    made.push(sealEntry(last && { seq: last.seq, hash: last.hash }, draft, stamp));
  }
  return made;
}

/** What a window's evidence is made from, of all that is recorded. */
function inRecord(all: readonly JournalEntry[]) {
  const tree = new MerkleTree();
  for (const { hash } of all) tree.add(hash);
  const runs = new Set(runsOfWindow(all, 'CHG-1'));
  const entries = all.filter(
    (entry) => (entry.run !== null && runs.has(entry.run)) || isOfWindow(entry, 'CHG-1'),
  );
  return { entries, record: { tree, head: all.at(-1)?.hash ?? null, checkpoint: null } };
}

async function numbersOf(entries: readonly JournalEntry[], window: string): Promise<number[]> {
  const journal = memoryJournal({ clock: { now: () => 0 }, who: 'ines@control', begun: entries });
  return (await entriesOf(journal, { window })).map(({ seq }) => seq);
}

const evidenceOf = (more: Partial<ChangeWindow> = {}, entries = recorded()) =>
  makeEvidence({
    window: { ...window, ...more },
    approvalsNeeded: 2,
    papers: [approval, policyPaper(1), request],
    ...inRecord(entries),
  });

test('runs and entries of a window are those that name it', async (t) => {
  const entries = recorded();
  t.deepEqual(runsOfWindow(entries, 'CHG-1'), ['look-1']);
  t.deepEqual(await numbersOf(entries, 'CHG-1'), [1, 3, 4, 5, 6, 7, 8, 9]);
  t.deepEqual(await numbersOf(entries, 'CHG-2'), []);
});

test('what was refused while a window was open belongs to its evidence', async (t) => {
  const during = ['CHG-0', 'CHG-1'];
  const attempt = { ...TYPED, window: null, refused: 'window.command', exitCode: null, during };
  const order = {
    who: 'bob@desk',
    server: 'server2',
    argv: ['clpcl', '-t'],
    code: 'window.person',
  };
  const entries = recorded([
    ...DRAFTS,
    { run: null, type: 'command.seen', body: { ...attempt, note: '8', argv: ['clpgrp', '-t'] } },
    { run: null, type: 'command.refused', body: { ...order, during } },
    { run: null, type: 'run.refused', body: { who: 'bob@desk', code: 'window.runbook', during } },
    { run: null, type: 'command.seen', body: { ...attempt, note: '9', during: ['CHG-2'] } },
    { run: null, type: 'command.seen', body: { ...attempt, note: '10', byCluster: true } },
  ]);
  t.deepEqual(await numbersOf(entries, 'CHG-1'), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14]);
  const { byHand } = evidenceOf({}, entries);
  t.deepEqual(
    byHand.map(({ who, server, command, refused }) => [who, server, command, refused]),
    [
      ['ines', 'server1', 'clpstat -n', null],
      ['ines', 'server1', 'clpgrp -t', 'window.command'],
      ['the cluster itself', 'server1', 'clpstat -n', 'window.command'],
      ['bob@desk', 'server2', 'clpcl -t', 'window.person'],
    ],
  );
});

test('every field that change management asks for is there', (t) => {
  const { record: _record, papers, plan, clusters: _clusters, ...fields } = evidenceOf();
  t.deepEqual(plan, [PLAN]);
  t.deepEqual(
    papers.map(({ name }) => name),
    ['policy', request.name, approval.name],
  );
  t.deepEqual(fields, {
    schema: 'drydock.evidence/1',
    number: 'CHG-1',
    ticket: 'CHG-1',
    title: 'Look at <server1> & tell',
    type: 'normal',
    emergency: null,
    state: 'closed',
    owesReview: false,
    requester: { principal: 'rosa', at: '2026-01-01T00:00:00.000Z' },
    approvalsNeeded: 2,
    approvers: [
      {
        principal: 'ana',
        at: '2026-01-01T00:01:00.000Z',
        note: 'go',
        paper: hashOfPaper(approval),
      },
    ],
    implementer: { principal: 'ines', login: 'ines' },
    handovers: [],
    itemsChanged: [{ item: 'mirror md1', changes: ['server2 color RED → GREEN'] }],
    reason: 'to see',
    risk: 'none',
    impact: 'none',
    backout: 'look away',
    planned: { start: REQUEST.start, end: REQUEST.end, reserveMs: 60_000 },
    actual: {
      opened: '2026-01-01T00:02:00.000Z',
      began: '2026-01-01T00:02:00.000Z',
      ended: '2026-01-01T00:05:00.000Z',
      closed: '2026-01-01T00:09:00.000Z',
    },
    differencesAtOpening: ['v3-5.1: took 0.5 s, now 9.0 s'],
    result: {
      outcome: 'with-issues',
      notes: 'slow',
      by: 'ines',
      debtsAccepted: ['monitor.m.server1.suspended: left'],
    },
    runs: [
      {
        run: 'look-1',
        runbook: 'v3-5.1',
        title: 'Look',
        who: 'ines@control',
        startedAt: '2026-01-01T00:02:00.000Z',
        endedAt: '2026-01-01T00:05:00.000Z',
        outcome: 'done',
        steps: [{ step: 'look', outcome: 'done', why: null, at: '2026-01-01T00:04:00.000Z' }],
      },
    ],
    byHand: [
      {
        at: '2026-01-01T00:05:30.000Z',
        server: 'server1',
        who: 'ines',
        command: 'clpstat -n',
        exitCode: 0,
        refused: null,
      },
    ],
    review: null,
    papersRefused: [{ name: 'window/CHG-1/x', why: 'forged' }],
  });
});

test('each entry is proven to be in the record, and a changed one is not', (t) => {
  const { record } = evidenceOf();
  t.is(record.entries.length, 8);
  for (const { seq, hash: entryHash, path } of record.entries) {
    const proof = { entryHash, index: seq - 1, size: record.size, path, root: record.root };
    t.true(provesInclusion(proof));
    t.false(provesInclusion({ ...proof, entryHash: 'f'.repeat(64) }));
    t.false(provesInclusion({ ...proof, index: seq % record.size }));
  }
});

test('equal input gives equal bytes, in whatever order the papers came', (t) => {
  const one = evidenceOf();
  const papers = [request, policyPaper(1), approval];
  const two = makeEvidence({
    window,
    approvalsNeeded: 2,
    papers,
    ...inRecord(recorded()),
  });
  t.is(JSON.stringify(one), JSON.stringify(two));
  t.is(evidenceHtml(one), evidenceHtml(two));
});

test('the page shows what people wrote as text, runs nothing and fetches nothing', (t) => {
  const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&';
  const page = evidenceHtml({
    ...evidenceOf({ request: { ...REQUEST, title: hostile, reason: hostile } }),
    number: hostile,
  });
  t.notRegex(page, /<script|<img|onerror=alert\(1\)>|https?:|<link|url\(/);
  t.true(page.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  t.regex(page, /default-src 'none'/);
  t.regex(evidenceHtml(evidenceOf()), /Look at &lt;server1&gt; &amp; tell/);
});

test('no text becomes markup', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(escaped(text))),
    { numRuns: 300 },
  );
  t.is(escaped('a\u202eb\u0007<\u009b'), 'a\\u202eb\\u0007&lt;\\u009b');
});

test('break-glass and a review that is owed stand at the top of the page', (t) => {
  const page = evidenceHtml(
    evidenceOf({ owesReview: true, opened: { ...window.opened!, emergency: 'fire' } }),
  );
  t.true(page.indexOf('without approvals: fire') < page.indexOf('<table'));
  t.true(page.indexOf('A review is owed') < page.indexOf('<table'));
});

test('what an amendment changes of a plan is no change of an item', (t) => {
  const amended = {
    run: 'look-1',
    type: 'run.amended',
    body: { reason: 'r', changes: ['not any more x: X'] },
  };
  const entries = recorded([...DRAFTS.slice(0, 5), amended, ...DRAFTS.slice(5)]);
  t.deepEqual(evidenceOf({}, entries).itemsChanged, evidenceOf().itemsChanged);
});

test('the readme names the root, and the verifier only where it is there', (t) => {
  const evidence = evidenceOf();
  t.true(evidenceReadme(evidence, []).includes(evidence.record.root));
  t.false(evidenceReadme(evidence, []).includes('needs nothing but Node'));
  t.true(evidenceReadme(evidence, ['drydock-verify.mjs']).includes('needs nothing but Node'));
});
