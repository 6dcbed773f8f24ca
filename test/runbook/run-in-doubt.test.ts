/** Runs that others hold, secrets, commands of which nobody knows how they ended, and leases that are short. */
import test from 'ava';
import type { OperationRecord } from '../../src/ports/commands.ts';
import { LeaseShort } from '../../src/ports/lease.ts';
import { RemoteError } from '../../src/ports/wire.ts';
import type { RunOptions } from '../../src/runbook/run/context.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';
import { suspended, world } from './run-world.ts';

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
