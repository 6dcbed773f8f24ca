/**
 * No command of the lab can reach the real machine's power, disks or services, as root too.
 *
 * Decoys stand wherever a lookup could stray to: on PATH folders handed in by a caller, in the
 * working folder, in the script's folder, one folder up. Each leaves a marker when it is run. After
 * every attempt there must be no marker, and the attempt must have failed with words.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { processMachinery } from '../src/adapters/process-machinery.ts';
import { scriptRunner } from '../src/adapters/script-runner.ts';
import type { CommandEnd } from '../src/ports/machinery.ts';

const dangerous = [
  'shutdown',
  'reboot',
  'poweroff',
  'halt',
  'init',
  'telinit',
  'systemctl',
  'service',
  'dd',
  'mkfs',
  'mkfs.ext3',
  'fdisk',
  'parted',
  'mount',
  'umount',
  'blockdev',
  'chkconfig',
  'rm',
  'sh',
  'bash',
  'env',
  'sudo',
  'nsenter',
  'python3',
];

interface Bed {
  folder: string;
  root: string;
  script: string;
  marker: string;
  hasMarker(): boolean;
  runScript(text: string, args?: string[]): Promise<{ code: number | null; output: string }>;
}

function program(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** A server's folder with one program of its own, and decoys all around it. */
function makeBed(): Bed {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-safety-'));
  const root = join(folder, 'root');
  const bin = join(folder, 'bin');
  const scripts = join(root, 'scripts');
  const decoys = join(folder, 'decoys');
  const marker = join(folder, 'DECOY-RAN');
  for (const path of [root, bin, scripts, decoys]) mkdirSync(path, { recursive: true });
  const decoy = `#!/bin/sh\n: > '${marker}'\n`;
  for (const name of dangerous) {
    for (const place of [root, scripts, decoys]) program(join(place, name), decoy);
  }
  program(join(bin, 'clpstat'), '#!/bin/sh\necho "the lab program, preload=$LD_PRELOAD"\n');
  const runner = scriptRunner({
    root,
    bin,
    logs: join(folder, 'log'),
    guard: join(folder, 'guard.sh'),
    marks: { DRYDOCK_SERVER: 'server1' },
  });
  return {
    folder,
    root,
    script: '/scripts/start.sh',
    marker,
    hasMarker: () => existsSync(marker),
    async runScript(text, args) {
      program(join(scripts, 'start.sh'), text);
      // The caller's environment tries every door, too.
      const env = {
        PATH: decoys,
        LD_PRELOAD: join(decoys, 'evil.so'),
        BASH_ENV: join(decoys, 'dd'),
        ENV: join(decoys, 'dd'),
        NODE_OPTIONS: `--require=${join(decoys, 'evil.js')}`,
        SHELLOPTS: 'xtrace',
        'BASH_FUNC_clpstat%%': `() { : > '${marker}'; }`,
        CLP_EVENT: 'START',
      };
      return runner.run('/scripts/start.sh', env, 10_000, args);
    },
  };
}

const bed = makeBed();
test.after.always(() => rmSync(bed.folder, { recursive: true, force: true }));

test.serial('the decoys do leave a marker when something runs them', async (t) => {
  const other = makeBed();
  program(join(other.folder, 'bin', 'dd'), `#!/bin/sh\n: > '${other.marker}'\n`);
  await other.runScript('dd');
  t.true(other.hasMarker());
  rmSync(other.folder, { recursive: true });
});

test.serial('a resource script finds the lab’s own programs and its variables', async (t) => {
  const end = await bed.runScript('clpstat; echo "event $CLP_EVENT"; exit 3');
  t.like(end, { code: 3, output: 'the lab program, preload=\nevent START\n' });
});

test.serial('what a script is given comes one by one, and runs nothing', async (t) => {
  const end = await bed.runScript('echo "$#:$1:$2"', ['a  b; dd', '$(dd)`dd`']);
  t.is(end.output, '2:a  b; dd:$(dd)`dd`\n');
  t.false(bed.hasMarker());
});

for (const name of dangerous) {
  test.serial(`a script that calls ${name} is told that there is none`, async (t) => {
    const end = await bed.runScript(`${name} -h now`);
    t.is(end.code, 127);
    t.regex(end.output, /command not found/);
    t.false(bed.hasMarker());
  });
}

const tricks: Record<string, string> = {
  'an absolute path': '/sbin/shutdown -h now',
  'a relative path upwards': '../../sbin/reboot',
  'a path in the working folder': './dd',
  'a decoy by its absolute path': `${bed.root}/dd`,
  'a PATH of its own': `PATH=${bed.folder}/decoys; dd`,
  'a PATH for one command': `PATH=${bed.folder}/decoys dd`,
  'PATH through printf': `printf -v PATH %s ${bed.folder}/decoys; dd`,
  'PATH through read': `read PATH <<< ${bed.folder}/decoys; dd`,
  'PATH through a name reference': `declare -n P=PATH; P=${bed.folder}/decoys; dd`,
  'PATH unset': 'unset PATH; dd',
  'the default PATH': 'command -p dd',
  'a remembered place': `hash -p ${bed.folder}/decoys/dd dd; dd`,
  'the table of remembered places': `BASH_CMDS[dd]=${bed.folder}/decoys/dd; dd`,
  'an alias': `shopt -s expand_aliases; alias go=${bed.folder}/decoys/dd\ngo`,
  exec: `exec ${bed.folder}/decoys/dd`,
  'a trap': `trap '${bed.folder}/decoys/dd' EXIT; false`,
  eval: `eval '${bed.folder}/decoys/dd'`,
  'a function': `f() { ${bed.folder}/decoys/dd; }; f`,
  'a coprocess': `coproc ${bed.folder}/decoys/dd; wait; false`,
  'a sourced file': `. ${bed.folder}/decoys/dd`,
  'leaving the restrictions': `set +r; ${bed.folder}/decoys/dd`,
  'leaving the restrictions by option': `set +o restricted; ${bed.folder}/decoys/dd`,
  'a loaded builtin': 'enable -f /tmp/evil.so evil',
  'a redirection': `echo x > ${bed.marker}`,
  'a redirection that appends': `echo x >> ${bed.marker}`,
  'a noclobber redirection': `echo x >| ${bed.marker}`,
  'the history file': `history -w ${bed.marker}`,
  HISTFILE: `set -o history; HISTFILE=${bed.marker}; exit 1`,
  'a folder change': `cd ${bed.folder}/decoys && dd`,
};

for (const [name, text] of Object.entries(tricks)) {
  test.serial(`a script gets nowhere by ${name}`, async (t) => {
    const end = await bed.runScript(text);
    t.not(end.code, 0);
    t.not(end.output, '');
    t.false(bed.hasMarker());
  });
}

test.serial('a script cannot change what its programs load', async (t) => {
  for (const name of ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'NODE_OPTIONS']) {
    const end = await bed.runScript(`${name}=/tmp/evil clpstat\nexport ${name}=/tmp/evil\nclpstat`);
    t.regex(end.output, new RegExp(`${name}: readonly variable`));
    t.notRegex(end.output, /evil/);
  }
});

test.serial('a script cannot signal a process', async (t) => {
  for (const call of ['kill', 'builtin kill', 'enable kill; kill', 'command kill']) {
    const end = await bed.runScript(`${call} -s CONT ${process.pid} && echo signalled`);
    t.notRegex(end.output, /signalled/);
    t.not(end.code, 0);
  }
});

test.serial('a script path that leaves the server is refused', async (t) => {
  const runner = scriptRunner({
    root: join(bed.root, 'scripts'),
    bin: join(bed.folder, 'bin'),
    logs: join(bed.folder, 'log'),
    guard: join(bed.folder, 'guard.sh'),
    marks: {},
  });
  const end = await runner.run('/../dd', {}, 1000);
  t.is(end.code, 127);
  t.false(bed.hasMarker());
});

/** The command program is a stand-in that says what it got: what it may do is not the point. */
function makeMachinery(names: string[]) {
  const commandProgram = join(bed.folder, 'command.mjs');
  writeFileSync(
    commandProgram,
    `process.stdout.write(JSON.stringify({ argv: process.argv.slice(2), env: process.env }));
     process.disconnect();`,
  );
  return processMachinery({
    node: process.execPath,
    programs: { agent: [commandProgram], daemon: [commandProgram] },
    commandProgram,
    commandNames: new Set(names),
    env: { DRYDOCK_SERVER: 'server1' },
    marks: { DRYDOCK_SERVER: 'server1', DRYDOCK_LAB: bed.folder },
    disks: bed.folder,
    sharedDisks: bed.folder,
    setCable: () => undefined,
    systemDisk: { clearFiles: async () => undefined, placeProduct: async () => undefined },
    logs: bed.folder,
    editions: { agent: join(bed.folder, 'agent.ed'), daemon: join(bed.folder, 'daemon.ed') },
    beforeKill: async () => undefined,
  });
}

function spawn(
  names: string[],
  argv: string[],
): Promise<CommandEnd & { stdout: string; stderr: string }> {
  const heard = { stdout: '', stderr: '' };
  const { promise, resolve } = Promise.withResolvers<CommandEnd & typeof heard>();
  makeMachinery(names).spawnCommand(
    { operation: 'op', argv, answers: [], timeoutMs: 10_000 },
    {
      output: (stream, text) => {
        heard[stream] += text;
      },
      end: (end) => resolve({ ...end, ...heard }),
    },
  );
  return promise;
}

const deniedCommands: string[][] = [
  ...dangerous.map((name) => [name, '-h', 'now']),
  ['/sbin/shutdown', '-h', 'now'],
  ['../../sbin/reboot'],
  ['./dd'],
  ['.'],
  ['..'],
  [''],
  [],
  ['clpstat\0/bin/sh'],
  ['clpstat;reboot'],
  ['$(reboot)'],
  ['__proto__'],
];

for (const argv of deniedCommands) {
  test.serial(`a server denies ${JSON.stringify(argv)} with 127 and words`, async (t) => {
    const end = await spawn(['clpstat'], argv);
    t.is(end.exitCode, 127);
    t.regex(end.stderr, /command not found on this server/);
    t.false(bed.hasMarker());
  });
}

test.serial(
  'a lab program of a dangerous name is the lab’s, and arguments stay arguments',
  async (t) => {
    process.env.NODE_OPTIONS_TEST_LEAK = 'leak';
    const argv = ['shutdown', '-h', 'now; reboot', '$(reboot)', '`reboot`', '| dd'];
    const end = await spawn(['shutdown'], argv);
    t.is(end.exitCode, 0);
    const seen = JSON.parse(end.stdout) as { argv: string[]; env: Record<string, string> };
    t.deepEqual(seen.argv, argv);
    const inherited = Object.keys(seen.env).filter((name) => name !== 'NODE_CHANNEL_FD');
    t.deepEqual(
      inherited.filter((name) => !name.startsWith('NODE_CHANNEL_')),
      ['DRYDOCK_SERVER'],
    );
    t.false(bed.hasMarker());
  },
);
