/** Whether a cluster can be worked with, by what its ports tell; and names of new ones. */
import test from 'ava';
import { topologyOf } from '../../src/change/topology.ts';
import type { Capabilities } from '../../src/ports/cluster.ts';
import { addCluster, checkCluster } from '../../src/service/clusters.ts';
import type { Cluster } from '../../src/service/context.ts';
import { CONFIG } from '../cluster/fake-servers.ts';
import {
  countingRandom,
  type FakeCluster,
  fakeCluster,
  jumpingClock,
} from '../support/fake-cluster.ts';
import { misfitsOf } from '../support/report-schemas.ts';

interface Case {
  name: string;
  lacks?: Partial<Capabilities>;
  damage?: (fake: FakeCluster) => void;
  exit: number;
  /** What is not in order. */
  odd: string[];
}

const cases: Case[] = [
  { name: 'in order', exit: 0, odd: [] },
  {
    name: 'with a server that does not answer',
    damage: (fake) => fake.unreachable.add('server2'),
    exit: 6,
    odd: ['unknown reach server2: server2 does not answer; start server2, or mend the way to it'],
  },
  {
    name: 'with a daemon that is stopped',
    damage: ({ status }) => Object.assign(status.servers.server1!, { daemon: 'stopped' }),
    exit: 0,
    odd: [
      'lacks cluster software on server1: stopped; groups run there only once it is started; ' +
        '`drydock status` shows the rest',
    ],
  },
  {
    name: 'that keeps no lease: no run can be started',
    lacks: { lease: 'its software has none' },
    exit: 4,
    odd: [
      'bad ability to keep a lease: its software has none; rehearse it, and carry its steps out ' +
        'by hand: nothing would keep two runs apart there',
    ],
  },
  {
    name: 'without management controllers: a person does what they would',
    lacks: { power: 'no controller is known' },
    exit: 0,
    odd: [
      'lacks ability to switch power: no controller is known; a run waits there for a person, who ' +
        "says that it is done by --confirm STEP: switch the server on; cut the server's power; " +
        'start the server in single-user mode',
    ],
  },
  {
    name: 'that lacks something and does not answer either: what keeps every run away counts',
    lacks: { lease: 'none', documents: 'its commands ask nobody' },
    damage: (fake) => fake.unreachable.add('server1'),
    exit: 4,
    odd: [
      'unknown reach server1: server1 does not answer; start server1, or mend the way to it',
      'bad ability to keep a lease: none; rehearse it, and carry its steps out by hand: nothing ' +
        'would keep two runs apart there',
      'lacks ability to hold documents of change windows: its commands ask nobody; its servers ' +
        'judge nothing: keep the documents in a folder, and people to them',
    ],
  },
];

for (const { name, lacks, damage, exit, odd } of cases) {
  test(`a cluster ${name}`, async (t) => {
    const clock = jumpingClock();
    const fake = fakeCluster(clock);
    damage?.(fake);
    let closed = 0;
    const cluster: Cluster = {
      kind: 'lab',
      name: 'training',
      place: '/srv/labs/training',
      isForPractice: true,
      topology: topologyOf(CONFIG),
      config: CONFIG,
      configText: '',
      door: { ...fake.door, capabilities: () => ({ ...fake.door.capabilities(), ...lacks }) },
      perform: fake.operator.perform,
      clock,
      random: countingRandom(),
      close: async () => {
        closed += 1;
      },
    };
    const report = await checkCluster({ openCluster: async () => cluster });
    t.deepEqual(misfitsOf(report.data), []);
    t.is(report.exit, exit);
    t.is(report.data.exit, exit);
    const told = report.data.items
      .filter(({ state }) => state !== 'ok')
      .map(({ what, state, words, remedy }) => `${state} ${what}: ${words}; ${remedy}`);
    t.deepEqual(told, odd);
    t.is(closed, 1);
  });
}

for (const name of ['', '.hidden', '-x', 'a/b', 'a b', '../up', 'x'.repeat(64)]) {
  test(`'${name.slice(0, 12)}' is no name for a cluster, and nothing is added`, async (t) => {
    const inventory = {
      folder: '/nowhere',
      kinds: ['lab'],
      list: async () => [],
      add: async () => t.fail() as never,
    };
    const wish = { name, kind: 'lab', given: {} };
    await t.throwsAsync(addCluster({ inventory }, wish), { message: /is no name for a cluster/ });
  });
}
