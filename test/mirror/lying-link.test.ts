/**
 * Fuzz of the agents' protocol from within: two agents talk in earnest, and what one says the other
 * hears changed, twice, cut or not at all, in whatever state they are. Once the link is honest
 * again, an operator brings the pair into step by documented orders; in a long life with many such
 * days neither agent keeps anything of them.
 */
import test from 'ava';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import { growthOver } from '../support/memory.ts';
import { activate, BLOCK, KEY_FILE, MIRROR, pattern, started, type World } from './harness.ts';

const NAMES = ['server1', 'server2'] as const;
const BLOCKS = 16;
const SEEDS = 60;
const DAYS = 24;
const MOST_GROWTH = 1024 * 1024;
const MOST_ORDERS = 12;

/** How the two are configured, one after the other. */
const SETTINGS: { [path: string]: string | number }[] = [
  {},
  {},
  { 'mddriver/compress': 1 },
  { 'mddriver/syncmode': 1, 'mddriver/sendqueuesize': 16 },
  { netdev: '400,401' },
  { 'mddriver/crypto/use': 1, 'mddriver/crypto/keyfile': KEY_FILE },
];
const VALUES: Json[] = [null, true, -1, 0, 1, 0.5, 1e300, 2 ** 53, '', 'x', '__proto__', [], {}];

type Frame = [JsonObject, Uint8Array];

/** What a liar makes of one frame in so many. */
function liar(random: SeededRandom, oneIn: number) {
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)]!;
  return (header: JsonObject, payload: Uint8Array): Frame[] => {
    if (random.below(oneIn) > 0) return [[header, payload]];
    const key = pick(Object.keys(header));
    const lies: (() => Frame[])[] = [
      () => [],
      () => [
        [header, payload],
        [header, payload],
      ],
      () => [[{ ...header, [key]: pick(VALUES) }, payload]],
      () => [[{ ...header, [key]: pick(VALUES) }, payload]],
      () => [[header, payload.subarray(0, random.below(payload.length + 1))]],
      () => [[header, new Uint8Array(payload.length + random.below(3 * BLOCK))]],
      () => [[{ t: 'answer', id: random.below(8) - 4, do: pick(VALUES) }, payload]],
      () => [
        [{ t: 'ask', id: random.below(9), do: pick(['write', 'block', 'met', 'bye']) }, payload],
        [header, payload],
      ],
    ];
    return pick(lies)();
  };
}

/** What goes on meanwhile: writes and orders, whose outcome does not matter. */
async function day(world: World, random: SeededRandom, steps: number): Promise<void> {
  const orders: JsonObject[] = [
    activate,
    { do: 'deactivate' },
    { do: 'break' },
    { do: 'recover', full: false },
    { do: 'recover', full: true },
    { do: 'verify', mark: true },
    { do: 'cancel' },
    { do: 'switch-connect' },
    { do: 'set-option', option: 'compress', on: random.below(2) === 0 },
    { do: 'pause', on: random.below(2) === 0 },
  ];
  for (let step = 0; step < steps; step++) {
    const name = NAMES[random.below(2)]!;
    const { agent } = world.at(name);
    const offset = random.below(BLOCKS - 2) * BLOCK + random.below(BLOCK);
    if (random.below(3) > 0) {
      agent!.write(MIRROR, offset, pattern(1 + random.below(9000), step)).catch(() => {});
      if (random.below(4) === 0) agent!.flush(MIRROR).catch(() => {});
    } else {
      void world.orDead(name, () => world.ask(name, orders[random.below(orders.length)]!));
    }
    await world.pass([0, 1, 50, 2000][random.below(4)]!);
  }
}

/** The liar is gone, and his connection with him; both agents run on. */
function becomeHonest(world: World): void {
  world.spoil = null;
  world.cutMirror('closed');
  world.heal();
}

/**
 * An operator, after the link has become honest. The last order is a full copy: what a liar who
 * holds the key made of the bytes of a write nobody else can know.
 */
async function bringBack(world: World): Promise<void> {
  let isCopied = false;
  for (let orders = 0; orders < MOST_ORDERS; orders++) {
    await world.pass(20_000);
    if (world.colors() === 'GREEN GREEN') {
      if (isCopied) return;
      isCopied = true;
      const name = NAMES.find((each) => world.view(each).active) ?? 'server1';
      await world.ask(name, { do: 'break' });
      await world.ask(name, { do: 'recover', full: true });
      continue;
    }
    const [one, two] = NAMES.map((name) => world.view(name));
    const latest = NAMES.find((name) => world.view(name).latest);
    const active = NAMES.find((name) => world.view(name).active);
    const order = (name: string, body: JsonObject) =>
      world.orDead(name, () => world.ask(name, body));
    if (one!.recovery || two!.recovery) await order('server1', { do: 'pause', on: false });
    else if (latest) await order(latest, { do: 'recover', full: orders % 2 === 1 });
    else if (active) await order(active, { do: 'deactivate' });
    else await order('server1', { do: 'force', latest: 'server1', victim: 'server2' });
  }
  throw new Error(`not brought back: ${world.colors()}`);
}

async function checkEqual(world: World): Promise<boolean> {
  const name = NAMES.find((each) => world.view(each).active) ?? 'server1';
  await world.ask(name, activate);
  await world.write(name, BLOCK, pattern(5000, 77));
  await world.run(world.at(name).agent!.flush(MIRROR));
  await world.pass(1000);
  return world.areEqual();
}

test.serial(
  'two agents whose words arrive changed are brought back into step, whatever was said',
  async (t) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const random = new SeededRandom(seed);
      const world = await started({
        dataBytes: BLOCKS * BLOCK,
        autoRecovery: seed % 2 === 0,
        key: new Uint8Array(32).fill(7),
        parameters: SETTINGS[seed % SETTINGS.length]!,
      });
      await world.ask('server1', activate);
      world.spoil = liar(random, 1 + random.below(12));
      await day(world, random, 30);
      becomeHonest(world);
      await t.notThrowsAsync(() => bringBack(world), `seed ${seed}`);
      t.true(await checkEqual(world), `seed ${seed}`);
      for (const name of NAMES) {
        const { writes } = world.at(name).agent!.disks[0]!;
        t.deepEqual([writes.incoming, writes.inFlight, writes.ranges.size], [0, 0, 0]);
        t.true(writes.areOpen);
      }
    }
  },
);

test.serial('a long life beside a liar costs no memory', async (t) => {
  const world = await started({ dataBytes: BLOCKS * BLOCK });
  const random = new SeededRandom(99);
  const grown = await growthOver(DAYS, async () => {
    world.spoil = liar(random, 4);
    await day(world, random, 20);
    becomeHonest(world);
    await bringBack(world);
    world.tapped.length = 0;
    for (const name of NAMES) {
      world.at(name).log.length = 0;
      world.at(name).events.length = 0;
    }
    world.dropDeadLinks();
  });
  t.log(`${grown} bytes after ${DAYS} days`);
  t.true(grown < MOST_GROWTH, `${grown}`);
});
