/**
 * Cuts of all LANs that are shorter than the heartbeat timeout lose messages and no heartbeat: what
 * a server hands over when it is stopped in order, or moves, runs somewhere all the same, and once.
 */
import test from 'ava';
import fc from 'fast-check';
import { manyServers } from './config.ts';
import { Cluster } from './harness.ts';

const GROUP = 'failover2';
const LANS = ['lan0', 'lan1'];
/** The engine tests' heartbeat timeout is 1500 ms: 1200 ms without a beat are none lost. */
const LONGEST_CUT_MS = 900;

interface Order {
  at: number;
  server: number;
  how: 'stop' | 'shutdown' | 'sigterm' | 'move';
}

interface History {
  count: number;
  forced: boolean;
  cuts: { at: number; ms: number; ends: [number, number] | null }[];
  orders: Order[];
}

const cut = fc.record({
  at: fc.integer({ min: 0, max: 3000 }),
  ms: fc.integer({ min: 1, max: LONGEST_CUT_MS }),
  /** From one server to another only, by their numbers; null: every cable. */
  ends: fc.option(fc.tuple(fc.nat(7), fc.nat(7)), { freq: 3 }),
});

const order: fc.Arbitrary<Order> = fc.record({
  at: fc.integer({ min: 0, max: 3000 }),
  server: fc.nat(7),
  how: fc.constantFrom('stop' as const, 'shutdown' as const, 'sigterm' as const, 'move' as const),
});

const histories: fc.Arbitrary<History> = fc.record({
  count: fc.integer({ min: 2, max: 8 }),
  forced: fc.boolean(),
  cuts: fc.array(cut, { minLength: 1, maxLength: 3 }),
  orders: fc.array(order, { minLength: 1, maxLength: 3 }),
});

function carryOut(cluster: Cluster, { how }: Order, name: string): void {
  if (!cluster.boxes[name]!.daemon) return;
  if (how === 'stop') cluster.order(name, { do: 'cluster', op: 'stop' });
  if (how === 'shutdown') cluster.order(name, { do: 'shutdown', reboot: false });
  if (how === 'sigterm') cluster.tell(name, { type: 'stop.requested' });
  if (how === 'move') {
    cluster.order(name, { do: 'group', op: 'move', group: GROUP, target: null });
  }
}

/** What became of the group: how many ran it at once at most, and in the end. */
function play({ count, forced, cuts, orders }: History) {
  const forceStop = forced ? { type: 'bmc' as const, timeoutMs: 3000 } : null;
  const cluster = new Cluster(manyServers(count, forceStop));
  const names = Object.keys(cluster.boxes);
  for (const name of names) cluster.up(name);
  cluster.advance(2000);
  let until = 0;
  for (const { at, ms, ends } of cuts.toSorted((a, b) => a.at - b.at)) {
    // One after the other, with a heartbeat or two between them.
    const from = Math.max(at, until + 700);
    until = from + ms;
    const cable = ends && { from: names[ends[0] % count]!, to: names[ends[1] % count]! };
    cluster.after(from, () => cluster.cables(LANS, false, cable ?? undefined));
    cluster.after(until, () => cluster.cables(LANS, true, cable ?? undefined));
  }
  // One server stays, whatever happens.
  for (const one of orders) {
    const name = names[one.server % count]!;
    if (one.how === 'move' || name !== names.at(-1)) {
      cluster.after(one.at, () => carryOut(cluster, one, name));
    }
  }
  let most = 0;
  for (let ms = 0; ms < 20_000; ms += 100) {
    cluster.advance(100);
    most = Math.max(most, cluster.homes(GROUP).length);
  }
  return { most, left: cluster.homes(GROUP).length };
}

test('of two to eight servers some are stopped or move a group in short cuts: it runs once', (t) => {
  fc.assert(
    fc.property(histories, (one) => {
      const { most, left } = play(one);
      return most === 1 && left === 1;
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test('a group that a suspended server could not take runs there once it goes on', (t) => {
  const cluster = new Cluster(manyServers(2));
  for (const name of ['server1', 'server2']) cluster.up(name);
  cluster.advance(2000);
  cluster.order('server2', { do: 'cluster', op: 'suspend' });
  cluster.advance(500);
  cluster.order('server1', { do: 'cluster', op: 'stop' });
  cluster.advance(3000);
  t.deepEqual(cluster.homes(GROUP), []);
  cluster.order('server2', { do: 'cluster', op: 'resume' });
  cluster.advance(3000);
  t.deepEqual(cluster.homes(GROUP), ['server2']);
});

test('a group that a server left to one that dies in its wait at the start starts there', (t) => {
  const cluster = new Cluster(manyServers(3));
  cluster.up('server2');
  cluster.advance(4000);
  cluster.up('server1');
  cluster.advance(1500);
  // server2 waits no more; server1 is first, and would start the group after its own wait.
  t.deepEqual(cluster.homes(GROUP), []);
  cluster.cutPower('server1');
  cluster.advance(10_000);
  t.deepEqual(cluster.homes(GROUP), ['server2']);
});

test('an answer that is lost is read from the heartbeats, and not waited for', (t) => {
  const cluster = new Cluster(manyServers(2));
  for (const name of ['server1', 'server2']) cluster.up(name);
  cluster.advance(2000);
  cluster.order('server1', { do: 'group', op: 'move', group: GROUP, target: 'server2' });
  cluster.advance(30);
  const isTaken = () => cluster.log.some((line) => line.startsWith('server2 rc 50'));
  while (!isTaken()) cluster.advance(1);
  cluster.cables(LANS, false, { from: 'server2', to: 'server1' });
  cluster.advance(400);
  cluster.cables(LANS, true, { from: 'server2', to: 'server1' });
  cluster.advance(1000);
  t.deepEqual(cluster.answers, ['{"done":true}']);
  t.deepEqual(cluster.homes(GROUP), ['server2']);
});

test('a request that arrives after it was given up is refused', (t) => {
  const cluster = new Cluster(manyServers(2));
  for (const name of ['server1', 'server2']) cluster.up(name);
  cluster.advance(2000);
  const { born, rev } = cluster.boxes.server1!.daemon!;
  const word = { born, rev: rev - 1, phase: 'online', groups: {}, ratio: null };
  const order = { do: 'take', group: GROUP, why: 'failover', failovers: 0, wait: true, word };
  cluster.order('server2', order, 'server1');
  cluster.advance(1000);
  t.regex(cluster.answers[0]!, /^take\.late/);
  t.deepEqual(cluster.homes(GROUP), ['server1']);
});
