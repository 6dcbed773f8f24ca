/** Who may serve after a loss: evidence, yielding, fencing, a failed disk. */
import test from 'ava';
import { mirrorPassedPath } from '../../src/core/paths.ts';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  MIRROR,
  pattern,
  recovered,
  started,
} from './harness.ts';

test('a standby that lost the active side is not activated, unless evidence is valid', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(100, 5));
  world.kill('server1');
  await world.until(() => world.view('server2').color === 'RED', 'RED');
  t.is(await codeOf(world.ask('server2', activate)), 'mirror.notLatest');
  const fence = { by: 'fence', from: 'server1', at: 1 };
  t.is(await codeOf(world.ask('server2', { ...activate, evidence: fence })), 'mirror.notLatest');
  const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  t.is(world.view('server2').color, 'GREEN');
  t.deepEqual(await world.read('server2', 0, 100), pattern(100, 5));
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('evidence of a dead agent is refused when that side had gone on alone', async (t) => {
  const world = await activeOn1();
  world.lan = 'cut';
  world.cutMirror();
  await world.write('server1', 0, pattern(100, 6));
  world.kill('server1');
  world.heal();
  const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
  const refused = world.ask('server2', { ...activate, evidence });
  const error = await t.throwsAsync(refused);
  t.true(error?.message.startsWith(`The local server has not the latest data.(${MIRROR})`));
});

test('with fencing a break is held until the other side is off or knows of it', async (t) => {
  const world = await activeOn1({ fencing: true });
  world.lan = 'cut';
  world.cutMirror();
  let acknowledged = false;
  const write = world.at('server1').agent!.write(MIRROR, 0, pattern(100, 6));
  void write.then(() => {
    acknowledged = true;
  });
  await world.pass(10_000);
  t.false(acknowledged);
  world.powerOff('server2');
  await world.run(write);
  t.is(world.colors(), 'GREEN off');
});

test('beside an agent that hangs the writes go on, and it finds so before a fence counts', async (t) => {
  const world = await activeOn1({ fencing: true });
  const { handler } = world.at('server2');
  world.at('server2').handler = () => new Promise(() => {});
  world.cutMirror('silent');
  await world.write('server1', 0, pattern(100, 6));
  t.true(world.at('server2').files.has(mirrorPassedPath(MIRROR)));
  world.powerOff('server1');
  world.at('server2').handler = handler;
  const evidence = { by: 'fence', from: 'server1', at: 1 };
  t.is(await codeOf(world.ask('server2', { ...activate, evidence })), 'mirror.notLatest');
  t.is(await codeOf(world.ask('server2', { ...activate, evidence })), 'mirror.notLatest');
  world.heal();
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN RED');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.deepEqual(world.at('server2').dp.cache.slice(0, 100), pattern(100, 6));
  // The note is of the past now: a fence counts again.
  world.powerOff('server1');
  await world.until(() => world.view('server2').connected === false, 'lost');
  t.false(world.at('server2').files.has(mirrorPassedPath(MIRROR)));
});

test('a side that broke the mirror and was fenced before it acknowledged anything alone is behind', async (t) => {
  const world = await activeOn1({ fencing: true });
  await world.write('server1', 3 * BLOCK, pattern(100, 8));
  world.lan = 'cut';
  world.cutMirror();
  const held = world.at('server1').agent!.write(MIRROR, 0, pattern(100, 6));
  held.catch(() => {});
  const broken = world.view('server2').generation;
  await world.until(() => world.view('server1').generation !== broken, 'the break is durable');
  await world.pass(300);
  world.powerOff('server1');
  const evidence = { by: 'fence', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  await world.write('server2', BLOCK, pattern(100, 9));
  world.heal();
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
  await world.ask('server2', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
  t.deepEqual(await world.read('server2', 3 * BLOCK, 100), pattern(100, 8));
});

test('with fencing a fenced active side is taken over at once, with every acknowledged write', async (t) => {
  const world = await activeOn1({ fencing: true });
  await world.write('server1', 70_000, pattern(100, 8));
  world.cutMirror('silent');
  world.lan = 'cut';
  const lost = world.at('server1').agent!.write(MIRROR, 0, pattern(100, 6));
  lost.catch(() => {});
  await world.pass(300);
  world.powerOff('server1');
  const evidence = { by: 'fence', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  t.deepEqual(await world.read('server2', 70_000, 100), pattern(100, 8));
  await world.write('server2', 70_000, pattern(100, 9));
  world.heal();
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  await world.ask('server2', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('the side that stays counts as the latest after an orderly stop, the one that left does not', async (t) => {
  const world = await activeOn1();
  await world.write('server1', 0, pattern(100, 3));
  await world.run(world.at('server1').agent!.close());
  world.at('server1').agent = null;
  t.is(world.colors(), 'off GREEN');
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(100, 4));
  world.kill('server2');
  await world.start('server1');
  t.is(world.view('server1').color, 'RED');
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
});

test('two inactive sides that lost each other are both RED; one is activated when the other gives way', async (t) => {
  const world = await started();
  world.cutMirror();
  await world.until(() => world.colors() === 'RED RED', 'both RED');
  await world.ask('server2', activate);
  await world.write('server2', 0, pattern(10, 1));
  t.is(await codeOf(world.ask('server1', activate)), 'mirror.notLatest');
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'RED GREEN');
});

test('a failed active disk: nothing more is acknowledged, the standby takes over without evidence', async (t) => {
  const world = await activeOn1();
  await world.write('server1', BLOCK, pattern(BLOCK, 7));
  world.at('server1').dp.failing = 'all';
  world.at('server1').cp.failing = 'all';
  t.is(await codeOf(world.write('server1', 0, pattern(10, 1))), 'EIO');
  t.is(await codeOf(world.write('server1', 0, pattern(10, 1))), 'EIO');
  t.deepEqual(world.at('server1').diskErrors, [MIRROR]);
  const words = world.at('server1').log.map(({ text }) => text);
  t.true(words.includes('warning!! NMP1 disk I/O error, system will reboot.'));
  world.powerOff('server1');
  await world.ask('server2', activate);
  t.deepEqual(await world.read('server2', BLOCK, BLOCK), pattern(BLOCK, 7));
});

test('what the dead side sent before is applied before the standby serves, never over what it writes', async (t) => {
  const world = await activeOn1();
  let go = (): void => {};
  world.at('server2').dp.slow = new Promise((resolve) => {
    go = resolve;
  });
  world
    .at('server1')
    .agent!.write(MIRROR, 0, pattern(100, 1))
    .catch(() => {});
  await world.pass(1);
  world.kill('server1');
  const evidence = { by: 'operatingSystem', from: 'server1', at: 1 };
  const activation = world.ask('server2', { ...activate, evidence });
  await world.pass(10);
  t.false(world.view('server2').active);
  world.at('server2').dp.slow = null;
  go();
  await activation;
  await world.write('server2', 0, pattern(100, 2));
  await world.pass(10);
  t.deepEqual(await world.read('server2', 0, 100), pattern(100, 2));
});

for (const server of ['server1', 'server2'] as const) {
  test(`a crash of ${server} at any point of a meeting leaves the next one able to tell who is ahead`, async (t) => {
    for (let point = 1; point <= 24; point++) {
      const world = await activeOn1();
      await world.write('server1', 2 * BLOCK, pattern(100, 5));
      world.powerOff('server1');
      await world.until(() => world.view('server2').connected === false, 'the loss is known');
      let left = point;
      world.at(server).cp.onOperation = () => {
        left -= 1;
        if (left === 0) world.powerOff(server);
      };
      await world.start('server1');
      await world.pass(2000);
      world.at(server).cp.onOperation = () => {};
      if (left > 0 && point > 1) break;
      if (!world.at(server).agent) await world.start(server);
      await world.until(
        () => world.colors() === 'GREEN RED' || world.colors() === 'GREEN GREEN',
        `after a crash at operation ${point} the copy of server1 counts: ${world.colors()}`,
      );
      await world.ask('server1', activate);
      t.deepEqual(await world.read('server1', 2 * BLOCK, 100), pattern(100, 5));
    }
  });
}
