import test from 'ava';
import type { Adoption, Plan, PlannedStep } from '../../src/core/plan.ts';
import {
  type AdoptedStep,
  adoptionPlan,
  judgeAdoption,
  whyNotAdopted,
} from '../../src/runbook/afterwards/adopt.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { foldRun } from '../../src/runbook/run/fold.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { transcriptOf } from '../../src/runbook/run/transcript.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { isOn, type Switches, switches, turnOn } from '../support/switches.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

const NONE = { confirmed: [], choices: {}, answers: {} };

async function adopting(made: Switches, plan: Plan, given: Partial<Adoption> & { at: string }) {
  const status = await made.deps.door.observation.status();
  const adopted = adoptionPlan(plan, { ...NONE, ...given }, status);
  return { plan: adopted, steps: judgeAdoption(adopted, status) };
}

type Verdict = AdoptedStep['verdict'];

const blind = aStep('blind', runs('turn on b'), { title: 'Put b on blindly' });
const way = aStep('way', { verb: 'choose', question: 'Which?', options: ['left', 'right'] });
const left = turnOn('a', { id: 'left', when: "chosen('way') == 'left'" });
const named = aStep('named', { verb: 'confirm', question: 'Sure?', typeName: 'b', shows: null });
const seen = aStep('seen', { verb: 'wait', until: isOn('b'), forMs: null });
const past = aStep('past', { verb: 'check', that: 'false' });
const remembered = turnOn('a', { probe: "server('server1').bootId != before.boot" });
const unknowable = turnOn('a', { probe: "server('server2').services['a'].enabled" });

const TABLE: [string, PlannedStep, string[], Partial<Adoption>, Verdict, number | null][] = [
  ['what shows is done', turnOn('a'), ['a'], {}, 'done', null],
  ['what does not show is not done', turnOn('a'), [], {}, 'not done', 4],
  ['a word does not help against a probe', turnOn('a'), [], { confirmed: ['a'] }, 'not done', 4],
  ['what nothing tells needs a word', blind, ['b'], {}, 'needs a word', 3],
  ['a word by name is enough there', blind, ['b'], { confirmed: ['blind'] }, 'done', null],
  ['a memory that nobody has is no probe', remembered, ['a'], {}, 'needs a word', 3],
  ['what is not known is refused', unknowable, ['a'], { confirmed: ['a'] }, 'not known', 6],
  ['a choice is given again', way, [], {}, 'needs a word', 3],
  [
    'a choice that there is not does not count',
    way,
    [],
    { choices: { way: 'up' } },
    'needs a word',
    3,
  ],
  ['a choice counts', way, [], { choices: { way: 'left' } }, 'done', null],
  ['a named confirmation wants its words', named, [], { confirmed: ['named'] }, 'needs a word', 3],
  ['and gets them', named, [], { answers: { named: 'b' } }, 'done', null],
  ['what was waited for shows', seen, ['b'], {}, 'done', null],
  ['what was waited for and is past needs a word', seen, [], {}, 'needs a word', 3],
  ['a check of a moment that is past is passed over', past, [], {}, 'done', null],
];

for (const [title, step, on, given, verdict, exit] of TABLE) {
  test(title, async (t) => {
    const made = switches(['a', 'b', 'c']);
    made.cluster.unreachable.add('server2');
    for (const name of on) made.cluster.status.servers.server1!.services![name]!.enabled = true;
    const plan = aPlan([step, turnOn('c')]);
    const { steps } = await adopting(made, plan, { at: 'c', ...given });
    t.is(steps[0]?.verdict, verdict, steps[0]?.why);
    t.is(whyNotAdopted(steps)?.exit ?? null, exit);
  });
}

test('a step that an earlier choice leaves out is left out', async (t) => {
  const made = switches(['a', 'b', 'c']);
  const plan = aPlan([way, left, turnOn('c')]);
  const { steps } = await adopting(made, plan, { at: 'c', choices: { way: 'right' } });
  t.deepEqual(
    steps.map(({ id, verdict }) => [id, verdict]),
    [
      ['way', 'done'],
      ['left', 'skipped'],
    ],
  );
});

async function adopted() {
  const made = switches(['a', 'b', 'c']);
  const { services } = made.cluster.status.servers.server1!;
  services!.a!.enabled = true;
  services!.b!.enabled = true;
  const whole = aPlan([turnOn('a'), way, left, blind, turnOn('c')]);
  const given = { at: 'c', confirmed: ['blind', 'c'], choices: { way: 'right' } };
  return { made, ...(await adopting(made, whole, given)) };
}

test('a run that was begun by hand goes on, and tells what it took over', async (t) => {
  const { made, plan } = await adopted();
  t.deepEqual(plan.adopts?.confirmed, ['blind']);
  const { run, outcome, state } = await runPlan({ ...made.deps, plan });
  t.is(outcome, 'done');
  t.deepEqual(made.cluster.log, ['server1: turn on c']);
  t.deepEqual(state.context.outcomes, {
    a: 'already',
    way: 'already',
    left: 'skipped',
    blind: 'already',
    c: 'done',
  });
  const log = transcriptOf(await made.journal.entries(run)).replaceAll(/20\d\d-[^ ]+Z/g, 'TIME');
  t.is(
    log.slice(log.indexOf('TIME')),
    `TIME  run started  (ann@desk)
  a: adopted: its probe says so: ${isOn('a')}
  way: adopted: chosen: right (ann@desk's word)
  left: skipped: not wanted: chosen('way') == 'left'
  blind: adopted: a person says that it is done (ann@desk's word)
TIME  c on server1: Put c on
  c: done, 0 ms
    $ turn on c
    | c is on
TIME  run finished  (ann@desk)
`,
  );
});

test('what has changed since it was judged is refused under the lease, and nothing is done', async (t) => {
  const { made, plan } = await adopted();
  made.cluster.status.servers.server1!.services!.a!.enabled = false;
  const result = await runPlan({ ...made.deps, plan });
  t.like(result, { outcome: 'refused', exit: 4 });
  t.regex(result.words, /^earlier steps are not done: a \(its probe says no/);
  t.deepEqual(made.cluster.log, []);
  t.is(made.cluster.lease.holder, null);
});

test('a run that was adopted is resumed like any other', async (t) => {
  const { made, plan } = await adopted();
  made.failing.add('on c');
  const failed = await runPlan({ ...made.deps, plan });
  t.is(failed.outcome, 'failed');
  made.failing.clear();
  t.is((await resumeRun({ ...made.deps, run: failed.run })).outcome, 'done');
  t.is(foldRun(await made.journal.entries(failed.run)).phase, 'done');
});

test('what the runbook requires at its start is a person word where it is past', async (t) => {
  const made = switches(['a', 'b', 'c']);
  made.cluster.status.servers.server1!.services!.a!.enabled = true;
  const requires = [{ that: `!${isOn('a')}`, or: 'put a off first' }];
  const plan = aPlan([turnOn('a'), turnOn('c')], { requires });
  const refused = await t.throwsAsync(() => adopting(made, plan, { at: 'c' }));
  t.like(refused, { code: 'adopt.start', exit: 4 });
  const { plan: taken } = await adopting(made, plan, { at: 'c', confirmed: ['start'] });
  t.deepEqual(taken.requires, []);
  t.deepEqual(taken.leftOut, [
    { id: 'start', source: [], why: `required at the start, by a person's word: !${isOn('a')}` },
  ]);
  t.is((await runPlan({ ...made.deps, plan: taken })).outcome, 'done');
});

for (const [at, code] of [
  ['x', 'step.unknown'],
  ['a', 'adopt.nothing'],
] as const) {
  test(`adopting at ${at} is ${code}`, async (t) => {
    const made = switches(['a', 'b', 'c']);
    const plan = aPlan([turnOn('a'), turnOn('c')]);
    t.like(await t.throwsAsync(() => adopting(made, plan, { at })), { code, exit: 2 });
  });
}

test('a documented procedure begun by hand is rehearsed and run from where it stands', async (t) => {
  const made = CASES.find(({ id }) => id === 'v3-5.2.deactivate') as Case;
  const twin = await liveTwin(made);
  for (const name of ['clusterpro_alertsync', 'clusterpro_webmgr']) {
    await twin.exec('server2', ['chkconfig', '--del', name]);
  }
  const from = await twin.status();
  const adoption = { at: 'disable-daemon', ...NONE };
  const plan = adoptionPlan(await planFor(twin, made), adoption, from);
  const rehearsal = await rehearse({
    plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: twin.configText, seed: 11, from }), made),
  });
  t.is(rehearsal.outcome, 'done', rehearsal.transcript);
  const { door, operator, clock, random } = worldOf(twin, made);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const deps = { door, operator, clock, random, journal, who: 'ann@desk' };
  const result = await twin.run(runPlan({ ...deps, plan: rehearsal.plan }));
  t.is(result.outcome, 'done', result.words);
  const { outcomes } = result.state.context;
  t.deepEqual(Object.values(outcomes).slice(0, 3), ['already', 'already', 'done']);
});
