/** The runner dies at every place where it can, is resumed, and nothing is done twice. */

import test from 'ava';
import { verifyChain } from '../../src/audit/chain.ts';
import type { RunnerDoor } from '../../src/runbook/run/context.ts';
import { factsOf } from '../../src/runbook/run/facts.ts';
import { foldRun, isFinal } from '../../src/runbook/run/fold.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { type RunResult, resultOf, runPlan } from '../../src/runbook/run/run.ts';
import { withCommands } from '../support/doors.ts';
import {
  countingRandom,
  type FakeCluster,
  fakeCluster,
  jumpingClock,
} from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import {
  PowerLoss,
  type PowerLossPlan,
  powerLossJournal,
  type Store,
} from '../support/power-loss-journal.ts';
import { allEntries } from '../support/records.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

const suspended = "monitor('mdw1').servers['server1'].state == 'Suspend'";
const inserted = "server('server1').medium == 'floppy'";
const act = { act: 'insertMedium', server: 'server1', medium: 'floppy' } as const;

/** One step of every kind; some can be probed, some only by the record of their operation. */
const plan = aPlan([
  aStep('accept', { verb: 'confirm', question: 'Sure?', typeName: 'server1', shows: null }),
  aStep('suspend', runs('clpmonctrl -s'), { probe: suspended, expect: suspended }),
  aStep(
    'insert',
    { verb: 'operator', act, words: 'Insert it' },
    { probe: inserted, expect: inserted },
  ),
  aStep('blind', runs('append-a-line')),
  aStep('way', { verb: 'choose', question: 'Which?', options: ['a', 'b'] }),
  aStep('never', runs('append-a-line'), { when: "chosen('way') == 'a'" }),
  aStep('restart', runs('reboot', { goesDown: true }), {
    remember: { boot: "server('server2').bootId" },
    server: 'server2',
    probe: "server('server2').bootId != before.boot",
    expect: "server('server2').bootId != before.boot",
  }),
  aStep('watch', {
    verb: 'watch',
    argv: ['clpstat'],
    until: "server('server2').power == 'on'",
    everyMs: 500,
  }),
  aStep('resume', runs('clpmonctrl -r'), { probe: `!(${suspended})`, expect: `!(${suspended})` }),
]);

interface Made {
  cluster: FakeCluster;
  lines: string[];
  deps: Omit<Parameters<typeof runPlan>[0], 'plan' | 'journal'>;
}

function make(): Made {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  const lines: string[] = [];
  const monitor = cluster.status.monitors.mdw1!.servers.server1!;
  Object.assign(cluster.programs, {
    clpmonctrl: (argv: string[]) => {
      monitor.state = argv[1] === '-s' ? 'Suspend' : 'Normal';
      return {};
    },
    'append-a-line': () => {
      lines.push('a line');
      return {};
    },
    reboot: () => {
      cluster.status.servers.server2!.bootId += '+';
      return { state: 'lost', exitCode: null };
    },
    clpstat: () => ({ stdout: 'fine' }),
  });
  cluster.operator.perform = async () => {
    cluster.status.servers.server1!.medium = 'floppy';
    lines.push('inserted');
    return { done: true, by: 'ann' };
  };
  const options = { answers: { accept: 'server1' }, choices: { way: 'b' } };
  const { door, operator } = cluster;
  const deps = { door, operator, clock, random: countingRandom(), who: 'ann@desk', options };
  return { cluster, lines, deps };
}

/** Runs, and resumes until the run is over; every journal is opened from what survived. */
async function toTheEnd(
  made: Made,
  losses: PowerLossPlan[],
  door?: RunnerDoor,
): Promise<RunResult> {
  const store: Store = { durable: Buffer.alloc(0), appends: 0 };
  for (let life = 0; life < 20; life += 1) {
    const journal = powerLossJournal(store, made.deps.clock, losses[life] ?? null);
    const deps = { ...made.deps, ...(door ? { door } : {}), journal };
    const entries = await allEntries(journal);
    const run = entries[0]?.run;
    if (run && isFinal(foldRun(entries).phase)) return resultOf(foldRun(entries));
    try {
      const result = await (run ? resumeRun({ ...deps, run }) : runPlan({ ...deps, plan }));
      const again = powerLossJournal(store, made.deps.clock, null);
      if (!verifyChain(await allEntries(again)).ok) throw new Error('the record does not verify');
      return result;
    } catch (error) {
      if (!(error instanceof PowerLoss)) throw error;
    }
  }
  throw new Error('the run does not come to an end');
}

function endOf(made: Made, result: RunResult): object {
  return {
    outcome: result.outcome,
    facts: factsOf(upgradeStatus(made.cluster.status), { self: null }),
    lines: made.lines,
    lease: made.cluster.lease.holder,
    monitors: made.cluster.log.filter((line) => !line.includes('clpstat')),
    repeated: [...made.cluster.started].filter(([, times]) => times > 1),
  };
}

const undisturbed = async () => {
  const made = make();
  return endOf(made, await toTheEnd(made, []));
};

/** At most: steps may share a commit. */
const APPENDS = 2 + 2 * 8 + 1 + 1;

for (const when of ['drop', 'reorder', 'after'] as const) {
  test(`power lost at every append (${when}): the run ends as if nothing had happened`, async (t) => {
    const expected = await undisturbed();
    t.like(expected, { outcome: 'done', lines: ['inserted', 'a line'], repeated: [] });
    for (let append = 1; append <= APPENDS; append += 1) {
      const made = make();
      const result = await toTheEnd(made, [{ append, when, seed: append }]);
      t.deepEqual(endOf(made, result), expected, `at append ${append}`);
    }
  });
}

test('power lost again and again, at every second append', async (t) => {
  const expected = await undisturbed();
  const made = make();
  const losses = Array.from({ length: 12 }, (_, life) => ({
    append: 2 + life * 3,
    when: (['drop', 'after', 'reorder'] as const)[life % 3]!,
    seed: life,
  }));
  const end = endOf(made, await toTheEnd(made, losses));
  t.deepEqual({ ...end, lines: made.lines }, expected);
});

/** A door at which the runner dies, at its n-th command: on the way there, or on the way back. */
function deadlyDoor(
  door: RunnerDoor,
  at: number,
  when: 'before' | 'after' | 'meanwhile',
): RunnerDoor {
  let count = 0;
  return withCommands(door, {
    async exec(request) {
      count += 1;
      if (count !== at) return door.commands.exec(request);
      if (when === 'before') throw new PowerLoss();
      const ending = door.commands.exec(request);
      if (when === 'after') await ending;
      throw new PowerLoss();
    },
  });
}

for (const when of ['before', 'after', 'meanwhile'] as const) {
  test(`the runner dies ${when} each command, and the command is run once`, async (t) => {
    const expected = await undisturbed();
    for (let at = 1; at <= 6; at += 1) {
      const made = make();
      const result = await toTheEnd(made, [], deadlyDoor(made.deps.door, at, when));
      t.deepEqual(endOf(made, result), expected, `at command ${at}`);
    }
  });
}

test('a command that outlives its runner is waited for, not started again', async (t) => {
  const made = make();
  const { clock } = made.deps;
  made.cluster.programs['append-a-line'] = async () => {
    await new Promise<void>((resolve) => clock.at(clock.now() + 3000, resolve));
    made.lines.push('a line');
    return {};
  };
  const result = await toTheEnd(made, [], deadlyDoor(made.deps.door, 2, 'meanwhile'));
  t.is(result.outcome, 'done');
  t.deepEqual(made.lines, ['inserted', 'a line']);
});

test('a request that comes late, after the run was resumed, is refused by its token', async (t) => {
  const made = make();
  const { door } = made.deps;
  const late: (() => Promise<unknown>)[] = [];
  let isFirst = true;
  const deadly = withCommands(door, {
    async exec(request) {
      if (request.argv[0] !== 'append-a-line' || !isFirst) return door.commands.exec(request);
      isFirst = false;
      late.push(() => door.commands.exec(request));
      throw new PowerLoss();
    },
    async operation(server, operation) {
      const record = await door.commands.operation(server, operation);
      for (const arrive of late.splice(0)) {
        await t.throwsAsync(arrive, { message: /another run holds/ });
      }
      return record;
    },
  });
  const result = await toTheEnd(made, [], deadly);
  t.is(result.outcome, 'done');
  t.deepEqual(made.lines, ['inserted', 'a line']);
});

const DOUBT = [
  'blind',
  async (made: Made) => {
    made.cluster.status.servers.server1!.bootId = 'another';
  },
] as const;

test('no record, no probe and another boot: the step stays in doubt until a person says', async (t) => {
  const [step, meanwhile] = DOUBT;
  const made = make();
  const store: Store = { durable: Buffer.alloc(0), appends: 0 };
  const open = () => powerLossJournal(store, made.deps.clock, null);
  const door = deadlyDoor(made.deps.door, 2, 'before');
  await t.throwsAsync(() => runPlan({ ...made.deps, door, plan, journal: open() }), {
    instanceOf: PowerLoss,
  });
  await meanwhile(made);
  const run = (await allEntries(open()))[0]!.run!;
  const stopped = await resumeRun({ ...made.deps, journal: open(), run });
  t.like(stopped, { outcome: 'stopped', exit: 6 });
  t.is(stopped.state.step?.id, step);
  const options = { ...made.deps.options, confirmed: [step] };
  const done = await resumeRun({ ...made.deps, journal: open(), run, options });
  t.is(done.outcome, 'done');
  t.deepEqual(made.lines, ['inserted']);
});

test('a person who says that a step in doubt is not done has it done anew', async (t) => {
  const made = make();
  const store: Store = { durable: Buffer.alloc(0), appends: 0 };
  const open = () => powerLossJournal(store, made.deps.clock, null);
  const door = deadlyDoor(made.deps.door, 2, 'before');
  await t.throwsAsync(() => runPlan({ ...made.deps, door, plan, journal: open() }), {
    instanceOf: PowerLoss,
  });
  const run = (await allEntries(open()))[0]!.run!;
  const options = { ...made.deps.options, answers: { blind: 'not done' } };
  t.like(await resumeRun({ ...made.deps, journal: open(), run, options }), { outcome: 'failed' });
  t.like(await resumeRun({ ...made.deps, journal: open(), run }), { outcome: 'done' });
  t.deepEqual(made.lines, ['inserted', 'a line']);
});

test('a runbook that was edited since is only warned of', async (t) => {
  const made = make();
  const store: Store = { durable: Buffer.alloc(0), appends: 0 };
  const open = () => powerLossJournal(store, made.deps.clock, null);
  const options = { ...made.deps.options, stopAfter: 'suspend' };
  const parked = await runPlan({ ...made.deps, plan, journal: open(), options });
  const warnings: string[] = [];
  const done = await resumeRun({
    ...made.deps,
    journal: open(),
    run: parked.run,
    runbookHash: 'another',
    onWarning: (words) => warnings.push(words),
  });
  t.is(done.outcome, 'done');
  t.deepEqual(warnings, [
    'runbook v3-0.0 was edited since the run began; the run keeps to the plan that it began with',
  ]);
});

test('a record whose entries cannot follow one another is corruption, and is said so', async (t) => {
  const made = make();
  const store: Store = { durable: Buffer.alloc(0), appends: 0 };
  const open = () => powerLossJournal(store, made.deps.clock, null);
  const result = await runPlan({ ...made.deps, plan, journal: open() });
  await open().append([{ run: result.run, type: 'step.intended', body: { step: 'blind' } }]);
  const error = await t.throwsAsync(() =>
    resumeRun({ ...made.deps, journal: open(), run: result.run }),
  );
  t.like(error, { code: 'journal.impossible', exit: 7 });
});
