/** When a file system is made, checked, tried again and freed: the policy, without a kernel. */
import test from 'ava';
import { mountParameters } from '../../src/mirror/device/mount-parameters.ts';
import type { FileSystems } from '../../src/ports/file-systems.ts';
import { configuration } from './configuration.ts';
import { activate, codeOf, World } from './harness.ts';

interface Kernel extends FileSystems {
  log: string[];
  /** What the next calls do: `mount` and `umount` fail so often. */
  failing: { mount: number; umount: number };
  blank: boolean;
}

function kernel(): Kernel {
  const log: string[] = [];
  const failing = { mount: 0, umount: 0 };
  const tries = (what: 'mount' | 'umount', words: string) => {
    log.push(words);
    if (failing[what]-- > 0) throw new Error(`${what} failed`);
  };
  const self: Kernel = {
    log,
    failing,
    blank: false,
    attach: async () => void log.push('attach'),
    detach: async () => void log.push('detach'),
    isBlank: async () => self.blank,
    make: async (_device, fs) => void log.push(`make ${fs}`),
    check: async (_device, _fs, options) => {
      log.push(`check ${options.join(' ')}`);
      return true;
    },
    mount: async ({ fs, options }) => tries('mount', `mount ${fs} ${options.join(',')}`),
    umount: async () => tries('umount', 'umount'),
    endUsers: async () => void log.push('endUsers'),
  };
  return self;
}

async function mounted(
  parameters: Record<string, string>,
  set: (one: Kernel) => void = () => {},
  fencing = false,
) {
  const one = kernel();
  set(one);
  const world = new World({ fencing });
  const [resource] = world.config.resources;
  Object.assign(resource!.parameters, { 'mount/point': '/mnt/md1', fs: 'ext4', ...parameters });
  world.at('server1').extra = { fileSystems: one };
  await world.up();
  const code = await codeOf(world.ask('server1', { ...activate, mount: true }));
  return { one, world, code };
}

const CASES: [string, Record<string, string>, (one: Kernel) => void, string, string[]][] = [
  ['a mount needs no fsck at first', {}, () => {}, 'done', ['detach', 'attach', 'mount ext4 rw']],
  [
    'fsck comes before every mount when it is so configured',
    { 'fsck/timing': '1', 'fsck/option': '-y -f', 'mount/option': 'rw,noatime' },
    () => {},
    'done',
    ['detach', 'attach', 'check -y -f', 'mount ext4 rw,noatime'],
  ],
  [
    'a blank disk is given a file system, and not checked',
    { 'fsck/timing': '1' },
    (one) => {
      one.blank = true;
    },
    'done',
    ['detach', 'attach', 'make ext4', 'mount ext4 rw'],
  ],
  [
    'a mount that fails is tried again after fsck',
    { 'fsck/fixopt': '-y -c' },
    (one) => {
      one.failing.mount = 2;
    },
    'done',
    [
      'detach',
      'attach',
      'mount ext4 rw',
      'check -y -c',
      'mount ext4 rw',
      'check -y -c',
      'mount ext4 rw',
    ],
  ],
  [
    'after its retries it stays unmounted, and the mirror inactive',
    { 'mount/retry': '1', 'mount/action': 'none' },
    (one) => {
      one.failing.mount = 9;
    },
    'mirror.mount',
    ['detach', 'attach', 'mount ext4 rw', 'mount ext4 rw', 'detach'],
  ],
];

for (const [title, parameters, set, expected, log] of CASES) {
  test(title, async (t) => {
    const { one, world, code } = await mounted(parameters, set);
    t.is(code, expected);
    t.deepEqual(one.log, log);
    t.is(world.view('server1').active, expected === 'done');
    t.is(world.view('server1').mounted, expected === 'done');
  });
}

const NEW: [mkfs: string, expected: string][] = [
  ['1', 'mdadmn 21: Mirror partition mkfs was executed. (Device:/dev/NMP1)'],
  [
    '0',
    'mdadmn 22: Mirror partition mkfs was not executed following the configuration. (Device:/dev/NMP1)',
  ],
];

for (const [mkfs, expected] of NEW) {
  test(`a blank disk is said to be given a file system or not: mkfs ${mkfs}`, async (t) => {
    const set = (one: Kernel) => {
      one.blank = true;
    };
    const { one, world } = await mounted({ mkfs }, set, true);
    t.is(
      one.log.some((line) => line.startsWith('make')),
      mkfs === '1',
    );
    const said = world.at('server1').log.filter(({ id }) => id === 21 || id === 22);
    t.deepEqual(
      said.map(({ module, id, text }) => `${module} ${id}: ${text}`),
      [expected],
    );
  });
}

test('every third mount is checked when the interval says so', async (t) => {
  const { one, world } = await mounted({ 'fsck/interval': '3' });
  for (let turn = 0; turn < 5; turn++) {
    await world.ask('server1', { do: 'deactivate' });
    await world.ask('server1', { ...activate, mount: true });
  }
  const kinds = one.log.filter((word) => /check|mount ext4/.test(word)).map((word) => word[0]);
  t.is(kinds.join(''), 'mmcmmmcm');
});

test('an umount that fails ends the users of the file system and is tried again', async (t) => {
  const { one, world } = await mounted({});
  one.log.length = 0;
  one.failing.umount = 1;
  await world.ask('server1', { do: 'deactivate' });
  t.deepEqual(one.log, ['umount', 'endUsers', 'umount', 'detach']);
  t.false(world.view('server1').active);
});

test('an umount that never works leaves the mirror active and mounted', async (t) => {
  const { one, world } = await mounted({ 'umount/action': 'none', 'umount/retry': '2' });
  one.log.length = 0;
  one.failing.umount = 9;
  t.is(await codeOf(world.ask('server1', { do: 'deactivate' })), 'mirror.umount');
  t.deepEqual(one.log, ['umount', 'umount', 'umount']);
  t.true(world.view('server1').mounted);
});

test('without mounting asked for nothing is attached', async (t) => {
  const one = kernel();
  const world = new World({});
  Object.assign(world.config.resources[0]!.parameters, { 'mount/point': '/mnt/md1' });
  world.at('server1').extra = { fileSystems: one };
  await world.up();
  await world.ask('server1', activate);
  t.deepEqual(one.log, []);
});

test('the parameters have the defaults of the table', (t) => {
  const config = configuration({ autoRecovery: false, fencing: false });
  const [resource] = config.resources;
  t.is(mountParameters({ ...config, resources: [] }, 'md1'), null);
  resource!.parameters['mount/point'] = '/mnt/md1';
  resource!.parameters.fs = 'ext4';
  const { point, fs, ...rest } = mountParameters(config, resource!.name)!;
  t.deepEqual([point, fs], ['/mnt/md1', 'ext4']);
  t.deepEqual(rest, {
    options: ['rw'],
    timeoutMs: 120_000,
    retries: 3,
    umountTimeoutMs: 300_000,
    umountRetries: 3,
    umountIntervalMs: 5000,
    endsUsers: true,
    fsckOptions: ['-y'],
    fsckTimeoutMs: 7_200_000,
    fsckTiming: 'interval',
    fsckInterval: 10,
    repairOptions: ['-y'],
    makes: true,
  });
});
