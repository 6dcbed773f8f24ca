/**
 * Crashes at every point: the agent is killed, its server loses power, or the connection is cut, at
 * each operation on its disks in the course of a recovery and of writes; started again, everything
 * acknowledged is on the copy that serves, and the pair can be brought into step.
 */
import test, { type ExecutionContext } from 'ava';
import { BLOCK, codeOf, MIRROR, pattern, World } from './harness.ts';

const activate = { do: 'activate', mount: false, force: false, evidence: null };
const NAMES = ['server1', 'server2'] as const;
type Name = (typeof NAMES)[number];

async function brokenPair(seed: number): Promise<World> {
  const world = new World({ dataBytes: 12 * BLOCK, seed });
  await world.up();
  await world.ask('server1', activate);
  for (let block = 0; block < 6; block++) {
    await world.write('server1', block * BLOCK, pattern(2000, block + 1));
  }
  world.cutMirror();
  for (let block = 4; block < 9; block++) {
    await world.write('server1', block * BLOCK, pattern(2000, block + 11));
  }
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  return world;
}

const expected = (): number[] => [1, 2, 3, 4, 15, 16, 17, 18, 19];

async function checkAndHeal(t: ExecutionContext, world: World, label: string): Promise<void> {
  for (const name of NAMES) {
    for (const part of [world.at(name).cp, world.at(name).dp]) part.onOperation = () => {};
    if (!world.at(name).agent) await world.start(name);
  }
  await world.until(() => world.view('server1').connected === true, `${label}: connected`);
  await world.pass(100);
  if (world.colors() !== 'GREEN GREEN') {
    t.regex(world.colors(), /^(GREEN RED|RED GREEN)$/, label);
    await world.ask('server1', { do: 'recover', full: false });
    await world.until(() => world.colors() === 'GREEN GREEN', `${label}: both GREEN`);
  }
  t.true(world.areEqual(), label);
  const active = NAMES.find((name) => world.view(name).active) ?? 'server2';
  await world.ask(active, activate);
  for (const [block, tag] of expected().entries()) {
    t.deepEqual(
      await world.read(active, block * BLOCK, 2000),
      pattern(2000, tag),
      `${label} ${block}`,
    );
  }
}

/** Crashes `name` at its disk operation number `count`; false when there were fewer. */
async function crashAt(
  world: World,
  name: Name,
  count: number,
  how: 'kill' | 'power' | 'cut',
): Promise<boolean> {
  const server = world.at(name);
  let left = count;
  let crashed = false;
  const strike = (): void => {
    if (left-- > 0 || crashed) return;
    crashed = true;
    if (how === 'kill') world.kill(name);
    else if (how === 'power') world.powerOff(name);
    else world.cutMirror();
    world.heal();
  };
  server.cp.onOperation = strike;
  server.dp.onOperation = strike;
  await world.ask('server1', { do: 'recover', full: false }).catch(() => {});
  const isOver = (): boolean => crashed || world.colors() === 'GREEN GREEN';
  await world.until(isOver, 'recovered or crashed');
  return crashed;
}

for (const name of NAMES) {
  for (const how of ['kill', 'power', 'cut'] as const) {
    test(`a recovery survives ${how} of ${name} at every operation on its disks`, async (t) => {
      for (let count = 0; ; count++) {
        const world = await brokenPair(count + 1);
        const crashed = await crashAt(world, name, count, how);
        await checkAndHeal(t, world, `${name} ${how} ${count}`);
        if (!crashed) {
          t.true(count > 7, `${count}`);
          return;
        }
      }
    });
  }
}

test('a source that crashed at any point of a recovery does not serve beside the one that took over', async (t) => {
  let takeovers = 0;
  for (let count = 0; ; count++) {
    const world = await brokenPair(count + 1);
    const crashed = await crashAt(world, 'server1', count, 'kill');
    if (!crashed) break;
    await world.pass(5);
    for (const part of [world.at('server1').cp, world.at('server1').dp])
      part.onOperation = () => {};
    const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
    const order = world.ask('server2', { ...activate, evidence });
    const tookOver = await order.then(
      () => true,
      () => false,
    );
    world.lan = 'cut';
    world.mdc = 'cut';
    await world.start('server1');
    const both = await codeOf(world.ask('server1', activate));
    if (!tookOver) continue;
    takeovers++;
    t.is(both, 'mirror.notLatest', `${count}`);
  }
  t.true(takeovers > 0);
});

test('power loss of both servers at any operation of a write keeps what was acknowledged', async (t) => {
  let acknowledged = 0;
  for (let count = 0; count < 24; count++) {
    for (const first of NAMES) {
      const world = new World({ dataBytes: 4 * BLOCK, seed: count * 7 + 1 });
      await world.up();
      await world.ask('server1', activate);
      await world.write('server1', 0, pattern(1000, 1));
      let left = count;
      const strike = (): void => {
        if (left-- !== 0) return;
        for (const name of [first, first === 'server1' ? 'server2' : 'server1'])
          world.powerOff(name);
      };
      for (const name of NAMES) {
        world.at(name).cp.onOperation = strike;
        world.at(name).dp.onOperation = strike;
      }
      let last = 1;
      const { agent } = world.at('server1');
      const writes = (async () => {
        for (let tag = 2; tag < 8; tag++) {
          await agent!.write(MIRROR, 0, pattern(1000, tag));
          last = tag;
        }
      })();
      writes.catch(() => {});
      await world.until(() => left < 0, 'struck');
      for (const name of NAMES) {
        world.at(name).cp.onOperation = () => {};
        world.at(name).dp.onOperation = () => {};
      }
      await world.start('server1');
      await world.start('server2');
      await world.until(() => world.view('server1').connected === true, 'connected');
      const serves = NAMES.find((name) => world.view(name).latest)!;
      await world.ask(serves, activate);
      const [byte = 0] = await world.read(serves, 0, 1);
      t.true(byte === last || byte === last + 1, `${first} ${count}: ${byte} after ${last}`);
      acknowledged += last;
    }
  }
  t.true(acknowledged > 60);
});
