/**
 * Fuzz of the agents' protocol: what one agent said to the other in a whole life of a mirror is
 * said again by a stranger who changes it. The agent must not throw, hang or keep anything.
 */
import test from 'ava';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { growthOver } from '../support/memory.ts';
import { activate, BLOCK, pattern, recovered, started, type World } from './harness.ts';
import { MemoryLink } from './memory-link.ts';
import { settle } from './virtual-clock.ts';

type Said = [JsonObject, Uint8Array];
const RUNS = 120;

/** The listening side alone, after a meeting: always the same one. */
async function bereft(): Promise<World> {
  const world = await started();
  world.kill('server1');
  await world.pass(10);
  return world;
}

/** Everything server1 says in a meeting, writes, a break, a recovery, a flush and a goodbye. */
async function conversation(): Promise<Said[]> {
  const said: Said[] = [];
  const world = await bereft();
  const { send } = MemoryLink.prototype;
  MemoryLink.prototype.send = async function (header, payload = new Uint8Array(0)) {
    if (this.peer === 'server2') said.push([structuredClone(header), payload.slice(0, 70_000)]);
    await send.call(this, header, payload);
  };
  try {
    await world.start('server1');
    await world.until(() => world.colors() === 'GREEN GREEN', 'met again');
    await world.ask('server1', activate);
    await world.write('server1', 100, pattern(5000, 1));
    await world.ask('server1', { do: 'break' });
    await world.write('server1', 3 * BLOCK, pattern(5000, 2));
    await world.ask('server1', { do: 'recover', full: false });
    await recovered(world);
    await world.ask('server1', { do: 'verify', mark: false });
    await world.ask('server1', { do: 'deactivate' });
    await world.run(world.at('server1').agent!.close());
  } finally {
    MemoryLink.prototype.send = send;
  }
  return said;
}

/** Everything that one agent may ask the other one. */
const QUESTIONS = [
  'block',
  'break',
  'bye',
  'claim',
  'compare',
  'digest',
  'disk-failed',
  'flush',
  'hello',
  'key-load',
  'key-use',
  'lagging',
  'met',
  'order-break',
  'order-cancel',
  'order-pause',
  'order-recover',
  'order-verify',
  'recovery-paused',
  'progress',
  'recover-abort',
  'recover-begin',
  'recover-finish',
  'resized',
  'role',
  'set-option',
  'switch-connect',
  'verified',
  'write',
];
const FIELDS = ['offset', 'length', 'zeroes', 'generation', 'history', 'contact', 'recovery', 'on'];

interface Change {
  at: number;
  how: 'as it was' | 'drop' | 'twice' | 'field' | 'cut' | 'longer' | 'rubbish' | 'asked';
  field: number;
  question: string;
  fields: Record<string, unknown>;
  value: unknown;
}

const numbers = fc.constantFrom(-1, 0, 0.5, 1e300, 2 ** 53, BLOCK, 15 * BLOCK, 16 * BLOCK);
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(200),
  how: fc.constantFrom(
    'as it was',
    'drop',
    'twice',
    'field',
    'field',
    'cut',
    'longer',
    'rubbish',
    'asked',
    'asked',
  ),
  field: fc.nat(12),
  question: fc.constantFrom(...QUESTIONS),
  fields: fc.dictionary(fc.constantFrom(...FIELDS), fc.oneof(fc.jsonValue(), numbers)),
  value: fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(-1, 0, 1e300, 2 ** 53, 16 * BLOCK - 1, '', '__proto__'),
    fc.string({ maxLength: 40 }),
  ),
});

function changed([header, payload]: Said, { how, field, value, ...asked }: Change): Said[] {
  const json = (value === undefined ? null : value) as Json;
  const keys = Object.keys(header);
  switch (how) {
    case 'drop':
      return [];
    case 'twice':
      return [
        [header, payload],
        [header, payload],
      ];
    case 'field':
      return [[{ ...header, [keys[field % keys.length] ?? 'do']: json }, payload]];
    case 'cut':
      return [[header, payload.subarray(0, Math.floor(payload.length / 2))]];
    case 'longer':
      return [[header, new Uint8Array(payload.length + 777)]];
    case 'asked':
      return [
        [{ ...(asked.fields as JsonObject), t: 'ask', id: 77, do: asked.question }, payload],
        [header, payload],
      ];
    case 'rubbish':
      return [[{ t: 'ask', id: 1, do: json }, new Uint8Array(3)]];
    default:
      return [[header, payload]];
  }
}

/** The stranger calls the listening side, speaks, and hangs up or falls silent. */
async function call(world: World, frames: Said[], hangsUp: boolean): Promise<void> {
  const later = (fn: () => void): void => queueMicrotask(fn);
  const here = new MemoryLink('server2', 'mdc400', later);
  const there = new MemoryLink('server1', 'mdc400', later);
  here.other = there;
  there.other = here;
  world.at('server2').listener!(there);
  for (const [header, payload] of frames) {
    await here.send(header, payload).catch(() => {});
    await settle();
  }
  if (hangsUp) here.close();
  else here.silent = true;
}

test.serial('an agent survives whatever a stranger makes of a whole conversation', async (t) => {
  const said = await conversation();
  t.true(said.length > 15, `${said.length}`);
  const kinds = new Set(said.map(([header]) => header.do ?? header.t));
  for (const kind of ['hello', 'write', 'break', 'recover-begin', 'bye']) t.true(kinds.has(kind));
  const unchanged = await bereft();
  await call(unchanged, said, true);
  await unchanged.pass(5000);
  // So the words reach the copy, and the changed ones below do not end at the door.
  t.is(unchanged.at('server2').dp.cache[3 * BLOCK], 2);
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), fc.boolean(), async (changes, end) => {
      const world = await bereft();
      const frames = said.flatMap((frame, at) => {
        const here = changes.find((one) => one.at % said.length === at);
        return here ? changed(frame, here) : [frame];
      });
      await call(world, frames, end);
      await world.pass(5000);
      const view = await world.ask('server2', { do: 'status' });
      t.truthy((view as { mirrors: object }).mirrors);
      const { pair, writes } = world.at('server2').agent!.disks[0]!;
      t.deepEqual(
        [pair.session, writes.incoming, writes.inFlight, writes.ranges.size],
        [null, 0, 0, 0],
      );
      t.true(writes.areOpen);
      world.kill('server2');
    }),
    { numRuns: RUNS },
  );
});

test.serial(
  'a stranger who never stops talking is hung up on, and nothing of it is kept',
  async (t) => {
    const world = await bereft();
    const frames = Array.from(
      { length: 5000 },
      (_, id): Said => [{ t: 'ask', id, do: `never ${id}` }, new Uint8Array(64)],
    );
    const grown = await growthOver(6, async () => {
      await call(world, frames, false);
      await world.pass(5000);
    });
    t.true(grown < 1024 * 1024, `${grown}`);
    t.is(world.at('server2').agent!.disks[0]!.pair.session, null);
  },
);

test.serial('a question about bytes that no copy has is refused at once', async (t) => {
  const world = await started();
  const { session } = world.at('server1').agent!.disks[0]!.pair;
  const size = 16 * BLOCK;
  for (const [offset, length] of [
    [0, 1e300],
    [-BLOCK, BLOCK],
    [size, 1],
    ['x', null],
    [0, 0],
  ] as [Json, Json][]) {
    for (const what of ['digest', 'compare', 'write']) {
      const asked = session!.ask(what, { offset, length, sum: '' });
      await t.throwsAsync(world.run(asked), { name: 'RemoteError' }, `${what} ${offset} ${length}`);
    }
  }
  t.is(world.colors(), 'GREEN GREEN');
});
