/** How long things take: from the record, else by the kind of what happens to machines. */
import test from 'ava';
import type { Facts, PlannedStep, PredictedStep } from '../../src/core/plan.ts';
import { exposureOf } from '../../src/runbook/afterwards/handover.ts';
import {
  estimateOf,
  estimateWords,
  noteEstimates,
  stepEstimate,
  TYPICAL,
} from '../../src/runbook/run/estimate.ts';
import type { RunState } from '../../src/runbook/run/fold.ts';
import { expectedMs } from '../../src/runbook/run/standing.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { readSettings, typicalTimes } from '../../src/service/settings.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { NO_SETTINGS } from '../support/settings.ts';

const GIB = 1024 ** 3;
const copies = {
  server1: { outOfSyncBytes: 0, sizeBytes: 6 * GIB },
  server2: { outOfSyncBytes: 600 * 1024 * 1024, sizeBytes: 6 * GIB },
};
const from = { volumes: { md1: { name: 'md1', copies } } } as unknown as Status;

const on = { 'server.server1.power': 'on' };
const off = { 'server.server1.power': 'off' };
const color = (server: string, word: string): Facts => ({ [`mirror.md1.${server}.color`]: word });
const look = aStep('a', { verb: 'check', that: 'true' });
const reboot = aStep('a', runs('reboot', { goesDown: true }));

const kinds: [what: string, step: PlannedStep, before: Facts, after: Facts, ms: number][] = [
  ['nothing', look, on, on, 0],
  ['a server that is switched on boots', look, off, on, TYPICAL.bootMs],
  ['one that goes off shuts down', look, on, off, TYPICAL.shutdownMs],
  ['one that restarts does both', reboot, on, on, TYPICAL.shutdownMs + TYPICAL.bootMs],
  ['one that goes down and stays off', reboot, on, off, TYPICAL.shutdownMs],
  [
    'a file system is checked before it is mounted',
    look,
    { 'server.server1.mounts': [] },
    { 'server.server1.mounts': ['/dev/NMP1 on /mnt/md1 type ext3, read-write'] },
    TYPICAL.fsckMs,
  ],
  [
    'a copy that ends takes its difference',
    look,
    color('server2', 'YELLOW'),
    color('server2', 'GREEN'),
    10_000,
  ],
  [
    'all of it where none is known',
    look,
    color('server1', 'RED'),
    color('server1', 'GREEN'),
    102_400,
  ],
  [
    'a copy that was never behind takes nothing',
    look,
    color('server2', 'GRAY'),
    color('server2', 'GREEN'),
    0,
  ],
];

for (const [what, step, before, after, ms] of kinds) {
  test(`typical: ${what}`, (t) => {
    const predicted: Record<string, PredictedStep> = { a: { facts: after, durationMs: 5 } };
    const basis = { typical: TYPICAL, took: {} };
    noteEstimates([step], predicted, { start: before, from, basis });
    t.is(predicted.a?.typicalMs, ms);
    t.deepEqual(stepEstimate(step, predicted), {
      ms: ms + 5,
      atMostMs: (ms + 5) * 1.5,
      people: 0,
      isRecorded: false,
    });
  });
}

test('five recorded runs count instead, with their middle and their 95th', (t) => {
  const predicted: Record<string, PredictedStep> = { a: { facts: on, durationMs: 5 } };
  const basis = { typical: TYPICAL, took: { a: [1000, 9000, 2000, 4000, 3000] } };
  noteEstimates([reboot], predicted, { start: on, from, basis });
  const estimate = estimateOf([reboot], predicted);
  t.deepEqual(estimate, { ms: 3000, atMostMs: 9000, people: 0, isRecorded: true });
  t.is(estimateWords(estimate), 'about 3.0 s (95 of 100 runs within 9.0 s)');
  t.is(expectedMs(reboot, predicted, {}), 9000);
});

const person = aStep('pull', { verb: 'confirm', question: '?', typeName: null, shows: null });
const again = { ...person, id: 'again' };

test('people are counted and not timed', (t) => {
  const predicted = { a: { facts: on, durationMs: 120_000 } };
  const words = (...steps: PlannedStep[]) => estimateWords(estimateOf(steps, predicted));
  t.is(words(look), 'about 2 min 0 s');
  t.is(words(look, person), 'about 2 min 0 s, plus 1 act by people');
  t.is(words(person, look, again), 'about 2 min 0 s, plus 2 acts by people');
});

test('a handover says what is left in the same words', (t) => {
  const plan = aPlan([look, person], { predicted: { a: { facts: on, durationMs: 90_000 } } });
  const context = { outcomes: {}, halt: null };
  const state = { phase: 'parked', step: null, context, plan } as unknown as RunState;
  t.is(exposureOf(state, null).left, '2 of 2 steps, about 1 min 30 s, plus 1 act by people');
});

test('a site sets what is typical of its machines', (t) => {
  const text = 'durations: { boot: 10m, fsck: 2s, copy: 100 }\n';
  t.deepEqual(typicalTimes({ file: 'c', read: () => text }), {
    bootMs: 600_000,
    shutdownMs: TYPICAL.shutdownMs,
    fsckMs: 2000,
    copyBytesPerSecond: 100 * 1024 * 1024,
  });
  t.deepEqual(typicalTimes(NO_SETTINGS), TYPICAL);
  for (const wrong of [
    'durations: { boot: soon }',
    'durations: { copy: 0 }',
    'durations: { b: 1s }',
  ]) {
    t.throws(() => readSettings({ file: 'c', read: () => wrong }), { message: /boot|copy|'b'/ });
  }
});
