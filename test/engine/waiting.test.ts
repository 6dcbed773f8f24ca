/** Groups that nobody runs although both servers are up: they wait for a copy, or lost their server in a wink. */
import test from 'ava';
import { twoServers } from './config.ts';
import { Cluster } from './harness.ts';

/** Both boot after a crash; the agents have not met yet, so that neither copy counts as the latest. */
function startInDoubt(): Cluster {
  const cluster = new Cluster(twoServers());
  cluster.cables(['mdc'], false);
  for (const box of Object.values(cluster.boxes)) box.latest = false;
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(2000);
  return cluster;
}

for (const source of ['server1', 'server2']) {
  test(`a waiting group starts on ${source} once the agents found its copy the latest`, (t) => {
    const cluster = startInDoubt();
    t.deepEqual(cluster.homes('failover1'), []);
    t.true(cluster.log.some((line) => line.includes('rc 9002: Group failover1 waits')));
    cluster.boxes[source]!.latest = true;
    cluster.advance(6000);
    t.deepEqual(cluster.homes('failover1'), [source]);
    t.deepEqual(
      Object.values(cluster.boxes).flatMap((box) => (box.active ? [box.name] : [])),
      [source],
    );
  });
}

test('with both copies in doubt the group goes on waiting, quietly', (t) => {
  const cluster = startInDoubt();
  cluster.advance(10_000);
  cluster.log.splice(0);
  cluster.advance(30_000);
  t.deepEqual(cluster.homes('failover1'), []);
  t.deepEqual(
    cluster.log.filter((line) => line.includes('failover1')),
    [],
  );
});

test('a group that an operator stopped while it waited stays stopped', (t) => {
  const cluster = startInDoubt();
  cluster.order('server2', { do: 'group', op: 'stop', group: 'failover1', target: 'server2' });
  cluster.order('server1', { do: 'group', op: 'stop', group: 'failover1', target: 'server1' });
  cluster.advance(100);
  cluster.boxes.server1!.latest = true;
  cluster.advance(10_000);
  t.deepEqual(cluster.homes('failover1'), []);
});

test('what a server ran is taken over also when it is back before a heartbeat was lost', (t) => {
  const cluster = new Cluster(twoServers());
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(1000);
  for (const group of ['failover1', 'failover2']) {
    cluster.order('server1', { do: 'group', op: 'move', group, target: 'server2' });
    cluster.advance(1000);
    t.deepEqual(cluster.homes(group), ['server2']);
  }
  cluster.log.splice(0);
  cluster.cutPower('server2');
  cluster.advance(50);
  cluster.up('server2');
  cluster.advance(3000);
  t.true(cluster.log.includes('server1 nm 2: Server server2 down.'));
  for (const group of ['failover1', 'failover2']) t.deepEqual(cluster.homes(group), ['server1']);
});

test('what a server runs at home it takes itself when it is back so soon', (t) => {
  const cluster = new Cluster(twoServers());
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(1000);
  cluster.cutPower('server1');
  cluster.advance(50);
  cluster.up('server1');
  cluster.advance(3000);
  for (const group of ['failover1', 'failover2']) t.deepEqual(cluster.homes(group), ['server1']);
});

test('a group on its way to a server that goes down comes back at once', (t) => {
  const config = twoServers();
  const cluster = new Cluster(config);
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(1000);
  cluster.scripts.set('server2 exec2/start.sh', 'hangs');
  const body = { do: 'group', op: 'move', group: 'failover2', target: 'server2' };
  cluster.order('server1', body);
  cluster.advance(500);
  t.deepEqual(cluster.homes('failover2'), []);
  cluster.cutPower('server2');
  cluster.advance(config.heartbeat.timeoutMs + 2000);
  t.deepEqual(cluster.homes('failover2'), ['server1']);
  t.regex(cluster.answers.at(-1) ?? '', /server2 went down before it had started it/);
});
