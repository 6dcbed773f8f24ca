import test from 'ava';
import type { Plan, PlannedStep, Verb } from '../../src/core/plan.ts';
import type { Capabilities } from '../../src/ports/cluster.ts';
import {
  isBlocking,
  type PreflightOptions,
  preflight,
  serversOf,
} from '../../src/runbook/rehearsal/preflight.ts';
import { type FakeCluster, fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';

const plan: Plan = aPlan(
  [
    aStep('one', runs('true')),
    aStep('two', runs('reboot', { goesDown: true }), { server: 'server2' }),
  ],
  {
    requires: [{ that: "server('server1').power == 'on'", or: 'start it' }],
    roles: {
      other: { expression: "peer('server1')", value: 'server2' },
      'call/other': { expression: 'peer(given)', value: 'server2', names: { given: 'server1' } },
    },
  },
);

async function check(
  arrange: (cluster: FakeCluster, options: PreflightOptions) => void = () => {},
) {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  const controlHost = { name: 'desk', addresses: ['10.9.9.9'], stateFolder: 'state' };
  const options: PreflightOptions = { plan, door: cluster.door, clock, controlHost };
  arrange(cluster, options);
  const report = await preflight(options);
  const odd = report.items
    .filter(({ state }) => state !== 'ok')
    .map(({ what, state }) => `${state} ${what}`);
  const remedies = report.items.filter(isBlocking).map(({ what, remedy }) => `${what}: ${remedy}`);
  return { exit: report.exit, odd, remedies };
}

const PRIVILEGES = 'unknown privileges';

function silentLease(cluster: FakeCluster, server: string): void {
  const observed = { by: null, at: null, unknown: `${server} is off` };
  cluster.status.leases[server] = { observed, holder: null, token: null };
}

function unable(cluster: FakeCluster, lacks: Partial<Capabilities>): FakeCluster['door'] {
  return { ...cluster.door, capabilities: () => ({ ...cluster.door.capabilities(), ...lacks }) };
}

test('a cluster in order may start, and what was not asked is said', async (t) => {
  t.deepEqual(await check(), { exit: 0, odd: [PRIVILEGES], remedies: [] });
});

const ODD: [string, Parameters<typeof check>[0], number, string[], string[]][] = [
  [
    'a server that does not answer',
    (cluster) => cluster.unreachable.add('server2'),
    6,
    ['unknown reach server2', 'unknown clock of server2', PRIVILEGES],
    ['reach server2: start server2, or mend the way to it: the plan runs commands there'],
  ],
  [
    'a cluster that another run holds',
    (cluster) => Object.assign(cluster.lease, { holder: 'r' }),
    5,
    ['bad lease on server1', 'bad lease on server2', PRIVILEGES],
    [
      'lease on server1: drydock resume r, or drydock abort r',
      'lease on server2: drydock resume r, or drydock abort r',
    ],
  ],
  [
    'one server of two that does not tell of the lease',
    (cluster) => silentLease(cluster, 'server2'),
    0,
    ['unknown lease on server2', 'unknown lease of the cluster', PRIVILEGES],
    [],
  ],
  [
    'one server of two that is given up by name',
    (cluster, options) => {
      silentLease(cluster, 'server2');
      options.giveUp = ['server2'];
    },
    0,
    ['unknown lease on server2', PRIVILEGES],
    [],
  ],
  [
    'two servers of three that do not tell of the lease',
    (cluster, options) => {
      cluster.status.leases.server3 = structuredClone(cluster.status.leases.server2!);
      silentLease(cluster, 'server2');
      silentLease(cluster, 'server3');
      options.giveUp = ['server2', 'server3'];
    },
    5,
    [
      'unknown lease on server2',
      'unknown lease on server3',
      'bad lease of the cluster',
      PRIVILEGES,
    ],
    ['lease of the cluster: start server2 or server3: too few are left to give up the others'],
  ],
  [
    'a requirement that does not hold',
    (cluster) => Object.assign(cluster.status.servers.server1!, { power: 'off' }),
    4,
    ["bad required: server('server1').power == 'on'", PRIVILEGES],
    ["required: server('server1').power == 'on': start it"],
  ],
  [
    'a clock that is wrong',
    (cluster, options) => {
      const { clock } = options;
      const clockOf = async () => clock.now() - 60_000;
      options.door = {
        ...cluster.door,
        observation: { ...cluster.door.observation, clockOf },
      };
    },
    4,
    ['bad clock of server1', 'bad clock of server2', PRIVILEGES],
    ['server1', 'server2'].map(
      (name) =>
        `clock of ${name}: set the clock of ${name}, or that of this host: times are compared`,
    ),
  ],
  [
    'a kind of cluster that keeps no lease',
    (cluster, options) => {
      cluster.unreachable.add('server2');
      silentLease(cluster, 'server2');
      options.plan = aPlan([aStep('one', runs('true'))]);
      options.door = unable(cluster, { lease: 'it has no room for one' });
    },
    4,
    ['bad ability to keep a lease', PRIVILEGES],
    [
      'ability to keep a lease: rehearse it, and carry its steps out by hand: ' +
        'nothing would keep two runs apart there',
    ],
  ],
  [
    'acts that a kind of cluster leaves to people',
    (cluster, options) => {
      const act = { act: 'removeMedium' as const, server: 'server1' };
      options.plan = aPlan([
        aStep('off', { verb: 'operator', act: { act: 'cutPower', server: 'server2' }, words: '' }),
        aStep('disk', { verb: 'operator', act, words: '' }),
      ]);
      options.door = unable(cluster, { physicalActs: 'nobody stands beside it' });
    },
    0,
    ['unknown step disk', PRIVILEGES],
    [],
  ],
  [
    'a control host that is a server which the plan stops',
    (_cluster, options) => {
      options.controlHost = { ...options.controlHost, name: 'server2' };
    },
    4,
    ['bad this control host', PRIVILEGES],
    ['this control host: run it from another, with its state folder (state)'],
  ],
  [
    'a control host that has the address of such a server',
    (_cluster, options) => {
      options.serverAddresses = { server2: ['10.9.9.9'] };
    },
    4,
    ['bad this control host', PRIVILEGES],
    ['this control host: run it from another, with its state folder (state)'],
  ],
  [
    'a requirement that is not known',
    (cluster, options) => {
      cluster.unreachable.add('server2');
      options.plan = aPlan([aStep('one', runs('true'))], {
        requires: [{ that: "server('server2').agent == 'running'", or: 'start the agent' }],
      });
    },
    6,
    ["unknown required: server('server2').agent == 'running'", PRIVILEGES],
    ["required: server('server2').agent == 'running': make it known, or: start the agent"],
  ],
  [
    'a role that is another one now',
    (_cluster, options) => {
      const roles = { other: { expression: "peer('server2')", value: 'server2' } };
      options.plan = { ...plan, roles };
    },
    4,
    ['bad role other', PRIVILEGES],
    ['role other: the cluster is not as it was when planned: plan again'],
  ],
  [
    'a server that the cluster does not have',
    (_cluster, options) => {
      options.plan = aPlan([
        aStep(
          'one',
          { verb: 'operator', act: { act: 'cutPower', server: 'server9' }, words: '' },
          {
            server: 'server9',
          },
        ),
      ]);
    },
    4,
    ['bad reach server9', PRIVILEGES],
    ['reach server9: the cluster is not as it was when planned: plan again'],
  ],
];

for (const [title, arrange, exit, odd, remedies] of ODD) {
  test(`preflight finds ${title}`, async (t) => {
    t.deepEqual(await check(arrange), { exit, odd, remedies });
  });
}

const cut: Verb = { verb: 'operator', act: { act: 'cutPower', server: 'server2' }, words: '' };
const start: Verb = { verb: 'operator', act: { act: 'powerOn', server: 'server2' }, words: '' };
const NEEDS: [string, PlannedStep[], string[]][] = [
  ['only its power is cut', [aStep('fence', cut, { server: 'server2' })], []],
  [
    'a person starts it before a command runs there',
    [
      aStep('start', start, { server: 'server2' }),
      aStep('run', runs('true'), { server: 'server2' }),
    ],
    [],
  ],
  [
    'a command runs there before a person starts it',
    [
      aStep('run', runs('true'), { server: 'server2' }),
      aStep('start', start, { server: 'server2' }),
    ],
    ['server2'],
  ],
];
for (const [title, steps, needed] of NEEDS) {
  test(`preflight, a server where ${title}, needs ${needed.length ? 'it' : 'nothing'}`, async (t) => {
    t.deepEqual(serversOf(aPlan(steps)).needed, needed);
    const found = await check((cluster, options) => {
      cluster.unreachable.add('server2');
      options.plan = aPlan(steps);
    });
    t.is(found.exit, needed.length === 0 ? 0 : 6);
  });
}
