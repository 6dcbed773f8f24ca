/** Asynchronous mode, and how long an application waits for another side that is dead or hung. */
import test from 'ava';
import { hang } from './hanging.ts';
import {
  activate,
  activeOn1,
  BLOCK,
  codeOf,
  MIRROR,
  pattern,
  recovered,
  type World,
} from './harness.ts';

const ASYNC = { 'mddriver/syncmode': 1, 'mddriver/sendqueuesize': 16 };
const disk = (world: World, name: string) => world.at(name).agent!.disks[0]!;

async function timeOf(world: World, work: Promise<unknown>): Promise<number> {
  const from = world.clock.now();
  await world.run(work);
  return world.clock.now() - from;
}

test('a write is acknowledged without the other side, in order there, and the queue is told', async (t) => {
  const world = await activeOn1({ parameters: ASYNC });
  await world.write('server1', 0, pattern(100, 1));
  const go = hang(world, 'server2');
  for (let tag = 2; tag < 10; tag++) await world.write('server1', 50, pattern(100, tag));
  t.is(world.colors(), 'GREEN GREEN');
  t.is(disk(world, 'server1').writes.queue.writes, 8);
  t.is(world.view('server1').dirtyBytes, 800);
  t.true(disk(world, 'server2').copy.record.lagging);
  go();
  await world.until(() => disk(world, 'server2').copy.record.lagging === false, 'caught up');
  t.is(world.view('server1').dirtyBytes, 0);
  t.true(world.areEqual());
});

test('the other side knows that it may lag before any write is acknowledged, after a rest as well', async (t) => {
  const world = await activeOn1({ parameters: ASYNC });
  for (const tag of [1, 2, 3]) {
    t.false(disk(world, 'server2').copy.record.lagging ?? false);
    await world.write('server1', tag * BLOCK, pattern(100, tag));
    t.true(disk(world, 'server2').copy.record.lagging);
    await world.until(() => disk(world, 'server2').copy.record.lagging === false, 'at rest');
  }
});

test('a full queue breaks the mirror, keeps the difference and lets the application go on', async (t) => {
  const world = await activeOn1({ parameters: ASYNC });
  hang(world, 'server2');
  for (let at = 0; at < 16; at++) await world.write('server1', at * 10, pattern(10, at + 1));
  t.is(world.colors(), 'GREEN GREEN');
  await world.write('server1', 9 * BLOCK, pattern(10, 99));
  t.is(world.view('server1').color, 'GREEN');
  t.is(disk(world, 'server1').pair.now.phase, 'none');
  t.is(disk(world, 'server1').copy.outOfSync.count, 2);
});

test('whoever may lack acknowledged writes is never activated by evidence, only by force', async (t) => {
  const world = await activeOn1({ parameters: ASYNC, fencing: true });
  await world.write('server1', 0, pattern(100, 1));
  const go = hang(world, 'server2');
  await world.write('server1', 0, pattern(100, 2));
  world.powerOff('server1');
  go();
  const evidence = { by: 'fence', from: 'server1', at: 1 };
  t.is(await codeOf(world.ask('server2', { ...activate, evidence })), 'mirror.notLatest');
  world.kill('server2');
  await world.start('server2');
  t.is(await codeOf(world.ask('server2', { ...activate, evidence })), 'mirror.notLatest');
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.ask('server1', activate);
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('once the queue is empty the other side may take over with evidence', async (t) => {
  const world = await activeOn1({ parameters: ASYNC, fencing: true });
  await world.write('server1', 0, pattern(100, 1));
  await world.until(() => disk(world, 'server2').copy.record.lagging === false, 'caught up');
  world.powerOff('server1');
  const evidence = { by: 'fence', from: 'server1', at: 1 };
  await world.ask('server2', { ...activate, evidence });
  t.deepEqual(await world.read('server2', 0, 100), pattern(100, 1));
});

test('an orderly deactivation empties the queue first', async (t) => {
  const world = await activeOn1({ parameters: ASYNC });
  world.latencyMs = 50;
  await world.write('server1', 0, pattern(100, 1));
  await world.write('server1', 0, pattern(100, 2));
  await world.ask('server1', { do: 'deactivate' });
  t.false(disk(world, 'server2').copy.record.lagging);
  await world.ask('server2', activate);
  t.deepEqual(await world.read('server2', 0, 100), pattern(100, 2));
});

test('a crash with a full pipe sends again what the other side may lack', async (t) => {
  const world = await activeOn1({ parameters: ASYNC });
  world.latencyMs = 20;
  for (let at = 0; at < 12; at++) await world.write('server1', at * BLOCK, pattern(300, at + 1));
  world.powerOff('server1');
  await world.start('server1');
  await world.until(() => world.view('server1').connected === true, 'connected');
  t.is(world.colors(), 'GREEN RED');
  await world.ask('server1', { do: 'recover', full: false });
  await recovered(world);
  t.true(world.areEqual());
});

test('a recovery and queued writes end equal', async (t) => {
  const world = await activeOn1({ parameters: ASYNC, dataBytes: 64 * BLOCK });
  world.cutMirror();
  await world.write('server1', 0, pattern(BLOCK, 4));
  world.heal();
  await world.until(() => world.view('server1').connected === true, 'connected');
  world.latencyMs = 1;
  await world.ask('server1', { do: 'recover', full: true });
  for (let at = 0; at < 80; at++) {
    await world.write('server1', ((at * 37) % 64) * BLOCK + at, pattern(600, at + 1));
    await world.pass(2);
  }
  await recovered(world);
  await world.until(() => disk(world, 'server1').writes.queue.writes === 0, 'empty');
  t.true(world.areEqual());
});

for (const mode of ['synchronous', 'asynchronous'] as const) {
  const parameters = mode === 'asynchronous' ? ASYNC : {};
  test(`${mode}: a dead other side costs no waiting, a silent one its timeout, a hung disk the acknowledgement's`, async (t) => {
    for (const [how, limitMs] of [
      ['closed', 100],
      ['silent', 2100],
      ['hung', 2100],
    ] as const) {
      const world = await activeOn1({ parameters });
      await world.write('server1', 0, pattern(10, 1));
      if (how === 'hung') hang(world, 'server2');
      else world.cutMirror(how);
      const { agent } = world.at('server1');
      const waits: number[] = [];
      for (let at = 0; at < 20; at++) {
        const write = agent!.write(MIRROR, at * 512, pattern(512, at + 1));
        waits.push(await timeOf(world, write));
      }
      t.true(Math.max(...waits) <= limitMs, `${how}: ${Math.max(...waits)} ms`);
      await world.pass(5000);
      t.is(world.view('server1').connected === true && how !== 'hung', false);
      t.is(world.view('server1').color, 'GREEN');
    }
  });
}

test('a connection that takes nothing more is given up within the send timeout', async (t) => {
  const world = await activeOn1({
    parameters: { 'mddriver/sendtimeout': 1, 'mddriver/acktimeout': 60 },
  });
  world.stuck = true;
  const { agent } = world.at('server1');
  const waited = await timeOf(world, agent!.write(MIRROR, 0, pattern(512, 1)));
  t.true(waited <= 2100, `${waited} ms`);
  t.is(world.view('server1').color, 'GREEN');
});
