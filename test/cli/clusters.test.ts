/** The inventory, as files and on the command line. What lies here as labs is not up. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { kinds } from '../../src/cli/cluster/kinds.ts';
import schema from '../../src/schema/cluster-entry.schema.json' with { type: 'json' };
import { misfitsOf } from '../support/report-schemas.ts';
import { documentOf, makePlace, type Place, start } from './support.ts';

let built: Place;
test.before(async () => {
  built = await makePlace();
});
test.after.always(() => built?.remove());

interface Home {
  home: string;
  run(...words: string[]): ReturnType<Place['run']>;
  /** A folder that counts as a lab, and nothing runs in it. */
  lab(folder: string): string;
  /** A file of the inventory. */
  entry(name: string, text: string): string;
}

async function inHome(use: (home: Home) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'drydock-inventory-'));
  const write = (file: string, text: string) => {
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, text);
  };
  try {
    await use({
      home,
      run: (...words) => start(home, words).ended,
      lab(folder) {
        write(join(home, folder, 'lab.json'), '{}');
        return join(home, folder);
      },
      entry(name, text) {
        write(join(home, 'clusters', `${name}.yaml`), text);
        return join(home, 'clusters', `${name}.yaml`);
      },
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

test('the schema of an entry and the registry name the same kinds', (t) => {
  const definitions: Record<string, { properties: { kind: { const: string } } }> =
    schema.definitions;
  t.deepEqual(
    Object.keys(definitions),
    kinds.map(({ kind }) => kind),
  );
  for (const [name, { properties }] of Object.entries(definitions))
    t.is(properties.kind.const, name);
  t.deepEqual(
    schema.anyOf.map(({ $ref }) => $ref),
    kinds.map(({ kind }) => `#/definitions/${kind}`),
  );
});

test('labs are listed without an entry, and once where they have one', async (t) => {
  await inHome(async ({ home, run, lab, entry }) => {
    const empty = await run('cluster', 'list');
    t.is(empty.out, `no cluster is known; the inventory is ${join(home, 'clusters')}\n`);
    const first = lab('lab/first');
    const other = lab('lab/other');
    const far = join(home, 'far');
    entry('training', `kind: lab\nfolder: ${first}\n`);
    entry('far', `kind: lab\nfolder: ${far}\n`);
    const broken = entry('broken', 'kind: boat\n');
    const listed = documentOf(await run('cluster', 'list', '--json'));
    t.deepEqual(misfitsOf(listed), []);
    const place = (name: string) => join(home, 'clusters', `${name}.yaml`);
    const problem =
      `${broken}:1:7: kind: this build cannot open a cluster of kind 'boat'; ` +
      'it can open those of kind lab';
    t.deepEqual(listed.clusters, [
      { name: 'broken', kind: null, place: null, file: broken, problem },
      { name: 'far', kind: 'lab', place: far, file: place('far'), problem: null },
      { name: 'training', kind: 'lab', place: first, file: place('training'), problem: null },
      { name: 'other', kind: 'lab', place: other, file: null, problem: null },
    ]);
  });
});

test('a cluster is added once, with its folder from the root on, and nothing is written over', async (t) => {
  await inHome(async ({ home, run, lab }) => {
    const own = lab('lab/default');
    const add = (name: string, folder: string, ...more: string[]) =>
      run('cluster', 'add', name, '--kind', 'lab', '--set', `folder=${folder}`, ...more);
    const added = documentOf(await add('training', join(home, 'x', '..', 'y'), '--json'));
    t.deepEqual(misfitsOf(added), []);
    const file = join(home, 'clusters', 'training.yaml');
    t.like(added, { name: 'training', kind: 'lab', place: join(home, 'y'), file });
    const text = readFileSync(file, 'utf8');
    t.regex(text, new RegExp(`^# .*\\nkind: lab\\nfolder: ${join(home, 'y')}\\n$`));
    const refused: [string, string, RegExp][] = [
      ['training', join(home, 'z'), /there is a cluster 'training' already: .*\/y;/],
      ['again', join(home, 'y'), /there is a cluster 'training' already: .*\/y;/],
      ['default', join(home, 'z'), /there is a cluster 'default' already: .*\/lab\/default;/],
      ['a/b', own, /'a\/b' is no name for a cluster;/],
    ];
    for (const [name, folder, message] of refused) {
      const { exit, err } = await add(name, folder);
      t.is(exit, 2);
      t.regex(err, message);
    }
    t.is(readFileSync(file, 'utf8'), text);
    t.is((await add('house', own)).exit, 0, 'a lab that is found by itself may have a name more');
  });
});

const ADDED: [string[], RegExp][] = [
  [['x'], /the kind of the cluster is missing; write `drydock cluster add NAME --kind KIND/],
  [['--kind', 'lab'], /a name for the cluster is missing/],
  [['x', '--kind', 'ssh'], /cannot open a cluster of kind 'ssh'; it can open those of kind lab/],
  [['x', '--kind', 'lab'], /the entry lacks the field 'folder'; write folder: … \(each by --set/],
  [['x', '--kind', 'lab', '--set', 'folder=/x', '--set', 'hots=1'], /unknown field 'hots'/],
  [['x', '--kind', 'lab', '--set', 'folder'], /--set folder is not NAME=VALUE/],
];

for (const [words, message] of ADDED) {
  test(`drydock cluster add ${words.join(' ')} is refused, and writes nothing`, async (t) => {
    await inHome(async ({ run }) => {
      const { exit, err } = await run('cluster', 'add', ...words);
      t.is(exit, 2);
      t.regex(err, message);
      t.deepEqual(documentOf(await run('cluster', 'list', '--json')).clusters, []);
    });
  });
}

const MALFORMED: [string, RegExp][] = [
  ['kind: boat\nfolder: /x\n', /:1:7: kind: this build cannot open a cluster of kind 'boat'/],
  ['kind: lab\n', /:1:1: the entry lacks the field 'folder'; write folder: …/],
  ['kind: lab\nfolder: x\n', /:2:9: folder: 'folder' is not written as it should be/],
  ['kind: lab\nfolder: /x\nhost: y\n', /:3:7: host: unknown field 'host'/],
  ['folder: /x\n', /:1:1: kind: the entry does not say of which kind the cluster is/],
  ['kind: lab\nkind: lab\n', /:2:1: not YAML as an entry of the inventory needs it/],
  ['kind: &a lab\nfolder: *a\n', /an entry of the inventory has no YAML (anchor|alias)/],
  ['- lab\n', /the entry does not say of which kind/],
  ['', /the entry does not say of which kind/],
  [`kind: lab\nfolder: /${'x'.repeat(70_000)}\n`, /is longer than 65536 characters/],
];

for (const [text, message] of MALFORMED) {
  test(`an entry is refused with file, line and field: ${JSON.stringify(text.slice(0, 40))}`, async (t) => {
    await inHome(async ({ run, entry, lab }) => {
      const file = entry('odd', text);
      lab('lab/default');
      const { exit, out, err } = await run('status', '--cluster', 'odd');
      t.is(exit, 2);
      t.is(out, '');
      t.true(err.startsWith(`drydock: ${file}:`), err);
      t.regex(err, message);
      t.is(err.trim().split('\n').length, 1);
      // The others are found all the same.
      t.like(await run('cluster', 'check', 'nope'), { exit: 2 });
      const listed = documentOf(await run('cluster', 'list', '--json')).clusters as object[];
      t.is(listed.length, 2);
    });
  });
}

test('what a name means', async (t) => {
  await inHome(async ({ home, run, lab, entry }) => {
    const absent = (name: string, folder: string) =>
      `drydock: cluster '${name}': there is no lab in ${folder}; ` +
      `start one with \`drydock lab up --cluster ${name}\`\n`;
    const far = join(home, 'far');
    entry('training', `kind: lab\nfolder: ${far}\n`);
    const said = async (...words: string[]) => (await run(...words)).err;
    t.is(await said('status'), absent('training', far), 'the only one there is');
    t.is(await said('lab', 'status', '--cluster', 'training'), absent('training', far));
    t.is(await said('clp', 'clpstat', '--cluster', 'training'), absent('training', far));
    t.is(await said('cluster', 'check', 'training'), absent('training', far));
    t.is(await said('lab', 'down', '--cluster', 'training'), `down: ${far}\n`);
    lab('lab/other');
    const both = 'drydock: there are 2 clusters: training, other; name one with --cluster\n';
    t.is(await said('status'), both);
    t.is(await said('cluster', 'check'), both);
    t.regex(await said('status', '--cluster', 'trainnig'), /did you mean 'training'\?/);
    t.regex(await said('cluster', 'check', 'a', '--cluster', 'b'), /two clusters are named/);
    lab('lab/training');
    const places = `${far}, ${join(home, 'lab/training')}`;
    t.regex(await said('status', '--cluster', 'training'), new RegExp(`'training': ${places};`));
    rmSync(join(home, 'lab'), { recursive: true });
    const named = start(home, ['status'], { DRYDOCK_CLUSTER: 'elsewhere' }).ended;
    t.regex((await named).err, /there is no cluster 'elsewhere'/);
    const flagged = ['status', '--cluster', 'training'];
    const flag = await start(home, flagged, { DRYDOCK_CLUSTER: 'elsewhere' }).ended;
    t.is(flag.err, absent('training', far), 'a flag beats a variable');
  });
});

test('without DRYDOCK_HOME the inventory is in the configuration folder', async (t) => {
  await inHome(async ({ home }) => {
    const env = { DRYDOCK_HOME: '', XDG_CONFIG_HOME: join(home, 'c'), XDG_STATE_HOME: home };
    const { out } = await start(home, ['cluster', 'list'], env).ended;
    t.is(out, `no cluster is known; the inventory is ${join(home, 'c/drydock/clusters')}\n`);
  });
});

test('the shell completes the words of `cluster`, and names', async (t) => {
  await inHome(async ({ run, lab, entry }) => {
    lab('lab/default');
    entry('training', 'kind: lab\nfolder: /x\n');
    const completed = async (...words: string[]) =>
      (await run('--get-yargs-completions', 'drydock', ...words)).out.trim().split('\n');
    t.deepEqual(await completed('cluster', ''), ['list', 'add', 'check']);
    t.deepEqual(await completed('cluster', 'check', ''), ['training', 'default']);
  });
});
