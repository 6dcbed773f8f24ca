/** What orders on a mirror come to, as logs tell it: v3 12.1 (mdadmn), and the further ones of the X series. */
import test from 'ava';
import { activate, activeOn1, BLOCK, codeOf, pattern, recovered, World } from './harness.ts';

const MEGABYTE = 1024 * 1024;
/** Every message that is not of the agent's life or in its own words, with its server. */
function said(world: World): string[] {
  const lines = ['server1', 'server2'].flatMap((name) =>
    world
      .at(name)
      .log.splice(0)
      .filter(({ module, id }) => module === 'mdadmn' || (module === 'mdctrl' && id !== undefined))
      .map(({ module, id, text }) => `${name} ${module} ${id}: ${text}`),
  );
  return lines;
}

interface Told {
  title: string;
  /** v3 else. */
  isX5: boolean;
  mirrorBytes?: number;
  play: (world: World) => Promise<unknown>;
  says: string[];
}

const force = { do: 'force', latest: 'server1', victim: 'server2' };
const broken = async (world: World) => {
  await world.ask('server1', { do: 'break' });
  await world.write('server1', 0, pattern(100, 1));
};

const TOLD: Told[] = [
  {
    title: 'a mirror that is separated, and one that is separated already',
    isX5: true,
    play: async (world) => {
      await world.ask('server1', { do: 'break' });
      await codeOf(world.ask('server1', { do: 'break' }));
    },
    says: [
      'server1 mdadmn 34: Isolating the mirror md1 completed successfully.',
      'server1 mdadmn 31: Failed to isolate the mirror. md1 is not in step: nothing to break(Device:/dev/NMP1)',
    ],
  },
  {
    title: 'a recovery that the connect does not carry',
    isX5: false,
    play: async (world) => {
      world.cutMirror();
      await world.until(() => world.view('server1').connected === false, 'cut');
      await codeOf(world.ask('server1', { do: 'recover', full: false }));
    },
    says: [
      'server1 mdadmn 5: Building of switch mirror disk finished abnormally.Communication to the remote server failed.(Device:/dev/NMP1)',
    ],
  },
  {
    title: 'a recovery that is cancelled, and none to cancel',
    isX5: true,
    play: async (world) => {
      await broken(world);
      world.latencyMs = 1;
      await world.ask('server1', { do: 'recover', full: true });
      await world.ask('server2', { do: 'cancel' });
      await world.until(() => world.colors() === 'GREEN RED', 'GREEN RED');
      await world.until(() => world.view('server1').recovery === null, 'ended');
      await codeOf(world.ask('server1', { do: 'cancel' }));
    },
    says: [
      'server1 mdadmn 34: Isolating the mirror md1 completed successfully.',
      'server1 mdadmn 7: Mirror recovery mode is full copy.(Device:/dev/NMP1)',
      'server1 mdadmn 17: Mirror recovery of /dev/NMP1 has started.(16777216 bytes)',
      'server1 mdadmn 44: Mirror recovery of md1 was canceled.',
      'server1 mdadmn 45: Failed to cancel mirror recovery of md1.',
    ],
  },
  {
    title: 'as before: v3 has no word for it but that it failed',
    isX5: false,
    play: async (world) => {
      await broken(world);
      world.latencyMs = 1;
      await world.ask('server1', { do: 'recover', full: true });
      await world.ask('server2', { do: 'cancel' });
      await world.until(() => world.view('server1').recovery === null, 'ended');
    },
    says: [
      'server1 mdadmn 7: Recovery mode is full copy.',
      'server1 mdadmn 17: Recovery started.(Device: /dev/NMP1)',
      'server1 mdadmn 5: Building of switch mirror disk finished abnormally.cancelled by an operator(Device:/dev/NMP1)',
    ],
  },
  {
    title: 'a forced recovery that is cancelled, and one that is not',
    isX5: true,
    play: async (world) => {
      await broken(world);
      world.latencyMs = 1;
      await world.ask('server1', force);
      await codeOf(world.ask('server1', force));
      await world.ask('server1', { do: 'cancel' });
      await world.until(() => world.view('server1').recovery === null, 'cancelled');
      await world.ask('server1', force);
      await recovered(world);
    },
    says: [
      'server1 mdadmn 34: Isolating the mirror md1 completed successfully.',
      'server1 mdadmn 7: Mirror recovery mode is full copy.(Device:/dev/NMP1)',
      'server1 mdadmn 17: Mirror recovery of /dev/NMP1 has started.(16777216 bytes)',
      'server1 mdadmn 33: Forced recovery of the mirror failed. The recovery is in progress.(Device:/dev/NMP1)',
      'server1 mdadmn 23: Forced mirror recovery was canceled. Execute the command "clpmdctrl --force" to resume the mirror recovery. (Device:/dev/NMP1)',
      'server1 mdadmn 7: Mirror recovery mode is full copy.(Device:/dev/NMP1)',
      'server1 mdadmn 17: Mirror recovery of /dev/NMP1 has started.(16777216 bytes)',
      'server1 mdadmn 6: Mirror recovery  of /dev/NMP1 was completed successfully.',
      'server1 mdadmn 36: Forced recovery of the mirror md1 completed successfully.',
    ],
  },
  {
    title: 'a copy that is activated by force, forced alone, and not while the other one is active',
    isX5: true,
    play: async (world) => {
      world.powerOff('server1');
      world.at('server2').log.length = 0;
      await world.until(() => world.view('server2').color === 'RED', 'RED');
      await codeOf(world.ask('server2', { ...activate, force: false }));
      await world.ask('server2', { ...activate, force: true });
      await world.ask('server2', { ...force, latest: 'server2', victim: 'server1' });
    },
    says: [
      "server2 mdadmn 1: Failed to activate mirror disk. The local server hasn't the latest data.(Device:/dev/NMP1)",
      'server2 mdadmn 35: Mirror force active of md1 was completed successfully.',
      'server2 mdadmn 36: Forced recovery of the mirror md1 completed successfully.',
    ],
  },
  {
    title: 'force while the other server is active',
    isX5: true,
    play: async (world) => {
      await codeOf(world.ask('server2', { ...activate, force: true }));
    },
    says: [
      'server2 mdadmn 32: Forced activation of the mirror failed. The remote server is active. (Device:/dev/NMP1)',
    ],
  },
  {
    title: 'a mirror that is extended, the standby first',
    isX5: true,
    mirrorBytes: 128 * BLOCK,
    play: async (world) => {
      const order = { do: 'resize', sizeBytes: 256 * BLOCK };
      await world.ask('server2', order);
      await world.ask('server1', order);
      await codeOf(world.ask('server1', { do: 'resize', sizeBytes: BLOCK }));
    },
    says: [
      'server1 mdadmn 24: One of the servers is active, but NMP size of mirror disks are not the same. (Device:/dev/NMP1)',
      'server1 mdctrl 50: Extension of mirror disk md1 was succeeded.',
      'server1 mdctrl 51: Failed to extend mirror disk md1.',
      'server2 mdctrl 50: Extension of mirror disk md1 was succeeded.',
      "server2 mdadmn 25: The NMP sizes of both servers' disks has been successfully synchronized.  (Device:/dev/NMP1)",
    ],
  },
];

for (const { title, isX5, mirrorBytes, play, says } of TOLD) {
  test(`${isX5 ? 'x5' : 'v3'}: ${title}`, async (t) => {
    const world = await activeOn1({
      fencing: isX5,
      dataBytes: 16 * MEGABYTE,
      mirrorBytes: mirrorBytes ?? null,
    });
    said(world);
    await play(world);
    await world.pass(100);
    t.deepEqual(said(world), says);
  });
}

test('two blank copies, where the first copy is switched off', async (t) => {
  const world = new World({ fencing: true, constructed: false, parameters: { fullcopy: 0 } });
  for (const name of ['server1', 'server2']) await world.start(name);
  for (const name of ['server1', 'server2']) await world.ask(name, { do: 'create', mode: 'force' });
  await world.until(() => world.view('server1').connected === true, 'connected');
  await world.pass(100);
  t.deepEqual(said(world).slice(-1), [
    'server1 mdadmn 20: Initial mirror recovery was not executed following the configuration. (Device:/dev/NMP1)',
  ]);
});

test('the driver says when the device is opened and closed, and that it is in use', async (t) => {
  const world = await activeOn1();
  await codeOf(world.ask('server1', { do: 'create', mode: 'force' }));
  await world.ask('server1', { do: 'deactivate' });
  t.deepEqual(
    world
      .at('server1')
      .log.filter(({ module }) => module === 'liscal')
      .map(({ text }) => text),
    ['NMP1 open I/O port OK', 'ERROR:NMP1 is busy.', 'NMP1 close I/O port OK.'],
  );
});
