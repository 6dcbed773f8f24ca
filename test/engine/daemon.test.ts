/** What a daemon refuses, forwards and tells; and how it bears a stall. */
import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import { initialDaemon, viewOf } from '../../src/engine/index.ts';
import { twoServers } from './config.ts';
import { Cluster } from './harness.ts';

function startCluster(config = twoServers()): Cluster {
  const cluster = new Cluster(config);
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(1000);
  cluster.log.splice(0);
  return cluster;
}

function ask(cluster: Cluster, name: string, body: Json): string {
  cluster.order(name, body);
  cluster.advance(1000);
  return cluster.answers.at(-1)!;
}

test('a daemon does not start on a server that the configuration does not know', (t) => {
  const error = t.throws(() => initialDaemon(twoServers(), 'server9', null));
  t.is(error.message, 'server server9 is not in the configuration of cluster');
});

test('a daemon does not start with a resource that it cannot run', (t) => {
  const config = twoServers();
  config.resources[0]!.type = 'nas';
  const error = t.throws(() => initialDaemon(config, 'server1', null));
  t.is(error.message, 'resource fip1 is of type nas, which cannot be run');
});

const refusals: [string, Json, string][] = [
  ['a request it does not know', { do: 'fly' }, 'request.invalid'],
  ['a request that is no object', 'start', 'request.invalid'],
  [
    'a request with a field amiss',
    { do: 'group', op: 'start', group: 7, target: null },
    'request.invalid',
  ],
  [
    'a group that is not configured',
    { do: 'group', op: 'start', group: 'x', target: null },
    'group.unknown',
  ],
  [
    'a server that is not configured',
    { do: 'group', op: 'start', group: 'failover1', target: 'x' },
    'server.unknown',
  ],
  [
    'a resource that is not configured',
    { do: 'resource', op: 'stop', resource: 'x', target: null },
    'resource.unknown',
  ],
  [
    'a monitor that is not configured',
    { do: 'monitor', op: 'suspend', monitor: 'x' },
    'monitor.unknown',
  ],
  ['a ratio below one', { do: 'toratio', op: 'set', ratio: 0.5, forMs: 1000 }, 'ratio.invalid'],
  ['resuming what is not suspended', { do: 'cluster', op: 'resume' }, 'server.notSuspended'],
  ['ending a wait that is over', { do: 'cancel-wait' }, 'wait.none'],
];

for (const [name, body, code] of refusals) {
  test(`a daemon refuses ${name}`, (t) => {
    t.regex(ask(startCluster(), 'server1', body), new RegExp(`^${code}: `));
  });
}

test('an order in the middle of another is refused, and the first goes on', (t) => {
  const cluster = startCluster();
  cluster.order('server1', { do: 'group', op: 'move', group: 'failover1', target: 'server2' });
  cluster.advance(1);
  t.regex(
    ask(cluster, 'server1', { do: 'group', op: 'stop', group: 'failover1', target: null }),
    /done|group\.busy/,
  );
  t.true(cluster.answers.some((answer) => answer.startsWith('group.busy')));
  t.deepEqual(cluster.homes('failover1'), ['server2']);
});

test('a stop of a group that has gone elsewhere meanwhile is refused, and says where it is', (t) => {
  const cluster = startCluster();
  ask(cluster, 'server1', { do: 'group', op: 'move', group: 'failover1', target: 'server2' });
  const stop = { do: 'group', op: 'stop', group: 'failover1', target: 'server1' };
  t.regex(ask(cluster, 'server1', stop), /^group\.elsewhere: .* is active on server2 by now/);
  t.deepEqual(cluster.homes('failover1'), ['server2']);
  t.false(cluster.boxes.server1!.daemon!.groups.failover1!.held);
});

test('an order without a group is about all that are there', (t) => {
  const cluster = startCluster();
  t.is(
    ask(cluster, 'server1', { do: 'group', op: 'move', group: null, target: null }),
    '{"done":true}',
  );
  t.deepEqual([cluster.homes('failover1'), cluster.homes('failover2')], [['server2'], ['server2']]);
});

test('clptoratio on one server holds on the other, and is taken back on either', (t) => {
  const cluster = startCluster();
  ask(cluster, 'server1', { do: 'toratio', op: 'set', ratio: 3, forMs: 100_000 });
  t.is(viewOf(cluster.boxes.server2!.daemon!, cluster.now).timeoutRatio, 3);
  ask(cluster, 'server2', { do: 'toratio', op: 'reset' });
  t.is(viewOf(cluster.boxes.server1!.daemon!, cluster.now).timeoutRatio, 1);
});

test('a break of the mirror is told to the agent of the other server, and to whom is answered', (t) => {
  const cluster = startCluster();
  const event = { do: 'mirror-event', mirror: 'md1', event: 'broke', generation: 'g2' };
  t.is(ask(cluster, 'server1', event), '{"done":true,"told":["server2"]}');
  t.deepEqual(cluster.boxes.server2!.told, [
    { do: 'peer-broke', mirror: 'md1', server: 'server1', generation: 'g2' },
  ]);
  const { generation: _, ...bare } = event;
  t.is(ask(cluster, 'server1', bare), '{"done":true,"told":["server2"]}');
  t.like(cluster.boxes.server2!.told[1], { generation: 'of-server1' });
  cluster.cutPower('server2');
  cluster.advance(3000);
  t.is(ask(cluster, 'server1', event), '{"done":true,"told":[]}');
});

test('a server that stalled reads its sockets before it declares anybody dead', (t) => {
  const cluster = startCluster();
  cluster.freeze('server2', true);
  cluster.advance(1100);
  cluster.freeze('server2', false);
  cluster.advance(2000);
  t.deepEqual(
    cluster.log.filter((line) => line.includes('nm 2')),
    [],
  );
});

test('a server that stalled beyond the timeout declares nobody dead that it can hear', (t) => {
  const cluster = startCluster();
  cluster.freeze('server1', true);
  cluster.advance(5000);
  cluster.freeze('server1', false);
  cluster.advance(1000);
  t.false(cluster.log.includes('server1 nm 2: Server server2 down.'));
});

test('a reload takes a new configuration on, unless an active group would be lost', (t) => {
  const cluster = startCluster();
  cluster.configText.text = '<root';
  t.regex(ask(cluster, 'server1', { do: 'reload' }), /^config\.refused: /);
  cluster.configText.text = null;
  t.regex(ask(cluster, 'server1', { do: 'reload' }), /^config\.refused: there is no/);
  t.deepEqual(cluster.homes('failover1'), ['server1']);
});

test('a daemon that is past its end refuses what is asked of it, and whoever still waits', (t) => {
  const cluster = startCluster();
  cluster.scripts.set('server1 exec2/stop.sh', 'hangs');
  cluster.order('server1', { do: 'group', op: 'stop', group: 'failover2', target: null });
  cluster.order('server1', { do: 'shutdown', reboot: false, all: true });
  for (let ms = 0; ms < 60_000 && cluster.boxes.server1!.daemon?.phase !== 'stopped'; ms += 1) {
    cluster.advance(1);
  }
  t.is(cluster.boxes.server1!.daemon?.phase, 'stopped');
  const before = cluster.answers.length;
  cluster.order('server1', { do: 'status' });
  cluster.advance(5);
  t.is(cluster.answers[before], 'server.notOnline: the daemon of server1 has stopped');
  cluster.advance(60_000);
  t.is(cluster.answers.length, before + 2, cluster.answers.join('\n'));
});
