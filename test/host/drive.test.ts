/** The driver with ports played by hand: what is saved when, and what goes to which port. */
import { createHash } from 'node:crypto';
import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import type { PartName } from '../../src/core/part.ts';
import { CONFIG_PATH, mirrorNotePath } from '../../src/core/paths.ts';
import { driveHost, type HostWorld } from '../../src/host/drive.ts';
import type { HostState } from '../../src/host/state.ts';
import type { CommandEnd } from '../../src/ports/machinery.ts';
import type { HostView } from '../../src/ports/views.ts';
import { hardware } from './harness.ts';

type Serve = Parameters<HostWorld['wire']['serve']>[1];

/** One server with everything around it in memory. `done` lists what the ports were told. */
function putUp(kept: HostState | null = null) {
  const done: string[] = [];
  const files = new Map<string, string>();
  const parts = new Map<PartName, Serve>();
  const timers: { at: number; fn: () => void }[] = [];
  const ends: (((end: CommandEnd) => void) & { print(text: string): void })[] = [];
  const saved: string[] = [];
  let now = 1_000;
  let exit: Parameters<HostWorld['machinery']['onProcessExit']>[0] = () => {};
  let failing = 0;
  let isFull = false;
  let spawns = true;
  const world: HostWorld = {
    server: 'server1',
    hardware: hardware([]),
    clock: {
      now: () => now,
      at(at, fn) {
        const timer = { at, fn };
        timers.push(timer);
        return () => void timers.splice(timers.indexOf(timer) >>> 0, 1);
      },
    },
    random: { id: () => '0123456789abcdef', next: () => 0.5 },
    wire: {
      server: 'server1',
      request: () => Promise.reject(new Error('not asked')),
      serve(part, handler) {
        parts.set(part, handler);
        return () => parts.delete(part);
      },
      datagram: (net, to, body) => void done.push(`datagram ${net} ${to} ${JSON.stringify(body)}`),
      onDatagram: () => () => {},
      reaches: async () => true,
      connect: () => Promise.reject(new Error('not asked')),
      listen: () => () => {},
    },
    machinery: {
      startProcess: (process) => done.push(`start ${process}`),
      setCable: (net, up) => void done.push(`cable ${net} ${up ? 'in' : 'out'}`),
      stopProcess(process) {
        done.push(`stop ${process}`);
        exit(process, { code: 0, signal: null });
      },
      async killAll() {
        done.push('killAll');
        if (failing > 0) {
          failing -= 1;
          throw new Error('one is stuck');
        }
      },
      freeze: () => void done.push('freeze'),
      thaw: () => void done.push('thaw'),
      onProcessExit(fn) {
        exit = fn;
      },
      onProcessStopped: () => {},
      originOf: () => ({ operation: null, byCluster: false }),
      editionOf: () => null,
      spawnCommand(run, on) {
        if (!spawns) throw new Error('no more processes');
        done.push(`spawn ${run.operation} saved=${saved.at(-1)?.includes(run.operation)}`);
        on.output('stdout', 'hello\n');
        const print = (text: string) => on.output('stdout', text);
        ends.push(Object.assign((end: CommandEnd) => on.end(end), { print }));
      },
      async createDisk(serial) {
        done.push(`disk ${serial}`);
      },
      async copyDisk(from, to) {
        done.push(`copy ${from} ${to}`);
      },
      async clearFiles(folder) {
        done.push(`clear ${folder}`);
      },
      async placeProduct() {
        done.push('place the product');
      },
    },
    keep: {
      load: () => kept,
      save(state) {
        if (isFull) throw new Error('no space left on device');
        saved.push(JSON.stringify(state));
      },
    },
    files: {
      read: async (path) => files.get(path) ?? null,
      write: async (path, text) => void files.set(path, text),
      list: async () => [],
      remove: async () => {},
      append: async () => 0,
      rename: async () => {},
    },
    outside: {
      look: async (key) => files.get(key) ?? null,
      take: async (key, text) => void files.set(key, text),
      release: async (key, text) => void (files.get(key) === text && files.delete(key)),
    },
    mail: { send: async () => {} },
    log: (entry) => void done.push(`log ${entry.level} ${entry.text}`),
  };
  const host = driveHost(world);
  const ask = (part: PartName, body: Json): Promise<Json> =>
    parts.get(part)!({ server: 'control', part: 'control' }, body);
  /** The next timer's time comes; what was waited for before it is settled. */
  const pass = async () => {
    for (let turns = 0; turns < 20; turns += 1) await null;
    timers.sort((a, b) => a.at - b.at);
    const next = timers.shift();
    if (!next) throw new Error('no timer is armed');
    now = Math.max(now, next.at);
    next.fn();
    for (let turns = 0; turns < 20; turns += 1) await null;
  };
  const jam = (times: number) => {
    failing = times;
  };
  const fill = (full: boolean) => {
    isFull = full;
  };
  const refuseToSpawn = () => {
    spawns = false;
  };
  return { host, ask, pass, done, saved, files, ends, jam, fill, refuseToSpawn };
}

test('A server is put up, booted, asked and shut down through its ports', async (t) => {
  const { host, ask, pass, done, files } = putUp();
  await t.throwsAsync(ask('host', { do: 'status' }), { message: /is not up/ });
  await ask('bmc', { do: 'power.on' });
  await pass();
  t.deepEqual(done, [
    'disk SN-server1-sdb-1',
    'start clpmonp-event',
    'start clpevent',
    'start clpmonp-mdagent',
    'start agent',
    'start clppm',
    'start daemon',
    'start clpwebmgr',
  ]);
  await ask('host', { do: 'files', op: 'write', path: CONFIG_PATH, text: '<root/>' });
  t.is(files.get(CONFIG_PATH), '<root/>');
  const view = (await ask('host', { do: 'status' })) as unknown as HostView;
  t.regex(view.configHash!, /^[0-9a-f]{64}$/);
  t.is(view.node, 'online');
  await ask('host', { do: 'power', op: 'shutdown' });
  t.deepEqual(done.slice(8), [
    'log Info system will be halted.',
    'log Info Shutdown stall monitor has started',
    'stop clpwebmgr',
    'stop daemon',
    'stop clppm',
    'stop agent',
    'stop clpmonp-mdagent',
    'stop clpevent',
    'stop clpmonp-event',
    'killAll',
  ]);
  for (let turns = 0; turns < 20; turns += 1) await null;
  t.like(await ask('bmc', { do: 'power.status' }), { power: 'off', bootId: null });
  host.stop();
});

test('A command is on disk before it is spawned, and answered with its output', async (t) => {
  const { ask, pass, done, ends } = putUp();
  await ask('bmc', { do: 'power.on', singleUser: true });
  await pass();
  const run = { operation: 'op1', argv: ['date'], answers: [], timeoutMs: 1_000, lease: null };
  const record = ask('host', { do: 'exec', ...run });
  t.is(done.at(-1), 'spawn op1 saved=true');
  ends[0]!({ exitCode: 0, answered: [] });
  t.like(await record, { state: 'exited', exitCode: 0, stdout: 'hello\n' });
  t.deepEqual(await ask('host', { do: 'exec', ...run }), await record);
});

test('Everything that was printed is counted and digested', async (t) => {
  for (const secret of [false, true]) {
    const { ask, pass, ends } = putUp();
    await ask('bmc', { do: 'power.on', singleUser: true });
    await pass();
    const answers = [{ prompt: 'p', reply: 'r', secret }];
    const run = { operation: 'op1', argv: ['date'], answers, timeoutMs: 1_000, lease: null };
    const record = ask('host', { do: 'exec', ...run });
    const text = 'z'.repeat(300_000);
    ends[0]!.print(text);
    ends[0]!({ exitCode: 0, answered: [] });
    const sha256 = createHash('sha256').update(`hello\n${text}`).digest('hex');
    const want = { bytes: 300_006, sha256 };
    t.deepEqual((await record) as Json, { ...((await record) as object), cut: { stdout: want } });
  }
});

test('With a full disk nothing runs, and the same id runs when there is room again', async (t) => {
  const { ask, pass, done, ends, fill } = putUp();
  await ask('bmc', { do: 'power.on', singleUser: true });
  await pass();
  const run = { operation: 'op1', argv: ['date'], answers: [], timeoutMs: 1_000, lease: null };
  fill(true);
  await t.throwsAsync(ask('host', { do: 'exec', ...run }), {
    message: /nothing was done.*no space/,
  });
  t.is(await ask('host', { do: 'operation', operation: 'op1' }), null);
  t.false(done.some((line) => line.startsWith('spawn')));
  fill(false);
  const record = ask('host', { do: 'exec', ...run });
  t.is(done.at(-1), 'spawn op1 saved=true');
  fill(true);
  ends[0]!({ exitCode: 0, answered: [] });
  // It is heard once the configuration was looked into for secrets.
  for (let turns = 0; turns < 20; turns += 1) await null;
  t.like(await ask('host', { do: 'operation', operation: 'op1' }), { state: 'running' });
  fill(false);
  await pass();
  t.like(await record, { state: 'exited', exitCode: 0, stdout: 'hello\n' });
});

test('A command that cannot be started is no phantom', async (t) => {
  const { ask, pass, refuseToSpawn } = putUp();
  await ask('bmc', { do: 'power.on', singleUser: true });
  await pass();
  refuseToSpawn();
  const run = { operation: 'op1', argv: ['date'], answers: [], timeoutMs: 1_000, lease: null };
  t.like(await ask('host', { do: 'exec', ...run }), { state: 'exited', exitCode: null });
});

test('A server is off only when its last process is', async (t) => {
  const { ask, pass, done, jam } = putUp();
  await ask('bmc', { do: 'power.on', singleUser: true });
  await pass();
  jam(1);
  const cut = ask('bmc', { do: 'power.cut' });
  for (let turns = 0; turns < 20; turns += 1) await null;
  t.deepEqual(done.slice(-2), ['killAll', 'log Error ending every process failed: one is stuck']);
  t.like(await ask('bmc', { do: 'power.status' }), { power: 'on' });
  await pass();
  t.deepEqual(await cut, { power: 'off' });
});

const notes: [string, string | null, Record<string, string>][] = [
  ['that it broke', '{"broke":true}', { md1: 'broke' }],
  ['that it did not break', '{"broke":false}', { md1: 'none' }],
  ['nothing about it', '{"generation":"x"}', {}],
  ['rubbish', '{', {}],
  ['no note', null, {}],
];
for (const [title, note, want] of notes) {
  test(`A mirror agent that left ${title} is shown so`, async (t) => {
    const { ask, pass, files } = putUp();
    if (note !== null) files.set(mirrorNotePath('md1'), note);
    await ask('bmc', { do: 'power.on', singleUser: true });
    await pass();
    const view = (await ask('host', { do: 'status' })) as unknown as HostView;
    t.deepEqual(view.mirrorBreaks, want as never);
  });
}

test('A mounted device is not read without a way to its bytes', async (t) => {
  const { ask, pass } = putUp();
  await ask('bmc', { do: 'power.on', singleUser: true });
  await pass();
  const mount = { device: '/dev/sdb2', point: '/mnt', fs: 'ext3', readOnly: true, options: [] };
  await ask('host', { do: 'mount', ...mount });
  const read = { do: 'device.read', device: '/dev/sdb2', offset: 0, length: 512 };
  await t.throwsAsync(ask('host', read), { message: /no way to read/ });
});

test('What was saved is what a supervisor that comes back starts from', async (t) => {
  const first = putUp();
  await first.ask('bmc', { do: 'disk.fail', device: '/dev/sdb', mode: 'write' });
  first.host.stop();
  const again = putUp(JSON.parse(first.saved.at(-1)!));
  t.is(again.host.state().disks['/dev/sdb']?.failed, 'write');
});
