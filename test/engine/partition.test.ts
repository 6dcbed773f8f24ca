/**
 * Two to eight servers part in two, and every one of them keeps to majority: the group runs on one
 * server all the time, and in the end on the side that goes on. When the cables heal nothing changes.
 */
import test from 'ava';
import fc from 'fast-check';
import { manyServers } from './config.ts';
import { Cluster } from './harness.ts';

const GROUP = 'failover2';
const LANS = ['lan0', 'lan1'];

const parts = fc.integer({ min: 2, max: 8 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    /** Which servers are on the other side, bit by bit; server1 is on this one. */
    others: fc.integer({ min: 1, max: 2 ** (count - 1) - 1 }),
    home: fc.nat(count - 1),
    forced: fc.boolean(),
  }),
);

type Parts = typeof parts extends fc.Arbitrary<infer P> ? P : never;

function setCables(cluster: Cluster, here: string[], there: string[], up: boolean): void {
  for (const one of here) {
    for (const other of there) {
      cluster.cables(LANS, up, { from: one, to: other });
      cluster.cables(LANS, up, { from: other, to: one });
    }
  }
}

function play({ count, others, home, forced }: Parts) {
  const forceStop = forced ? { type: 'bmc' as const, timeoutMs: 3000 } : null;
  const config = manyServers(count, forceStop);
  config.manual = 'x5';
  config.networkPartition = [{ name: 'majonp1', type: 'majonp', device: 0, targets: [] }];
  config.partitionAction = 'stopDaemon';
  const cluster = new Cluster(config);
  const names = Object.keys(cluster.boxes);
  for (const name of names) cluster.up(name);
  cluster.advance(2000);
  const target = names[home]!;
  cluster.order('server1', { do: 'group', op: 'move', group: GROUP, target });
  cluster.advance(1000);
  const there = names.filter((_, at) => at > 0 && (others >> (at - 1)) & 1);
  const here = names.filter((name) => !there.includes(name));
  let most = 0;
  const watch = (forMs: number): void => {
    for (let ms = 0; ms < forMs; ms += 50) {
      cluster.advance(50);
      most = Math.max(most, cluster.homes(GROUP).length);
    }
  };
  setCables(cluster, here, there, false);
  watch(8000);
  setCables(cluster, here, there, true);
  watch(3000);
  const goesOn = here.length >= there.length ? here : there;
  const [left, ...more] = cluster.homes(GROUP);
  return { most, isRight: more.length === 0 && left !== undefined && goesOn.includes(left) };
}

test('a cluster that parts in two runs its group once, on the side that goes on', (t) => {
  fc.assert(
    fc.property(parts, (one) => {
      const { most, isRight } = play(one);
      return most === 1 && isRight;
    }),
    { numRuns: 60 },
  );
  t.pass();
});
