/**
 * OCF agents as group resources: what an attempt does, step by step, and what every answer of an
 * agent leads to; which parameters it is stopped with; what is looked at besides.
 */
import test from 'ava';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import { ocfw } from '../../src/engine/monitors/ocfw.ts';
import type { Check } from '../../src/engine/monitors/type.ts';
import { mountsIn, type OcfParameters, specialOf } from '../../src/engine/ocf.ts';
import { ocf } from '../../src/engine/resources/ocf.ts';
import type { Attempt } from '../../src/engine/resources/type.ts';
import type { End, Work } from '../../src/engine/work.ts';
import { madeCluster } from '../support/made-cluster.ts';
import { monitor } from './config.ts';
import { Cluster } from './harness.ts';

const DUMMY = 'agent=heartbeat:Dummy,fake=first';
const ADDRESS = 'agent=heartbeat:IPaddr2,ip=10.9.0.5,nic=eth1,cidr_netmask=24';
const FILES = 'agent=heartbeat:Filesystem,device=/dev/sdb1,directory=/mnt/data,fstype=ext4';

function configOf(agent: string) {
  return parseClusterConfiguration(madeCluster(['x5', agent]), 'clp.conf');
}

function attempt(op: Attempt['op'], agent: string, started: Attempt['started'] = null): Attempt {
  const { resources, groups } = configOf(agent);
  const resource = resources.find(({ name }) => name === 'ocf1')!;
  const about = { server: 'server1', reason: 'start', wasActive: false, evidence: null } as const;
  return { ...about, op, resource, group: groups[0]!, started };
}

/** `7`, `1 a reason`, `late`, `refused`, or what a look shows: `see TEXT`, `blind`. */
function endOf(word: string): End {
  const [first = '', ...rest] = word.split(' ');
  const text = rest.join(' ');
  if (first === 'see') {
    return { type: 'ocf.looked', id: 'd1', sight: { text, device: '8:17' } };
  }
  if (first === 'blind') return { type: 'ocf.looked', id: 'd1', sight: null };
  const isWord = first === 'late' || first === 'refused';
  const how = { timedOut: first === 'late', refused: first === 'refused' };
  return { type: 'ocf.ended', id: 'd1', code: isWord ? null : Number(first), ...how, reason: text };
}

function wordsOf(work: Work): string {
  if (work.by === 'ocfLook') return `look ${work.at}`;
  if (work.by !== 'ocf') return 'something else';
  return `${work.call.action}${work.begins ? '!' : ''} ${Object.values(work.call.parameters)[0]}`;
}

/** All that an attempt does, while it is answered so; and its result. */
function play(about: Attempt, answers: readonly string[]): string {
  const steps: string[] = [];
  const ends: End[] = [];
  for (const answer of [...answers, null]) {
    const next = ocf.next(about, ends);
    if (!('by' in next)) {
      const failure = next.succeeded ? 'done' : `${next.code} ${next.text}`;
      const late = !next.succeeded && next.stalled ? ', a stall' : '';
      return [...steps, `${failure}${late}`].join('; ');
    }
    if (answer === null) return [...steps, `${wordsOf(next)} …`].join('; ');
    steps.push(wordsOf(next));
    ends.push(endOf(answer));
  }
  return 'never';
}

const whole = { parameters: { fake: 'before' }, isWhole: true };
const half = { parameters: { fake: 'before' }, isWhole: false };
const held = 'see 2: eth1    inet 10.9.0.5/16 scope global eth1';
const mount = (device: string, source: string, point = '/mnt/data') =>
  `see 36 35 ${device} / ${point} rw,relatime shared:1 - ext4 ${source} rw`;

const attempts: [string, Attempt, string[], string][] = [
  // First contact is a probe.
  ['7 is not here', attempt('activate', DUMMY), ['7', '0'], 'monitor first; start! first; done'],
  ['0 is here', attempt('activate', DUMMY), ['0'], 'monitor first; done'],
  [
    'a start that fails is stopped',
    attempt('activate', DUMMY),
    ['7', '1 no room', '0', '7'],
    'monitor first; start! first; stop first; monitor first; 1 Action start of agent heartbeat:Dummy has failed. (1: no room)',
  ],
  [
    'a start that takes too long is stopped, too',
    attempt('activate', DUMMY),
    ['7', 'late', '0', '7'],
    'monitor first; start! first; stop first; monitor first; 1 Action start of agent heartbeat:Dummy has failed. (too late), a stall',
  ],
  [
    'what it runs is not installed',
    attempt('activate', DUMMY),
    ['5 no httpd'],
    'monitor first; 5 What agent heartbeat:Dummy runs is not installed here. (5: no httpd)',
  ],
  ...['1', '2', '3', '4', '6', '8', '9', '137', 'late', 'refused'].map(
    (answer): [string, Attempt, string[], string] => {
      const said = answer === 'late' ? 'too late' : answer === 'refused' ? 'not run' : answer;
      const words = `4 Agent heartbeat:Dummy does not tell whether its resource runs here. (${said})`;
      return [
        `${answer} is not known`,
        attempt('activate', DUMMY),
        [answer],
        `monitor first; ${words}`,
      ];
    },
  ),
  // What is on record of an earlier start.
  ['what was started runs still', attempt('activate', DUMMY, whole), ['0'], 'monitor before; done'],
  [
    'new settings count from the next start',
    attempt('activate', DUMMY, whole),
    ['7', '0'],
    'monitor before; start! first; done',
  ],
  [
    'half a start is stopped first',
    attempt('activate', DUMMY, half),
    ['0', '7', '7', '0'],
    'stop before; monitor before; monitor first; start! first; done',
  ],
  [
    'half a start that does not stop is not started over',
    attempt('activate', DUMMY, half),
    ['1 busy'],
    'stop before; 1 Action stop of agent heartbeat:Dummy has failed. (1: busy)',
  ],
  // A stop is looked at.
  [
    'stopped as started',
    attempt('deactivate', DUMMY, whole),
    ['0', '7'],
    'stop before; monitor before; done',
  ],
  ...['0', '1', '5', '9', 'late'].map((answer): [string, Attempt, string[], string] => {
    const said = answer === 'late' ? 'too late' : answer;
    const words = `7 Agent heartbeat:Dummy said that it stopped, and it is not known to be gone. (${said})`;
    return [
      `a stop after which the monitor says ${answer}`,
      attempt('deactivate', DUMMY, whole),
      ['0', answer],
      `stop before; monitor before; ${words}`,
    ];
  }),
  [
    'a stop that takes too long',
    attempt('deactivate', DUMMY, whole),
    ['late'],
    'stop before; 1 Action stop of agent heartbeat:Dummy has failed. (too late), a stall',
  ],
  // No start on record.
  ...['7', '5', '2', '3', '4', '6', 'refused'].map(
    (answer): [string, Attempt, string[], string] => [
      `nothing was started, and the probe says ${answer}`,
      attempt('deactivate', DUMMY),
      [answer],
      'monitor first; done',
    ],
  ),
  ...['0', '1', '8', 'late'].map((answer): [string, Attempt, string[], string] => [
    `nothing is on record, and the probe says ${answer}`,
    attempt('deactivate', DUMMY),
    [answer, '0', '7'],
    'monitor first; stop first; monitor first; done',
  ]),
  // Addresses.
  [
    'an address is looked for before and after',
    attempt('activate', ADDRESS),
    ['7', 'see 2: eth1 inet 10.9.0.55/24', '0', held],
    'monitor 10.9.0.5; look addresses; start! 10.9.0.5; look addresses; done',
  ],
  [
    'an address that the server has itself',
    attempt('activate', ADDRESS),
    ['0', held],
    'monitor 10.9.0.5; look addresses; 3 What agent heartbeat:IPaddr2 would start is here already, and was not started by the cluster. (2: eth1 inet 10.9.0.5/16 scope global eth1)',
  ],
  ['… is not taken away from it', attempt('deactivate', ADDRESS), [held], 'look addresses; done'],
  [
    'addresses that cannot be read',
    attempt('activate', ADDRESS),
    ['7', 'blind'],
    'monitor 10.9.0.5; look addresses; 3 What agent heartbeat:IPaddr2 would start is here already, and was not started by the cluster. (the addresses cannot be read)',
  ],
  [
    'an address that stays',
    attempt('deactivate', ADDRESS, { parameters: { ip: '10.9.0.5' }, isWhole: true }),
    ['0', '7', held],
    'stop 10.9.0.5; monitor 10.9.0.5; look addresses; 7 Agent heartbeat:IPaddr2 said that it stopped, and it is not known to be gone. (2: eth1 inet 10.9.0.5/16 scope global eth1)',
  ],
  [
    'an address without an interface',
    attempt('activate', 'agent=heartbeat:IPaddr2,ip=10.9.0.5,cidr_netmask=24'),
    [],
    '2 Agent heartbeat:IPaddr2 needs parameter nic.',
  ],
  // Mounts.
  [
    'a stranger on the directory',
    attempt('activate', FILES),
    ['0', mount('8:33', '/dev/sdc1')],
    'monitor /dev/sdb1; look mounts; 3 What agent heartbeat:Filesystem would start is here already, and was not started by the cluster. (/dev/sdc1 on /mnt/data)',
  ],
  [
    'this very device on the directory',
    attempt('activate', FILES),
    ['0', mount('8:17', '/dev/mapper/x')],
    'monitor /dev/sdb1; look mounts; done',
  ],
  [
    'a start that mounted another device',
    attempt('activate', FILES),
    ['7', 'see', '0', mount('8:33', '/dev/sdc1'), '0', '7', 'see'],
    'monitor /dev/sdb1; look mounts; start! /dev/sdb1; look mounts; stop /dev/sdb1; monitor /dev/sdb1; look mounts; 6 Agent heartbeat:Filesystem said that it started, and did not. (/dev/sdc1 on /mnt/data)',
  ],
  [
    'a device that stays mounted elsewhere',
    attempt('deactivate', FILES, { parameters: { device: '/dev/sdb1' }, isWhole: true }),
    ['0', '7', mount('8:17', '/dev/sdb1', '/elsewhere')],
    'stop /dev/sdb1; monitor /dev/sdb1; look mounts; 7 Agent heartbeat:Filesystem said that it stopped, and it is not known to be gone. (/dev/sdb1 on /elsewhere)',
  ],
];

for (const [what, about, answers, expected] of attempts) {
  test(`${about.op}: ${what}`, (t) => t.is(play(about, answers), expected));
}

test('an address is always asked about on the wire, and the limits are those of each action', (t) => {
  const about = attempt('activate', `${ADDRESS},run_arping=false`);
  const work = ocf.next(about, []) as Extract<Work, { by: 'ocf' }>;
  const { parameters, intervalMs, checkLevel } = work.call;
  const given = { ip: '10.9.0.5', nic: 'eth1', cidr_netmask: '24', run_arping: 'true' };
  t.deepEqual(
    { parameters, intervalMs, checkLevel },
    {
      parameters: given,
      intervalMs: 0,
      checkLevel: null,
    },
  );
  t.is(work.limitMs, about.resource.activation.timeoutMs);
});

const sights: [string, string, OcfParameters, string | null, string | null][] = [
  // agent, what the look shows, parameters, the device's numbers, what is left
  [
    ADDRESS,
    '2: eth1    inet 10.9.0.5/24 scope',
    { ip: '10.9.0.5' },
    null,
    '2: eth1 inet 10.9.0.5/24 scope',
  ],
  [ADDRESS, '2: eth1    inet 110.9.0.5/24 scope', { ip: '10.9.0.5' }, null, null],
  [
    ADDRESS,
    '3: eth0    inet6 fd00::5/64 scope',
    { ip: 'fd00::5' },
    null,
    '3: eth0 inet6 fd00::5/64 scope',
  ],
  [ADDRESS, '', { ip: '10.9.0.5' }, null, null],
  [FILES, '36 35 8:1 / /mnt rw - ext4 /dev/sda1 rw', { device: '/dev/sdb1' }, '8:17', null],
  [
    FILES,
    '36 35 8:17 / /a\\040b rw - ext4 /dev/x rw',
    { device: '/dev/sdb1' },
    '8:17',
    '/dev/x on /a b',
  ],
  [FILES, '', { device: '/dev/sdb1' }, null, 'no device /dev/sdb1 to look for'],
  [
    FILES,
    '36 35 0:50 / /srv rw - nfs4 nas:/srv rw',
    { device: 'nas:/srv' },
    null,
    'nas:/srv on /srv',
  ],
  [FILES, '36 35 0:50 / /srv rw - nfs4 nas:/other rw', { device: 'nas:/srv' }, null, null],
];

for (const [agent, text, parameters, device, expected] of sights) {
  test(`of ${parameters.ip ?? parameters.device} is left, in “${text}”: ${expected}`, (t) => {
    const special = specialOf(attempt('activate', agent).resource)!;
    t.is(special.left({ text, device }, parameters), expected);
  });
}

test('lines that are no mounts are passed over', (t) => {
  t.deepEqual(mountsIn('\n36\n36 35 8:1 / /mnt rw\n - ext4 /dev/sda1'), []);
});

function check(agent: string, started: OcfParameters | null): Check {
  return {
    monitor: { ...monitor('ocfw1', 'ocfw', 'ocf1'), intervalMs: 3000, timeoutMs: 9000 },
    config: configOf(agent),
    server: 'server1',
    beatTimeoutMs: 1500,
    isOnline: () => true,
    startedWith: (name) => (name === 'ocf1' ? started : null),
    stateOf: () => null,
    isUp: () => true,
  };
}

const levels: [string, OcfParameters, number | null][] = [
  [DUMMY, { fake: 'before' }, null],
  [FILES, { device: '/dev/sdb1', directory: '/mnt/data' }, 20],
  [FILES, { device: '/dev/sdb1', directory: '/mnt/data', options: 'noatime,ro' }, null],
];

for (const [agent, started, checkLevel] of levels) {
  test(`a monitor asks ${agent} with what it was started with, level ${checkLevel}`, (t) => {
    const work = ocfw.next(check(agent, started), []) as Extract<Work, { by: 'ocf' }>;
    t.like(work, { limitMs: 9000, call: { action: 'monitor', intervalMs: 3000, checkLevel } });
    t.deepEqual(work.call.parameters, started);
  });
}

const checks: [string, string][] = [
  ['0', 'passed'],
  ['7 no state file', '1 Action monitor of agent heartbeat:Dummy has failed. (7: no state file)'],
  ['8', '1 Action monitor of agent heartbeat:Dummy has failed. (8)'],
  ['refused why', '1 Action monitor of agent heartbeat:Dummy has failed. (not run: why)'],
  ['late', '99 command is timeout'],
];

for (const [answer, expected] of checks) {
  test(`a check that is answered ${answer}`, (t) => {
    const result = ocfw.next(check(DUMMY, null), [endOf(answer)]);
    if ('by' in result) t.fail('it goes on');
    else t.is('code' in result ? `${result.code} ${result.text}` : 'passed', expected);
  });
}

const texts: [string, string, string, { message: string; field: string }][] = [
  [
    'no agent',
    '<agent>Dummy</agent>',
    '',
    { message: 'ocf1 has no agent', field: 'root/resource/ocf@ocf1' },
  ],
  [
    'a folder for a provider',
    'heartbeat</provider>',
    '../x</provider>',
    { message: '"../x" is not a name', field: 'root/resource/ocf@ocf1/parameters/provider' },
  ],
];

for (const [what, from, to, { message, field }] of texts) {
  test(`a resource with ${what} is refused, with its place`, (t) => {
    const text = madeCluster(['x5', DUMMY]).replace(from, to);
    const error = t.throws(() => parseClusterConfiguration(text, 'clp.conf'), { message });
    t.like(error, { place: { file: 'clp.conf', field } });
  });
}

test('what was started is stopped with its own parameters, past another daemon and settings', (t) => {
  const cluster = new Cluster(configOf(DUMMY));
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(3000);
  t.deepEqual(cluster.homes('failover1'), ['server1']);
  cluster.killDaemon('server1');
  const resource = cluster.config.resources.find(({ name }) => name === 'ocf1')!;
  resource.parameters = { ...resource.parameters, 'reskey/fake': 'second' };
  cluster.startDaemon('server1', true);
  cluster.advance(8000);
  t.deepEqual(cluster.homes('failover1'), ['server1']);
  cluster.order('server1', { do: 'group', op: 'move', group: 'failover1', target: 'server2' });
  cluster.advance(3000);
  t.deepEqual(cluster.homes('failover1'), ['server2']);
  t.deepEqual(cluster.agents, [
    'server1 monitor first',
    'server1 start first',
    'server1 monitor first',
    'server1 stop first',
    'server1 monitor first',
    'server2 monitor second',
    'server2 start second',
  ]);
});
