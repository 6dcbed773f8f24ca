/** Two sides of a partition with forced stop: one of them survives, whenever the cables are cut. */
import test from 'ava';
import { twoServers } from './config.ts';
import { Cluster } from './harness.ts';

/** The servers whose power is on, when all cables are cut `cutMs` after a start in that order. */
function survivors(holder: string, offsetMs: number, cutMs: number): string[] {
  const config = twoServers();
  config.forceStop = { type: 'bmc', timeoutMs: 1000 };
  const { intervalMs, timeoutMs } = config.heartbeat;
  const cluster = new Cluster(config);
  cluster.bmcMs = 60;
  cluster.up('server1');
  cluster.advance(offsetMs);
  cluster.up('server2');
  cluster.advance(10 * intervalMs);
  for (const group of ['failover1', 'failover2']) {
    cluster.order('server1', { do: 'group', op: 'move', group, target: holder });
    cluster.advance(5 * intervalMs);
  }
  cluster.advance(cutMs);
  cluster.cables(['lan0', 'lan1', 'com0', 'mdc'], false);
  cluster.advance(timeoutMs + 5 * intervalMs);
  return Object.values(cluster.boxes).flatMap((box) => (box.power === 'on' ? [box.name] : []));
}

for (const holder of ['server1', 'server2']) {
  test(`whenever a partition comes, ${holder} or the other one survives it, and never none`, (t) => {
    const { intervalMs } = twoServers().heartbeat;
    let held = 0;
    let all = 0;
    for (let offset = 0; offset < intervalMs; offset += intervalMs / 6) {
      for (let cut = 7; cut < intervalMs; cut += intervalMs / 24) {
        const left = survivors(holder, offset, Math.round(cut));
        t.is(left.length, 1, `started ${offset} ms apart, cut after ${cut} ms`);
        if (left[0] === holder) held += 1;
        all += 1;
      }
    }
    t.true(held / all > 0.9, `the side in service survived ${held} of ${all}`);
  });
}
