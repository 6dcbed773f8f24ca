/** Which server of a group has the copy of a hybrid disk open, by what hosts and agents say. */

import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import { Current } from '../../src/mirror/agent/current.ts';
import { mirrorParameters } from '../../src/mirror/agent/parameters.ts';
import { RemoteError } from '../../src/ports/wire.ts';

const text = readFileSync(
  new URL('../../fixtures/clusters/x5hybrid.clp.conf', import.meta.url),
  'utf8',
);

interface World {
  /** Who holds the reservation. */
  holder: string | null;
  /** What the other server's host says: its agent runs, does not; its system is off; nothing. */
  other: 'runs' | 'stopped' | 'off' | 'silent';
  /** Its agent is active. */
  active: boolean;
  now: number;
  /** The copy cannot be opened here. */
  unreadable: boolean;
  did: string[];
}

function answerOf(world: World, server: string, part: string, body: Record<string, Json>): Json {
  if (body.do === 'let-go') {
    if (world.other === 'silent') throw new RemoteError('timeout', 'silent');
    if (world.active) throw new RemoteError('mirror.peerActive', 'active there');
    world.did.push('let go');
    world.holder = null;
    return {};
  }
  if (body.do === 'status') {
    if (world.other === 'silent') throw new RemoteError('timeout', 'silent');
    if (world.other === 'off') throw new RemoteError('os.off', 'off');
    return { services: { clusterpro_md: { running: world.other === 'runs' } } };
  }
  if (body.op === 'take') world.holder = server;
  if (body.op === 'release' && world.holder === server) world.holder = null;
  return { text: world.holder, part };
}

function make(server: string, over: Partial<World>): { world: World; current: Current } {
  const calm: World = {
    holder: null,
    other: 'runs',
    active: false,
    now: 0,
    unreadable: false,
    did: [],
  };
  const world: World = { ...calm, ...over };
  const config = parseClusterConfiguration(text, 'clp.conf');
  const p = mirrorParameters(config, server)[0]!;
  const wire = {
    request: async (to: { server: string; part: string }, body: Json) =>
      answerOf(world, to.server, to.part, body as Record<string, Json>),
  };
  const clock = { now: () => world.now };
  const ports = { server, wire, clock } as unknown as ConstructorParameters<
    typeof Current
  >[0]['ports'];
  const current = new Current({
    p,
    ports,
    opened: async () => {
      world.did.push(world.unreadable ? 'not opened' : 'opened');
      return !world.unreadable;
    },
    closed: async () => void world.did.push('closed'),
  });
  return { world, current };
}

const looks: [string, string, Partial<World>, string[]][] = [
  ['nobody holds it: the first takes it at once', 'server1', {}, ['opened']],
  ['nobody holds it: the second lets the first be', 'server2', {}, []],
  ['the other holds it and its agent runs', 'server2', { holder: 'server1' }, []],
  [
    'the other holds it and its agent has stopped',
    'server2',
    { holder: 'server1', other: 'stopped' },
    ['opened'],
  ],
  [
    'the other holds it and its system is off',
    'server2',
    { holder: 'server1', other: 'off' },
    ['opened'],
  ],
  [
    'the other holds it and is silent: that is not known to be off',
    'server2',
    { holder: 'server1', other: 'silent' },
    [],
  ],
  ['this one holds it from before', 'server2', { holder: 'server2' }, ['opened']],
];

for (const [what, server, over, did] of looks) {
  test(`${server} looks: ${what}`, async (t) => {
    const { world, current } = make(server, over);
    await current.look();
    t.deepEqual(world.did, did);
    t.is(current.isCurrent, did.includes('opened'));
  });
}

test('what nobody took the second server takes a moment later', async (t) => {
  const { world, current } = make('server2', {});
  await current.look();
  world.now = 1499;
  await current.look();
  t.false(current.isCurrent);
  world.now = 1500;
  await current.look();
  t.true(current.isCurrent);
});

test('a copy that another server took is closed', async (t) => {
  const { world, current } = make('server1', {});
  await current.look();
  world.holder = 'server2';
  await current.look();
  t.deepEqual(world.did, ['opened', 'closed']);
});

const activations: [string, Partial<World>, string[]][] = [
  ['an agent that answers lets go first', { holder: 'server1' }, ['let go', 'opened']],
  ['a silent one loses it', { holder: 'server1', other: 'silent' }, ['opened']],
];

for (const [what, over, did] of activations) {
  test(`to activate, the copy is taken over: ${what}`, async (t) => {
    const { world, current } = make('server2', over);
    await current.become();
    t.deepEqual(world.did, did);
    t.is(world.holder, 'server2');
  });
}

test('to activate beside a server that is active is refused, and nothing is taken', async (t) => {
  const { world, current } = make('server2', { holder: 'server1', active: true });
  await t.throwsAsync(current.become(), { code: 'mirror.peerActive' } as never);
  t.is(world.holder, 'server1');
  t.deepEqual(world.did, []);
});

test('a copy that cannot be opened is let go, and kept when the turn comes again', async (t) => {
  const { world, current } = make('server1', { unreadable: true });
  await current.look();
  t.deepEqual(world.did, ['not opened', 'closed']);
  t.deepEqual(world.holder, null, 'the other server of the group has its turn');
  await current.look();
  world.now = 2999;
  await current.look();
  t.deepEqual(world.holder, null);
  world.now = 3000;
  await current.look();
  t.true(current.isCurrent, 'nobody else took it: it is kept, so that it is seen');
});

test('a server that opened the copy in between has its turn first again', async (t) => {
  const { world, current } = make('server1', { unreadable: true });
  await current.look();
  world.holder = 'server2';
  world.unreadable = false;
  await current.look();
  await current.become();
  world.did.length = 0;
  world.unreadable = true;
  world.holder = 'server2';
  await current.look();
  world.other = 'stopped';
  await current.look();
  t.deepEqual(world.did, ['closed', 'not opened', 'closed']);
  t.deepEqual(world.holder, null);
});

test('to activate a copy that cannot be opened here is refused, and it is let go', async (t) => {
  const { world, current } = make('server1', { holder: 'server2', unreadable: true });
  await t.throwsAsync(current.become(), { code: 'mirror.disk' } as never);
  t.deepEqual(world.did, ['let go', 'not opened', 'closed']);
  t.deepEqual(world.holder, null);
});

test('to make a copy anew it is taken although it cannot be opened', async (t) => {
  const { world, current } = make('server1', { unreadable: true });
  await current.become(true);
  t.true(current.isCurrent);
  t.is(world.holder, 'server1');
});
