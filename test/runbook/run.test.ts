import test from 'ava';
import type { Plan, Verb } from '../../src/core/plan.ts';
import type { OperationRecord } from '../../src/ports/commands.ts';
import { LeaseShort } from '../../src/ports/lease.ts';
import { RemoteError, WireError } from '../../src/ports/wire.ts';
import type { RunOptions } from '../../src/runbook/run/context.ts';
import { abortRun, resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { countingRandom, fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';

function world(plan: Plan, options: RunOptions = {}) {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const random = countingRandom();
  const { door, operator } = cluster;
  const deps = { door, operator, journal, clock, random, who: 'ann@desk' };
  return {
    cluster,
    journal,
    deps,
    run: (more: RunOptions = {}) => runPlan({ ...deps, plan, options: { ...options, ...more } }),
    resume: (run: string, more: RunOptions = {}) =>
      resumeRun({ ...deps, run, options: { ...options, ...more } }),
    types: async () => (await allEntries(journal)).map(({ type }) => type),
  };
}

const suspended = "monitor('mdw1').servers['server1'].state == 'Suspend'";

function suspending() {
  const plan = aPlan([
    aStep('look', { verb: 'check', that: "server('server1').power == 'on'" }),
    aStep('suspend', runs('clpmonctrl -s'), { probe: suspended, expect: suspended }),
  ]);
  const made = world(plan);
  made.cluster.programs.clpmonctrl = () => {
    made.cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
    return { stdout: 'Command succeeded.\n' };
  };
  return made;
}

test('a run costs two commits a step, lets the lease go, and ends done', async (t) => {
  const made = suspending();
  const result = await made.run();
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

test('another run that holds the cluster keeps this one out', async (t) => {
  const made = world(aPlan([aStep('one', runs('true'))]));
  await made.deps.door.lease.acquire('other', '');
  t.like(await made.run(), { outcome: 'refused', exit: 5 });
});

test('a run on a kind of cluster that keeps no lease is refused before anything is done', async (t) => {
  const made = world(aPlan([aStep('go', runs('tool'))]));
  const able = made.deps.door.capabilities();
  made.deps.door.capabilities = () => ({ ...able, lease: 'it has no room for one' });
  const result = await made.run();
  t.like(result, { outcome: 'refused', exit: 4 });
  t.is(result.words, 'the run needs a lease: it has no room for one');
  t.deepEqual(made.cluster.log, []);
  t.deepEqual(made.cluster.lease, { holder: null, token: 0 });
});

test('a run whose lease was taken away stops at its next command', async (t) => {
  const made = world(aPlan([aStep('one', runs('true 1')), aStep('two', runs('true 2'))]));
  made.cluster.programs.true = () => {
    made.cluster.lease = { holder: 'other', token: 99 };
    return {};
  };
  t.like(await made.run(), { outcome: 'stopped', exit: 5 });
  t.deepEqual(made.cluster.log, ['server1: true 1']);
});

test('two runners on one host: the second is told who is at work', async (t) => {
  const made = world(aPlan([aStep('one', runs('slow'))]));
  let end: (ran: object) => void = () => {};
  made.cluster.programs.slow = () =>
    new Promise((resolve) => {
      end = resolve;
    });
  const first = made.run();
  const error = await t.throwsAsync(() => made.run());
  t.like(error, { code: 'runner.held', exit: 5 });
  while (made.cluster.log.length === 0) await new Promise((resolve) => setImmediate(resolve));
  end({});
  t.like(await first, { outcome: 'done' });
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

/** Takes the password as an argument and as a reply, and prints both. */
const withPassword = () =>
  aPlan(
    [
      aStep('one', {
        verb: 'run',
        argv: ['tool', '--key={secret:password}', '{secret:password}'],
        answers: [{ prompt: 'Password', reply: '{secret:password}', secret: true }],
        goesDown: false,
        secrets: [
          { in: 'argv', index: 1, offset: 6, name: 'password' },
          { in: 'answers', index: 0, offset: 0, name: 'password' },
        ],
      }),
    ],
    {
      parameters: { password: '{secret:password}' },
      secrets: ['password'],
      secretsAre: 'references',
    },
  );

test('secrets reach the program, are not recorded, and are asked for again when resumed', async (t) => {
  const made = world(withPassword());
  const vouch = (text: string) => `key:${text.length}-${text.split('"').at(-2)?.at(0)}`;
  const deps = { ...made.deps, vouch };
  const got: string[][] = [];
  made.cluster.programs.tool = (argv) => {
    got.push(argv);
    return { exitCode: got.length > 1 ? 0 : 1, stdout: argv.join(' ') };
  };
  const lacking = await t.throwsAsync(() => runPlan({ ...deps, plan: withPassword() }));
  t.like(lacking, { code: 'secret.missing', exit: 2 });
  t.deepEqual(await allEntries(made.journal), []);
  const secrets = new Map([['password', 'hunter2']]);
  const failed = await runPlan({ ...deps, plan: withPassword(), secrets });
  t.is(failed.exit, 1);
  const missing = await t.throwsAsync(() => resumeRun({ ...deps, run: failed.run }));
  t.like(missing, { code: 'secret.missing', exit: 2 });
  const another = new Map([['password', 'Hunter3']]);
  const other = await t.throwsAsync(() =>
    resumeRun({ ...deps, run: failed.run, secrets: another }),
  );
  t.like(other, { code: 'secret.other', exit: 2 });
  const done = await resumeRun({ ...deps, run: failed.run, secrets });
  t.is(done.exit, 0);
  // The third word is a text like another: no place says that it is a secret.
  t.deepEqual(got.at(-1), ['tool', '--key=hunter2', '{secret:password}']);
  const recorded = JSON.stringify(await allEntries(made.journal));
  t.false(recorded.includes('hunter2'));
  t.true(recorded.includes('tool --key={secret:password} {secret:password}'));
});

test('a secret vouched for on another host is taken, with a warning', async (t) => {
  const made = world(withPassword());
  made.cluster.programs.tool = () => ({ exitCode: made.cluster.log.length > 1 ? 0 : 1 });
  const secrets = new Map([['password', 'hunter2']]);
  const first = { ...made.deps, vouch: () => 'here:1' };
  const { run } = await runPlan({ ...first, plan: withPassword(), secrets });
  const warned: string[] = [];
  const onWarning = (text: string) => warned.push(text);
  const there = { ...made.deps, vouch: () => 'there:2', onWarning };
  t.is((await resumeRun({ ...there, run, secrets })).exit, 0);
  t.is(warned.length, 1);
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

/** A command killed at its limit, whose effect comes or does not. */
function killed(isDone: boolean) {
  const plan = aPlan([aStep('suspend', runs('clpmonctrl -s'), { probe: suspended })]);
  const made = world(plan);
  made.cluster.programs.clpmonctrl = () => {
    if (isDone) made.cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
    return { exitCode: 124, stderr: 'killed\n' };
  };
  return made;
}

test('a command killed at its time limit is in doubt, and its probe is asked', async (t) => {
  t.like(await killed(true).run(), { outcome: 'done' });
  const made = killed(false);
  const first = await made.run();
  t.like(first, { outcome: 'stopped', exit: 6 });
  t.is(first.state.phase, 'doubt');
  t.regex(first.words, /it was killed after .*--answer suspend="not done"/);
  const second = await made.resume(first.run);
  t.is(second.state.phase, 'doubt');
  t.is(made.cluster.log.length, 1);
  made.cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
  t.like(await made.resume(first.run), { outcome: 'done' });
  t.is(made.cluster.log.length, 1);
});

test('a person who looked may say that a killed command is not done; then it is done anew', async (t) => {
  const made = killed(false);
  const first = await made.run();
  const answers = { suspend: 'not done' };
  t.like(await made.resume(first.run, { answers }), { outcome: 'failed' });
  made.cluster.programs.clpmonctrl = () => ({ exitCode: 0 });
  t.like(await made.resume(first.run), { outcome: 'done' });
  t.is(made.cluster.log.length, 2);
});

test('what comes back after the start is no refusal, whatever its words', async (t) => {
  const made = world(aPlan([aStep('go', runs('tool'))]));
  made.cluster.programs.tool = () => ({ exitCode: 0 });
  const { exec } = made.deps.door.commands;
  made.deps.door.commands.exec = async (request) => {
    await exec(request);
    throw new RemoteError('defect', 'header above its limit');
  };
  t.like(await made.run(), { outcome: 'done' });
  t.deepEqual(made.cluster.log, ['server1: tool']);
});

const lostOutput: [string, Partial<OperationRecord>][] = [
  ['the output is gone', { stdout: '', gone: 'output' }],
  ['the output was cut', { stdout: 'tail', cut: { stdout: { bytes: 9e6, sha256: 'aa' } } }],
  ['the record is gone', { state: 'lost', exitCode: null, gone: 'record' }],
];
for (const [title, record] of lostOutput) {
  test(`a command of which ${title} is in doubt, not failed`, async (t) => {
    const step = aStep('go', runs('tool'), { expectOutput: 'succeeded' });
    const made = world(aPlan([step]));
    made.cluster.programs.tool = () => ({ exitCode: 0, stdout: 'succeeded' });
    const { exec } = made.deps.door.commands;
    made.deps.door.commands.exec = async (request) => ({ ...(await exec(request)), ...record });
    const result = await made.run();
    t.is(result.state.phase, 'doubt', result.words);
  });
}

/** Two servers of which one is off: the lease is short of it until a person gives it up by name. */
function short(typed: string | null, options: RunOptions = {}) {
  const made = world(aPlan([aStep('go', runs('tool'))]), options);
  made.cluster.programs.tool = () => ({ exitCode: 0 });
  const { acquire } = made.deps.door.lease;
  made.deps.door.lease.acquire = async (holder, about, wish) => {
    if (wish?.giveUp?.includes('server2')) return acquire(holder, about, wish);
    throw new LeaseShort('server2 is off', ['server2'], 'or --give-up server2');
  };
  const asked: string[] = [];
  made.deps.operator.confirm = async (step, _question, name) => {
    asked.push(`${step} ${name}`);
    return typed;
  };
  return { ...made, asked };
}

test('where a server is off a person types its name, and the record holds it', async (t) => {
  const made = short('server2', { yes: true });
  t.like(await made.run(), { outcome: 'done' });
  t.deepEqual(made.asked, ['lease server2']);
  const started = (await allEntries(made.journal)).find(({ type }) => type === 'run.started');
  t.like(started?.body, { gaveUp: ['server2'] });
});

for (const typed of [null, 'yes', 'server1']) {
  test(`the lease of a server that is off is not given up by ${typed}`, async (t) => {
    const made = short(typed, { yes: true });
    const result = await made.run();
    t.like(result, { outcome: 'refused', exit: 5 });
    t.regex(result.words, /server2 is off.*--give-up server2/);
    t.deepEqual(made.cluster.log, []);
  });
}

test('who names it beforehand is not asked', async (t) => {
  const made = short(null, { giveUp: ['server2'] });
  t.like(await made.run(), { outcome: 'done' });
  t.deepEqual(made.asked, []);
});

test('a server restarted alone serves on when a person says so; else the run parks', async (t) => {
  for (const typed of ['server2', null]) {
    const made = world(aPlan([aStep('go', runs('tool'))]));
    made.cluster.programs.tool = () => ({ exitCode: 0 });
    let isVouched = false;
    const { exec } = made.deps.door.commands;
    made.deps.door.commands.exec = async (request) => {
      if (isVouched) return exec(request);
      throw new RemoteError('lease.unknown', 'server1 has not heard from server2');
    };
    made.deps.door.lease.vouch = async (_server, _lease, giveUp) => {
      if (!giveUp.includes('server2')) throw new LeaseShort('off', ['server2'], 'name it');
      isVouched = true;
    };
    made.deps.operator.confirm = async () => typed;
    const result = await made.run();
    if (typed === null) t.like(result, { outcome: 'parked', exit: 3 });
    else {
      t.like(result, { outcome: 'done' });
      const ended = (await allEntries(made.journal)).find(({ type }) => type === 'step.ended');
      t.regex(JSON.stringify(ended?.body), /gave up server2/);
    }
  }
});
