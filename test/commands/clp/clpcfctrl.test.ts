import test from 'ava';
import { CONFIG_PATH } from '../../../src/core/paths.ts';
import {
  daemonView,
  hostView,
  refusal,
  says,
  silence,
  V3_TEXT,
  withStopped,
} from '../../cluster/fake-servers.ts';
import { run, type Stage, stage } from './fake-environment.ts';

const SUSPEND = 'Need to suspend cluster and resume Already suspended? (y/n):';
const STOP = 'Need to stop cluster and restart Already stopped? (y/n):';
const SHUTDOWN =
  'Need to shutdown system and reboot please shutdown system after push. (hit return) :';

const changes = {
  upload: V3_TEXT.replace('Rehearsal cluster', 'Cluster'),
  suspend: V3_TEXT.replace('<timeout>1500', '<timeout>9000'),
  stop: V3_TEXT.replace('<ip>10.0.0.12', '<ip>10.0.0.13'),
  shutdown: V3_TEXT.replace('<fs>ext3', '<fs>ext4'),
};

interface Desk extends Stage {
  /** What lies on each server. */
  kept: Map<string, string>;
  medium: { label: string; format: 'linux' | 'windows'; files: Record<string, string> } | null;
}

/** Two servers with files; `text` is on the medium in the drive of server1. */
function desk(text: string | null, format: 'linux' | 'windows' = 'linux'): Desk {
  const on = stage();
  const kept = new Map([
    ['server1', V3_TEXT],
    ['server2', V3_TEXT],
  ]);
  const medium = text === null ? null : { label: 'floppy1', format, files: { 'clp.conf': text } };
  const made: Desk = { ...on, kept, medium };
  for (const server of kept.keys()) {
    on.servers.parts.set(`${server}/host`, (body) => {
      if (body.do === 'status') return hostView(server);
      if (body.do === 'medium') return { medium: made.medium };
      if (body.do === 'medium.write') Object.assign(made.medium?.files ?? {}, body.files);
      if (body.do === 'files' && body.op === 'read') return { text: kept.get(server) ?? null };
      if (body.do === 'files' && body.op === 'write') kept.set(server, String(body.text));
      return {};
    });
  }
  return made;
}

function inState(on: Desk, state: 'Online' | 'Suspend' | 'stopped'): Desk {
  for (const server of on.kept.keys()) {
    if (state === 'stopped') {
      const files = on.servers.parts.get(`${server}/host`);
      const stopped = withStopped(server, 'clusterpro');
      on.servers.parts.set(`${server}/daemon`, silence('refused'));
      on.servers.parts.set(`${server}/host`, (body) =>
        body.do === 'status' ? stopped(body) : files?.(body),
      );
    } else on.servers.parts.set(`${server}/daemon`, says(daemonView(server, { state })));
  }
  return on;
}

const isPushed = (on: Desk, text: string) => [...on.kept.values()].every((one) => one === text);

const taken: [keyof typeof changes, 'Online' | 'Suspend' | 'stopped', string[], string[]][] = [
  ['upload', 'Online', [], []],
  ['suspend', 'Suspend', ['y'], [SUSPEND]],
  ['suspend', 'stopped', ['y'], [SUSPEND]],
  ['stop', 'stopped', ['y'], [STOP]],
  ['stop', 'stopped', [''], [STOP]],
  ['shutdown', 'stopped', [''], [SHUTDOWN]],
];

for (const [change, state, replies, prompts] of taken) {
  const answer = JSON.stringify(replies);
  test(`--push of a change that needs ${change} on a ${state} cluster, answered ${answer}`, async (t) => {
    const on = inState(desk(changes[change]), state);
    on.replies.push(...replies);
    const report = await run(on, 'clpcfctrl --push -l');
    t.deepEqual(report, { code: 0, stdout: 'success.(code:0)\n', stderr: '' });
    t.deepEqual(on.prompts, prompts);
    t.true(isPushed(on, changes[change]));
  });
}

const refusals: [keyof typeof changes, 'Online' | 'Suspend' | 'stopped', string[], RegExp][] = [
  ['suspend', 'Online', ['y'], /server1 is Online, server2 is Online; suspend the cluster first/],
  ['suspend', 'Suspend', ['n'], /not distributed, as you say/],
  ['suspend', 'Suspend', [''], /not distributed/],
  ['suspend', 'Suspend', [], /nobody answered/],
  ['stop', 'Suspend', ['y'], /stop the cluster first/],
  ['shutdown', 'Online', [''], /stop the cluster first/],
];

for (const [change, state, replies, words] of refusals) {
  const answer = JSON.stringify(replies);
  test(`--push of a change that needs ${change} is refused when ${state} and ${answer}`, async (t) => {
    const on = inState(desk(changes[change]), state);
    on.replies.push(...replies);
    const report = await run(on, 'clpcfctrl --push -l');
    t.is(report.code, 1);
    t.regex(report.stderr, words);
    t.true(isPushed(on, V3_TEXT));
  });
}

test('--force asks nothing and takes the cluster as it is', async (t) => {
  const on = desk(changes.shutdown);
  t.is((await run(on, 'clpcfctrl --push -l --force')).code, 0);
  t.deepEqual(on.prompts, []);
  t.true(isPushed(on, changes.shutdown));
});

test('--force writes where it can, names whom it missed, and fails when that is everybody', async (t) => {
  const on = desk(changes.shutdown);
  on.servers.parts.set('server2/host', silence('timeout'));
  const report = await run(on, 'clpcfctrl --push -l --force');
  t.is(report.code, 0);
  t.is(report.stdout, 'success.(code:0)\n');
  t.regex(report.stderr, /^server2 keeps its old configuration: .*; push again when it is back\n$/);
  t.deepEqual([...on.kept.values()], [changes.shutdown, V3_TEXT]);
  const files = on.servers.parts.get('server1/host');
  on.servers.parts.set('server1/host', (body) =>
    body.op === 'write' ? refusal('disk.full', 'no space left')(body) : files?.(body),
  );
  const none = await run(on, 'clpcfctrl --push -l --force');
  t.is(none.code, 1);
  t.regex(none.stderr, /cannot write on server1: no space left; nothing was distributed/);
});

test('a write that fails puts the old one back everywhere', async (t) => {
  const on = desk(changes.upload);
  const files = on.servers.parts.get('server2/host');
  on.servers.parts.set('server2/host', (body) => {
    const isNew = body.op === 'write' && body.text === changes.upload;
    return isNew ? refusal('disk.full', 'no space left')(body) : files?.(body);
  });
  const report = await run(on, 'clpcfctrl --push -l');
  t.is(report.code, 1);
  t.regex(report.stderr, /cannot write on server2: no space left; the old one is back/);
  t.true(isPushed(on, V3_TEXT));
});

test('a silent server is found before anything is written', async (t) => {
  const on = desk(changes.upload);
  on.servers.parts.set('server2/host', silence('timeout'));
  const report = await run(on, 'clpcfctrl --push -l');
  t.regex(report.stderr, /server2 cannot be reached/);
  t.is(on.kept.get('server1'), V3_TEXT);
});

test('a broken file is named with its place, and nothing is written', async (t) => {
  const on = desk(V3_TEXT.replace('fip@fip2', 'fip@fip9'));
  const report = await run(on, 'clpcfctrl --push -l');
  t.is(report.code, 2);
  t.regex(report.stderr, /floppy1:clp\.conf:\d+: root\/group@failover2: unknown resource fip9/);
  t.deepEqual(on.servers.orders(), []);
});

test('a medium of the other format, an empty drive and another cluster are refused', async (t) => {
  const windows = desk(changes.upload.replaceAll('\n', '\r\n'), 'windows');
  t.regex((await run(windows, 'clpcfctrl --push -l')).stderr, /windows format; use -w/);
  t.is((await run(windows, 'clpcfctrl --push -w')).code, 0);
  t.true(isPushed(windows, changes.upload));
  t.regex((await run(desk(null), 'clpcfctrl --push -l')).stderr, /no medium in the drive/);
  const other = V3_TEXT.replace('5f0c1d6e', '00000000');
  t.regex((await run(desk(other), 'clpcfctrl --push -l')).stderr, /of another cluster/);
});

test('--push -x reads a directory, and the first configuration needs no rest', async (t) => {
  const on = desk(null);
  on.files.delete(CONFIG_PATH);
  on.files.set('/root/upload/clp.conf', changes.shutdown);
  t.is((await run(on, 'clpcfctrl --push -l -x /root/upload/')).code, 0);
  t.true(isPushed(on, changes.shutdown));
});

test('-c and -h distribute to one server', async (t) => {
  for (const option of ['-c server2', '-h 10.0.0.2']) {
    const on = desk(changes.upload);
    t.is((await run(on, `clpcfctrl --push ${option}`)).code, 0);
    t.deepEqual([...on.kept.values()], [V3_TEXT, changes.upload]);
  }
});

test('--pull writes to the medium or a directory, with the line ends asked for', async (t) => {
  const on = desk('old');
  t.is((await run(on, 'clpcfctrl --pull -l -d /dev/hda -m /mnt')).stdout, 'success.(code:0)\n');
  t.is(on.medium?.files['clp.conf'], V3_TEXT);
  await run(on, 'clpcfctrl --pull -w -x /root/backup');
  t.is(on.files.get('/root/backup/clp.conf'), V3_TEXT.replaceAll('\n', '\r\n'));
});

test('a folder may be named from where the command was called', async (t) => {
  for (const folder of ['.', './', 'upload', './upload/', '/root/upload']) {
    const on = desk(null);
    const path = folder.startsWith('.') && folder.length < 3 ? '/root' : '/root/upload';
    on.files.set(`${path}/clp.conf`, changes.upload);
    t.is((await run(on, `clpcfctrl --push -l -x ${folder}`)).code, 0, folder);
    t.true(isPushed(on, changes.upload), folder);
    await run(on, `clpcfctrl --pull -l -x ${folder}`);
    t.is(on.files.get(`${path}/clp.conf`), V3_TEXT, folder);
  }
});

test('a file goes out and comes back byte for byte, also with the line ends of Windows', async (t) => {
  const text = changes.upload.replaceAll('\n', '\r\n');
  const on = desk(null);
  on.files.set('/root/clp.conf', text);
  await run(on, 'clpcfctrl --push -x .');
  t.true(isPushed(on, text));
  on.files.set(CONFIG_PATH, text);
  await run(on, 'clpcfctrl --pull -l -x /tmp');
  t.is(on.files.get('/tmp/clp.conf'), text);
  await run(on, 'clpcfctrl --pull -w -x /tmp');
  t.is(on.files.get('/tmp/clp.conf'), text);
});

test('--compcheck only checks', async (t) => {
  const on = desk(null);
  on.files.set('/root/clp.conf', changes.shutdown);
  const fine = { code: 0, stdout: 'success.(code:0)\n', stderr: '' };
  t.deepEqual(await run(on, 'clpcfctrl --compcheck -l -x .'), fine);
  on.files.set('/root/clp.conf', V3_TEXT.replace('exec@exec2', 'exec@exec9'));
  const report = await run(on, 'clpcfctrl --compcheck -w -x .');
  t.is(report.code, 1);
  t.regex(report.stderr, /^\/root\/clp\.conf:\d+: root\/group@failover2: unknown resource exec9/);
  t.true(isPushed(on, V3_TEXT));
  t.deepEqual(on.servers.asked, []);
});

const X5 = V3_TEXT.replace('LE<', 'X<').replace('3.0-3', '5.2.0-1');

/** A resource more in failover2, of a type; and what else is changed. */
function grown(type: string, also: (text: string) => string = (text) => text): string {
  return also(X5)
    .replace('<resource name="exec@exec2"/>', `$&<resource name="${type}@more1"/>`)
    .replace('</resource>\n  <monitor>', `<types name="${type}"/><${type} name="more1"/>$&`);
}

const dynamic: [what: string, text: string, state: 'Online' | 'Suspend', outcome: RegExp][] = [
  ['an exec resource', grown('exec'), 'Suspend', /^success/],
  ['a volume manager', grown('volmgr'), 'Suspend', /^success/],
  ['an exec resource to a cluster at work', grown('exec'), 'Online', /suspend the cluster first/],
  [
    'a mirror',
    grown('raw'),
    'Suspend',
    /--dpush only adds resources, and here is more: .*use --push/,
  ],
  [
    'an exec resource and another address',
    grown('exec', (text) => text.replace('<ip>10.0.0.12', '<ip>10.0.0.13')),
    'Suspend',
    /here is more: parameters of resource fip2/,
  ],
];

for (const [what, text, state, outcome] of dynamic) {
  test(`--dpush adds ${what}, ${state}`, async (t) => {
    const on = inState(desk(null), state);
    on.files.set(CONFIG_PATH, X5);
    on.files.set('/root/clp.conf', text);
    on.replies.push('y');
    const report = await run(on, 'clpcfctrl --dpush -x .');
    t.regex(report.stdout + report.stderr.replace('clpcfctrl: ', ''), outcome);
    t.is(isPushed(on, text), report.code === 0);
  });
}

test('--dpush is refused before version 4', async (t) => {
  const on = inState(desk(changes.upload), 'Suspend');
  t.regex((await run(on, 'clpcfctrl --dpush -l')).stderr, /--dpush needs version 4\.0 or later/);
});

const wrong: [string, string][] = [
  ['clpcfctrl', 'clpcfctrl: nothing to do; give one of --push, --dpush, --compcheck, --pull\n'],
  ['clpcfctrl --push --pull', 'clpcfctrl: --push and --pull exclude each other\n'],
  ['clpcfctrl --push -l -w', 'clpcfctrl: -l and -w exclude each other\n'],
  ['clpcfctrl --psuh', 'clpcfctrl: unknown option --psuh; did you mean --push?\n'],
];

for (const [line, stderr] of wrong) {
  test(`${line} is one clear line, and nobody is asked`, async (t) => {
    const on = desk(null);
    t.deepEqual(await run(on, line), { code: 2, stdout: '', stderr });
    t.deepEqual(on.servers.asked, []);
  });
}
