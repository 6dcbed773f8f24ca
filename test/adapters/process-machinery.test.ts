/** Real processes: prompts answered over the channel, limits, and a power cut that finds everyone. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { processMachinery } from '../../src/adapters/process-machinery.ts';
import {
  ancestryOf,
  findByEnvironment,
  isAlive,
  markOf,
} from '../../src/adapters/process-table.ts';
import { scriptRunner } from '../../src/adapters/script-runner.ts';
import type { CommandEnd, CommandRun } from '../../src/ports/machinery.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-machinery-'));
const marks = { DRYDOCK_LAB: folder, DRYDOCK_SERVER: 'server1' };
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

const asker = join(folder, 'asker.mjs');
writeFileSync(
  asker,
  `import { readFileSync } from 'node:fs';
   const ask = (prompt) => new Promise((resolve) => {
     process.once('message', ({ reply }) => resolve(reply));
     process.send({ prompt });
   });
   const [, , name, ...prompts] = process.argv;
   if (name === 'wait') {
     process.stdout.write(String(process.pid));
     setInterval(() => {}, 1000);
   } else if (name === 'list') {
     const sealed = await new Promise((resolve) => process.once('message', resolve));
     const [listed, env] = ['cmdline', 'environ'].map((file) => readFileSync('/proc/self/' + file, 'utf8'));
     process.stdout.write(JSON.stringify({ listed: listed.split('\\0').slice(2, -1), env, ...sealed }));
     process.disconnect();
   }
   else {
     for (const prompt of prompts) process.stdout.write(prompt + '=' + (await ask(prompt)) + ' ');
     process.disconnect();
     process.exitCode = 5;
   }`,
);
const service = join(folder, 'service.mjs');
writeFileSync(
  service,
  `import { writeFileSync } from 'node:fs';
   process.on('SIGTERM', () => process.exit(0));
   process.on('message', () => {});
   writeFileSync(process.env.DRYDOCK_BOOT_ID, String(process.pid));
   setInterval(() => {}, 1000);`,
);

function makeMachinery(beforeKill = async () => {}) {
  return processMachinery({
    node: process.execPath,
    programs: { agent: [service], daemon: [service] },
    commandProgram: asker,
    commandNames: new Set(['ask', 'list', 'wait']),
    env: { ...marks },
    marks,
    disks: folder,
    sharedDisks: join(folder, 'shared'),
    setCable: () => undefined,
    systemDisk: { clearFiles: async () => undefined, placeProduct: async () => undefined },
    logs: folder,
    editions: { agent: join(folder, 'agent.edition'), daemon: join(folder, 'daemon.edition') },
    beforeKill,
  });
}

function runCommand(run: Omit<CommandRun, 'operation'>, machinery = makeMachinery()) {
  const { promise, resolve } = Promise.withResolvers<CommandEnd & { stdout: string }>();
  let stdout = '';
  machinery.spawnCommand(
    { operation: 'op', ...run },
    {
      output: (_, text) => {
        stdout += text;
      },
      end: (end) => resolve({ ...end, stdout }),
    },
  );
  return promise;
}

test.serial('prompts get their answers in order, once each, secrets unshown', async (t) => {
  const end = await runCommand({
    argv: ['ask', 'go on? (y/n)', 'password:', 'go on? (y/n)', 'other?'],
    answers: [
      { prompt: '(y/n)', reply: 'y' },
      { prompt: 'password', reply: '{secret:pin}', secret: true },
      { prompt: '(y/n)', reply: 'n' },
    ],
    secrets: {
      places: [{ in: 'answers', index: 1, offset: 0, name: 'pin' }],
      values: { pin: 'tulip' },
    },
    timeoutMs: 20_000,
  });
  t.is(end.stdout, 'go on? (y/n)=y password:=tulip go on? (y/n)=n other?=null ');
  t.is(end.exitCode, 5);
  t.deepEqual(end.answered, [
    { prompt: 'go on? (y/n)', reply: 'y' },
    { prompt: 'password:', reply: '{secret:pin}' },
    { prompt: 'go on? (y/n)', reply: 'n' },
  ]);
});

test.serial('whoever lists processes sees masks; the program gets the values', async (t) => {
  const place = { in: 'argv' as const, index: 1, offset: 2, name: 'pin' };
  const reply = { in: 'answers' as const, index: 0, offset: 0, name: 'other' };
  const end = await runCommand({
    argv: ['list', 'a={secret:pin}'],
    answers: [{ prompt: 'never asked', reply: '{secret:other}', secret: true }],
    secrets: { places: [place, reply], values: { pin: 'tulip', other: 'rose' } },
    timeoutMs: 20_000,
  });
  const { listed, env, sealed } = JSON.parse(end.stdout);
  t.deepEqual(listed, ['list', 'a={secret:pin}']);
  t.false(/tulip|rose/.test(env));
  t.deepEqual(sealed, { places: [place], values: { pin: 'tulip' } });
});

test.serial('a command beyond its limit is killed and says 124', async (t) => {
  const end = await runCommand({ argv: ['wait'], answers: [], timeoutMs: 300 });
  t.is(end.exitCode, 124);
});

async function untilTrue(look: () => boolean): Promise<void> {
  while (!look()) await new Promise((resolve) => setImmediate(resolve));
}

test.serial('a service is stopped in order, and its end is told', async (t) => {
  const machinery = makeMachinery();
  const exits: string[] = [];
  machinery.onProcessExit((which, how) => exits.push(`${which} ${how.code} ${how.signal}`));
  const flag = join(folder, 'boot1');
  machinery.startProcess('daemon', flag, 'clprc');
  await untilTrue(() => existsSync(flag) && readFileSync(flag, 'utf8') !== '');
  machinery.stopProcess('daemon');
  await untilTrue(() => exits.length > 0);
  t.deepEqual(exits, ['daemon 0 null']);
});

test.serial('whose doing a process is, only the started processes themselves tell', async (t) => {
  const machinery = makeMachinery();
  const flag = join(folder, 'boot9');
  machinery.startProcess('daemon', flag, 'clprc');
  await untilTrue(() => existsSync(flag) && readFileSync(flag, 'utf8') !== '');
  const daemon = markOf(Number(readFileSync(flag, 'utf8')));
  const heard = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  machinery.spawnCommand(
    { operation: 'op9', argv: ['wait'], answers: [], timeoutMs: 60_000 },
    { output: (_, text) => heard.resolve(Number(text)), end: () => ended.resolve() },
  );
  const command = markOf(await heard.promise);
  const me = markOf(process.pid);
  const later = ({ pid, startTicks }: typeof me) => ({ pid, startTicks: `${startTicks}1` });
  const nobody = { operation: null, byCluster: false };
  t.deepEqual(ancestryOf(command.pid).slice(0, 2), [command, me]);
  t.deepEqual(machinery.originOf([command, me]), { operation: 'op9', byCluster: false });
  t.deepEqual(machinery.originOf([me, command]), nobody, 'an operation is that one process');
  t.deepEqual(machinery.originOf([later(command), me]), nobody, 'the id was given anew');
  t.deepEqual(machinery.originOf([{ ...command, startTicks: null }]), nobody);
  t.deepEqual(machinery.originOf([me, daemon]), { operation: null, byCluster: true });
  t.deepEqual(machinery.originOf([me, later(daemon)]), nobody, 'the id was given anew');
  t.deepEqual(machinery.originOf([]), nobody);
  await machinery.killAll();
  t.deepEqual(machinery.originOf([me, daemon]), nobody, 'it is gone');
});

test.serial('a frozen server keeps its processes, stopped; thawed, they go on', async (t) => {
  const machinery = makeMachinery();
  const flag = join(folder, 'boot2');
  machinery.startProcess('agent', flag, 'clprc');
  await untilTrue(() => existsSync(flag) && readFileSync(flag, 'utf8') !== '');
  const pid = Number(readFileSync(flag, 'utf8'));
  const state = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
  const mark = markOf(pid);
  machinery.freeze();
  await untilTrue(() => state() === 'T');
  machinery.thaw();
  await untilTrue(() => state() !== 'T');
  await machinery.killAll();
  t.false(isAlive(mark));
});

test.serial(
  'that a process was stopped is told, and that it goes on; nothing of a freeze',
  async (t) => {
    const machinery = makeMachinery();
    const heard: string[] = [];
    machinery.onProcessStopped((key, isStopped) => heard.push(`${key} ${isStopped}`));
    const pid = machinery.startProcess('clplanhb', 'boot', 'clplanhb')!;
    machinery.startProcess('clpnm', 'boot', 'clpnm');
    process.kill(pid, 'SIGSTOP');
    await untilTrue(() => heard.length > 0);
    process.kill(pid, 'SIGCONT');
    await untilTrue(() => heard.length > 1);
    machinery.freeze();
    await delay(300);
    machinery.thaw();
    process.kill(pid, 'SIGSTOP');
    await untilTrue(() => heard.length > 2);
    t.deepEqual(heard, ['clplanhb true', 'clplanhb false', 'clplanhb true']);
    // Asked to end, one that is stopped ends.
    const mark = markOf(pid);
    machinery.stopProcess('clplanhb');
    await untilTrue(() => !isAlive(mark));
    await machinery.killAll();
  },
);

test.serial(
  'what only holds its place is seen by its command, and its death is told',
  async (t) => {
    const machinery = makeMachinery();
    const ends: string[] = [];
    machinery.onProcessExit((key, { signal }) => ends.push(`${key} ${signal}`));
    const pid = machinery.startProcess('clpmonp-event', 'boot', 'clpmonp --event -a 2')!;
    const words = () => readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').slice(3, -1);
    while (words().length === 0) await delay(5);
    t.deepEqual(words(), ['clpmonp', '--event', '-a', '2']);
    const mark = markOf(pid);
    process.kill(pid, 'SIGKILL');
    while (isAlive(mark) || ends.length === 0) await delay(5);
    t.deepEqual(ends, ['clpmonp-event SIGKILL']);
    // One that was replaced ends unheard, and a power cut takes what is left.
    machinery.startProcess('clpevent', 'boot', 'clpevent');
    machinery.stopProcess('clpevent');
    const latest = markOf(machinery.startProcess('clpevent', 'boot', 'clpevent')!);
    await delay(50);
    t.true(isAlive(latest));
    await machinery.killAll();
    t.false(isAlive(latest));
    t.is(ends.length, 1);
  },
);

test.serial(
  'a power cut kills services, commands, scripts and what they left behind',
  async (t) => {
    const order: string[] = [];
    const machinery = makeMachinery(async () => {
      order.push('cables');
    });
    machinery.onProcessExit(() => order.push('told'));
    machinery.startProcess('agent', join(folder, 'boot3'), 'clpmdagent');
    machinery.startProcess('daemon', join(folder, 'boot4'), 'clprc');
    const command = runCommand({ argv: ['wait'], answers: [], timeoutMs: 60_000 }, machinery);
    const bin = join(folder, 'bin');
    const scripts = scriptRunner({
      root: folder,
      bin,
      logs: folder,
      guard: join(folder, 'guard.sh'),
      marks,
    });
    writeFileSync(join(folder, 'loop.sh'), '( while :; do read -t 1 <<< ""; done ) &\nexit 0\n');
    const end = await scripts.run('/loop.sh', {}, 20_000);
    t.is(end.code, 0);
    await untilTrue(() => findByEnvironment(marks).length >= 4);
    await machinery.killAll();
    t.deepEqual(findByEnvironment(marks), []);
    t.deepEqual(order, ['cables']);
    t.is(await Promise.race([command, Promise.resolve('never told')]), 'never told' as never);
  },
);

test.serial('a script beyond its limit is killed with all it started', async (t) => {
  const scripts = scriptRunner({
    root: folder,
    bin: join(folder, 'bin'),
    logs: folder,
    guard: join(folder, 'guard.sh'),
    marks: { ...marks, DRYDOCK_SERVER: 'server9' },
  });
  writeFileSync(join(folder, 'hang.sh'), 'echo begun\n( while :; do :; done ) &\nwait\n');
  const end = await scripts.run('/hang.sh', {}, 400);
  t.like(end, { code: null, timedOut: true, output: 'begun\n' });
  await untilTrue(() => findByEnvironment({ DRYDOCK_SERVER: 'server9' }).length === 0);
  t.is((await scripts.run('/none.sh', {}, 5000)).code, 127);
});

test.serial('a new disk is blank and of its size', async (t) => {
  await makeMachinery().createDisk('SN-1', 8192);
  t.deepEqual(readFileSync(join(folder, 'SN-1.img')), Buffer.alloc(8192));
});

test.serial('an image of a disk has its bytes, and is another file', async (t) => {
  const machinery = makeMachinery();
  await machinery.createDisk('SN-2', 4096);
  writeFileSync(join(folder, 'SN-2.img'), Buffer.alloc(4096, 7));
  await machinery.copyDisk('SN-2', 'image-a-dev-sdb');
  writeFileSync(join(folder, 'SN-2.img'), Buffer.alloc(4096, 8));
  t.deepEqual(readFileSync(join(folder, 'image-a-dev-sdb.img')), Buffer.alloc(4096, 7));
  await t.throwsAsync(machinery.copyDisk('SN-none', 'x'), { code: 'ENOENT' });
});

test('a process id that was taken by a later process is not mistaken for it', (t) => {
  const mark = markOf(process.pid);
  t.true(isAlive(mark));
  t.false(isAlive({ ...mark, startTicks: '1' }));
});
