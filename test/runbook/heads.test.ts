import test from 'ava';
import type { Journal, NewEntry } from '../../src/ports/journal.ts';
import { headOf, lastToChange, readHeads } from '../../src/runbook/run/heads.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { aPlan } from '../support/plans.ts';
import { switches, turnOn } from '../support/switches.ts';

/** Three runs; the last one is parked. */
async function threeRuns() {
  const made = switches(['a', 'b', 'c']);
  const plan = aPlan(['a', 'b', 'c'].map((name) => ({ ...turnOn(name), safe: true })));
  const runs: string[] = [];
  for (const stopAfter of [undefined, undefined, 'b']) {
    const options = { ...made.deps.options, stopAfter };
    runs.push((await runPlan({ ...made.deps, options, plan })).run);
  }
  return { made, runs };
}

/** Which runs were read. */
function counting(journal: Journal): { journal: Journal; read: string[] } {
  const read: string[] = [];
  const entries: Journal['entries'] = (run) => {
    read.push(String(run));
    return journal.entries(run);
  };
  return { journal: { ...journal, entries }, read };
}

test('a run that did not go on since is not read again, and is told as if it were', async (t) => {
  const { made, runs } = await threeRuns();
  const { journal, read } = counting(made.journal);
  const first = await readHeads(journal);
  t.deepEqual(read.splice(0), runs);
  t.deepEqual(
    first.map(({ summary }) => [summary.run, summary.phase, summary.step]),
    [
      [runs[0], 'done', null],
      [runs[1], 'done', null],
      [runs[2], 'parked', 'c'],
    ],
  );
  t.deepEqual(await readHeads(journal), first);
  t.deepEqual(read, []);
  const entry: NewEntry = {
    run: runs[2]!,
    type: 'run.aborted',
    body: { why: 'so', leaseLeft: null },
  };
  await made.journal.append([entry]);
  const next = await readHeads(journal);
  t.deepEqual(read, [runs[2]]);
  t.is(next[2]!.summary.phase, 'aborted');
  t.deepEqual(next.slice(0, 2), first.slice(0, 2));
});

test('a head of another form is not believed', async (t) => {
  const { made, runs } = await threeRuns();
  const first = await readHeads(made.journal);
  for await (const page of made.journal.runs()) {
    const lies = first[0] as unknown as NewEntry['body'];
    const head = { form: 'drydock.run-head/0', of: lies };
    await made.journal.storeHeads(page.map(({ run, last }) => ({ run, last, head })));
  }
  const { journal, read } = counting(made.journal);
  t.deepEqual(await readHeads(journal), first);
  t.deepEqual(read, runs);
});

test('a run that this program cannot fold is folded again, for another one may know how', async (t) => {
  const { made, runs } = await threeRuns();
  await made.journal.append([{ run: runs[0]!, type: 'of.a.later.program', body: {} }]);
  const first = await readHeads(made.journal);
  t.is(first[0]!.summary.phase, 'damaged');
  const { journal, read } = counting(made.journal);
  t.deepEqual(await readHeads(journal), first);
  t.deepEqual(read, [runs[0]]);
});

test('only runs whose name holds the text are read', async (t) => {
  const { made, runs } = await threeRuns();
  const { journal, read } = counting(made.journal);
  await readHeads(journal, runs[1]);
  t.deepEqual(read, [runs[1]]);
});

test('of all runs it is the last recorded step that changed a fact', async (t) => {
  const { made, runs } = await threeRuns();
  const ended = (run: string, step: string, keys: string[]): NewEntry => {
    const changes = keys.map((key) => ({ key, from: 1, to: 2 }));
    return { run, type: 'step.ended', body: { step, changes } };
  };
  await made.journal.append([
    ended(runs[2]!, 'late', ['k', 'other']),
    ended(runs[0]!, 'later', ['k']),
    ended(runs[1]!, 'latest', ['none']),
  ]);
  const heads = await readHeads(made.journal);
  const at = (await made.journal.entries(runs[0]!)).at(-1)!.at;
  t.deepEqual(lastToChange('k', heads), { run: runs[0]!, step: 'later', at });
  t.is(lastToChange('other', heads)?.step, 'late');
  t.is(lastToChange('never', heads), null);
  t.is(lastToChange('constructor', heads), null);
});

test('what a damaged run changed is known all the same', (t) => {
  const body = { step: 's', changes: [{ key: 'k', from: 1, to: 2 }] };
  const entry = { seq: 4, run: 'r', type: 'step.ended', at: 'then', who: 'ann', body };
  const head = headOf('r', [entry as never]);
  t.is(head.summary.phase, 'damaged');
  t.deepEqual(lastToChange('k', [head]), { run: 'r', step: 's', at: 'then' });
});
