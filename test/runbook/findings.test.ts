/** Steps that look for something: what they report, and that nothing of it stops a run. */
import test from 'ava';
import type { Finding, OutcomeFound, Verb } from '../../src/core/plan.ts';
import { findingLines, findingsOf } from '../../src/runbook/run/findings.ts';
import type { RunStep } from '../../src/runbook/run/step-command.ts';
import { transcriptOf } from '../../src/runbook/run/transcript.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';
import { world } from './run-world.ts';

const SAID = { severity: 'error', says: 'it is so', remedy: null, runbook: null } as const;

function looks(condition: string | null, more: Partial<Extract<Verb, { verb: 'find' }>> = {}) {
  return aStep('look', { verb: 'find', if: condition, shows: null, ...SAID, ...more });
}

const found = (result: { state: { findings: readonly Finding[] } }) =>
  result.state.findings.map(({ severity, says, shows }) => [severity, says, shows].join(' | '));

const states: [title: string, condition: string | null, expected: string[]][] = [
  ['what holds', "server('server1').power == 'on'", ['error | it is so | server1']],
  ['what does not hold', "server('server1').power == 'off'", []],
  ['what is always said', null, ['error | it is so | server1']],
  [
    'what nobody knows',
    "server('server2').power == 'on'",
    ['unknown | it is so | not known: nobody asked it'],
  ],
];
for (const [title, condition, expected] of states) {
  test(`a look finds: ${title}`, async (t) => {
    const made = world(aPlan([looks(condition, { shows: "server('server1').name" })]));
    const { server2 } = made.cluster.status.servers;
    Object.assign(server2!, {
      power: null,
      powerObserved: { by: null, at: null, unknown: 'nobody asked it' },
    });
    const result = await made.run();
    t.is(result.outcome, 'done', result.words);
    t.deepEqual(
      found(result).map((line) => line.replace(/not known: .*/, 'not known: nobody asked it')),
      expected,
    );
  });
}

const outcomes: [title: string, wanted: OutcomeFound, code: number, out: string, so: boolean][] = [
  ['an exit that is one', { ...SAID, exit: 1 }, 1, '', true],
  ['an exit that is another', { ...SAID, exit: 1 }, 0, '', false],
  ['what is printed', { ...SAID, prints: 'bad' }, 0, 'good\nbad\n', true],
  ['what is not printed', { ...SAID, prints: 'bad' }, 0, 'good\n', false],
  ['what is lacking', { ...SAID, lacks: 'good' }, 0, 'bad\n', true],
  ['what is not lacking', { ...SAID, lacks: 'good' }, 0, 'good\n', false],
  ['both, of which one is so', { ...SAID, exit: 0, lacks: 'good' }, 0, 'good\n', false],
  ['both', { ...SAID, exit: 0, lacks: 'good' }, 0, 'bad\n', true],
];
for (const [title, wanted, exitCode, stdout, so] of outcomes) {
  test(`a command's end tells: ${title}`, async (t) => {
    const step = aStep('ask', { ...runs('ask'), findings: [wanted] } as Verb);
    const made = world(aPlan([step, aStep('next', { verb: 'check', that: 'true' })]));
    made.cluster.programs.ask = () => ({ exitCode, stdout });
    const result = await made.run();
    t.is(result.outcome, 'done', result.words);
    t.is(result.state.findings.length, so ? 1 : 0);
  });
}

test('an exit that is neither accepted nor a finding fails as ever', async (t) => {
  const step = aStep('ask', { ...runs('ask'), findings: [{ ...SAID, exit: 1 }] } as Verb);
  const made = world(aPlan([step]));
  made.cluster.programs.ask = () => ({ exitCode: 2 });
  t.like(await made.run(), { outcome: 'failed', exit: 1 });
});

test('of an output that was not kept whole nobody knows what it lacks', (t) => {
  const findings: OutcomeFound[] = [{ ...SAID, lacks: 'good' }];
  const step = { ...aStep('ask', { ...runs('ask'), findings } as Verb) } as RunStep;
  const record = { stdout: 'bad', stderr: '', exitCode: 0, cut: { stdout: {} } };
  const [finding] = findingsOf(step, record as never);
  t.like(finding, { severity: 'unknown' });
});

test('findings stand in the record and its transcript, with what is to be done', async (t) => {
  const remedy = { remedy: 'mend it', runbook: 'v3-11.10.4' };
  const made = world(aPlan([looks(null, remedy)]));
  await made.run();
  const lines = transcriptOf(await allEntries(made.journal)).split('\n');
  const at = lines.findIndex((line) => line.includes('ERROR'));
  t.deepEqual(
    lines.slice(at, at + 2).map((line) => line.trim()),
    ['ERROR  it is so', 'do: mend it -> drydock run v3-11.10.4'],
  );
});

test('a finding in words shows where, what, and the way out', (t) => {
  const finding: Finding = {
    ...SAID,
    step: 'look',
    server: 'server1',
    severity: 'warning',
    shows: 'a\nb',
    remedy: 'mend it',
    runbook: null,
  };
  t.deepEqual(findingLines(finding), [
    'WARNING  server1: it is so',
    '  | a',
    '  | b',
    '  do: mend it',
  ]);
});
