import test from 'ava';
import { debtsOf } from '../../src/runbook/afterwards/debts.ts';
import {
  exposureLines,
  exposureOf,
  handOver,
  holderOf,
  isSameLogin,
} from '../../src/runbook/afterwards/handover.ts';
import { foldRun } from '../../src/runbook/run/fold.ts';
import { readHeads } from '../../src/runbook/run/heads.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { transcriptOf } from '../../src/runbook/run/transcript.ts';
import { aPlan, aStep } from '../support/plans.ts';
import { type Switches, switches, turnOn } from '../support/switches.ts';

const question = { verb: 'confirm', question: 'Is b fine?', typeName: 'b', shows: null } as const;
const STEPS = [turnOn('a'), aStep('sure', question), turnOn('b', { danger: 'b bites' })];

async function parked() {
  const made = switches(['a', 'b']);
  const options = { ...made.deps.options, noInput: true };
  const result = await runPlan({ ...made.deps, options, plan: aPlan(STEPS) });
  return {
    made,
    run: result.run,
    state: async () => foldRun(await made.journal.entries(result.run)),
  };
}

async function pass(made: Switches, run: string, who: string, to: string, isTaken = false) {
  const state = foldRun(await made.journal.entries(run));
  const exposure = exposureOf(state, null);
  const reason = 'end of my shift';
  const take = isTaken ? { reason } : null;
  return await handOver({ journal: made.journal, run, who, to, take, reason, exposure });
}

const go = (made: Switches, run: string, who: string) =>
  resumeRun({ ...made.deps, who, run, options: { answers: { sure: 'b' } } });

for (const [a, b, same] of [
  ['ann', 'ann@desk', true],
  ['ann@desk', 'ann@desk', true],
  ['ann@desk', 'ann@other', false],
  ['ann', 'anna@desk', false],
  ['ann', 'bob', false],
] as const) {
  test(`${a} ${same ? 'is' : 'is not'} ${b}`, (t) => {
    t.is(isSameLogin(a, b), same);
    t.is(isSameLogin(b, a), same);
  });
}

test('a run that was handed over goes on with nobody else', async (t) => {
  const { made, run, state } = await parked();
  t.is(holderOf(await state()), 'ann@desk');
  await pass(made, run, 'ann@desk', 'bob');
  const error = await t.throwsAsync(() => go(made, run, 'ann@desk'));
  t.like(error, { code: 'run.handedOver', exit: 4 });
  t.is(error?.message, `run ${run} was handed to bob; ann@desk cannot go on with it`);
  t.is((await go(made, run, 'bob@desk')).outcome, 'done');
});

test('only the one who has a run hands it over, and it may be taken with a reason', async (t) => {
  const { made, run, state } = await parked();
  t.like(await t.throwsAsync(pass(made, run, 'eve@desk', 'eve@desk')), {
    code: 'handover.notYours',
    exit: 4,
  });
  await pass(made, run, 'eve@desk', 'eve@desk', true);
  t.is(holderOf(await state()), 'eve@desk');
  const { body } = (await made.journal.entries(run)).at(-1)!;
  t.like(body, {
    from: 'ann@desk',
    to: 'eve@desk',
    took: true,
    why: 'taken by eve@desk from ann@desk: end of my shift',
  });
});

test('whoever resumed it last has it', async (t) => {
  const { made, run, state } = await parked();
  const own = { ...made.journal, append: made.journal.append };
  await resumeRun({ ...made.deps, journal: own, who: 'ann@desk', run, options: { noInput: true } });
  t.is(holderOf(await state()), 'ann@desk');
  await pass(made, run, 'ann@desk', 'bob');
  await pass(made, run, 'bob@night', 'cat');
  t.is(holderOf(await state()), 'cat');
});

test('a run that is over, or is theirs already, is not handed over', async (t) => {
  const { made, run } = await parked();
  await pass(made, run, 'ann@desk', 'bob');
  t.like(await t.throwsAsync(pass(made, run, 'bob', 'bob@desk')), { code: 'handover.same' });
  await go(made, run, 'bob');
  t.like(await t.throwsAsync(pass(made, run, 'bob', 'cat')), { code: 'run.ended' });
});

test('a runner that is at work keeps its run', async (t) => {
  const { made, run } = await parked();
  const letGo = await made.journal.hold('fake-uuid', 'a run');
  t.like(await t.throwsAsync(pass(made, run, 'ann@desk', 'bob')), { exit: 5 });
  await letGo();
});

test('whoever takes over reads what is exposed', async (t) => {
  const { made, run, state } = await parked();
  made.cluster.status.servers.server2!.medium = 'floppy';
  const debts = debtsOf(
    await made.deps.door.observation.status(),
    null,
    await readHeads(made.journal),
  );
  t.is(
    exposureLines(exposureOf(await state(), debts)).join('\n'),
    `stands       parked at step sure (title of sure): step sure is not confirmed: nobody answered yes; it needs the words "b"
exposed      the medium floppy is still in the drive of server2
             server1 keeps the cluster for run ${run}
             server2 keeps the cluster for run ${run}
in doubt     nothing
in flight    nothing
still asked  sure: Is b fine?
dangers      b: b bites
left         2 of 3 steps, about 0 ms, plus 1 act by people`,
  );
});

test('the log of a run tells who passed it to whom', async (t) => {
  const { made, run } = await parked();
  await pass(made, run, 'ann@desk', 'bob');
  const line = transcriptOf(await made.journal.entries(run))
    .trimEnd()
    .split('\n')
    .at(-1);
  t.regex(String(line), /run handed over: from ann@desk to bob: end of my shift {2}\(ann@desk\)$/);
});
