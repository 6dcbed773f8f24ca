/** What a second rehearsal shows otherwise, and what makes an approval void. */
import test from 'ava';
import type { ApprovedPlan } from '../../src/schema/generated/window-document.ts';
import {
  changedLines,
  planDifferences,
  staleWhys,
  versionDifferences,
} from '../../src/service/window/differences.ts';
import { PLAN, REQUEST } from '../support/window-papers.ts';

function plan(rehearsal: Partial<ApprovedPlan['rehearsal']>): ApprovedPlan {
  return { ...PLAN, rehearsal: { ...PLAN.rehearsal, ...rehearsal } };
}

const LINES: [string, string, string[]][] = [
  ['', '', []],
  ['a b c', 'a b c', []],
  ['a b c', 'a c', ['- b']],
  ['a c', 'a b c', ['+ b']],
  ['a b c', 'a x c', ['- b', '+ x']],
  ['', 'a', ['+ a']],
  ['a', '', ['- a']],
];

for (const [before, after, expected] of LINES) {
  test(`from "${before}" to "${after}" the lines ${expected.join(', ') || 'none'} differ`, (t) => {
    const split = (text: string) => text.split(' ').filter((word) => word !== '');
    t.deepEqual(changedLines(split(before), split(after)), expected);
  });
}

const DIFFERENCES: [string, Partial<ApprovedPlan['rehearsal']>, string[]][] = [
  ['nothing', {}, []],
  ['a little longer', { durationMs: 1_900 }, []],
  ['much longer', { durationMs: 9_000 }, ['v3-5.1: took 0.5 s, now 9.0 s']],
  ['another end', { outcome: 'parked' }, ['v3-5.1: ended done, now parked']],
  [
    'another step',
    { steps: 2, transcript: 'done look\nalready wait\n' },
    ['v3-5.1: had 1 step, now 2', 'v3-5.1: + already wait'],
  ],
  ['the same step, as fast as it may be', { transcript: 'done look  700 ms\n' }, []],
  ['the same step, slower', { transcript: 'done look  2 min 3 s\n' }, []],
];

for (const [what, now, expected] of DIFFERENCES) {
  test(`a second rehearsal with ${what}`, (t) => {
    t.deepEqual(planDifferences(plan({}), plan(now)), expected);
  });
}

const CARD = REQUEST.clusters[0]!;
const CALLED = { ...PLAN, called: [{ id: 'v3-5.2', hash: 'c'.repeat(64) }] };

const STALE: [string, ApprovedPlan, ApprovedPlan, typeof CARD, string[]][] = [
  ['nothing has changed', PLAN, PLAN, CARD, []],
  [
    'the runbook was edited',
    PLAN,
    { ...PLAN, runbook: { ...PLAN.runbook, hash: 'f'.repeat(64) } },
    CARD,
    ['runbook v3-5.1 is another now'],
  ],
  [
    'a called runbook was edited',
    CALLED,
    { ...CALLED, called: [{ id: 'v3-5.2', hash: 'd'.repeat(64) }] },
    CARD,
    ['runbook v3-5.2, called by v3-5.1, is another now'],
  ],
  [
    'a parameter is another',
    PLAN,
    { ...PLAN, parameters: { server: 'server2' } },
    CARD,
    ['the parameters of v3-5.1 are others now'],
  ],
  [
    'the topology is another',
    PLAN,
    PLAN,
    { ...CARD, topology: 'e'.repeat(64) },
    ['the topology of one is another now'],
  ],
  [
    'it is another cluster',
    PLAN,
    PLAN,
    { ...CARD, uuid: 'x' },
    ['cluster one is not in the request'],
  ],
];

for (const [what, approved, now, card, expected] of STALE) {
  test(`an approval when ${what}`, (t) => {
    t.deepEqual(staleWhys(REQUEST, [{ approved, now }], [card]), expected);
  });
}

test('versions that differ are said, and void nothing', (t) => {
  const card = { ...CARD, versions: { product: 'v3 LE', drydock: '0.2.0' } };
  t.deepEqual(versionDifferences(REQUEST, [card]), ['one: drydock was unknown, now 0.2.0']);
});
