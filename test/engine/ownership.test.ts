/**
 * Who owns a group follows from who is known to be gone, not from the order in which that became
 * known: whichever servers die, and whenever, the group runs on one of those that are left.
 */
import test from 'ava';
import fc from 'fast-check';
import { manyServers } from './config.ts';
import { Cluster } from './harness.ts';

const GROUP = 'failover2';

/** For each server but the last: when it dies, in ms, or null. */
const deaths = fc.integer({ min: 2, max: 8 }).chain((count) =>
  fc.array(fc.option(fc.integer({ min: 0, max: 1000 }), { freq: 4 }), {
    minLength: count - 1,
    maxLength: count - 1,
  }),
);

for (const forced of [false, true]) {
  test(`${forced ? 'with' : 'without'} forced stop, of two to eight servers any die within a second: the group runs once`, (t) => {
    const forceStop = forced ? { type: 'bmc' as const, timeoutMs: 3000 } : null;
    fc.assert(
      fc.property(deaths, fc.nat(7), (times, last) => {
        const count = times.length + 1;
        const cluster = new Cluster(manyServers(count, forceStop));
        const names = Object.keys(cluster.boxes);
        for (const name of names) cluster.up(name);
        cluster.advance(2000);
        // Any one of them may be the one that is left for sure.
        const survivor = names[last % count]!;
        const mortal = names.filter((name) => name !== survivor);
        mortal.forEach((name, at) => {
          const ms = times[at];
          if (ms !== null && ms !== undefined) cluster.after(ms, () => cluster.cutPower(name));
        });
        let most = 0;
        for (let ms = 0; ms < 20_000; ms += 100) {
          cluster.advance(100);
          most = Math.max(most, cluster.homes(GROUP).length);
        }
        return most === 1 && cluster.homes(GROUP).length === 1;
      }),
      { numRuns: 150 },
    );
    t.pass();
  });
}

test('a group that did not start on the next server is not tried again there for ever', (t) => {
  const cluster = new Cluster(manyServers(3));
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(2000);
  for (const name of ['server2', 'server3']) cluster.scripts.set(`${name} exec2/start.sh`, 1);
  cluster.cutPower('server1');
  cluster.advance(60_000);
  const tried = (name: string) =>
    cluster.log.filter((line) => line.startsWith(`${name} rc 32`)).length;
  for (const name of ['server2', 'server3']) t.true(tried(name) <= 2, `${name}: ${tried(name)}`);
});

test('a group that an operator stopped stays stopped, whoever dies', (t) => {
  const cluster = new Cluster(manyServers(3));
  for (const name of Object.keys(cluster.boxes)) cluster.up(name);
  cluster.advance(2000);
  cluster.order('server1', { do: 'group', op: 'stop', group: GROUP, target: null });
  cluster.advance(2000);
  cluster.cutPower('server1');
  cluster.advance(500);
  cluster.cutPower('server2');
  cluster.advance(20_000);
  t.deepEqual(cluster.homes(GROUP), []);
});
