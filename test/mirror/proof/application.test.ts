/** What the observer makes of copies that were given up, or put on another disk. */
import test from 'ava';
import { SeededRandom } from '../../../src/sim/seeded-random.ts';
import { Application } from './application.ts';
import { runCycle } from './cycle.ts';
import { ACTIVATE } from './storm.ts';
import { NAMES, ProofWorld, type Settings } from './world.ts';

const LOST = 'timeout: no answer within 20000 ms';
const REFUSED = 'mirror.recovering: a recovery runs';

const SETTINGS: Settings = {
  blocks: 24,
  fencing: false,
  autoRecovery: false,
  latencyMs: 0.05,
  slowMs: 0,
  powerLoss: 'drop',
  extents: 2,
  copying: { lanes: 1, flushBlocks: 1 },
  connects: ['mdc400'],
  parameters: {},
};

/** Both sides connected, nobody active; the copy of server1 is the one that is spoken of. */
async function inStep() {
  const random = new SeededRandom(1);
  const world = new ProofWorld(SETTINGS, random);
  const app = new Application(world, random);
  await world.format();
  for (const name of NAMES) world.start(name);
  await world.pass(2000);
  return {
    world,
    app,
    ask: () => app.askForce('server2', world.at('server2').running!),
    hear: (came: string) => app.hearOfForce('server2', came),
    /** Server1 serves: what is wrong then, in words. */
    serve: async () => {
      const came = await world.run(world.ask('server1', ACTIVATE));
      try {
        app.check();
        return came;
      } catch (error) {
        return (error as Error).message;
      } finally {
        for (const name of NAMES) world.kill(name);
      }
    },
  };
}

type Story = Awaited<ReturnType<typeof inStep>>;

const RESTORED: [string, (story: Story) => void][] = [
  ['nothing else', ({ app }) => app.taint('server1')],
  [
    'the other one was to be forced, and nobody answered',
    ({ app, ask, hear }) => {
      app.taint('server1');
      ask();
      hear(LOST);
    },
  ],
  [
    'the other one was to be forced, which was refused',
    ({ app, ask, hear }) => {
      app.taint('server1');
      ask();
      hear(REFUSED);
    },
  ],
  [
    'the disk came while the other one was to be forced, which was refused',
    ({ app, ask, hear }) => {
      ask();
      app.taint('server1');
      hear(REFUSED);
    },
  ],
  [
    'the disk came while the other one was forced',
    ({ app, ask, hear }) => {
      ask();
      app.taint('server1');
      hear('done');
    },
  ],
  [
    'the other one was forced',
    ({ app, ask, hear }) => {
      app.taint('server1');
      ask();
      hear('done');
    },
  ],
];

for (const [title, happens] of RESTORED) {
  test(`a restored copy that serves is found: ${title}`, async (t) => {
    const story = await inStep();
    happens(story);
    t.true(story.app.isStrange('server1'));
    t.is(await story.serve(), 'server1 serves a copy that was restored from an image');
  });
}

// Whoever restores an image restores what this copy remembered of its last meeting, too.
for (const disk of ['another disk', 'the same disk']) {
  test(`an old image on ${disk} passes for nothing while the other side serves`, async (t) => {
    const { world, app } = await inStep();
    const pass = async (ms: number) => {
      for (let at = 0; at < ms; at += 100) {
        await world.pass(100);
        t.notThrows(() => app.check());
      }
    };
    const write = async () => {
      for (let at = 0; at < 8; at++) app.write();
      await pass(1000);
    };
    t.is(await world.run(world.ask('server1', ACTIVATE)), 'done');
    app.check();
    await write();
    t.is(await world.run(world.ask('server1', { do: 'deactivate' })), 'done');
    await pass(1000);
    world.powerOff('server2');
    const image = world.image('server2');
    world.start('server2');
    await pass(3000);
    t.is(world.view('server2')?.color, 'GREEN');
    t.is(await world.run(world.ask('server1', ACTIVATE)), 'done');
    app.check();
    await write();
    t.false(Buffer.from(image).equals(world.image('server2')));
    world.powerOff('server2');
    if (disk === 'another disk') world.insertDisk('server2', image);
    else world.overwriteDisk('server2', image);
    app.taint('server2');
    await write();
    world.start('server2');
    await pass(3000);
    t.not(await world.run(world.ask('server2', ACTIVATE)), 'done');
    t.is(world.view('server2')?.color, 'RED');
    t.is(await world.run(world.ask('server1', { do: 'recover', full: false })), 'done');
    await pass(8000);
    t.deepEqual([...app.tainted], [], 'copied anew');
    for (const name of NAMES) world.kill(name);
  });
}

test('a copy that may have been given up is no restored one, and counts when it serves', async (t) => {
  const { app, ask, hear, serve } = await inStep();
  ask();
  t.deepEqual([...app.tainted], ['server1']);
  t.false(app.isStrange('server1'));
  t.is(await serve(), 'done');
  hear(LOST);
  t.deepEqual([...app.tainted], [], 'the order has no effect any more');
});

// Server2 is frozen in the order and loses its power; server1 comes back meanwhile, and serves.
test('in a storm as well', async (t) => {
  t.is((await runCycle(1168)).violation, null);
});
