/**
 * Secrets at the command line, in a lab: however short or common a value is, the run ends as any
 * other, the value is nowhere, and nothing else is taken for it.
 */
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { execa } from 'execa';
import { testWith } from '../support/tools.ts';
import { type Ended, makePlace, type Place, program, start } from './support.ts';

const RUNBOOK = `id: x5-2.99
title: Say something
source: { manual: x5, section: '2.99' }
editions: [X]
kind: procedure
summary: Says a word on a server, to see how values travel.
parameters:
  word: { type: string, description: what is said }
  code: { type: string, description: a code with leading zeros, default: "0755" }
  pin: { type: string, description: a number, secret: true }
steps:
  - id: say
    title: Say {word}
    source: ["1"]
    on: server1
    run: [echo, "{word}", "-", "{code}", "{pin}"]
    probe: "false"
    expect: "true"
    undo: none
    safe: true
  - id: say2
    title: Say it again
    source: ["2"]
    on: server2
    run: [echo, "{pin}"]
    probe: "false"
    expect: "true"
    undo: none
    safe: true
`;

const LOG = `Run RUN: Say something
runbook x5-2.99 (x5 2.99), plan HASH
cluster lighthouse (c2a7f6d4-8b1e-4f60-a3d9-61e07f5b2d84), by WHO

AT  run started  (WHO)
AT  say [1] on server1: Say x
  say: done, N ms
    $ echo x - 0755 '{secret:pin}'
    | x - 0755 {secret:pin}
AT  run parked: stopped after say, as asked  (WHO)
AT  run resumed  (WHO)
AT  say2 [2] on server2: Say it again
  say2: done, N ms
    $ echo '{secret:pin}'
    | {secret:pin}
AT  run finished  (WHO)
`;

let place: Place;
let runbook: string;
test.before(async () => {
  place = await makePlace();
  runbook = place.file('x5-2.99.runbook.yaml', RUNBOOK);
  const { exit, err } = await place.run('lab', 'up', '--config', 'x5mirror');
  if (exit !== 0) throw new Error(err);
});
test.after.always(async () => {
  await place?.run('lab', 'down');
  place?.remove();
});

function secretFile(value: string): string {
  const file = place.file('pin', value);
  chmodSync(file, 0o600);
  return file;
}

function withoutVarying(log: string, run: string): string {
  return (
    log
      .replaceAll(run, 'RUN')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'AT')
      // What was not observed in time before, on a busy machine.
      .replaceAll(/^ {4}\S+: .* -> .*\n/gm, '')
      .replaceAll(/plan [0-9a-f]{64}/g, 'plan HASH')
      .replaceAll(/(by |\()[^\s()]+@[^\s()]+/g, '$1WHO')
      .replaceAll(/\d+(\.\d+)? m?s$/gm, 'N ms')
  );
}

/** Every file below the state folder but the one that gives the value, as bytes. */
function filesThere(): [string, string][] {
  const all = readdirSync(place.home, { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile() && entry.name !== 'pin' && !entry.name.endsWith('.img'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => [file, readFileSync(file, 'latin1')]);
}

/** How the value would stand there, where the value alone may stand for something else. */
function leaksOf(value: string): string[] {
  const said = JSON.stringify(value).slice(1, -1);
  const all = [`0755 ${said}`, `0755","${said}"`, `["echo","${said}"`, `"${said}\\n"`];
  const isWord = /^\w{1,8}$/.test(value);
  const found = isWord ? all : [...all, value, said];
  return found.map((text) => Buffer.from(text).toString('latin1'));
}

/** The run from the start to its end, stopped once; its name. */
async function stoppedOnce(
  t: { is(a: unknown, b: unknown, why?: string): void },
  give: (words: string[]) => Promise<Ended>,
): Promise<{ run: string; said: string }> {
  const first = await give(['run', runbook, '--set', 'word=x', '--stop-after', 'say', '--yes']);
  t.is(first.exit, 3, first.err);
  const run = first.out.trim();
  const second = await give(['resume', run, '--yes']);
  t.is(second.exit, 0, second.err);
  return { run, said: first.out + first.err + second.out + second.err };
}

const VALUES = [
  'b',
  '7',
  'done',
  'say',
  'server1',
  '4711',
  'two words\n\'quoted\' "twice" $HOME `id` \\',
  '(a|b.*)+[^x]{2,}$^\\d?',
];

for (const value of VALUES) {
  test.serial(
    `the value ${JSON.stringify(value)} is nowhere, and nothing else is it`,
    async (t) => {
      const file = secretFile(`${value}\n`);
      const give = (words: string[]) => place.run(...words, '--secret', `pin=${file}`);
      const { run, said } = await stoppedOnce(t, give);
      const log = await place.run('run-log', run);
      t.is(withoutVarying(log.out, run), LOG);
      const places: [string, string][] = [...filesThere(), ['screen', said], ['log', log.out]];
      for (const [where, text] of places) {
        for (const leak of leaksOf(value)) t.false(text.includes(leak), `${where}: ${leak}`);
      }
    },
  );
}

/** Command lines of all processes, as whoever lists them sees them. */
function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((id) => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'utf8');
      } catch {
        return '';
      }
    });
}

test.serial(
  'no list of processes shows it, by a file, by stdin or in the environment',
  async (t) => {
    const value = 'quaint-46-otter';
    const seen = new Set<string>();
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted) {
        for (const line of commandLines()) seen.add(line);
        await pause(20);
      }
    })();
    const file = secretFile(value);
    const ways: ((words: string[]) => Promise<Ended>)[] = [
      (words) => place.run(...words, '--secret', `pin=${file}`),
      (words) => start(place.home, [...words, '--secret', 'pin=-'], {}, `${value}\n`).ended,
      (words) => start(place.home, words, { DRYDOCK_SECRET_pin: value }).ended,
    ];
    const told = [];
    for (const way of ways) told.push(await stoppedOnce(t, way));
    watching.abort();
    await watch;
    t.true(
      [...seen].some((line) => line.includes(program)),
      'the program itself was seen',
    );
    t.true(
      [...seen].some((line) => /command\.js/.test(line)),
      'commands of servers were seen',
    );
    t.deepEqual(
      [...seen].filter((line) => line.includes(value)),
      [],
    );
    for (const { said } of told) {
      t.false(said.includes(value));
      t.notRegex(said, /list of processes/);
    }
  },
);

test.serial('by --set it is taken with a warning, and goes on as a secret', async (t) => {
  const { run, said } = await stoppedOnce(t, (words) => place.run(...words, '--set', 'pin=b'));
  t.regex(said, /^the secret 'pin' stands in this machine's list of processes.*--secret pin=FILE/m);
  t.is(withoutVarying((await place.run('run-log', run)).out, run), LOG);
  const amiss = await place.run('run', runbook, '--set', 'word=x', '--yes');
  t.is(amiss.exit, 2);
  t.regex(amiss.err, /parameter 'pin' must be given; --secret pin=FILE, - for stdin/);
});

const REFUSED: [string[], RegExp][] = [
  [
    ['--secret', 'pin=/nowhere/hunter2'],
    /^drydock: --secret pin: no file can be read there \(ENOENT\); write /m,
  ],
  [['--secret', 'hunter2'], /^drydock: --secret is not NAME=FILE; /m],
  [['--secret', 'word=pin'], /^drydock: --secret: x5-2\.99 has no secret 'word'; /m],
  [
    ['--secret', 'pin=-', '--set', 'pin=hunter2'],
    /^drydock: --set and --secret both give 'pin'; /m,
  ],
  [['--secret', 'pin=EMPTY'], /^drydock: --secret pin: is empty; /m],
  [['--secret', 'pin=BINARY'], /^drydock: --secret pin: is not text: these bytes are no UTF-8; /m],
  [['--secret', 'pin=ZERO'], /^drydock: --secret pin: holds a zero byte, /m],
  [['--secret', 'pin=LONG'], /^drydock: --secret pin: is longer than 65536 bytes; /m],
];

test.serial('what gives no value is refused, and not repeated', async (t) => {
  const files = {
    EMPTY: '\n',
    BINARY: Buffer.from([0xff, 0xfe]),
    ZERO: 'a\0b',
    LONG: 'x'.repeat(70_000),
  };
  for (const [name, text] of Object.entries(files)) place.file(name, text);
  for (const [words, wanted] of REFUSED) {
    const given = words.map((word) =>
      word.replace(/=([A-Z]+)$/, (_whole, name) => `=${join(place.home, name)}`),
    );
    const { exit, err } = await place.run('run', runbook, '--set', 'word=x', '--yes', ...given);
    t.is(exit, 2, err);
    t.regex(err, wanted);
    t.notRegex(err, /hunter2/);
  }
  const run = (
    await place.run(
      'run',
      runbook,
      '--set',
      'word=x',
      '--secret',
      `pin=${secretFile('b')}`,
      '--stop-after',
      'say',
      '--yes',
    )
  ).out.trim();
  const other = await place.run('resume', run, '--set', 'word=y', '--yes');
  t.is(other.exit, 2);
  t.regex(other.err, /^drydock: --set word: run \S+ keeps the parameters that it began with; /m);
  const wrong = await place.run('resume', run, '--secret', `pin=${secretFile('c')}`, '--yes');
  t.is(wrong.exit, 2);
  t.regex(wrong.err, /^drydock: the secret 'pin' is not the one that run \S+ began with; /m);
  t.is((await place.run('abort', run)).exit, 0);
});

testWith(
  ['script'],
  'at a terminal it is asked for, and what is typed does not show',
  async (t) => {
    const value = 'quaint-46-otter';
    const command = [process.execPath, program, 'run', runbook, '--set', 'word=x', '--yes'];
    const child = execa('script', ['-qec', command.join(' '), '/dev/null'], {
      env: { DRYDOCK_HOME: place.home },
      all: true,
      reject: false,
    });
    let shown = '';
    child.stdout.on('data', (chunk) => {
      const before = shown.includes('it is not shown');
      shown += String(chunk);
      if (!before && shown.includes('it is not shown')) child.stdin.write(`${value}\r`);
    });
    const ended = await child;
    t.is(ended.exitCode, 0, shown);
    t.regex(shown, /pin \(a number; it is not shown\): /);
    t.false(shown.includes(value), shown);
    t.regex(shown, /is done/);
  },
);

test.serial('the record of all that verifies, and an export of it holds no value', async (t) => {
  const out = join(place.home, 'whole.ndjson');
  const exported = await place.run('audit', 'export', '--out', out);
  t.is(exported.exit, 0, exported.err);
  const verdict = await place.run('audit', 'verify', out);
  t.is(verdict.exit, 0, verdict.out);
  const text = readFileSync(out, 'latin1');
  for (const value of [...VALUES, 'quaint-46-otter', 'hunter2']) {
    for (const leak of leaksOf(value)) t.false(text.includes(leak), leak);
  }
});
