/** A group that waits because neither copy of its mirror is proved the latest, with both servers up. */
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
    t.true(cluster.log.some((line) => line.includes('rc 202: Group failover1 waits')));
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
