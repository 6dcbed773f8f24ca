/** A run from its first step to its end. */
import test from 'ava';
import type { Verb } from '../../src/core/plan.ts';
import { WireError } from '../../src/ports/wire.ts';
import type { RunOptions } from '../../src/runbook/run/context.ts';
import { abortRun } from '../../src/runbook/run/resume.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';
import { suspended, suspending, world } from './run-world.ts';

/** What is recorded together, a line a commit. */
function commitsOf({ deps }: ReturnType<typeof world>): string[] {
  const commits: string[] = [];
  const { append } = deps.journal;
  deps.journal.append = (entries, after) => {
    commits.push(entries.map(({ type, body }) => [type, body.step].join(' ').trim()).join(', '));
    return append(entries, after);
  };
  return commits;
}

test('a run costs a commit a step, lets the lease go, and ends done', async (t) => {
  const made = suspending();
  const commits = commitsOf(made);
  const result = await made.run();
  t.deepEqual(commits, [
    'run.created',
    'run.started',
    'step.intended look',
    'step.ended look, step.intended suspend',
    'step.ended suspend',
    'run.finished',
  ]);
  t.like(result, { outcome: 'done', exit: 0 });
  t.deepEqual(await made.types(), [
    'run.created',
    'run.started',
    'step.intended',
    'step.ended',
    'step.intended',
    'step.ended',
    'run.finished',
  ]);
  t.is(made.cluster.lease.holder, null);
  t.deepEqual(made.cluster.log, ['server1: clpmonctrl -s']);
});

test('a step that is done already is not repeated', async (t) => {
  const made = suspending();
  made.cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
  const result = await made.run();
  t.is(result.state.context.outcomes.suspend, 'already');
  t.deepEqual(made.cluster.log, []);
});

test('a requirement that does not hold refuses the run, one that is not known stops it', async (t) => {
  const requires = [{ that: "server('server2').power == 'off'", or: 'cut its power first' }];
  const made = world(aPlan([aStep('go', runs('true'))], { requires }));
  const refused = await made.run();
  t.like(refused, { outcome: 'refused', exit: 4 });
  t.regex(refused.words, /cut its power first/);
  made.cluster.unreachable.add('server2');
  const unknown = await made.run();
  t.like(unknown, { outcome: 'refused', exit: 6 });
  t.regex(unknown.words, /not known .*server2 does not answer/);
  t.is(made.cluster.lease.holder, null);
});

test("a step's requirement that is not known stops the run before it acts", async (t) => {
  const requires = [{ that: "server('server2').power == 'on'", or: 'it must be on' }];
  const made = world(aPlan([aStep('go', runs('true'), { requires })]));
  made.cluster.unreachable.add('server2');
  const result = await made.run();
  t.like(result, { outcome: 'stopped', exit: 6 });
  t.deepEqual(made.cluster.log, []);
});

test('a command that fails ends the step with its words, and a resumed run does it anew', async (t) => {
  const made = world(aPlan([aStep('go', runs('tool'))]));
  made.cluster.programs.tool = () => ({ exitCode: 3, stderr: 'no such disk\n' });
  const failed = await made.run();
  t.like(failed, { outcome: 'failed', exit: 1 });
  t.regex(failed.words, /tool on server1 ended with 3: no such disk/);
  made.cluster.programs.tool = () => ({});
  const done = await made.resume(failed.run);
  t.like(done, { outcome: 'done', exit: 0 });
  t.deepEqual(
    [...made.cluster.started.keys()].map((key) => key.split('/').at(-1)),
    ['1', '2'],
  );
});

test('an expectation that does not come true in time fails the step', async (t) => {
  const made = world(aPlan([aStep('go', runs('tool'), { expect: suspended })]));
  made.cluster.programs.tool = () => ({});
  t.like(await made.run(), { outcome: 'failed', exit: 1 });
});

test('a server that cannot be looked at leaves the outcome unknown', async (t) => {
  const expect = "server('server2').power == 'on'";
  const made = world(aPlan([aStep('go', runs('tool'), { expect })]));
  made.cluster.programs.tool = () => {
    made.cluster.unreachable.add('server2');
    return {};
  };
  const result = await made.run();
  t.like(result, { outcome: 'stopped', exit: 6 });
  t.is(result.state.phase, 'doubt');
  made.cluster.unreachable.clear();
  t.like(await made.resume(result.run), { outcome: 'done', exit: 0 });
  t.deepEqual(made.cluster.log, ['server1: tool']);
});

test('a lost connection is followed by the record of the operation, not by a second start', async (t) => {
  const made = world(aPlan([aStep('go', runs('tool'))]));
  const { exec } = made.deps.door.commands;
  made.cluster.programs.tool = () => ({ stdout: 'late' });
  made.deps.door.commands.exec = async (request) => {
    await exec(request);
    throw new WireError('timeout', 'the answer was lost');
  };
  const result = await made.run();
  t.like(result, { outcome: 'done', exit: 0 });
  t.deepEqual([...made.cluster.started.values()], [1]);
});

test('a server that never answers again leaves the step in doubt', async (t) => {
  const made = world(aPlan([aStep('go', runs('tool'))]));
  made.cluster.programs.tool = () => {
    made.cluster.unreachable.add('server1');
    throw new WireError('timeout', 'gone');
  };
  const result = await made.run();
  t.like(result, { outcome: 'stopped', exit: 6 });
  t.regex(result.words, /does not answer; whether it is done is not known/);
});

test('a command that takes its server down may lose the connection', async (t) => {
  const expect = "server('server1').bootId != before.boot";
  const step = aStep('restart', runs('reboot', { goesDown: true }), {
    remember: { boot: "server('server1').bootId" },
    expect,
  });
  const made = world(aPlan([step]));
  made.cluster.programs.reboot = () => {
    made.cluster.status.servers.server1!.bootId = 'boot-2';
    throw new WireError('timeout', 'gone');
  };
  t.like(await made.run(), { outcome: 'done', exit: 0 });
});

test('a named confirmation takes exactly those words, and --yes never gives them', async (t) => {
  const action = {
    verb: 'confirm',
    question: 'Give it up?',
    typeName: 'server2',
    shows: null,
  } as const;
  const made = world(aPlan([aStep('accept', action), aStep('go', runs('true'))]));
  made.cluster.programs.true = () => ({});
  const parked = await made.run({ yes: true });
  t.like(parked, { outcome: 'parked', exit: 3 });
  t.like(await made.resume(parked.run, { answers: { accept: 'Server2' } }), { exit: 3 });
  t.deepEqual(made.cluster.log, []);
  const done = await made.resume(parked.run, { answers: { accept: 'server2' } });
  t.like(done, { outcome: 'done' });
});

test('a choice decides which steps are wanted', async (t) => {
  const choose: Verb = { verb: 'choose', question: 'Which?', options: ['a', 'b'] };
  const made = world(
    aPlan([
      aStep('way', choose),
      aStep('one', runs('true 1'), { when: "chosen('way') == 'a'" }),
      aStep('two', runs('true 2'), { when: "chosen('way') == 'b'" }),
    ]),
  );
  made.cluster.programs.true = () => ({});
  const result = await made.run({ choices: { way: 'b' } });
  t.deepEqual(result.state.context.outcomes, { way: 'done', one: 'skipped', two: 'done' });
  t.deepEqual(made.cluster.log, ['server1: true 2']);
});

test('an operator who says no parks the run; the probe is asked before the person again', async (t) => {
  const act = { act: 'insertMedium', server: 'server1', medium: 'floppy' } as const;
  const has = "server('server1').medium == 'floppy'";
  const step = aStep(
    'insert',
    { verb: 'operator', act, words: 'Insert the floppy' },
    { probe: has, expect: has },
  );
  const made = world(aPlan([step]));
  const parked = await made.run();
  t.like(parked, { outcome: 'parked', exit: 3 });
  t.regex(parked.words, /Insert the floppy: nobody is there/);
  made.cluster.status.servers.server1!.medium = 'floppy';
  const done = await made.resume(parked.run);
  t.is(done.state.context.outcomes.insert, 'already');
});

test('the run stops after the step that was named, and goes on when resumed', async (t) => {
  const made = world(aPlan([aStep('one', runs('true 1')), aStep('two', runs('true 2'))]));
  made.cluster.programs.true = () => ({});
  const parked = await made.run({ stopAfter: 'one' });
  t.like(parked, { outcome: 'parked', exit: 3 });
  t.deepEqual(made.cluster.log, ['server1: true 1']);
  t.like(await made.resume(parked.run), { outcome: 'done' });
});

test('an interruption waits for a safe point', async (t) => {
  const interrupt = new AbortController();
  const made = world(
    aPlan([
      aStep('one', runs('true 1')),
      aStep('two', runs('true 2'), { safe: true }),
      aStep('three', runs('true 3')),
    ]),
  );
  made.cluster.programs.true = () => {
    interrupt.abort();
    return {};
  };
  const parked = await made.run({ interrupt: interrupt.signal });
  t.like(parked, { outcome: 'parked', exit: 3 });
  t.deepEqual(made.cluster.log, ['server1: true 1', 'server1: true 2']);
});

test('a second interruption stops now, and what was under way is settled when resumed', async (t) => {
  const halt = new AbortController();
  const made = world(aPlan([aStep('one', runs('slow'))]));
  let end: (ran: object) => void = () => {};
  made.cluster.programs.slow = () => {
    halt.abort();
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  const stopped = await made.run({ halt: halt.signal });
  t.like(stopped, { outcome: 'stopped', exit: 130 });
  end({});
  t.like(await made.resume(stopped.run), { outcome: 'done' });
  t.deepEqual(made.cluster.log, ['server1: slow']);
});

const IS_ON = "server('server1').power == 'on'";
const OF_ITS_OWN: [why: string, expect: string | null, next: object, options?: RunOptions][] = [
  ['is skipped', IS_ON, { when: "server('server1').power == 'off'" }],
  ['is not reached', IS_ON, {}, { stopAfter: 'look' }],
  ['needs a new look', null, { when: IS_ON }],
];

for (const [why, expect, next, options] of OF_ITS_OWN) {
  test(`the end of a step is recorded at once where the next one ${why}`, async (t) => {
    const steps = [aStep('look', runs('true'), { expect }), aStep('next', runs('true'), next)];
    const made = world(aPlan(steps), options);
    made.cluster.programs.true = () => ({});
    const commits = commitsOf(made);
    await made.run();
    t.is(commits[3], 'step.ended look');
  });
}

test('an abort that is asked for before a step has ended keeps the next one from beginning', async (t) => {
  const steps = ['one', 'two'].map((id) => ({ ...aStep(id, runs('true')), safe: true }));
  const made = world(aPlan(steps));
  made.cluster.programs.true = async () => {
    const [created] = await allEntries(made.journal);
    await made.journal.append([{ run: created!.run, type: 'abort.requested', body: {} }]);
    return {};
  };
  const commits = commitsOf(made);
  t.is((await made.run()).outcome, 'aborted');
  // The first of the two was refused: somebody else had come between.
  t.deepEqual(commits.slice(-3), [
    'step.ended one, step.intended two',
    'step.ended one',
    'run.aborted',
  ]);
  t.deepEqual(made.cluster.log, ['server1: true']);
});

test('an abort asked for by another process is heard at the next safe point', async (t) => {
  const made = world(
    aPlan([
      aStep('one', runs('tool'), { safe: true }),
      aStep('two', runs('tool'), { safe: true }),
      aStep('three', runs('tool')),
    ]),
  );
  made.cluster.programs.tool = async () => {
    if (made.cluster.log.length > 1) return {};
    const [created] = await allEntries(made.journal);
    await abortRun({ journal: made.journal, run: created!.run!, who: 'bob', door: null });
    return {};
  };
  const result = await made.run();
  t.is(result.outcome, 'aborted');
  t.deepEqual(made.cluster.log, ['server1: tool']);
  t.is(made.cluster.lease.holder, null);
});

const ENDS: [exitCode: number, stdout: string, outcome: string, why: string | null][] = [
  [0, 'out', 'done', null],
  [1, 'out', 'done', 'a file changed (tool on server1 ended with 1: f: changed)'],
  [2, 'out', 'failed', 'step one: tool on server1 ended with 2: f: changed'],
  [1, '', 'failed', 'step one: tool on server1 did not print "out"'],
];
for (const [exitCode, stdout, outcome, why] of ENDS) {
  test(`a step that accepts exit 1 and gets ${exitCode} and "${stdout}" is ${outcome}`, async (t) => {
    const accept = [{ exit: 1, remark: 'a file changed' }];
    const verb = { ...runs('tool'), accept } as Verb;
    const made = world(aPlan([aStep('one', verb, { expectOutput: 'out' })]));
    made.cluster.programs.tool = () => ({ exitCode, stdout, stderr: 'f: changed\n' });
    const result = await made.run();
    const ended = (await allEntries(made.journal)).find(({ type }) => type === 'step.ended')!;
    t.like(result, { outcome, exit: outcome === 'done' ? 0 : 1 });
    t.is((ended.body as { output: { exitCode: number } }).output.exitCode, exitCode);
    const told = outcome === 'done' ? (ended.body as { why: string | null }).why : result.words;
    t.is(told, why);
  });
}

test('a record that is full stops the run before anything acts', async (t) => {
  const made = world(aPlan([aStep('one', runs('true'))]));
  const { append } = made.journal;
  const { journalFull } = await import('../../src/audit/errors.ts');
  made.deps.journal.append = (entries) => {
    if (entries.some(({ type }) => type === 'step.intended')) throw journalFull('recording');
    return append(entries);
  };
  t.like(await made.run(), { outcome: 'stopped', exit: 6 });
  t.deepEqual(made.cluster.log, []);
});

test('a runbook whose only step is a refusal is refused before anything is touched', async (t) => {
  const made = world(aPlan([aStep('no', { verb: 'refuse', because: 'the manual forbids it' })]));
  const result = await made.run();
  t.like(result, { outcome: 'refused', exit: 4 });
  t.regex(result.words, /the manual forbids it/);
});
