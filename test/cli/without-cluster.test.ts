/** The command line where no cluster is: words, help, documents, bad usage, bad files. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import yargs from 'yargs';
import { verbs } from '../../src/cli/verbs/verbs.ts';
import { documentOf, makePlace, type Place } from './support.ts';

let place: Place;
test.before(async () => {
  place = await makePlace();
});
test.after.always(() => place?.remove());

const examples = verbs.flatMap(({ command, builder }) => {
  const found: string[] = [];
  const listener = {
    example: (text: string) => {
      found.push(text);
      return proxy;
    },
  };
  const proxy: unknown = new Proxy(listener, {
    get: (target, name) => (name === 'example' ? target.example : () => proxy),
  });
  builder(proxy as ReturnType<typeof yargs>);
  return found.map((text) => ({ verb: command.split(' ')[0] as string, text }));
});

for (const { command } of verbs) {
  const verb = command.split(' ')[0] as string;
  test.serial(`${verb} --help says what it does, with an example`, async (t) => {
    const { exit, out, err } = await place.run(verb, '--help');
    t.is(exit, 0);
    t.is(err, '');
    t.regex(out, new RegExp(`^drydock ${verb}`));
    t.regex(out, new RegExp(`Examples:[^]*drydock ${verb}`));
  });
}

test.serial('every example of the help is taken by the parser', async (t) => {
  t.true(examples.length > verbs.length);
  for (const { verb, text } of examples) {
    const typed = text.replace(/^\S+=\$\((.*)\).*$/, '$1').replace(/ > \S+$/, '');
    const words = [...typed.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? (m[2] as string));
    let parser = yargs(words.slice(1)).strict().exitProcess(false).parserConfiguration({
      'populate--': true,
    });
    parser = parser.option('json', { type: 'boolean' }).option('cluster', { type: 'string' });
    for (const one of verbs)
      parser = parser.command(one.command, one.describe, one.builder, () => {});
    parser = parser.fail((message) => {
      throw new Error(`${text}: ${message}`);
    });
    const parsed = await parser.parseAsync();
    t.is(String(parsed._[0]), verb);
  }
});

const REFUSED: [string[], string][] = [
  [['lsit'], "there is no verb 'lsit'; did you mean 'list'?"],
  [['list', '--serach', 'x'], "there is no option '--serach'; did you mean '--search'?"],
  [['list', '--manual', 'v4'], "'v4' is no value of --manual; did you mean 'v3'?"],
  [['window', 'list', '--state', 'opne'], "'opne' is no value of --state; did you mean 'open'?"],
  [['list', '--search'], '--search needs a value'],
  [['lab', 'fualt'], "there is no 'lab fualt'; did you mean 'fault'?"],
  [['audit', 'verfy'], "there is no 'audit verfy'; did you mean 'verify'?"],
  [['run-log'], '`drydock run-log <run>` needs <run>'],
  [['runs', 'all'], "'all' is one word too many"],
  [['lab', 'up', '--cluster', 'a', '--cluster', 'b'], '--cluster was given 2 times'],
  [['lab', 'io', 'write', 'md1', '--count', 'x'], '--count wants a number'],
  [['show', 'v3-11.10.44'], "there is no runbook 'v3-11.10.44'; did you mean 'v3-11.10.4'?"],
  [['show', 'none.yaml'], 'cannot read none.yaml; check its name and that you may read it'],
  [['run', 'v3-5.1'], 'no cluster is up; start one with `drydock lab up`'],
  [['status', '--cluster', 'nope'], "there is no cluster 'nope'"],
  [['resume', 'nope'], 'no cluster is up'],
  [['run-log', 'nope'], "there is no run 'nope'"],
  [['clp', 'clpstta'], "there is no cluster command 'clpstta'; did you mean 'clpstat'?"],
  [['lab', 'up', '--config', 'v3el'], 'cannot read the configuration v3el; give a clp.conf'],
];

for (const [words, expected] of REFUSED) {
  test.serial(`drydock ${words.join(' ')} is refused in one line`, async (t) => {
    const { exit, out, err } = await place.run(...words);
    t.is(exit, 2);
    t.is(out, '');
    t.true(err.startsWith(`drydock: ${expected}`), err);
    t.is(err.trim().split('\n').length, 1);
  });
}

test.serial('without a verb it shows its help on stderr, and exits 2', async (t) => {
  const { exit, out, err } = await place.run();
  t.is(exit, 2);
  t.is(out, '');
  t.regex(err, /Commands:/);
});

test.serial('an error is a document with --json, and a line on stderr all the same', async (t) => {
  const ended = await place.run('show', 'v3-5.11', '--json');
  t.is(ended.exit, 2);
  const { schema, code, remedy, exit } = documentOf(ended);
  t.deepEqual([schema, code, exit], ['drydock.error/1', 'runbook.unknown', 2]);
  t.regex(String(remedy), /did you mean 'v3-5.1'/);
  t.regex(ended.err, /there is no runbook 'v3-5.11'/);
});

test.serial(
  'a malformed runbook is refused with file, line and column, by lint, show and run',
  async (t) => {
    const file = place.file('bad.runbook.yaml', 'id: x\ntitle: [\nsteps: none\n');
    const line = new RegExp(`${file.replaceAll('.', '\\.')}:3:1: `);
    t.regex((await place.run('lint', file)).out, line);
    for (const verb of ['show', 'lint']) t.is((await place.run(verb, file)).exit, 2);
    t.regex((await place.run('show', file)).err, line);
  },
);

test.serial('a malformed configuration is refused with file, line and column', async (t) => {
  const file = place.file('clp.conf', '<?xml version="1.0"?>\n<root>\n  <cluster>\n</root>\n');
  const { exit, err } = await place.run('lab', 'up', '--config', file);
  t.is(exit, 2);
  t.regex(err, /clp\.conf:\d+:\d+: /);
});

test.serial(
  'show prints every command, those of called runbooks too, with placeholders',
  async (t) => {
    const ended = await place.run('show', 'v3-11.10.4', '--json');
    const { id, steps } = documentOf(ended) as {
      id: string;
      steps: { id: string; kind: string; source: string[]; commands: string[][] }[];
    };
    t.is(id, 'v3-11.10.4');
    const commands = Object.fromEntries(steps.map((step) => [step.id, step.commands]));
    t.deepEqual(commands.recover, [['clpmdctrl', '--recovery', '{md}']]);
    const called = ['clpmdstat', '--mirror', '{md}'];
    t.deepEqual(commands.watch, [called, called]);
  },
);

test.serial('show says what a person does by hand, and with what', async (t) => {
  const { out } = await place.run('show', 'x5-2.18');
  t.regex(
    out,
    /A person: put new disks, made from an image, in place of the old ones \(\{image\}\)\.\n/,
  );
  t.regex(out, /A person: switch the server on\.\n/);
});

test.serial('documents carry a schema, and words stay off stdout', async (t) => {
  const asked = [
    ['list', '--json'],
    ['show', 'v3-5.1', '--json'],
    ['show', 'v3-5.1', '--graph', 'mermaid', '--json'],
    ['lint', '--json'],
    ['runs', '--json'],
    ['audit', 'verify', '--json'],
    ['lab', 'down', '--json'],
  ];
  for (const words of asked) {
    const ended = await place.run(...words);
    t.is(ended.exit, 0, words.join(' '));
    t.regex(String(documentOf(ended).schema), /^drydock\.[\w-]+\/1$/);
  }
});

test.serial('what is not a terminal gets no colour and no movement', async (t) => {
  const { out, err } = await place.run('show', 'v3-11.10.4');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what must not be there
  t.notRegex(out + err, /[\u001b\r]/);
});

test.serial('the completion script asks for names of runbooks', async (t) => {
  const { out } = await place.run('--get-yargs-completions', 'drydock', 'show', '');
  t.true(out.split('\n').includes('v3-11.10.4'));
  const script = await place.run('completion');
  t.regex(script.out, /_drydock_yargs_completions/);
});

test.serial('the README lists the verbs that there are', (t) => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  for (const { command } of verbs)
    t.regex(readme, new RegExp(`drydock ${command.split(' ')[0]}\\b`));
});
