/** Servers that are off in turn, as maintenance does it, while runs want the cluster. */
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { type LeaseWorld, worldOf } from './lease-world.ts';

const COUNTS = [2, 3, 4, 5, 6, 7, 8];
const RUNS = ['run-a', 'run-b', 'run-c'];

function requireOne(t: ExecutionContext, world: LeaseWorld, words: string): void {
  const passing = world.passing();
  const shown = [...passing].map(([run, where]) => `${run} on ${where.join(', ')}`).join('; ');
  t.true(passing.size <= 1, `${words}: ${shown}`);
}

test('two servers off in turn: nobody gets the lease by the word of one', async (t) => {
  const world = await worldOf(2);
  await world.power('server1', false);
  t.is(await world.take('run-a'), 'lease.noMajority');
  await world.power('server2', false);
  await world.power('server1', true);
  t.is(await world.take('run-b'), 'lease.noMajority');
  t.is(world.passing().size, 0);
});

test('given up by name, a server comes back and is told before it serves', async (t) => {
  const world = await worldOf(2);
  await world.power('server2', false);
  t.is(await world.take('run-a', ['server2']), true);
  t.is(await world.exec('run-a', 'server1'), true);
  await world.power('server2', true);
  t.deepEqual(world.passing().get('run-a'), ['server1', 'server2']);
  t.is(await world.take('run-b'), 'lease.held');
  await world.giveBack('run-a');
  t.is(await world.take('run-b'), true);
});

test('a server that hears from nobody serves no run; who it was last leased to is not taken over', async (t) => {
  const world = await worldOf(2);
  t.is(await world.take('run-a'), true);
  await world.power('server2', false);
  await world.power('server1', false);
  await world.power('server2', true);
  t.is(world.passing().size, 0);
  t.not(await world.exec('run-a', 'server2'), true);
  t.is(await world.take('run-b', ['server1']), 'lease.held');
  t.is(await world.take('run-b', ['server1', 'run-a']), true);
  t.deepEqual([...world.passing().keys()], ['run-b']);
  await world.power('server1', true);
  t.deepEqual(world.passing().get('run-b'), ['server1', 'server2']);
  t.is(world.passing().size, 1);
  t.is(await world.exec('run-a', 'server1'), 'lease.lost');
});

test('of two that were each given up by the other the later one stands', async (t) => {
  const world = await worldOf(2);
  await world.power('server2', false);
  t.is(await world.take('run-a', ['server2']), true);
  t.is(await world.take('run-a', ['server2']), true);
  await world.power('server1', false);
  await world.power('server2', true);
  t.is(await world.take('run-b', ['server1']), true);
  await world.power('server1', true);
  t.deepEqual([...world.passing().keys()], ['run-b']);
  await world.giveBack('run-b');
  t.is(world.passing().size, 0);
  t.is(await world.take('run-c'), true);
});

test('a run that holds the cluster goes on and is resumed while a server is off', async (t) => {
  const world = await worldOf(2);
  t.is(await world.take('run-a'), true);
  await world.power('server2', false);
  t.is(await world.exec('run-a', 'server1'), true);
  t.is(await world.take('run-b', ['server2']), 'lease.held');
  t.is(await world.take('run-a'), true);
  t.is(await world.exec('run-a', 'server1'), true);
  await world.giveBack('run-a');
  t.is(await world.take('run-b'), 'lease.noMajority');
  await world.power('server2', true);
  t.is(await world.take('run-b'), true);
});

test('a server restarted alone serves on only when a person says so', async (t) => {
  const world = await worldOf(2);
  t.is(await world.take('run-a'), true);
  await world.power('server2', false);
  await world.power('server1', false);
  await world.power('server1', true);
  t.is(await world.exec('run-a', 'server1'), 'lease.unknown');
  t.is(await world.vouch('run-a', 'server1', []), 'lease.noMajority');
  t.is(await world.vouch('run-a', 'server1', ['server2']), true);
  t.is(await world.exec('run-a', 'server1'), true);
  await world.power('server2', true);
  t.deepEqual(world.passing().get('run-a'), ['server1', 'server2']);
  t.is(await world.vouch('run-b', 'server1', ['server2']), 'nothing held');
});

test('a server that answers keeps its say; too few, or what is nothing, cannot be given up', async (t) => {
  const world = await worldOf(2);
  t.is(await world.take('run-a', ['server2']), true);
  t.is(await world.take('run-b', ['server2']), 'lease.held');
  await world.giveBack('run-a');
  t.is(await world.take('run-a', ['server9']), 'lease.nothing');
  const three = await worldOf(3);
  for (const name of ['server1', 'server2']) await three.power(name, false);
  const giveUp = ['server1', 'server2'];
  t.is(await three.take('run-a', giveUp), 'lease.noMajority');
  const refused = await t.throwsAsync(
    three.clock.run(three.door.lease.acquire('b', '', { giveUp })),
  );
  const { missing, remedy = '' } = refused as Error & { missing?: string[]; remedy?: string };
  t.deepEqual(missing, []);
  t.regex(remedy, /^start servers until 2 of 3 are there/);
  // The reason: those two alone are a majority, and hear nothing of what was given without them.
  await three.power('server3', false);
  for (const name of giveUp) await three.power(name, true);
  t.is(await three.take('run-c'), true);
});

for (const count of COUNTS) {
  test(`${count} servers off in turn, in any order: a run goes on, and no other begins`, async (t) => {
    const orders = fc.shuffledSubarray(
      Array.from({ length: count }, (_, at) => at),
      { minLength: count },
    );
    const property = fc.asyncProperty(orders, async (order) => {
      const world = await worldOf(count);
      t.is(await world.take('run-a'), true);
      for (const at of order) {
        const name = world.names[at]!;
        await world.power(name, false);
        t.is(await world.take('run-b'), 'lease.held');
        t.is(await world.exec('run-a', world.on()[0]!), true);
        t.is(await world.take('run-a'), true);
        await world.power(name, true);
        t.is(await world.exec('run-a', name), true);
        requireOne(t, world, `after ${name}`);
      }
      await world.giveBack('run-a');
      t.is(await world.take('run-b'), true);
      world.stop();
    });
    await fc.assert(property, { numRuns: 6 });
  });

  test(`${count} servers, whatever is switched and given up: one run at a time`, async (t) => {
    const server = fc.nat(count - 1);
    const run = fc.constantFrom(...RUNS);
    const acts = fc.array(
      fc.oneof(
        { weight: 4, arbitrary: fc.record({ act: fc.constant('switch' as const), server }) },
        fc.record({
          act: fc.constant('take' as const),
          run,
          giveUp: fc.constantFrom('nothing' as const, 'servers' as const, 'runs' as const),
        }),
        fc.record({ act: fc.constant('exec' as const), run, server }),
        fc.record({ act: fc.constant('back' as const), run }),
      ),
      { maxLength: 24 },
    );
    const property = fc.asyncProperty(acts, async (list) => {
      const world = await worldOf(count);
      for (const one of list) {
        if (one.act === 'switch') {
          const name = world.names[one.server]!;
          await world.power(name, !world.isOn(name));
        } else if (one.act === 'back') await world.giveBack(one.run);
        else if (one.act === 'exec') {
          if (world.held.has(one.run)) await world.exec(one.run, world.names[one.server]!);
        } else {
          const others = [...world.held.keys()].filter((name) => name !== one.run);
          const off = one.giveUp === 'nothing' ? [] : world.off();
          const answer = await world.take(one.run, off);
          const isHeld = answer === 'lease.held' && one.giveUp === 'runs';
          if (isHeld) for (const other of others) await world.take(one.run, [...off, other]);
        }
        requireOne(t, world, JSON.stringify(one));
      }
      for (const name of world.off()) await world.power(name, true);
      requireOne(t, world, 'with every server on');
      world.stop();
    });
    await fc.assert(property, { numRuns: 25 });
  });
}
