/** What a mirror disk monitor says of two copies (v3 12.5.6), and what other checks say. */
import test from 'ava';
import { judgeMirror } from '../../src/engine/index.ts';
import type { AgentView } from '../../src/ports/views.ts';
import { monitor, twoServers } from './config.ts';
import { Cluster } from './harness.ts';

type Side = AgentView['mirrors'][string];

function side(over: Partial<Side> = {}): Side {
  return {
    color: 'GREEN',
    active: false,
    mounted: false,
    generation: 'a',
    latest: true,
    lastUpdate: null,
    breakTime: null,
    dirtyBytes: 0,
    differencePercent: 0,
    diskError: false,
    connected: true,
    autoRecoveryHeld: false,
    serial: 's',
    sizeBytes: 1,
    recovery: null,
    constructed: true,
    ...over,
  };
}

const red = side({ color: 'RED' });
const recovery = {
  id: 'r',
  from: 'server1',
  to: 'server2',
  kind: 'full' as const,
  percent: 1,
  usedMs: 1,
  remainMs: null,
};

const table: [string, Side | undefined, Side | null, string, number][] = [
  ['both are whole', side(), side(), 'check.passed', 0],
  ['both are whole, one active', side({ active: true }), side(), 'check.passed', 0],
  ['the agent knows no such mirror', undefined, side(), 'check.failed', 58],
  ['it was never constructed', side({ constructed: false }), side(), 'check.failed', 58],
  ['the copy here is unknown', side({ color: 'GRAY' }), side(), 'check.failed', 58],
  ['the copy here is old', red, side(), 'check.failed', 63],
  ['the copy here is old and nobody else is seen', red, null, 'check.failed', 63],
  ['the copy there is old', side(), red, 'check.failed', 64],
  ['both copies are old', red, red, 'check.failed', 65],
  ['both are active', side({ active: true }), side({ active: true }), 'check.failed', 66],
  ['a recovery is under way', side({ recovery }), red, 'check.warned', 100],
  ['a copy is being filled', side({ color: 'YELLOW' }), side(), 'check.warned', 100],
  ['the other side is not seen', side(), null, 'check.warned', 51],
];

for (const [name, local, remote, type, code] of table) {
  test(`a mirror disk monitor when ${name}`, (t) => {
    const verdict = judgeMirror('md1', local, remote);
    t.is(verdict.type, type as never);
    t.is('code' in verdict ? verdict.code : 0, code);
  });
}

function monitorsOn(cluster: Cluster, name: string): Record<string, string> {
  let view: Record<string, { state: string; message: string | null }> = {};
  cluster.request(
    { server: 'control', part: 'control' },
    name,
    'daemon',
    { do: 'status' },
    (answer) => {
      if ('body' in answer) view = (answer.body as { monitors: typeof view }).monitors;
    },
  );
  cluster.advance(10);
  return Object.fromEntries(
    Object.entries(view).map(([key, { state, message }]) => [
      key,
      message === null ? state : `${state}: ${message}`,
    ]),
  );
}

function startCluster(config = twoServers()): Cluster {
  const cluster = new Cluster(config);
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(1000);
  return cluster;
}

test('monitors bound to a target run only where it is active', (t) => {
  const cluster = startCluster();
  cluster.advance(11_000);
  const all = { userw: 'Normal', mdw1: 'Normal', mdnw1: 'Normal' };
  t.deepEqual(monitorsOn(cluster, 'server1'), { ...all, fipw1: 'Normal', genw1: 'Normal' });
  t.deepEqual(monitorsOn(cluster, 'server2'), { ...all, fipw1: 'Offline', genw1: 'Offline' });
});

test('a cut mirror connect is seen by the mirror connect monitors', (t) => {
  const cluster = startCluster();
  cluster.cables(['mdc'], false);
  cluster.advance(11_000);
  t.is(monitorsOn(cluster, 'server1').mdnw1, 'Error: Network was interrupted');
  t.is(monitorsOn(cluster, 'server2').mdnw1, 'Error: Network was interrupted');
  t.is(monitorsOn(cluster, 'server2').mdw1, 'Error: Local mirror disk is abnormal. (md1)');
  cluster.cables(['mdc'], true);
  cluster.advance(11_000);
  t.is(monitorsOn(cluster, 'server1').mdnw1, 'Normal');
});

test('an agent that is not there is said by the monitors that need it', (t) => {
  const cluster = startCluster();
  cluster.boxes.server2!.agent = false;
  cluster.advance(11_000);
  t.is(monitorsOn(cluster, 'server2').mdw1, 'Error: Need to start mirror agent at first.');
  t.is(monitorsOn(cluster, 'server1').mdw1, 'Caution: Remote driver status is unknown.');
});

test('an address that somebody else answers for fails its monitor', (t) => {
  const cluster = startCluster();
  cluster.boxes.server2!.addresses.add('10.0.0.11');
  cluster.advance(11_000);
  t.is(
    monitorsOn(cluster, 'server1').fipw1,
    'Error: This ip address was already used. IP=10.0.0.11',
  );
  cluster.boxes.server2!.addresses.clear();
  cluster.boxes.server1!.addresses.delete('10.0.0.11');
  cluster.advance(10_000);
  t.is(monitorsOn(cluster, 'server1').fipw1, 'Error: IP address did not exist.');
});

test('a suspended monitor stays suspended over a restart of the daemon, until it is resumed', (t) => {
  const cluster = startCluster();
  cluster.order('server1', { do: 'monitor', op: 'suspend', monitor: 'mdw1' });
  cluster.advance(10);
  t.is(monitorsOn(cluster, 'server1').mdw1, 'Suspend');
  cluster.tell('server1', { type: 'stop.requested' });
  cluster.advance(1000);
  cluster.startDaemon('server1');
  cluster.advance(1000);
  t.is(monitorsOn(cluster, 'server1').mdw1, 'Suspend');
  cluster.order('server1', { do: 'monitor', op: 'resume', monitor: null });
  cluster.advance(10);
  t.is(monitorsOn(cluster, 'server1').mdw1, 'Normal');
});

test('the watchdog is pet with the heartbeat timeout, and let go of before a suspension', (t) => {
  const cluster = startCluster();
  const box = cluster.boxes.server1!;
  t.is(box.watchdogMs, 1500);
  cluster.order('server1', { do: 'toratio', op: 'set', ratio: 2, forMs: 60_000 });
  cluster.advance(2000);
  t.is(box.watchdogMs, 3000);
  cluster.order('server1', { do: 'cluster', op: 'suspend' });
  cluster.advance(2000);
  t.is(box.watchdogMs, 0);
});

test('recovery that is switched off leaves the group alone', (t) => {
  const config = twoServers({ noMonitorRecovery: true });
  const cluster = startCluster(config);
  cluster.scripts.set('server1 genw1/genw.sh', 1);
  cluster.advance(40_000);
  t.deepEqual(cluster.homes('failover2'), ['server1']);
  t.false(cluster.log.some((line) => line.includes('restart')));
});

test('a monitor of a type nobody knows is unused, and nothing else suffers', (t) => {
  const config = twoServers();
  config.monitors.push(monitor('odd1', 'oddw', null));
  const cluster = startCluster(config);
  t.is(monitorsOn(cluster, 'server1').odd1, 'Unused');
  t.deepEqual(cluster.homes('failover1'), ['server1']);
});
