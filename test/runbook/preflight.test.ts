import test from 'ava';
import type { Plan } from '../../src/core/plan.ts';
import { type PreflightOptions, preflight } from '../../src/runbook/preflight.ts';
import { type FakeCluster, fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';

const plan: Plan = aPlan(
  [
    aStep('one', runs('true')),
    aStep('two', runs('reboot', { goesDown: true }), { server: 'server2' }),
  ],
  {
    requires: [{ that: "server('server1').power == 'on'", or: 'start it' }],
    roles: { other: { expression: "peer('server1')", value: 'server2' } },
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
  return { exit: report.exit, odd };
}

const PRIVILEGES = 'unknown privileges';

test('a cluster in order may start, and what was not asked is said', async (t) => {
  t.deepEqual(await check(), { exit: 0, odd: [PRIVILEGES] });
});

const ODD: [string, Parameters<typeof check>[0], number, string[]][] = [
  [
    'a server that does not answer',
    (cluster) => cluster.unreachable.add('server2'),
    6,
    ['unknown reach server2', 'unknown clock of server2', PRIVILEGES],
  ],
  [
    'a cluster that another run holds',
    (cluster) => Object.assign(cluster.lease, { holder: 'r' }),
    5,
    ['bad lease on server1', 'bad lease on server2', PRIVILEGES],
  ],
  [
    'a requirement that does not hold',
    (cluster) => Object.assign(cluster.status.servers.server1!, { power: 'off' }),
    4,
    ["bad required: server('server1').power == 'on'", PRIVILEGES],
  ],
  [
    'a clock that is wrong',
    (cluster, options) => {
      const { clock } = options;
      options.door = { ...cluster.door, probe: async () => ({ now: clock.now() - 60_000 }) };
    },
    4,
    ['bad clock of server1', 'bad clock of server2', PRIVILEGES],
  ],
  [
    'a control host that is a server which the plan stops',
    (_cluster, options) => {
      options.controlHost = { ...options.controlHost, name: 'server2' };
    },
    4,
    ['bad this control host', PRIVILEGES],
  ],
  [
    'a control host that has the address of such a server',
    (_cluster, options) => {
      options.serverAddresses = { server2: ['10.9.9.9'] };
    },
    4,
    ['bad this control host', PRIVILEGES],
  ],
];

for (const [title, arrange, exit, odd] of ODD) {
  test(`preflight finds ${title}`, async (t) => {
    t.deepEqual(await check(arrange), { exit, odd });
  });
}
