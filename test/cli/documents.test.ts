/**
 * Every `--json` document of every verb fits the schema that is published for it. The verbs and
 * their words are taken from the program's own list: one that is not played here fails. So do the
 * data of a command's report, a document within that document.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import type { ExecutionContext } from 'ava';
import { execaSync } from 'execa';
import type yargs from 'yargs';
import { verbs } from '../../src/cli/verbs/verbs.ts';
import { testWith } from '../support/tools.ts';
import { makePlace, type Place, start } from './support.ts';

const fixtures = new URL('../../fixtures/clusters/', import.meta.url);
const folder = fileURLToPath(new URL('../../src/schema', import.meta.url));

interface Published {
  file: string;
  /** What the `schema` field of its documents says. */
  names: string;
  fits: ValidateFunction;
}

const published: Published[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.schema.json'))
  .map((file) => {
    const schema = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    return { file, names: schema.$id, fits: ajv.compile(schema) };
  });

/** `window approve` for a verb with words of its own, else its name. */
const forms = verbs.flatMap(({ command, builder }) => {
  const [name = ''] = command.split(' ');
  let choices: readonly string[] | undefined;
  const listener: unknown = new Proxy(
    {},
    {
      get: (_target, what) => (_option: string, described?: { choices?: readonly string[] }) => {
        if (what === 'positional') choices ??= described?.choices;
        return listener;
      },
    },
  );
  builder(listener as ReturnType<typeof yargs>);
  return choices === undefined ? [name] : choices.map((choice) => `${name} ${choice}`);
});

interface Played {
  t: ExecutionContext;
  place: Place;
  /** Schemas (files) that a document was found to fit. */
  seen: Set<string>;
  played: Set<string>;
}

interface Document {
  schema: string;
  data?: Document | null;
}

/** What a command handed over beside its words. */
function dataIn({ schema, data }: Document): Document[] {
  return schema === 'drydock.report/1' && data ? [data] : [];
}

/** Documents, one a line; each has to fit exactly one schema. */
function check({ t, seen, played }: Played, words: string[], out: string): object[] {
  const line = words.join(' ');
  for (const form of forms) if (line === form || line.startsWith(`${form} `)) played.add(form);
  const documents = out
    .trimEnd()
    .split('\n')
    .map((one) => JSON.parse(one) as Document);
  for (const document of documents.flatMap((one) => [one, ...dataIn(one)])) {
    const candidates = published.filter(({ names }) => names === document.schema);
    const fitting = candidates.filter(({ fits }) => fits(document));
    const why = candidates.flatMap(({ fits }) => fits.errors ?? []);
    t.is(fitting.length, 1, `${line}: ${document.schema}: ${JSON.stringify(why.slice(0, 3))}`);
    for (const { file } of fitting) seen.add(file);
  }
  return documents;
}

/** The first document of a verb, with `--json`; `exit`: how it has to end. */
async function ask<Fields extends object = object>(
  story: Played,
  words: string[],
  { exit = 0, key }: { exit?: number; key?: string } = {},
): Promise<Fields> {
  const { t, place } = story;
  const env = key === undefined ? {} : { DRYDOCK_KEY: key };
  t.timeout(240_000);
  const ended = await start(place.home, [...words, '--json'], env).ended;
  t.is(ended.exit, exit, `${words.join(' ')}: ${ended.err}${ended.out.slice(0, 400)}`);
  return check(story, words, ended.out)[0] as Fields;
}

const RUNBOOK = ['v3-5.2.deactivate', '--set', 'server=server2'];

async function labAndLooks(story: Played): Promise<void> {
  const { place } = story;
  const text = readFileSync(new URL('v3le.clp.conf', fixtures), 'utf8');
  const counted = text.replace('<startupwait>', '<statistics><mirror>1</mirror></statistics>$&');
  const config = place.file('clp.conf', counted);
  await ask(story, ['lab', 'up', '--config', config, '--no-auto-recovery']);
  await ask(story, ['lab', 'status']);
  const lab = `folder=${join(place.home, 'lab', 'default')}`;
  await ask(story, ['cluster', 'add', 'training', '--kind', 'lab', '--set', lab]);
  await ask(story, ['cluster', 'list']);
  await ask(story, ['cluster', 'check']);
  await ask(story, ['lab', 'path', 'server1']);
  await ask(story, ['lab', 'exec', 'server1', 'clpstat']);
  await ask(story, ['lab', 'medium', 'server1', 'fd']);
  await ask(story, ['lab', 'fault', 'delay', 'lan0', 'server1', 'server2', '--ms', '0']);
  for (const what of ['write', 'verify', 'compare']) await ask(story, ['lab', 'io', what, 'md1']);
  const commands = [
    'clpstat',
    'clpstat -i',
    'clpmdstat -l',
    'clpmdstat -m md1',
    'clpmdstat -p md1',
  ];
  const others = [
    'clpgrp -n failover1',
    'clptoratio -s',
    'clpregctrl --get',
    'clpmonctrl -s -m userw',
    'clpmonctrl -r',
  ];
  for (const line of [...commands, ...others]) {
    const { data } = await ask<Document>(story, ['clp', ...line.split(' ')]);
    story.t.truthy(data, `${line}: no data came`);
  }
  await ask(story, ['status']);
  await ask(story, ['list']);
  await ask(story, ['show', 'v3-6.7.2']);
  await ask(story, ['show', 'v3-6.7.2', '--graph', 'svg']);
  await ask(story, ['lint']);
  await ask(story, ['show', 'nope'], { exit: 2 });
  await ask(story, ['preflight', ...RUNBOOK]);
  await ask(story, ['rehearse', ...RUNBOOK]);
  await ask(story, ['rehearse', 'v3-5.1', '--faults', 'stop-all:kill']);
  await ask(story, ['adopt', ...RUNBOOK, '--at', 'disable-daemon', '--yes'], { exit: 4 });
  const broken = place.file('broken.runbook.yaml', 'id: nothing\n');
  await ask(story, ['lint', broken], { exit: 2 });
  await ask(story, ['advise']);
  await ask(story, ['new', 'drain-web', '--out', join(place.home, 'drain-web.runbook.yaml')]);
  await ask(story, ['docs', '--out', join(place.home, 'pages')]);
}

async function runs(story: Played): Promise<void> {
  const begin = ['run', ...RUNBOOK, '--stop-after', 'disable-webmgr', '--yes'];
  const { run } = await ask<{ run: string }>(story, begin, { exit: 3 });
  await ask(story, ['handover', run, '--to', 'nobody-here', '--reason', 'a test']);
  await ask(story, ['handover', run, '--take', '--reason', 'a test']);
  await ask(story, ['amend', run, '--skip', 'restart', '--reason', 'a test', '--dry-run']);
  await ask(story, ['debts']);
  await ask(story, ['runs']);
  await ask(story, ['run-log', run]);
  await ask(story, ['explain', 'rc', '32']);
  await ask(story, ['explain', 'directories']);
  await ask(story, ['run-log', run, '--remainder']);
  await ask(story, ['resume', run, '--yes', '--stop-after', 'disable-daemon'], { exit: 3 });
  await ask(story, ['abort', run]);
  await ask(story, ['undo', run, '--yes'], { exit: 8 });
}

async function record(story: Played): Promise<void> {
  const { place, t } = story;
  await ask(story, ['audit', 'checkpoint']);
  await ask(story, ['audit', 'anchor', '--to', `file:${join(place.home, 'anchors')}`]);
  await ask(story, ['audit', 'verify']);
  await ask(story, ['audit', 'show']);
  await ask(story, ['audit', 'collect']);
  const exported = await place.run('audit', 'export', '--json');
  t.is(exported.exit, 0, exported.err);
  check(story, ['audit', 'export'], exported.out);
}

/** People with a key each: who asks and keeps the policy, who approves, who carries it out. */
function people(place: Place, cluster: string, login: string): Record<string, string> {
  const names = ['rosa', 'ana', 'ines'];
  const files = names.map((name): [string, string] => [name, join(place.home, name)]);
  for (const [, file] of files) {
    execaSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  }
  const roles = ['request, policy', 'approve', 'implement, emergency, request'];
  const lines = files.map(([name, file]) => {
    return `  - ${name} ${readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ')}`;
  });
  const policy = [
    `cluster: ${cluster}`,
    'demandsWindow: true',
    'approvals: 1',
    'people:',
    ...names.map(
      (name, at) => `  - { principal: ${name}, logins: [${login}], roles: [${roles[at]}] }`,
    ),
    'signers:',
    ...lines,
    '',
  ].join('\n');
  place.file('policy.yaml', policy);
  return Object.fromEntries(files);
}

async function windows(story: Played): Promise<void> {
  const { place } = story;
  const draft = join(place.home, 'first.yaml');
  await ask(story, ['window', 'policy', 'init', '--out', draft]);
  const first = readFileSync(draft, 'utf8');
  const cluster = /^cluster: (\S+)$/m.exec(first)?.[1] as string;
  const login = (/principal: (\S+)$/m.exec(first)?.[1] ?? '').split('@')[0] as string;
  const { rosa, ana, ines } = people(place, cluster, login) as Record<string, string>;
  const by = (key: string | undefined, exit = 0) => ({ key: String(key), exit });
  const window = (...words: string[]) => ['window', ...words];
  await ask(story, window('policy', 'sign', join(place.home, 'policy.yaml'), '--yes'), by(rosa));
  await ask(story, window('policy', 'push', '--yes'));
  await ask(story, window('policy'));
  await ask(story, window('freeze'));
  const about = ['--title', 'A test', '--reason', 'a test', '--risk', 'none', '--impact', 'none'];
  const times = ['--backout', 'none', '--start', 'now', '--end', '+2h', '--implementer', 'ines'];
  const plan = ['--plan', `${RUNBOOK[0]} server=server2`];
  for (const ticket of ['CHG-1', 'CHG-2', 'CHG-3']) {
    const more = ['--ticket', ticket, '--yes'];
    await ask(story, window('request', ...about, ...times, ...plan, ...more), by(rosa));
  }
  await ask(story, window('list'));
  await ask(story, window('show', 'CHG-1'));
  await ask(story, window('withdraw', 'CHG-2', '--reason', 'a test', '--yes'), by(rosa));
  await ask(story, window('reject', 'CHG-3', '--reason', 'a test', '--yes'), by(ana));
  await ask(story, window('approve', 'CHG-1', '--yes'), by(ana));
  await ask(story, window('open', 'CHG-1', '--yes'), by(ines));
  await ask(story, window('push', 'CHG-1'));
  await ask(story, window('close', 'CHG-1', '--outcome', 'not-done', '--yes'), by(ines));
  await ask(story, window('review', 'CHG-1', '--notes', 'a test', '--yes'), by(ana));
  const papers = join(place.home, 'papers.json');
  await ask(story, window('export', 'CHG-1'));
  await ask(story, window('export', 'CHG-1', '--out', papers));
  await ask(story, window('import', papers));
  await ask(story, ['audit', 'export', 'CHG-1', '--out', join(place.home, 'evidence')]);
  await ask(story, window('emergency', '--reason', 'a test', '--yes'), by(ines));
  await ask(story, window('emergency', '--without-documents', '--reason', 'a test', '--yes'));
}

/** In a state folder of its own: a record that is gone is begun anew. */
async function recordAnew(story: Played): Promise<void> {
  const place = await makePlace();
  try {
    const other = { ...story, place };
    await ask(other, ['audit', 'checkpoint']);
    rmSync(join(place.home, 'journal.sqlite'));
    await ask(other, ['audit', 'begin', '--reason', 'a test']);
  } finally {
    place.remove();
  }
}

testWith(['ssh-keygen'], 'what every verb prints with --json fits its schema', async (t) => {
  const place = await makePlace();
  const story: Played = { t, place, seen: new Set(), played: new Set() };
  try {
    await labAndLooks(story);
    await runs(story);
    await record(story);
    await windows(story);
    await recordAnew(story);
    await ask(story, ['lab', 'down']);
    await ask(story, ['demo']);
  } finally {
    await place.run('lab', 'down');
    place.remove();
  }
  t.deepEqual(
    forms.filter((form) => !story.played.has(form)),
    [],
    'a verb that is not played: nobody sees whether its document fits a schema',
  );
  const reports = published.map(({ file }) => file).filter((file) => file.startsWith('reports/'));
  t.deepEqual(
    reports.filter((file) => !story.seen.has(file)),
    [],
    'a schema of which no verb prints a document',
  );
});
