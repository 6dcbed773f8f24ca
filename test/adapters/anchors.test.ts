import { createSocket } from 'node:dgram';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { keepAnchor, parsePlace, readAnchors } from '../../src/adapters/anchors.ts';
import { anchorLine, parseAnchors } from '../../src/audit/anchors.ts';
import { tenEntries, textOf, verifyText } from '../support/records.ts';
import { testKey } from '../support/ssh-keys.ts';

const { lines, checkpoint } = await tenEntries(testKey());

function folder(t: ExecutionContext): string {
  const made = mkdtempSync(join(tmpdir(), 'drydock-anchors-'));
  t.teardown(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

async function repository(t: ExecutionContext): Promise<string> {
  const made = folder(t);
  await execa('git', ['init', '--quiet', made]);
  await execa('git', ['-C', made, 'config', 'user.name', 'Ann']);
  await execa('git', ['-C', made, 'config', 'user.email', 'ann@example.org']);
  return made;
}

const PLACES: [string, unknown][] = [
  ['file:/a/b', { kind: 'file', path: '/a/b' }],
  ['git:/a', { kind: 'git', folder: '/a' }],
  ['syslog:log.example:601', { kind: 'syslog', host: 'log.example', port: 601, by: 'tcp' }],
  ['syslog:log.example:514/udp', { kind: 'syslog', host: 'log.example', port: 514, by: 'udp' }],
  ['syslog:[::1]:514/tcp', { kind: 'syslog', host: '::1', port: 514, by: 'tcp' }],
];

for (const [text, place] of PLACES) {
  test(`${text} is a place for an anchor`, (t) => t.deepEqual(parsePlace(text), place as never));
}

for (const text of [
  '',
  '/a/b',
  'git:',
  'syslog:host',
  'syslog:host:0',
  'syslog:h:70000',
  'ftp:x',
]) {
  test(`'${text}' is no place for an anchor`, (t) => {
    t.like(
      t.throws(() => parsePlace(text)),
      { code: 'anchor.place', exit: 2 },
    );
  });
}

test('a file keeps an anchor on each line, and the record verifies against it', async (t) => {
  const file = join(folder(t), 'anchors.txt');
  await keepAnchor(checkpoint, `file:${file}`);
  await keepAnchor(checkpoint, `file:${file}`);
  t.is(readFileSync(file, 'utf8'), `${anchorLine(checkpoint)}\n`.repeat(2));
  const { anchors } = await readAnchors(file);
  t.like(verifyText(textOf(lines), { anchors }), { ok: true, anchored: 6 });
  t.false(verifyText(textOf(lines.slice(0, 5)), { anchors }).ok);
});

test('git commits the file of anchors and nothing else', async (t) => {
  const made = await repository(t);
  writeFileSync(join(made, 'mine.txt'), 'not to be committed');
  await execa('git', ['-C', made, 'add', 'mine.txt']);
  await keepAnchor(checkpoint, `git:${made}`);
  const { stdout } = await execa('git', ['-C', made, 'show', '--name-only', '--format=']);
  t.regex(stdout, /^drydock-anchors-[\w.-]+\.ndjson$/);
  const { anchors } = await readAnchors(`git:${made}`);
  t.like(verifyText(textOf(lines), { anchors }), { ok: true, anchored: 6 });
});

test('an anchor that a later commit took out is still there', async (t) => {
  const made = await repository(t);
  await keepAnchor(checkpoint, `git:${made}`);
  const { stdout: name } = await execa('git', ['-C', made, 'ls-files']);
  const other = JSON.stringify({ seq: 1, hash: 'a'.repeat(64) });
  writeFileSync(join(made, name), `${other}\n`);
  await execa('git', ['-C', made, 'commit', '--quiet', '-a', '-m', 'Nothing to see']);
  const { anchors } = await readAnchors(`git:${made}`);
  t.deepEqual(
    anchors.map(({ seq }) => seq),
    [6, 1],
  );
});

test('a folder that is no repository, and a file that cannot be written, are told with words', async (t) => {
  const made = join(folder(t), 'plain');
  mkdirSync(made);
  for (const place of [`git:${made}`, `file:${made}`]) {
    const error = await t.throwsAsync(() => keepAnchor(checkpoint, place));
    t.like(error, { code: 'anchor.failed' });
    t.regex(error!.message, /could not be stored at/);
  }
  await t.throwsAsync(() => readAnchors(join(made, 'none')), {
    message: /cannot read the anchors/,
  });
});

const MESSAGE = /^<109>1 2026-03-01T08:00:01\.000Z \S+ drydock \d+ checkpoint - (\{.*\})$/;

test('a syslog gets the anchor over TCP, counted, and its line verifies the record', async (t) => {
  const server = createServer({ allowHalfOpen: false });
  const received = new Promise<string>((done) => {
    server.on('connection', (socket) => {
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      socket.on('end', () => done(text));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => server.close());
  const { port } = server.address() as { port: number };
  await keepAnchor(checkpoint, `syslog:127.0.0.1:${port}`);
  const [, count, message = ''] = /^(\d+) (.*)$/s.exec(await received) ?? [];
  t.is(Number(count), Buffer.byteLength(message));
  t.regex(message, MESSAGE);
  t.like(verifyText(textOf(lines), parseAnchors(message, 'log')), { anchored: 6 });
});

test('a syslog gets the anchor over UDP, and one that is too long loses its signature only', async (t) => {
  const socket = createSocket('udp4');
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
  t.teardown(() => socket.close());
  const place = `syslog:127.0.0.1:${socket.address().port}/udp`;
  const next = () =>
    new Promise<string>((done) => socket.once('message', (bytes) => done(bytes.toString())));
  const long = { ...checkpoint, body: { ...checkpoint.body, signature: 'x'.repeat(3000) } };
  for (const [entry, isSigned] of [
    [checkpoint, true],
    [long, false],
  ] as const) {
    const received = next();
    await keepAnchor(entry, place);
    const message = await received;
    t.regex(message, MESSAGE);
    t.true(Buffer.byteLength(message) <= 2048);
    const { anchors } = parseAnchors(message, 'log');
    t.is(anchors[0]!.signed !== null, isSigned);
    t.like(verifyText(textOf(lines), { anchors }), { ok: true, anchored: 6 });
  }
});

test('a syslog that is not there is told', async (t) => {
  await t.throwsAsync(() => keepAnchor(checkpoint, 'syslog:127.0.0.1:1'), {
    message: /could not be stored at syslog:127\.0\.0\.1:1: .*ECONNREFUSED/,
  });
});
