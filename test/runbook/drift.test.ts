import test from 'ava';
import type { Facts } from '../../src/core/plan.ts';
import { AT_START, differences } from '../../src/runbook/run/drift.ts';
import { factsOf } from '../../src/runbook/run/facts.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { countingRandom, fakeCluster, fakeStatus, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

/** A difference in each field that is listed: the fact it must be found by, and how it is planted. */
const PLANTED: [string, (status: Status) => void][] = [
  ['server.server2.power', (s) => (s.servers.server2!.power = 'off')],
  ['server.server2.node', (s) => (s.servers.server2!.node = 'stopped')],
  ['server.server2.daemon', (s) => (s.servers.server2!.daemon = 'stopped')],
  ['server.server2.agent', (s) => (s.servers.server2!.agent = 'stopped')],
  ['server.server2.runLevel', (s) => (s.servers.server2!.runLevel = 1)],
  [
    'server.server2.service.clusterpro',
    (s) => (s.servers.server2!.services!.clusterpro!.enabled = false),
  ],
  [
    'server.server2.bay./dev/sdb.serial',
    (s) => (s.servers.server2!.bays!['/dev/sdb']!.serial = 'X'),
  ],
  [
    'server.server2.disk./dev/sdb.serial',
    (s) => (s.servers.server2!.disks!['/dev/sdb']!.serial = 'X'),
  ],
  [
    'server.server2.disk./dev/sdb.failed',
    (s) => (s.servers.server2!.disks!['/dev/sdb']!.failed = true),
  ],
  [
    'server.server2.disk./dev/sdb.partitions',
    (s) => s.servers.server2!.disks!['/dev/sdb']!.partitions.pop(),
  ],
  [
    'server.server2.disks',
    (s) => (s.servers.server2!.disks!['/dev/sdc'] = s.servers.server2!.disks!['/dev/sdb']!),
  ],
  ['server.server1.mounts', (s) => s.servers.server1!.mounts!.pop()],
  ['server.server1.medium', (s) => (s.servers.server1!.medium = 'floppy')],
  ['server.server1.addresses', (s) => s.servers.server1!.addresses!.push('10.0.0.8')],
  ['group.failover1.state', (s) => (s.groups.failover1!.state = 'Offline')],
  ['group.failover1.current', (s) => (s.groups.failover1!.current = 'server2')],
  ['resource.exec1.state', (s) => (s.resources.exec1!.state = 'Offline')],
  ['monitor.mdw1.server1.suspended', (s) => (s.monitors.mdw1!.servers.server1!.state = 'Suspend')],
  ['mirror.md1.state', (s) => (s.mirrors.md1!.state = 'Abnormal')],
  ['mirror.md1.server2.color', (s) => (s.mirrors.md1!.servers.server2!.color = 'RED')],
  ['mirror.md1.server2.active', (s) => (s.mirrors.md1!.servers.server2!.active = true)],
  ['mirror.md1.server2.latest', (s) => (s.mirrors.md1!.servers.server2!.latest = false)],
  ['mirror.md1.server2.diskError', (s) => (s.mirrors.md1!.servers.server2!.diskError = true)],
  ['mirror.md1.server2.connected', (s) => (s.mirrors.md1!.servers.server2!.connected = false)],
  [
    'mirror.md1.server2.autoRecoveryHeld',
    (s) => (s.mirrors.md1!.servers.server2!.autoRecoveryHeld = true),
  ],
  ['cluster.timeoutRatio', (s) => (s.cluster.timeoutRatio = 3)],
  ['config.server2', (s) => (s.cluster.configHashes.server2 = 'edited')],
  ['lease.server2', () => {}],
  ['role.standby', (s) => (s.mirrors.md1!.servers.server2!.active = true)],
];

const standby = "active('md1') == 'server1' ? 'server2' : 'nobody'";

function predictedFacts(): Facts {
  const facts = factsOf(upgradeStatus(fakeStatus()), { self: null });
  for (const server of ['server1', 'server2']) facts[`lease.${server}`] = 'this run';
  facts['role.standby'] = 'server2';
  return facts;
}

function world(plant: (status: Status) => void, key: string) {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  cluster.programs.tool = () => {
    plant(cluster.status);
    if (key.startsWith('lease')) cluster.lease = { holder: 'another', token: 99 };
    return {};
  };
  const facts = predictedFacts();
  const plan = aPlan([aStep('one', runs('tool')), aStep('two', runs('never'))], {
    roles: { standby: { expression: standby, value: 'server2' } },
    predicted: { [AT_START]: { facts, durationMs: 0 }, one: { facts, durationMs: 1 } },
  });
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const { door, operator } = cluster;
  const options = { settleMs: 1000 };
  const deps = { door, operator, journal, clock, random: countingRandom(), who: 'ann', options };
  return { cluster, plan, deps };
}

for (const [key, plant] of PLANTED) {
  test(`a planted difference stops the run and is shown: ${key}`, async (t) => {
    const { cluster, plan, deps } = world(plant, key);
    const result = await runPlan({ ...deps, plan });
    t.like(result, { outcome: 'stopped', exit: 6 });
    t.true(result.words.includes(`${key}: predicted `), result.words);
    t.deepEqual(cluster.log, ['server1: tool']);
  });
}

test('every fact of the status is planted above, so that none is listed in vain', (t) => {
  const kinds = (keys: string[]) => new Set(keys.map((key) => key.replaceAll(/server[12]/g, 'S')));
  const planted = kinds(PLANTED.map(([key]) => key));
  t.deepEqual(
    [...kinds(Object.keys(predictedFacts()))].filter((kind) => !planted.has(kind)),
    [],
  );
});

test('a difference that goes away within the settle time is no drift', async (t) => {
  const { cluster, plan, deps } = world(
    (status) => (status.groups.failover1!.state = 'Online Pending'),
    '',
  );
  const { door } = deps;
  let looks = 0;
  const { observation } = door;
  const patient = {
    ...door,
    observation: {
      ...observation,
      async status() {
        looks += 1;
        if (looks === 4) cluster.status.groups.failover1!.state = 'Online';
        return observation.status();
      },
    },
  };
  cluster.programs.never = () => ({});
  t.like(await runPlan({ ...deps, door: patient, plan }), { outcome: 'done' });
});

test('a cluster that changed since the rehearsal is refused before the first step', async (t) => {
  const { cluster, plan, deps } = world(() => {}, '');
  cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
  const result = await runPlan({ ...deps, plan });
  t.like(result, { outcome: 'refused', exit: 6 });
  t.deepEqual(cluster.log, []);
});

test('after a person has seen the differences and resumed, the same ones do not stop the run', async (t) => {
  const { cluster, plan, deps } = world((s) => (s.cluster.timeoutRatio = 3), '');
  const facts = plan.predicted!.one!.facts;
  plan.predicted!.two = { facts, durationMs: 1 };
  const stopped = await runPlan({ ...deps, plan });
  cluster.programs.never = () => ({});
  t.like(await resumeRun({ ...deps, run: stopped.run }), { outcome: 'done' });
});

const facts = { a: 1, b: 'x' };
const TABLE: [string, Parameters<typeof differences>, string[]][] = [
  [
    'the same facts agree',
    [
      { facts, durationMs: 0 },
      { b: 'x', a: 1 },
    ],
    [],
  ],
  ['a fact that is not known differs', [{ facts, durationMs: 0 }, { a: 1 }], ['b']],
  [
    'a fact that was not predicted is not compared',
    [
      { facts, durationMs: 0 },
      { ...facts, c: 1 },
    ],
    [],
  ],
  ['an accepted fact is not compared', [{ facts, durationMs: 0 }, { a: 2, b: 'x' }, ['a']], []],
  [
    'a value that the twin came to by itself agrees',
    [
      { facts, durationMs: 0, later: { b: ['y'] } },
      { a: 1, b: 'y' },
    ],
    [],
  ],
];

for (const [title, given, keys] of TABLE) {
  test(title, (t) =>
    t.deepEqual(
      differences(...given).map(({ key }) => key),
      keys,
    ),
  );
}

test('a replaced disk reads as new on both sides, whatever its serial', (t) => {
  const origin = factsOf(upgradeStatus(fakeStatus()), { self: null });
  const replaced = (serial: string) => {
    const status = fakeStatus();
    status.servers.server2!.disks!['/dev/sdb']!.serial = serial;
    return factsOf(upgradeStatus(status), { self: null, origin });
  };
  t.deepEqual(replaced('TWIN-7'), replaced('LAB-9'));
  t.not(replaced('TWIN-7')['server.server2.disk./dev/sdb.serial'], 'S-server2');
});
