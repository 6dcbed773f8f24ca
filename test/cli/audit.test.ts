import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { buildPrograms } from '../../scripts/build.ts';
import { makePlace, type Place } from './support.ts';

interface Entry {
  seq: number;
  type: string;
  body: Record<string, unknown>;
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const entries = (text: string) => lines(text).map((line) => JSON.parse(line) as Entry);

let place: Place;
test.before(async () => {
  await buildPrograms();
  place = await makePlace();
});
test.after.always(() => place.remove());

/** A key of somebody called ann, and her line among the allowed signers. */
async function key(name: string): Promise<{ file: string; signers: string }> {
  const file = join(place.home, name);
  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', file]);
  const line = `ann ${readFileSync(`${file}.pub`, 'utf8')}`;
  return { file, signers: place.file(`${name}.signers`, line) };
}

test.serial('who reads the record, from where and how, is recorded', async (t) => {
  const { exit, out } = await place.run('audit', 'show', '--json');
  t.is(exit, 0);
  const [started, read] = entries(out);
  t.is(started!.type, 'recording.started');
  t.deepEqual(started!.body.argv, ['audit', 'show', '--json']);
  const { login, host, pid } = started!.body as {
    login: { real: { uid: number; name: string }; effective: { uid: number } };
    host: string;
    pid: number;
  };
  t.is(login.effective.uid, process.getuid!());
  t.true(login.real.name.length > 0 && host.length > 0 && pid > 0);
  t.like(read, { type: 'record.read', body: { what: 'audit show' } });
  const again = entries((await place.run('audit', 'show', '--json')).out);
  t.like(again[2], { type: 'recording.stopped', body: { exit: 0 } });
});

test.serial('a checkpoint is signed by the person of the policy whose key it is', async (t) => {
  const owner = await key('owner');
  const line = readFileSync(`${owner.file}.pub`, 'utf8').trim();
  const other = await makePlace();
  t.teardown(() => other.remove());
  const policy = other.file(
    'policy.yaml',
    `cluster: 5f0c1d6e-3a52-4c1b-9b7e-0d6f2f1a7c31
demandsWindow: true
approvals: 1
emergencyMinutes: 60
people:
  - { principal: owner@example.com, logins: [somebody], roles: [policy, checkpoint, approve] }
signers: ["owner@example.com ${line}"]
`,
  );
  const sign = ['window', 'policy', 'sign', policy, '--key', owner.file, '--yes'];
  const signed = await other.run(...sign);
  t.is(signed.exit, 0, signed.err);
  const made = await other.run('audit', 'checkpoint', '--key', owner.file);
  t.regex(made.err, /signed by owner@example\.com; root/);
  const anchors = join(other.home, 'anchors.txt');
  t.is((await other.run('audit', 'anchor', '--to', `file:${anchors}`)).exit, 0);
  const signers = other.file('signers', `owner@example.com ${line}\n`);
  const given = ['--anchor', anchors, '--signers', signers];
  const verified = await other.run('audit', 'verify', ...given);
  t.is(verified.exit, 0, verified.out);
  t.regex(verified.out, /^anchoring {5}good .*signed by owner@example\.com/m);
});

test.serial('a value that may be secret is not in the record', async (t) => {
  await place.run('run-log', 'nothing-of-the-kind');
  await place.run('audit', 'show', '--window', 'W', '--json');
  const { out } = await place.run('audit', 'export');
  t.notRegex(out, /hunter2/);
  const { exit } = await place.run('run', 'v3-6.7.2', '--set', 'failed=hunter2', '--yes');
  t.not(exit, 0);
  t.notRegex((await place.run('audit', 'export')).out, /hunter2/);
});

test.serial(
  'a signed checkpoint goes to a file, and what is exported verifies alone',
  async (t) => {
    const ann = await key('ann');
    const made = await place.run('audit', 'checkpoint', '--key', ann.file, '--as', 'ann');
    t.is(made.exit, 0, made.err);
    t.regex(made.err, /signed by ann; root [0-9a-f]{64}/);
    const document = await place.run(
      'audit',
      'checkpoint',
      '--key',
      ann.file,
      '--as',
      'ann',
      '--json',
    );
    const { seq, ...printed } = JSON.parse(document.out);
    const held = entries((await place.run('audit', 'show', '--json')).out);
    t.deepEqual(printed, held.find((entry) => entry.seq === seq)!.body, 'as it was signed');
    const anchors = join(place.home, 'anchors.txt');
    const kept = await place.run('audit', 'anchor', '--to', `file:${anchors}`);
    t.is(kept.exit, 0, kept.err);
    const record = join(place.home, 'record.ndjson');
    t.is((await place.run('audit', 'export', '--out', record)).exit, 0);
    const given = [record, '--anchor', anchors, '--signers', ann.signers];
    const verified = await place.run('audit', 'verify', ...given);
    t.is(verified.exit, 0, verified.out);
    t.regex(verified.out, /^anchoring {5}good .*signed by ann/m);

    // The same words from one file in a folder of its own, with nothing beside it.
    const folder = join(place.home, 'alone');
    mkdirSync(folder);
    const program = join(folder, 'drydock-verify.mjs');
    copyFileSync(fileURLToPath(new URL('../../dist/drydock-verify.mjs', import.meta.url)), program);
    const alone = await execa(process.execPath, [program, ...given], {
      cwd: folder,
      reject: false,
    });
    t.is(alone.exitCode, 0, alone.stderr);
    t.is(`${alone.stdout}\n`, verified.out);

    const rest = lines(readFileSync(record, 'utf8')).slice(0, 2);
    const cut = place.file('cut.ndjson', `${rest.join('\n')}\n`);
    for (const [words, exit] of [
      [[cut], 0],
      [[cut, '--anchor', anchors], 7],
      [['--help'], 0],
      [[join(folder, 'none')], 2],
      [[record, '--anchor', record.replace('record', 'none')], 2],
    ] as const) {
      const ended = await execa(process.execPath, [program, ...words], { reject: false });
      t.is(ended.exitCode, exit, `${words.join(' ')}: ${ended.stdout}${ended.stderr}`);
      if (words[0] === '--help') continue;
      t.is((await place.run('audit', 'verify', ...words)).exit, exit);
    }
  },
);

test.serial('one entry is shown without the rest', async (t) => {
  const { exit, out, err } = await place.run('audit', 'export', '--from', '2', '--to', '2');
  t.is(exit, 0, err);
  t.is(lines(out).length, 2);
  const one = place.file('one.ndjson', out);
  const verified = await place.run('audit', 'verify', one);
  t.is(verified.exit, 0);
  t.regex(verified.out, /^completeness {2}good {5}entry 2$/m);
  const bad = place.file('bad-one.ndjson', out.replace('audit show', 'audit hide'));
  t.is((await place.run('audit', 'verify', bad)).exit, 7);
});

test.serial('bad words are refused before anything is done', async (t) => {
  for (const words of [
    ['anchor', '--to', 'ftp:x'],
    ['anchor'],
    ['show', '--from', '0'],
    ['show', '--from', '3', '--to', '2'],
    ['export', '--from', '1', '--to', 'x'],
    ['verify', 'nowhere.ndjson'],
    ['verify', '--signers', 'nowhere'],
  ]) {
    const { exit, err } = await place.run('audit', ...words);
    t.is(exit, 2, `${words.join(' ')}: ${err}`);
  }
});

test.serial('a record that was tampered with where it lies is found, and named', async (t) => {
  const file = join(place.home, 'journal.sqlite');
  const kept = readFileSync(file);
  const harm: [string, RegExp][] = [
    [
      "UPDATE entries SET text = replace(text, 'audit show', 'audit hide') WHERE seq = 2",
      /^entry 2 was/,
    ],
    ["UPDATE entries SET run = 'r' WHERE seq = 2", /^entry 2 is filed/],
    ['DELETE FROM entries WHERE seq = 2', /^entry 2 is missing/],
    ["INSERT INTO entries VALUES (0, NULL, 'x', 'x')", /^entry 1 is not JSON/],
    ['INSERT INTO entries SELECT -7, run, text, hash FROM entries WHERE seq = 2', /is filed under/],
    ['INSERT INTO entries SELECT 1 << 60, run, text, hash FROM entries LIMIT 1', /is filed under/],
    ['DROP TABLE entries', /the table of its entries is missing/],
    [
      'ALTER TABLE entries RENAME TO e; CREATE VIEW entries AS SELECT * FROM e',
      /its entries are a view of another form/,
    ],
    [
      'ALTER TABLE entries RENAME TO e; CREATE TABLE entries (seq, run, text, hash)',
      /its entries are a table of another form/,
    ],
    [
      "CREATE TRIGGER later AFTER INSERT ON entries BEGIN UPDATE entries SET run = 'r'; END",
      /there is a trigger 'later' in it/,
    ],
    ['CREATE TABLE notes (text)', /there is a table 'notes' in it/],
  ];
  for (const [sql, why] of harm) {
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
    const { exit, out } = await place.run('audit', 'verify', '--json');
    t.is(exit, 7, `${sql}: ${out}`);
    const { why: said, message } = JSON.parse(out) as { why?: string; message?: string };
    t.regex(said ?? message ?? '', why, sql);
    if (message) t.is((await place.run('runs')).exit, 7, sql);
    writeFileSync(file, kept);
  }
});

test.serial(
  'to verify a record that is not there is to find it gone, and makes none',
  async (t) => {
    const other = await makePlace();
    t.teardown(() => other.remove());
    const { exit, err } = await other.run('audit', 'verify');
    t.is(exit, 7, err);
    t.regex(err, /journal\.sqlite: the record is damaged: there is no such file/);
    t.false(existsSync(join(other.home, 'journal.sqlite')));
  },
);

test.serial('a record that is gone is begun anew by a word only, and begins with it', async (t) => {
  const other = await makePlace();
  t.teardown(() => other.remove());
  t.is((await other.run('audit', 'checkpoint')).exit, 0);
  t.is((await other.run('audit', 'begin', '--reason', 'x')).exit, 2, 'it is there');
  rmSync(join(other.home, 'journal.sqlite'));
  for (const words of [['runs'], ['audit', 'show'], ['audit', 'checkpoint'], ['debts']]) {
    const { exit, err } = await other.run(...words);
    if (words[0] !== 'debts') t.is(exit, 7, `${words}: ${err}`);
    t.false(existsSync(join(other.home, 'journal.sqlite')), `${words}`);
  }
  t.is((await other.run('audit', 'begin')).exit, 2, 'without a reason');
  const begun = await other.run('audit', 'begin', '--reason', 'the disk died');
  t.is(begun.exit, 0, begun.err);
  const [, first] = entries((await other.run('audit', 'show', '--json')).out);
  t.like(first, { type: 'record.begun', body: { reason: 'the disk died' } });
  t.is((await other.run('audit', 'verify')).exit, 0);
});

/** The exit of a program whose reader leaves at once, and what it says to people. */
async function leftAlone(home: string, words: string[]): Promise<{ said: string; exit: number }> {
  const { stderr } = await execa(
    'bash',
    ['-c', '("$@"; echo "exit $?" >&2) | true', 'bash', process.execPath, ...words],
    { env: { DRYDOCK_HOME: home }, reject: false, stdin: 'ignore' },
  );
  const exit = /exit (\d+)$/.exec(stderr);
  return { said: stderr.slice(0, exit?.index), exit: Number(exit?.[1]) };
}

test.serial('where the reader of the output left, the exit is that of the work', async (t) => {
  const dist = (name: string) => fileURLToPath(new URL(`../../dist/${name}`, import.meta.url));
  const whole = join(place.home, 'left.ndjson');
  t.is((await place.run('audit', 'export', '--out', whole)).exit, 0);
  const cut = place.file('cut.ndjson', readFileSync(whole, 'utf8').slice(0, -9));
  const cases: [string[], number][] = [
    [[dist('drydock.js'), 'list'], 0],
    [[dist('drydock.js'), '--help'], 0],
    [[dist('drydock.js'), 'audit', 'show', '--json'], 0],
    [[dist('drydock.js'), 'audit', 'verify', whole], 0],
    [[dist('drydock.js'), 'audit', 'verify', cut], 7],
    [[dist('drydock-verify.mjs'), whole], 0],
    [[dist('drydock-verify.mjs'), cut], 7],
  ];
  for (const [words, exit] of cases) {
    t.deepEqual(await leftAlone(place.home, words), { said: '', exit }, words.join(' '));
  }
});

const isRoot = process.getuid?.() === 0;

// Root may write everywhere; as root, the program is run as somebody who may only read.
(isRoot ? test.serial : test.serial.skip)(
  'where the record cannot be written it is read all the same, and that is said',
  async (t) => {
    const file = join(place.home, 'journal.sqlite');
    chmodSync(place.home, 0o755);
    chmodSync(file, 0o644);
    const before = readFileSync(file);
    const program = fileURLToPath(new URL('../../dist/drydock.js', import.meta.url));
    for (const words of [['audit', 'show'], ['audit', 'export'], ['audit', 'verify'], ['runs']]) {
      const ended = await execa(process.execPath, [program, ...words], {
        env: { DRYDOCK_HOME: place.home },
        uid: 65_534,
        gid: 65_534,
        reject: false,
      });
      t.is(ended.exitCode, 0, `${words.join(' ')}: ${ended.stderr}`);
      const isSaid = /this access is not recorded: .*the record can only be read here/.test(
        ended.stderr,
      );
      t.is(isSaid, ['show', 'export'].includes(words[1] ?? ''), ended.stderr);
    }
    t.deepEqual(readFileSync(file), before);
    chmodSync(file, 0o600);
  },
);

test.serial('output that finds no room is told by the exit, and is no defect', async (t) => {
  await place.run('audit', 'checkpoint');
  const program = fileURLToPath(new URL('../../dist/drydock.js', import.meta.url));
  const out = join(place.home, 'out');
  const ways = [
    'exec "$@" > /dev/full',
    `trap "" XFSZ; ulimit -f 1; exec "$@" > '${out}'`,
    `trap "" XFSZ; ulimit -f 1; exec "$@" --out '${out}'`,
  ];
  for (const way of ways) {
    for (const words of way.includes('--out')
      ? [['audit', 'export']]
      : [['audit', 'export'], ['list']]) {
      const { exitCode, stderr } = await execa(
        'bash',
        ['-c', way, 'bash', process.execPath, program, ...words],
        {
          env: { DRYDOCK_HOME: place.home, NODE_COMPILE_CACHE: '' },
          reject: false,
          stdin: 'ignore',
        },
      );
      t.not(exitCode, 0, `${way} ${words}`);
      t.not(exitCode, 70, `${way} ${words}`);
      t.regex(stderr, /^drydock: (the output is not whole|cannot write \S+|.*no space is left)/m);
      t.notRegex(stderr, /^ +at /m);
    }
  }
});
