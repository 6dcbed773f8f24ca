/**
 * The stand-ins beside the machine's own programs, where they are installed and this is root: the
 * same words get the same exit code, prompts and table. And the commands of the runbooks as they
 * are written, on real images. Only on images in memory, in a namespace of its own.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execaSync } from 'execa';
import fc from 'fast-check';
import { topologyOf } from '../../../src/change/topology.ts';
import { loadRunbooks } from '../../../src/runbook/language/load.ts';
import { makePlan } from '../../../src/runbook/plan/plan.ts';
import { bare } from '../../host/harness.ts';
import { handMadeConfig, handMadeStatus } from '../../runbook/hand-made-status.ts';
import { realShell, type Told } from '../../support/real-shell.ts';
import { testWith, testWithLoops } from '../../support/tools.ts';
import { type Console, openConsole } from './console.ts';
import { answersOf, DISK_BYTES, largerDisk, TALKS, tableOf } from './fdisk-talks.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-real-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const OLD = 'label: dos\nstart=2048, size=2048\nstart=4096, size=4096\n';
const DISK = `truncate -s ${DISK_BYTES} disk\nsfdisk -q disk <<'E'\n${OLD}E\n`;

/** Prompts in their order; what a program prints between them is its own affair. */
function promptsIn(text: string): string[] {
  const known =
    /Command \(m for help\)|Select \(default .\)|(?:Partition number|First sector|Last sector,[^(]*) \([^)]*\)/g;
  return [...text.matchAll(known)].map(([prompt]) => prompt);
}

function realTable(dump: string): string[] {
  return [...dump.matchAll(/(\d+) : start= *(\d+), size= *(\d+)/g)].map(([, number, start, size]) =>
    [number, start, size].join(' '),
  );
}

interface Seen {
  code: number;
  prompts: string[];
  table: string[];
}

async function realFdisk(answers: string[]): Promise<Seen> {
  const script = `${DISK}cat > said\nfdisk disk < said; echo "ends with $?"; sfdisk -d disk`;
  const { out, err } = await realShell(folder, script, answers.map((line) => `${line}\n`).join(''));
  const code = Number(/ends with (\d+)/.exec(out)?.[1] ?? Number.NaN);
  return { code, prompts: promptsIn(out + err), table: realTable(out) };
}

async function ourFdisk(answers: string[]): Promise<Seen> {
  const console = largerDisk();
  const { code } = await console.type('fdisk /dev/sdb', ...answers);
  return { code, prompts: promptsIn(console.shown.join('')), table: tableOf(console) };
}

const FDISK = ['fdisk', 'sfdisk'];
for (const [title, words] of TALKS) {
  testWithLoops(FDISK, `fdisk beside the real one: ${title}`, async (t) => {
    t.deepEqual(await ourFdisk(answersOf(words)), await realFdisk(answersOf(words)));
  });
}

testWithLoops(FDISK, 'fdisk beside the real one: sizes and sectors at random', async (t) => {
  // No letter that is a command of its own, when an answer comes too late and is read as one.
  const size = fc.tuple(
    fc.constantFrom('+', '-', ''),
    fc.nat(40_000),
    fc.constantFrom('', 'K', 'M'),
  );
  const last = fc.oneof(
    size.map((parts) => parts.join('')),
    fc.constantFrom('', 'zero', '+', '4M'),
  );
  const first = fc.constantFrom('', '2048', '3000', '4096', '9000', '36863', '1', 'z');
  const one = fc.tuple(first, last).map((ends) => ['n', 'p', '', ...ends]);
  const talks = fc.tuple(one, one).map(([a, b]) => ['o', ...a, ...b, 'w']);
  await fc.assert(
    fc.asyncProperty(talks, async (answers) => {
      t.deepEqual(await ourFdisk(answers), await realFdisk(answers), answers.join('|'));
    }),
    { numRuns: 30, seed: 7 },
  );
});

/** What a runbook says to a program, with its templates filled. */
function stepOf(runbook: string, step: string, values: Record<string, string>) {
  const found = loadRunbooks()
    .get(runbook)!
    .runbook.steps.find(({ id }) => id === step)!;
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
  return { argv: found.argv!.map(fill), answers: found.answers ?? [] };
}

const PLAN = fileURLToPath(new URL('../../runbook/plans/v3-6.7.2.txt', import.meta.url));

testWithLoops(FDISK, 'what v3-6.7.2 says to fdisk divides a real disk as it should', async (t) => {
  const [, step] = /\n(partition \(6\).*?)\n\n/s.exec(readFileSync(PLAN, 'utf8'))!;
  const said = [...step!.matchAll(/ ⇐ (.*)/g)].map(([, reply]) => reply!);
  t.true(said.length > 8);
  const { code, table } = await realFdisk(said.map((reply) => reply.replace('(return)', '')));
  t.deepEqual({ code, table }, { code: 0, table: ['1 2048 2048', '2 4096 32768'] });
});

/** A partition that is mounted while its disk is divided anew: answers, and what the kernel sees. */
const MOUNTED: [title: string, words: string][] = [
  ['shrinks where it is', 'd 2 n p 2 4096 7000 w'],
  ['grows where it is', 'd 2 n p 2 4096 30000 w'],
  ['moves', 'd 2 n p 2 10240 30000 w'],
  ['goes', 'd 2 w'],
  ['goes with a new table', 'o w'],
];
const ATTACH = `${DISK}attach disk
addpart "$loop" 1 2048 2048 2>/dev/null; addpart "$loop" 2 4096 4096 2>/dev/null
part=/sys/class/block/\${loop##*/}p2
mknod node b $(tr : ' ' < "$part/dev")
mkfs.ext3 -q -F node
`;
for (const [title, words] of MOUNTED) {
  const programs = [...FDISK, 'addpart', 'mkfs.ext3'];
  testWithLoops(
    programs,
    `fdisk, a mounted partition that ${title}: as the real one`,
    async (t) => {
      const script = `${ATTACH}mount -t ext3 node p; cat > said; fdisk "$loop" < said >/dev/null 2>&1
      echo "ends with $?"; cat "$part/start" "$part/size"; umount p; delpart "$loop" 2; delpart "$loop" 1`;
      const said = answersOf(words);
      const { out } = await realShell(folder, script, said.map((line) => `${line}\n`).join(''));
      const console = largerDisk();
      await console.type('mount -t ext3 /dev/sdb2 /mnt');
      const { code } = await console.type('fdisk /dev/sdb', ...said);
      const [, start, size] = tableOf(console)
        .find((line) => line.startsWith('2 '))!
        .split(' ');
      t.is(`ends with ${code}\n${start}\n${size}\n`, out);
    },
  );
}

/** DEV holds the file system of that name; P and Q are folders. The last exit code counts. */
type Made = 'ext2' | 'ext3' | 'xfs' | 'none';
const MOUNTS: [fs: Made, typed: string][] = [
  ['ext3', 'mount -t ext3 DEV P'],
  ['ext3', 'mount DEV P'],
  ['ext3', 'mount -t ext4 DEV P'],
  ['ext3', 'mount -t ext2 DEV P'],
  ['ext3', 'mount -t xfs DEV P'],
  ['none', 'mount -t ext3 DEV P'],
  ['none', 'mount DEV P'],
  ['ext3', 'mount -r -t ext3 -o ro,noload DEV P'],
  ['xfs', 'mount -t xfs DEV P'],
  ['xfs', 'mount -t ext3 DEV P'],
  ['xfs', 'mount -r -t xfs -o ro,noload DEV P'],
  ['xfs', 'mount -r -t xfs -o ro,norecovery DEV P'],
  ['xfs', 'mount -o norecovery DEV P'],
  ['xfs', 'mount -o data=ordered DEV P'],
  ['xfs', 'mount -o nouuid DEV P'],
  ['ext2', 'mount -t ext2 DEV P'],
  ['ext2', 'mount -t ext3 DEV P'],
  ['ext2', 'mount -r -t ext2 -o ro,noload DEV P'],
  ['ext2', 'mount -r -t ext4 -o ro,noload DEV P'],
  ['ext3', 'mount -r -t ext2 -o ro,noload DEV P'],
  ['ext3', 'mount -r -t ext3 -o ro,norecovery DEV P'],
  ['ext3', 'mount -o noatime,nodev,errors=remount-ro DEV P'],
  ['ext3', 'mount -o no-such-option DEV P'],
  ['ext3', 'mount -o nouuid DEV P'],
  ['ext3', 'mount DEV P; mount DEV P'],
  ['ext3', 'mount DEV P; mount DEV Q'],
  ['ext3', 'mount DEV P; mount -r DEV Q'],
  ['ext3', 'mount DEV P; umount DEV; umount P'],
  ['ext3', 'mount DEV P; mount DEV Q; umount P; umount Q'],
  ['ext3', 'mount /dev/none9 P'],
  ['ext3', 'mount DEV'],
  ['ext3', 'mount -r'],
  ['ext3', 'mount --no-such-option'],
  ['ext3', 'umount P'],
  ['ext3', 'umount'],
  ['ext3', 'umount --no-such-option'],
  ['ext3', 'blockdev --getro DEV'],
  ['ext3', 'blockdev --setro DEV; mount DEV P'],
  ['ext3', 'blockdev --setro DEV; mount -w DEV P'],
  ['ext3', 'blockdev --setro DEV; mount -r DEV P; umount P'],
  ['ext3', 'mount DEV P; blockdev --setro DEV'],
  ['ext3', 'blockdev --setro /dev/none9'],
  ['ext3', 'blockdev --getro'],
  ['ext3', 'blockdev'],
];
const MAKE = {
  ext2: 'truncate -s 8M disk; mkfs.ext2 -q -F disk\n',
  ext3: 'truncate -s 8M disk; mkfs.ext3 -q -F disk\n',
  xfs: 'truncate -s 320M disk; mkfs.xfs -q disk\n',
  none: 'truncate -s 8M disk\n',
};

function consoleWith(fs: Made): Console {
  const chassis = bare();
  chassis.state.mirrors = chassis.state.mirrors.map((mirror) => ({ ...mirror, fileSystem: fs }));
  return openConsole(chassis);
}

function inWords(typed: string, names: Record<string, string>): string[] {
  return typed.split('; ').map((line) => line.replace(/\b(DEV|P|Q)\b/g, (name) => names[name]!));
}

async function ours(console: Console, lines: string[]): Promise<number> {
  let code = 0;
  for (const line of lines) code = (await console.type(line)).code;
  return code;
}

for (const [fs, typed] of MOUNTS) {
  const programs = ['mount', fs === 'none' ? 'mkfs.ext3' : `mkfs.${fs}`];
  testWithLoops(programs, `on ${fs}: ${typed}: ends as the real one`, async (t) => {
    const real = inWords(typed, { DEV: '"$loop"', P: 'p/', Q: 'q/' }).join('\n');
    const { code } = await realShell(folder, `${MAKE[fs]}attach disk\n${real}\n`);
    const lines = inWords(typed, { DEV: '/dev/sdb2', P: '/mnt', Q: '/srv' });
    t.is(await ours(consoleWith(fs), lines), code);
  });
}

/** Each on a folder f with a large file; the stand-in's source changes when C says so. */
const TARS: [title: string, real: string, ours: string, isChanging?: true][] = [
  ['a folder', 'tar -cf a f', 'tar -cf /a /mnt'],
  ['a list of it', 'tar -cf a f; tar -tf a', 'tar -cf /a /mnt; tar -tf /a'],
  [
    'a file that changes while it is read',
    "tar --checkpoint=5 --checkpoint-action='exec=echo >> f/large' -cf a f",
    'tar -cf /a /mnt/md1',
    true,
  ],
  [
    'a list of what changed while it was read',
    "tar --checkpoint=5 --checkpoint-action='exec=echo >> f/large' -cf a f; tar -tf a",
    'tar -cf /a /mnt/md1; tar -tf /a',
    true,
  ],
  ['an archive that is not there', 'tar -tf none', 'tar -tf /none'],
  ['something else', 'echo no > no; tar -tf no', 'tar -tf /etc/motd'],
  ['an unknown letter', 'tar -cQf a f', 'tar -cQf /a /mnt'],
  ['no source', 'tar -cf a', 'tar -cf /a'],
  ['a name that does not follow its letter', 'tar -fc a f', 'tar -fc /a /mnt'],
  ['two deeds at once', 'tar -ctf a f', 'tar -ctf /a /mnt'],
];
const CONF = new URL('../../../fixtures/clusters/v3le.clp.conf', import.meta.url);

for (const [title, real, typed, isChanging] of TARS) {
  testWithLoops(['tar'], `tar of ${title}: ends as the real one`, async (t) => {
    const make = 'mkdir f; head -c 400000 /dev/zero > f/large\n';
    const { code } = await realShell(folder, `${make}${real} >/dev/null 2>&1\n`);
    const console = openConsole();
    console.files.set('/etc/motd', 'welcome\n');
    console.files.set('/opt/nec/clusterpro/etc/clp.conf', readFileSync(CONF, 'utf8'));
    const side = { active: true, mounted: true, generation: 'g1', sizeBytes: 1_000 };
    let reads = 0;
    console.agent = (body) => {
      if (body.do === 'status') return { server: 'server1', now: 0, mirrors: { md1: side } };
      reads += isChanging ? 1 : 0;
      return { data: Buffer.alloc(body.length as number, reads).toString('base64') };
    };
    t.is(await ours(console, typed.split('; ')), code);
  });
}

testWithLoops(['tar'], 'tar on a full disk ends as the real one', async (t) => {
  const script = 'mount -t tmpfs -o size=64k none q; head -c 400000 /dev/zero > p/large\n';
  const { code } = await realShell(folder, `${script}tar -cf q/a p 2>/dev/null\n`);
  const console = openConsole();
  console.files.set = () => {
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  };
  t.is(await ours(console, ['tar -cf /a /mnt']), code);
});

/** Of units on and off, in a root of its own; without systemd as the first process. */
const UNITS = ['on', 'off', 'none', 'on off', 'off on', 'none on', 'on none', 'on.service', ''];
for (const names of UNITS) {
  testWith(['systemctl'], `systemctl is-enabled ${names}: ends as the real one`, async (t) => {
    const root = mkdtempSync(join(folder, 'root-'));
    const units = join(root, 'etc', 'systemd', 'system');
    const unit = '[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n';
    execaSync('mkdir', ['-p', units]);
    for (const name of ['on', 'off']) {
      execaSync('tee', [join(units, `${name}.service`)], { input: unit });
    }
    const systemctl = (...words: string[]) =>
      execaSync('systemctl', [`--root=${root}`, ...words], { reject: false });
    systemctl('enable', 'on');
    const real = systemctl('is-enabled', ...names.split(' ').filter(Boolean));
    const chassis = bare();
    const [off, on] = [{ enabled: false }, { enabled: true }];
    chassis.state.services = { ...chassis.state.services, off, on };
    t.is(await ours(openConsole(chassis), [`systemctl is-enabled ${names}`]), real.exitCode!);
  });
}

/** A file is synced into a file system that is not unmounted; the copy lacks it or has it. */
async function afterCrash(commands: string): Promise<Told> {
  const script = `truncate -s 8M disk; mkfs.ext3 -q -F disk; mkdir crashed; mount -o loop disk crashed
    sync; echo new > crashed/new; sync crashed/new
    ${commands}
    ls p; umount p; umount crashed`;
  return realShell(folder, script);
}

testWithLoops(['mkfs.ext3', 'dd'], 'v3-11.8.2 misses nothing that was synced', async (t) => {
  const values = { fs: 'ext3', partition: 'disk', copy: 'copy', point: 'p' };
  const lines = ['copy-partition', 'replay', 'replayed', 'mount'].map((step) =>
    stepOf('v3-11.8.2', step, values).argv.join(' '),
  );
  t.regex((await afterCrash(`${lines.join(' && ')} || exit 9`)).out, /^new$/m);
  const without = await afterCrash(
    'dd if=disk of=copy 2>/dev/null; mount -o loop,ro,noload copy p',
  );
  t.notRegex(without.out, /^new$/m);
  t.regex(without.out, /^lost\+found$/m);
});

for (const fs of ['ext2', 'ext3', 'xfs'] as const) {
  testWithLoops(
    [`mkfs.${fs}`],
    `v3-11.8.2 mounts an ${fs} as it is, without its journal`,
    async (t) => {
      const [library, config] = [loadRunbooks(), handMadeConfig()];
      const parameters = { latest: 'server1', fs, journal: 'skip' };
      const runbook = library.get('v3-11.8.2')!;
      const { steps } = makePlan({
        runbook,
        library,
        parameters,
        status: handMadeStatus(),
        topology: topologyOf(config),
      });
      const { action } = steps.find(({ id }) => id === 'mount-as-it-is')!;
      const argv = action.verb === 'run' ? action.argv : [];
      const words = argv.map((word) => ({ '/dev/sdb2': '"$loop"', '/mnt': 'p/' })[word] ?? word);
      const script = `${MAKE[fs]}attach disk\nblockdev --setro "$loop"\n${words.join(' ')}\n`;
      t.is((await realShell(folder, script)).code, 0);
    },
  );
}

testWithLoops([], 'no loop device of these tests is left', (t) => {
  const { stdout } = execaSync('losetup', ['--list', '--noheadings', '--output', 'BACK-FILE']);
  t.false(stdout.includes(folder), stdout);
});
