import test from 'ava';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { AT_START } from '../../src/runbook/run/drift.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import {
  countingRandom,
  type FakeCluster,
  fakeCluster,
  jumpingClock,
} from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

const normal = "mirror('md1').state == 'Normal'";
const plan = aPlan([
  aStep('recover', runs('clpmdctrl --recovery md1'), {
    source: ['1'],
    expect: "mirror('md1').state in ['Recovering', 'Normal']",
  }),
  aStep(
    'watch',
    { verb: 'watch', argv: ['clpmdstat'], until: normal, everyMs: 1000 },
    { source: ['2'], timeoutMs: 60_000 },
  ),
  aStep('resume', runs('clpmonctrl -r'), { source: ['3'] }),
]);

/** A cluster whose mirror is broken, and whose recovery takes that long. */
function broken(recoveryMs: number) {
  const clock = jumpingClock();
  const cluster: FakeCluster = fakeCluster(clock);
  const mirror = cluster.status.mirrors.md1!;
  const standby = mirror.servers.server2!;
  Object.assign(mirror, { state: 'Abnormal' });
  Object.assign(standby, { color: 'RED', latest: false });
  Object.assign(cluster.programs, {
    clpmdctrl: () => {
      Object.assign(mirror, { state: 'Recovering' });
      Object.assign(standby, { color: 'YELLOW' });
      clock.at(clock.now() + recoveryMs, () => {
        Object.assign(mirror, { state: 'Normal' });
        Object.assign(standby, { color: 'GREEN', latest: true });
      });
      return {};
    },
    clpmdstat: () => ({ stdout: 'Mirror Status: ...\n' }),
    clpmonctrl: () => ({}),
  });
  return { clock, cluster, random: countingRandom(), unknowns: ['the load of server1'] };
}

function rehearseOn(made: ReturnType<typeof broken>, from?: Status, of = plan) {
  const { clock, cluster, random, unknowns } = made;
  const { door, operator } = cluster;
  return rehearse({
    plan: of,
    who: 'ann@desk',
    ...(from ? { from } : {}),
    openJournal: memoryJournal,
    twinFactory: async () => ({
      door,
      operator,
      clock,
      random,
      unknowns,
      run: (promise) => promise,
    }),
  });
}

test('a rehearsal tells what would be done, what would change and what it could not know', async (t) => {
  const { transcript, outcome, exit } = await rehearseOn(broken(20_000));
  t.like({ outcome, exit }, { outcome: 'done', exit: 0 });
  t.is(
    transcript,
    `Rehearsal of v3-0.0 on a twin of fake: A test
done    recover [1] on server1  0 ms
          clpmdctrl --recovery md1
          mirror.md1.server2.color: RED -> YELLOW
          mirror.md1.state: Abnormal -> Recovering
done    watch [2] on server1  18.0 s
          clpmdstat
          mirror.md1.server2.color: YELLOW -> GREEN
          mirror.md1.server2.latest: false -> true
          mirror.md1.state: Recovering -> Normal
done    resume [3] on server1  0 ms
          clpmonctrl -r
It would succeed, in about 18.0 s.
What could not be undone:
  recover: title of recover
  resume: title of resume
What the twin could not know:
  the load of server1
`,
  );
});

test('the prediction holds the facts at the start and after every step', async (t) => {
  const { plan: predicted, finalFacts } = await rehearseOn(broken(20_000));
  t.deepEqual(Object.keys(predicted.predicted!), [AT_START, 'recover', 'watch', 'resume']);
  t.is(predicted.predicted!.recover!.facts['mirror.md1.state'], 'Recovering');
  t.is(finalFacts['mirror.md1.state'], 'Normal');
  t.is(predicted.predicted!.recover!.facts['lease.server1'], 'this run');
});

for (const [title, recoveryMs] of [
  ['as slow as the twin', 20_000],
  ['much faster', 10],
  ['slower', 45_000],
] as const) {
  test(`a run whose recovery is ${title} is as predicted`, async (t) => {
    const { plan: predicted } = await rehearseOn(broken(20_000));
    const { clock, cluster, random } = broken(recoveryMs);
    const { door, operator } = cluster;
    const journal = memoryJournal({ clock, who: 'ann@desk' });
    const deps = { door, operator, journal, clock, random, who: 'ann@desk' };
    const result = await runPlan({ ...deps, plan: predicted });
    t.like(result, { outcome: 'done', exit: 0 }, result.words);
  });
}

test('a doomed change fails in the rehearsal as it would on the cluster', async (t) => {
  const made = broken(20_000);
  made.cluster.programs.clpmdctrl = () => ({
    exitCode: 1,
    stderr: 'the disk of server2 has failed\n',
  });
  const { outcome, exit, transcript } = await rehearseOn(made);
  t.like({ outcome, exit }, { outcome: 'failed', exit: 1 });
  t.regex(
    transcript,
    /It would end failed \(exit 1\): step recover: .*the disk of server2 has failed/,
  );
});

test('a fact in which the twin begins elsewhere than the cluster is no prediction, and is said', async (t) => {
  const from = structuredClone(broken(1).cluster.status);
  from.servers.server2!.addresses = ['10.0.0.7'];
  const { plan: predicted, unknowns } = await rehearseOn(broken(20_000), upgradeStatus(from));
  t.false('server.server2.addresses' in predicted.predicted![AT_START]!.facts);
  t.true('server.server1.addresses' in predicted.predicted![AT_START]!.facts);
  t.true('lease.server1' in predicted.predicted![AT_START]!.facts);
  t.deepEqual(unknowns, [
    'the load of server1',
    'not predicted, because the twin begins elsewhere: server.server2.addresses: ["10.0.0.7"] -> ["10.0.0.9"]',
  ]);
});

test('a role of a called runbook is looked at again in the words of the call', async (t) => {
  const role = { expression: 'peer(given)', value: 'server2', names: { given: 'server1' } };
  const called = { ...plan, roles: { 'call/standby': role } };
  const { outcome, words } = await rehearseOn(broken(20_000), undefined, called);
  t.is(outcome, 'done', words);
});

test('a secret is in no word of a rehearsal', async (t) => {
  const made = broken(20_000);
  const got: string[][] = [];
  made.cluster.programs.tool = (argv) => {
    got.push(argv);
    return { stdout: argv.join(' ') };
  };
  const { door, operator } = made.cluster;
  const action = {
    verb: 'run' as const,
    argv: ['tool', '{secret:password}'],
    answers: [],
    goesDown: false,
    secrets: [{ in: 'argv' as const, index: 1, offset: 0, name: 'password' }],
  };
  const rehearsal = await rehearse({
    plan: aPlan([aStep('one', action, { title: 'with {secret:password}' })], {
      parameters: { password: '{secret:password}' },
      secrets: ['password'],
      secretsAre: 'references',
    }),
    secrets: new Map([['password', 'hunter2']]),
    who: 'ann@desk',
    openJournal: memoryJournal,
    twinFactory: async () => ({ ...made, door, operator, run: (promise) => promise }),
  });
  t.is(rehearsal.outcome, 'done');
  t.deepEqual(got, [['tool', 'hunter2']]);
  t.regex(rehearsal.transcript, /tool '\{secret:password\}'/);
  t.false(JSON.stringify(rehearsal).includes('hunter2'));
});
