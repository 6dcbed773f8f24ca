import test from 'ava';
import { collectStatus, mirrorState } from '../../src/cluster/index.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import {
  agentView,
  CONFIG,
  daemonView,
  type FakeServers,
  fakeClock,
  fakeServers,
  hostView,
  NOW,
  refusal,
  says,
  silence,
  withStopped,
} from './fake-servers.ts';

const look = async (servers: FakeServers) =>
  viewOf(await collectStatus(servers, CONFIG, fakeClock()));

test('a healthy cluster says who told what', async (t) => {
  const status = await look(fakeServers());
  t.is(status.takenAt, NOW);
  t.like(status.servers.server1, {
    power: 'on',
    node: 'online',
    state: 'Online',
    daemon: 'running',
    agent: 'running',
    observed: { by: 'server1/host', at: NOW, unknown: null },
    powerObserved: { by: 'server1/bmc', at: NOW, unknown: null },
    daemonObserved: { by: 'server1/daemon', at: NOW, unknown: null },
  });
  t.like(status.groups.failover1, { state: 'Online', current: 'server1', activeOn: ['server1'] });
  t.like(status.resources.exec1, { state: 'Online', current: 'server1', group: 'failover1' });
  t.is(status.mirrors.md1?.state, 'Normal');
  t.is(status.monitors.ipw1?.servers.server2?.state, 'Offline');
  t.deepEqual(status.cluster.configHashes, { server1: 'hash', server2: 'hash' });
});

test('a server that does not answer is unknown, not off', async (t) => {
  const servers = fakeServers();
  for (const part of ['host', 'bmc', 'daemon', 'agent']) {
    servers.parts.set(`server1/${part}`, silence('timeout'));
  }
  const status = await look(servers);
  t.like(status.servers.server1, { power: null, node: null, state: 'Unknown', daemon: null });
  t.is(status.servers.server1?.observed.unknown, 'server1/host did not answer in time');
  t.like(status.groups.failover1, { state: null, current: null, activeOn: null });
  t.is(status.mirrors.md1?.servers.server1?.color, 'GRAY');
  t.is(status.mirrors.md1?.state, 'Unknown');
  t.is(status.leases.server1?.holder, null);
  t.truthy(status.leases.server1?.observed.unknown);
});

test('a server whose management controller says off is off, and runs nothing', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/bmc', says({ power: 'off', bootId: null }));
  for (const part of ['host', 'daemon', 'agent']) {
    servers.parts.set(`server1/${part}`, silence('timeout'));
  }
  const status = await look(servers);
  t.like(status.servers.server1, {
    power: 'off',
    node: 'poweredOff',
    state: 'Offline',
    daemon: 'stopped',
    agent: 'stopped',
    medium: null,
  });
  t.regex(status.servers.server1?.observed.unknown ?? '', /power is off/);
  t.like(status.groups.failover1, { state: 'Offline', current: null, activeOn: [] });
  t.is(status.mirrors.md1?.servers.server1?.active, false);
});

test('a daemon that refuses connections is stopped only when its host says so', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/daemon', silence('refused'));
  t.is((await look(servers)).servers.server1?.daemon, null);
  servers.parts.set('server1/host', withStopped('server1', 'clusterpro'));
  const stopped = await look(servers);
  t.like(stopped.servers.server1, { daemon: 'stopped', state: 'Offline' });
  t.is(stopped.servers.server1?.daemonObserved.by, 'server1/host');
  t.is(stopped.groups.failover1?.state, 'Offline');
});

test('where the product is not installed neither daemon nor agent runs', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/daemon', silence('refused'));
  servers.parts.set('server1/agent', silence('refused'));
  servers.parts.set('server1/host', says({ ...hostView('server1'), services: {} }));
  const status = await look(servers);
  t.like(status.servers.server1, { daemon: 'stopped', agent: 'stopped', state: 'Offline' });
});

test('an operating system that is not up refuses, and its daemon stays unknown', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/host', refusal('os.off', 'the operating system is not up'));
  servers.parts.set('server1/daemon', silence('refused'));
  const status = await look(servers);
  t.like(status.servers.server1, { power: 'on', node: null, daemon: null, state: 'Unknown' });
  t.regex(status.servers.server1?.observed.unknown ?? '', /refused: the operating system/);
});

test('a group that two servers hold is shown on both', async (t) => {
  const servers = fakeServers();
  const view = daemonView('server2', { groups: daemonView('server1').groups });
  servers.parts.set('server2/daemon', says(view));
  const status = await look(servers);
  t.deepEqual(status.groups.failover2?.activeOn, ['server1', 'server2']);
});

test('a group known to be active stays so while the other server is silent', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server2/daemon', silence('unreachable'));
  const status = await look(servers);
  t.like(status.groups.failover1, { state: 'Online', current: 'server1', activeOn: ['server1'] });
});

test('a recovery is told by its source', async (t) => {
  const servers = fakeServers();
  const recovery = { id: 'r1', from: 'server1', to: 'server2', kind: 'full' as const };
  const told = (percent: number) => ({ ...recovery, percent, usedMs: 9000, remainMs: 119_000 });
  const yellow = { color: 'YELLOW' as const };
  servers.parts.set('server1/agent', says(agentView('server1', { ...yellow, recovery: told(7) })));
  servers.parts.set('server2/agent', says(agentView('server2', { ...yellow, recovery: told(5) })));
  const status = await look(servers);
  t.is(status.mirrors.md1?.state, 'Recovering');
  t.is(status.mirrors.md1?.recovery?.percent, 7);
});

type Views = Parameters<typeof mirrorState>[0];
const side = (
  color: NonNullable<Views[number]>['color'],
  connected = false,
  constructed = true,
  generation: string | null = 'g1',
) => ({
  color,
  constructed,
  connected,
  generation,
});

const pairs: [string, Views, boolean, string][] = [
  ['GREEN and GREEN', [side('GREEN', true), side('GREEN', true)], false, 'Normal'],
  [
    'GREEN and GREEN of two generations',
    [side('GREEN'), side('GREEN', false, true, 'g2')],
    false,
    'Abnormal',
  ],
  [
    'GREEN and GREEN of no generation',
    [side('GREEN', true, true, null), side('GREEN', true, true, null)],
    false,
    'Abnormal',
  ],
  ['GREEN and RED', [side('GREEN'), side('RED')], false, 'Abnormal'],
  ['RED and RED', [side('RED'), side('RED')], false, 'Abnormal'],
  ['RED and unseen', [side('RED'), undefined], false, 'Abnormal'],
  ['GREEN alone and unseen', [side('GREEN'), undefined], false, 'Abnormal'],
  ['GREEN, connected, and unseen', [side('GREEN', true), undefined], false, 'Unknown'],
  ['GREEN and a disk that cannot be read', [side('GREEN'), side('GRAY')], false, 'Abnormal'],
  ['two unseen', [undefined, undefined], false, 'Unknown'],
  ['YELLOW and YELLOW', [side('YELLOW', true), side('YELLOW', true)], false, 'Recovering'],
  ['GREEN and RED with a recovery', [side('GREEN'), side('RED')], true, 'Recovering'],
  [
    'never constructed',
    [side('RED', true, false), side('RED', true, false)],
    false,
    'No Construction',
  ],
  ['one not constructed', [side('RED', true, false), side('GREEN', true)], false, 'Abnormal'],
];

for (const [what, views, isRecovering, state] of pairs) {
  test(`copies that are ${what} make a mirror ${state}`, (t) => {
    t.is(mirrorState(views, isRecovering), state as ReturnType<typeof mirrorState>);
  });
}

test('the stretch of the heartbeat timeout is the longest that a daemon tells', async (t) => {
  const servers = fakeServers();
  servers.parts.set(
    'server2/daemon',
    says(daemonView('server2', { timeoutRatio: 3, timeoutRatioUntil: NOW + 1000 })),
  );
  const { cluster } = await look(servers);
  t.like(cluster, { timeoutRatio: 3, timeoutRatioUntil: NOW + 1000 });
});

test('the host view is passed on whole', async (t) => {
  const servers = fakeServers();
  const mounts = [
    { device: '/dev/NMP1', point: '/mnt/md1', fs: 'ext3', readOnly: false, options: [] },
  ];
  const change = { mounts, medium: 'floppy', addresses: ['10.0.0.11'], operations: ['op1'] };
  servers.parts.set('server1/host', says(hostView('server1', change)));
  t.like((await look(servers)).servers.server1, change);
});
