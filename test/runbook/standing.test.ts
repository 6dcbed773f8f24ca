/** What a run stands on: how long the rest takes, whether it fits, and what earlier runs took. */
import test from 'ava';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import type { NewEntry } from '../../src/ports/journal.ts';
import { percentile } from '../../src/runbook/run/estimate.ts';
import {
  expectedMs,
  type RunWindow,
  restMs,
  tookBefore,
  whyTooLate,
} from '../../src/runbook/run/standing.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';

const command = aStep('go', runs('true'));
const person = aStep('pull', { verb: 'confirm', question: '?', typeName: null, shows: null });
const predicted = { go: { facts: {}, durationMs: 10_000 } };

const expectations: [string, number[], typeof command, number][] = [
  ['no earlier run: the rehearsal and a half', [], command, 15_000],
  ['four earlier runs are not enough', [1, 1, 1, 1], command, 15_000],
  ['five earlier runs: the slowest of them', [5, 1, 9, 2, 3], command, 9],
  ['a step of a person that nobody has timed', [], person, 60_000],
  ['a step of a person that was timed', [1, 2, 3, 4, 5], person, 5],
];

for (const [title, samples, step, expected] of expectations) {
  test(`A step is expected to take: ${title}`, (t) => {
    t.is(expectedMs(step, predicted, { [step.id]: samples }), expected);
  });
}

test('Of a hundred times the 95th counts, and at least 95 of 100 stay within it', (t) => {
  t.is(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      95,
    ),
    95,
  );
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1, maxLength: 60 }), (samples) => {
      const within = samples.filter((sample) => sample <= percentile(samples, 95)).length;
      return samples.includes(percentile(samples, 95)) && within / samples.length >= 0.95;
    }),
  );
});

test('The rest is what has not ended yet, from the step on', (t) => {
  const steps = ['a', 'b', 'c'].map((id) => aStep(id, runs('true')));
  const plan = aPlan(steps, {
    predicted: {
      a: { facts: {}, durationMs: 2 },
      b: { facts: {}, durationMs: 20 },
      c: { facts: {}, durationMs: 200 },
    },
  });
  t.is(restMs(plan, 0, {}), 333);
  t.is(restMs(plan, 1, {}), 330);
  t.is(
    restMs(plan, 1, {}, ({ id }) => id !== 'b'),
    300,
  );
});

const window: RunWindow = {
  id: 'W-1',
  endsAt: 100_000,
  reserveMs: 30_000,
  emergency: false,
  took: {},
};

const fits: [string, RunWindow | undefined, number, number, string | null][] = [
  ['no window', undefined, 99_999, 1_000_000, null],
  ['all of it', window, 20_000, 50_000, null],
  [
    'a millisecond too much',
    window,
    20_000,
    50_001,
    'what is left takes up to 51 s and 30 s are reserved for backing out, which does not fit window W-1: only 80 s are left of it',
  ],
  [
    'the end has passed',
    { ...window, reserveMs: 0 },
    100_000,
    240_000,
    'what is left takes up to 4 min, which does not fit window W-1: it is over',
  ],
  ['break-glass', { ...window, emergency: true }, 200_000, 1_000_000, null],
];

for (const [title, of, now, rest, expected] of fits) {
  test(`Whether the rest fits: ${title}`, (t) => {
    t.is(whyTooLate(of, now, rest), expected);
  });
}

function entries(run: string, cluster: string, steps: Record<string, number>, outcome = 'done') {
  const entry = (type: string, body: JsonObject): NewEntry => ({ run, type, body });
  const plan = { runbook: { id: 'v3-0.0' }, cluster: { uuid: cluster } };
  return [
    entry('run.created', { plan }),
    ...Object.entries(steps).map(([step, durationMs]) =>
      entry('step.ended', { step, outcome, durationMs }),
    ),
  ];
}

test('What steps took is read from runs of the same runbook on the same cluster, the newest first', async (t) => {
  const record = [
    ...entries('v3-0.0-aaaa', 'fake-uuid', { go: 1 }),
    ...entries('v3-0.0-bbbb', 'other', { go: 2 }),
    ...entries('v3-0.0-cccc', 'fake-uuid', { go: 3, stop: 4 }),
    ...entries('v3-0.0-dddd', 'fake-uuid', { go: 5 }, 'failed'),
    ...entries('x5-2-eeee', 'fake-uuid', { go: 6 }),
    { run: null, type: 'never.lookedAt', body: {} },
  ];
  const journal = memoryJournal({ clock: { now: () => 0 }, who: 'ann@desk' });
  await journal.append(record);
  t.deepEqual(await tookBefore(journal, aPlan([])), { go: [3, 1], stop: [4] });
});
