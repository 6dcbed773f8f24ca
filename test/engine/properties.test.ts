/** Whatever people and cables do: no step throws, and nothing runs twice where servers hear each other. */
import test from 'ava';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import type { DaemonEvent } from '../../src/engine/index.ts';
import { initialDaemon, stepDaemon } from '../../src/engine/index.ts';
import { twoServers } from './config.ts';
import { Cluster } from './harness.ts';

const server = fc.constantFrom('server1', 'server2');
const group = fc.constantFrom('failover1', 'failover2');
const target = fc.constantFrom('server1', 'server2', null);

const order: fc.Arbitrary<Json> = fc.oneof(
  fc.record({
    do: fc.constant('group'),
    op: fc.constantFrom('start', 'stop', 'move'),
    group,
    target,
  }),
  fc.record({
    do: fc.constant('resource'),
    op: fc.constantFrom('start', 'stop'),
    resource: fc.constantFrom('fip1', 'md1', 'exec1', 'fip2', 'exec2'),
    target: fc.constant(null),
  }),
  fc.record({ do: fc.constant('cluster'), op: fc.constantFrom('stop', 'suspend', 'resume') }),
  fc.record({ do: fc.constant('shutdown'), reboot: fc.boolean() }),
  fc.record({
    do: fc.constant('toratio'),
    op: fc.constant('set'),
    ratio: fc.integer({ min: 1, max: 5 }),
    forMs: fc.integer({ min: 1, max: 60_000 }),
  }),
  fc.record({
    do: fc.constant('monitor'),
    op: fc.constantFrom('suspend', 'resume'),
    monitor: fc.constant(null),
  }),
);

type Act = { act: string; on: string; body?: Json; nets?: readonly string[]; code?: number };

const orderly = fc.oneof(
  { weight: 5, arbitrary: fc.record({ act: fc.constant('order'), on: server, body: order }) },
  fc.record({ act: fc.constantFrom('sigterm', 'start', 'up', 'power-cut'), on: server }),
  fc.record({
    act: fc.constant('script'),
    on: server,
    code: fc.constantFrom(0, 0, 1),
    nets: fc.constantFrom(
      ['exec1/start.sh'],
      ['exec2/start.sh'],
      ['genw1/genw.sh'],
      ['exec2/stop.sh'],
    ),
  }),
);
const unruly = fc.oneof(
  { weight: 3, arbitrary: orderly },
  fc.record({
    act: fc.constantFrom('cut', 'heal'),
    on: server,
    nets: fc.constantFrom(['lan0'], ['lan0', 'lan1'], ['mdc'], ['lan0', 'lan1', 'mdc'], ['bmc']),
  }),
  fc.record({ act: fc.constantFrom('freeze', 'thaw', 'kill-daemon'), on: server }),
);

function perform(cluster: Cluster, { act, on, body, nets = [], code = 0 }: Act): void {
  const box = cluster.boxes[on]!;
  if (act === 'order' && box.daemon && !box.frozen) cluster.order(on, body!);
  if (act === 'sigterm' && box.daemon) cluster.tell(on, { type: 'stop.requested' });
  if (act === 'start' && box.power === 'on' && !box.daemon) cluster.startDaemon(on);
  if (act === 'up' && box.power === 'off') cluster.up(on);
  if (act === 'power-cut') cluster.cutPower(on);
  if (act === 'script') cluster.scripts.set(`${on} ${nets[0]}`, code);
  if (act === 'cut' || act === 'heal') cluster.cables([...nets], act === 'heal');
  if ((act === 'freeze' || act === 'thaw') && box.power === 'on') {
    if (box.frozen !== (act === 'freeze')) cluster.freeze(on, act === 'freeze');
  }
  if (act === 'kill-daemon') cluster.killDaemon(on);
}

const groups = ['failover1', 'failover2'];

/** Servers whose agent serves the mirror. */
function serving(cluster: Cluster): string[] {
  return Object.values(cluster.boxes)
    .filter((box) => box.power === 'on' && box.active)
    .map((box) => box.name);
}

function clusterOf(forced: boolean): Cluster {
  const forceStop = forced ? { type: 'bmc' as const, timeoutMs: 3000 } : null;
  const cluster = new Cluster(twoServers({ forceStop }));
  cluster.up('server1');
  cluster.up('server2');
  cluster.advance(1000);
  return cluster;
}

const pauses = fc.constantFrom(0, 10, 100, 700, 3000);

test('with the cables up no group is ever online on two servers', (t) => {
  const history = fc.array(fc.tuple(orderly, pauses), { maxLength: 25 });
  fc.assert(
    fc.property(fc.boolean(), history, (forced, acts) => {
      const cluster = clusterOf(forced);
      for (const [act, pauseMs] of acts) {
        perform(cluster, act);
        for (let ms = 0; ms <= pauseMs; ms += 50) {
          cluster.advance(Math.min(50, pauseMs));
          for (const name of groups) if (cluster.homes(name).length > 1) return false;
        }
      }
      return true;
    }),
    { numRuns: 150 },
  );
  t.pass();
});

test('a mirror is never served by two servers, whatever is cut, frozen or killed', (t) => {
  const history = fc.array(fc.tuple(unruly, pauses), { maxLength: 25 });
  fc.assert(
    fc.property(fc.boolean(), history, (forced, acts) => {
      const cluster = clusterOf(forced);
      for (const [act, pauseMs] of acts) {
        perform(cluster, act);
        cluster.advance(pauseMs);
        if (serving(cluster).length > 1) return false;
      }
      return true;
    }),
    { numRuns: 200 },
  );
  t.pass();
});

test('when all cables are whole again and a while has passed, each group is online once at most', (t) => {
  const history = fc.array(fc.tuple(unruly, pauses), { maxLength: 20 });
  fc.assert(
    fc.property(fc.boolean(), history, (forced, acts) => {
      const cluster = clusterOf(forced);
      for (const [act, pauseMs] of acts) {
        perform(cluster, act);
        cluster.advance(pauseMs);
      }
      cluster.cables(['lan0', 'lan1', 'mdc', 'bmc'], true);
      for (const box of Object.values(cluster.boxes)) {
        if (box.frozen) cluster.freeze(box.name, false);
        if (box.daemon) cluster.order(box.name, { do: 'cluster', op: 'resume' });
      }
      cluster.advance(30_000);
      return groups.every((name) => cluster.homes(name).length <= 1);
    }),
    { numRuns: 150 },
  );
  t.pass();
});

const name = fc.constantFrom('failover1', 'fip1', 'constructor', '__proto__', '', null, 7);

/** Requests with some of their fields wrong. */
const crooked: fc.Arbitrary<Json> = fc.record({
  do: fc.constantFrom('group', 'resource', 'take', 'monitor', 'cluster', 'toratio', 'peer-broke'),
  op: fc.constantFrom('start', 'stop', 'set', 'suspend', 'toString', null),
  group: name,
  resource: name,
  monitor: name,
  target: name,
  mirror: name,
  why: fc.constantFrom('move', 'other'),
  failovers: fc.integer(),
  wait: fc.boolean(),
  word: fc.jsonValue() as fc.Arbitrary<Json>,
  ratio: fc.double(),
  forMs: fc.double(),
}) as fc.Arbitrary<Json>;

const junk: fc.Arbitrary<DaemonEvent> = fc.oneof(
  fc.record({
    type: fc.constant('datagram.received' as const),
    net: fc.constantFrom('lan0', 'lan1', 'com0'),
    from: fc.constantFrom('server2', 'server9', '__proto__'),
    body: fc.oneof(
      fc.jsonValue() as fc.Arbitrary<Json>,
      fc.record({ kind: fc.constant('beat'), word: fc.jsonValue() as fc.Arbitrary<Json> }),
      fc.record({
        kind: fc.constant('beat'),
        word: fc.record({
          born: fc.integer(),
          rev: fc.integer(),
          phase: fc.constantFrom('waiting', 'online', 'suspended', 'stopping', 'stopped'),
          groups: fc.dictionary(
            fc.constantFrom('failover1', 'failover2', 'other'),
            fc.record({ state: fc.constantFrom('Online', 'Offline', 'Online Pending') }),
          ) as fc.Arbitrary<Json>,
        }),
      }),
    ),
  }),
  fc.record({
    type: fc.constant('timer.fired' as const),
    id: fc.constantFrom(
      'beat',
      'watch:server2',
      'watch:x',
      'fence:server2',
      'evidence:server2',
      'startup',
      'ratio',
      'monitor:genw1',
      'monitor:x',
      'again:failover1/md1',
      'again:a/b',
    ),
  }),
  fc.record({
    type: fc.constant('request.received' as const),
    id: fc.constant('in1'),
    from: fc.constant({ server: 'server2', part: 'daemon' as const }),
    body: fc.oneof(order, fc.jsonValue() as fc.Arbitrary<Json>, crooked),
  }),
  fc.record({
    type: fc.constant('request.answered' as const),
    id: fc.integer({ min: 1, max: 40 }).map((n) => `d${n}`),
    body: fc.jsonValue() as fc.Arbitrary<Json>,
  }),
  fc.record({
    type: fc.constant('request.failed' as const),
    id: fc.integer({ min: 1, max: 40 }).map((n) => `d${n}`),
    code: fc.constantFrom('timeout', 'refused', 'mirror.notLatest', 'address.conflict'),
    message: fc.string(),
  }),
  fc.constant({ type: 'stop.requested' as const }),
);

const STRAYS = ['__proto__', 'constructor', 'server9'];

for (const op of ['start', 'stop', 'move']) {
  test(`to ${op} a group at a server that the cluster does not have is refused`, (t) => {
    for (const target of STRAYS) {
      const fresh = initialDaemon(twoServers(), 'server1', null);
      const from = { server: 'server2', part: 'daemon' as const };
      const body = { do: 'group', op, group: 'failover1', target };
      const { state } = stepDaemon(fresh, { type: 'part.started', bootId: 'b' }, 1000);
      const given = { type: 'request.received' as const, id: 'in1', from, body };
      const { effects } = stepDaemon(state, given, 2000);
      t.regex(JSON.stringify(effects), /"type":"refuse[^}]*"code":"/, `${op} ${target}`);
    }
  });
}

test('no sequence of events makes a step throw', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(junk, fc.nat(5000)), { maxLength: 60 }), (events) => {
      let now = 1000;
      let { state } = stepDaemon(
        initialDaemon(twoServers(), 'server1', null),
        { type: 'part.started', bootId: 'b' },
        now,
      );
      for (const [event, ms] of events) {
        now += ms;
        ({ state } = stepDaemon(state, event, now));
      }
    }),
    { numRuns: 500 },
  );
  t.pass();
});
