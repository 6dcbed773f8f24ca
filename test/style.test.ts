/**
 * Style that matters is a test: who may import whom, which calls belong to which room, how long a
 * function may be, and generated types in step with their schemas.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'acorn';
import { full } from 'acorn-walk';
import test from 'ava';
import { generated } from '../scripts/generate-types.ts';
import { acts } from '../src/cluster/acts/registry.ts';
import { commandNames } from '../src/commands/load.ts';
import { monitorTypes } from '../src/engine/monitors/registry.ts';
import { resourceTypes } from '../src/engine/resources/registry.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path];
  });
}

const sources = [...filesBelow('src'), ...filesBelow('machines')].filter(
  (path) => path.endsWith('.ts') && !path.startsWith('src/schema/generated'),
);
const text = new Map(sources.map((path) => [path, readFileSync(join(root, path), 'utf8')]));

/** The room a file stands in: `machines`, or the folder below `src`. */
function roomOf(path: string): string {
  const parts = path.split('/');
  return parts[0] === 'machines' ? 'machines' : (parts[1] as string);
}

const low = ['schema', 'core', 'messages', 'machines', 'ports', 'config'];
const parts = ['host', 'engine', 'mirror', 'nbd'];
const change = ['signing', 'change'];
const middle = [...low, ...change, ...parts, 'cluster', 'commands', 'runbook', 'audit'];

/** What each room may import, itself included. */
const mayImport: Record<string, string[]> = {
  schema: ['schema'],
  core: ['schema', 'core', 'ports'],
  messages: ['schema', 'core', 'messages'],
  machines: ['schema', 'core', 'machines'],
  ports: ['schema', 'core', 'machines', 'ports'],
  config: low,
  host: [...low, ...change, 'host'],
  engine: [...low, 'engine'],
  mirror: [...low, 'mirror'],
  nbd: [...low, 'nbd'],
  signing: [...low, 'signing'],
  change: [...low, ...change],
  cluster: [...low, ...change, 'cluster'],
  commands: [...low, ...change, 'cluster', 'commands'],
  audit: [...low, ...change, 'audit'],
  runbook: [...low, ...change, 'cluster', 'commands', 'audit', 'runbook'],
  adapters: [...middle, 'adapters'],
  sim: [...middle, 'sim'],
  lab: [...middle, 'adapters', 'lab'],
  service: [...middle, 'service'],
  cli: [...middle, 'service', 'adapters', 'sim', 'lab', 'cli'],
};

function importsOf(path: string): { target: string; typeOnly: boolean }[] {
  const found = text
    .get(path)!
    .matchAll(/(import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g);
  return [...found].map((match) => ({
    target: (match[3] ?? match[4]) as string,
    typeOnly: Boolean(match[2]),
  }));
}

test('rooms import only what lies below them', (t) => {
  const wrong: string[] = [];
  for (const path of sources) {
    const allowed = mayImport[roomOf(path)];
    if (!allowed) {
      wrong.push(`${path}: the room is not in ARCHITECTURE.md`);
      continue;
    }
    for (const { target, typeOnly } of importsOf(path)) {
      if (!target.startsWith('.')) continue;
      const to = relative(root, join(root, dirname(path), target));
      if (to.endsWith('.json') || to.startsWith('runbooks') || to.startsWith('fixtures')) continue;
      const room = roomOf(to);
      if (!allowed.includes(room)) wrong.push(`${path} imports ${to}`);
      const isInterface = roomOf(path) === 'core' && room === 'ports' && !typeOnly;
      if (isInterface && !path.endsWith('drive.ts'))
        wrong.push(`${path} imports more than types of ${to}`);
    }
  }
  t.deepEqual(wrong, []);
});

/** The files of a room that a file imports values of. */
function neighboursOf(path: string): string[] {
  return importsOf(path)
    .filter(({ target, typeOnly }) => target.startsWith('.') && !typeOnly)
    .map(({ target }) => relative(root, join(root, dirname(path), target)))
    .filter((to) => text.has(to) && roomOf(to) === roomOf(path));
}

/** The way from a file back to itself by imports of values within its room; null: there is none. */
function circleOf(path: string): string[] | null {
  const from = new Map<string, string>();
  const open = [path];
  while (open.length > 0) {
    const at = open.shift()!;
    for (const to of neighboursOf(at)) {
      if (to === path) {
        const way = [at];
        while (way[0] !== path) way.unshift(from.get(way[0]!)!);
        return [...way, path];
      }
      if (!from.has(to)) open.push(to);
      if (!from.has(to)) from.set(to, at);
    }
  }
  return null;
}

test('no circle of value imports within a room', (t) => {
  const ways = sources.map((path) => circleOf(path)).filter((way) => way !== null);
  t.deepEqual(
    ways.map((way) => way.join(' -> ')),
    [],
  );
});

/** What every concern of the daemon may import; and who puts the concerns, or the types, together. */
const common = [
  ...[
    'facts',
    'heard',
    'messages',
    'ocf',
    'orphans',
    'queries',
    'outside',
    'state',
    'turn',
    'work',
  ],
  ...['placement', 'destination', 'group-waits', 'group-words', 'around'],
  ...[
    'daemon/fresh',
    'peers/delays',
    'peers/marks',
    'peers/node-state',
    'peers/peer',
    'peers/sending',
  ],
  ...['resources/registry', 'resources/type', 'monitors/registry', 'monitors/type'],
  ...['partition/registry', 'partition/type'],
];
const assembly = [
  ...['drive', 'hearing', 'index', 'step'],
  ...['resources/registry', 'monitors/registry', 'partition/registry'],
];
/** What types have in common. */
const shared = [
  ...['monitors/address', 'monitors/agent', 'monitors/devices', 'monitors/programs'],
  ...['resources/mounting', 'resources/script', 'resources/volumes'],
];

test('a concern of the daemon imports no other one: it tells a fact', (t) => {
  const file = (name: string): string => `src/engine/${name}.ts`;
  const isAllowed = (path: string, to: string) =>
    common.map(file).includes(to) ||
    (dirname(path) === dirname(to) && shared.map(file).includes(to));
  const wrong = sources
    .filter((path) => roomOf(path) === 'engine' && !assembly.map(file).includes(path))
    .flatMap((path) => neighboursOf(path).map((to) => ({ path, to })))
    .filter(({ path, to }) => !isAllowed(path, to));
  t.deepEqual(
    wrong.map(({ path, to }) => `${path} imports ${to}`),
    [],
  );
});

test('nobody asks what a type of resource or monitor is called', (t) => {
  const types = [...resourceTypes.keys(), ...monitorTypes.keys()].join('|');
  const asks = new RegExp(
    `\\btype\\)? *[!=]==? *'(${types})'|'(${types})' *[!=]==? *[\\w.]*type\\b`,
  );
  const wrong = sources.filter((path) => asks.test(text.get(path)!));
  t.deepEqual(
    wrong,
    [],
    'ask src/config/kinds.ts what it is, or give its entry in src/engine a word',
  );
});

test('nobody asks what a physical act is called', (t) => {
  const names = [...acts.keys()].join('|');
  const asks = new RegExp(
    `\\bact\\)? *[!=]==? *'(${names})'|'(${names})' *[!=]==? *[\\w.]*act\\b|` +
      `\\bcase '(${names})'|\\b(Set|Map)\\(\\[[^\\]]*'(${names})'`,
  );
  const wrong = sources.filter((path) => asks.test(text.get(path)!));
  t.deepEqual(wrong, [], 'give its entry in src/cluster/acts a word');
});

test('machines and core import no node module', (t) => {
  const wrong = sources
    .filter((path) => ['machines', 'core'].includes(roomOf(path)))
    .filter((path) => importsOf(path).some(({ target }) => target.startsWith('node:')));
  t.deepEqual(wrong, []);
});

/** A call, the rooms or files it belongs to, and what to use elsewhere. */
const banned: [RegExp, string[], string][] = [
  [/\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(/, ['adapters', 'cli'], 'the Clock port'],
  [/\bMath\.random\(|\brandomUUID\(|\brandomBytes\(/, ['adapters', 'lab'], 'the Random port'],
  [
    /\b(setTimeout|setInterval|setImmediate)\(/,
    ['adapters', 'lab', 'cli', 'sim'],
    'the Clock port',
  ],
  [
    /\bconsole\.|process\.(stdout|stderr)|\b(stdout|stderr)\.write\(|\{[^}]*\bstd(out|err)\b[^}]*\} = process\b/,
    ['src/cli/words/terminal.ts', 'src/lab/command-main.ts'],
    'a report, or src/cli/words/terminal.ts, which makes text from outside visible',
  ],
  [/\bprocess\.exit\(/, ['cli', 'lab'], 'a DrydockError'],
  [/\bprocess\.env\b/, ['cli', 'lab', 'adapters'], 'an argument'],
  [/shell:\s*true|\bexecSync\(/, [], 'execa with an argument array'],
  [
    /from 'node:child_process'/,
    ['src/adapters/start-process.ts'],
    'execa, or src/adapters/start-process.ts in what lasts',
  ],
];

test('calls that belong to one room stay there', (t) => {
  const wrong: string[] = [];
  for (const path of sources) {
    const lines = text.get(path)!.split('\n');
    lines.forEach((line, index) => {
      if (/^\s*(\*|\/\/|\/\*)/.test(line)) return;
      for (const [pattern, rooms, instead] of banned) {
        if (pattern.test(line) && !rooms.includes(roomOf(path)) && !rooms.includes(path)) {
          wrong.push(`${path}:${index + 1}: use ${instead}: ${line.trim()}`);
        }
      }
    });
  }
  t.deepEqual(wrong, []);
});

/** Who writes files otherwise than src/adapters/durable-file.ts, and why it may. */
const ownWriters: Record<string, string> = {
  'src/adapters/durable-file.ts': 'what must not be lost: all of it and flushed, or an error',
  'src/adapters/edition-file.ts': 'a count of one process: cut short, it is none',
  'src/adapters/file-block-store.ts': 'blocks of a disk: its loops take a short write for a part',
  'src/adapters/node-bulk-files.ts': 'appends whole or throws; whoever appends flushes and checks',
  'src/adapters/node-files.ts':
    'logs of a server: appends whole or throws; a lost tail harms nobody',
  'src/adapters/file-log.ts': 'the log of a part: losing its tail harms nobody',
  'src/adapters/runner-lock.ts': 'words beside a lock, for people',
  'src/adapters/process-machinery.ts': 'images of disks: copied beside, flushed, renamed',
  'src/adapters/journal-file.ts': 'a copy of the record that is read and thrown away',
  'src/lab/io-record.ts': 'the lab’s own note of what it wrote; half a line at the end is left out',
};

test('what must not be lost is written in one place', (t) => {
  const writes =
    /\b((write|append|copy)File(Sync)?|writev?Sync|createWriteStream|outputFile(Sync)?)\(|write-file-atomic/;
  const found = sources.filter((path) => {
    const code = text.get(path)!.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    return writes.test(code);
  });
  t.deepEqual(found.sort(), Object.keys(ownWriters).sort(), 'use src/adapters/durable-file.ts');
});

test('a file of tests has at most 400 lines', (t) => {
  const long = [...filesBelow('test'), ...filesBelow('bench'), ...filesBelow('scripts')]
    .filter((path) => path.endsWith('.ts'))
    .filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 401);
  t.deepEqual(long, []);
});

test('functions have at most 70 lines and files at most 400', (t) => {
  const wrong: string[] = [];
  for (const [path, source] of text) {
    const length = source.split('\n').length;
    if (length > 401) wrong.push(`${path}: ${length} lines`);
    const tree = parse(stripTypeScriptTypes(source), {
      ecmaVersion: 'latest',
      sourceType: 'module',
      locations: true,
    });
    full(tree, (node) => {
      if (!/Function/.test(node.type) || !node.loc) return;
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines > 72) wrong.push(`${path}:${node.loc.start.line}: function of ${lines} lines`);
    });
  }
  t.deepEqual(wrong, []);
});

/** The longest run of fixed words of a template; shorter ones are anybody's words. */
function fixedWords(template: string): string[] {
  const longest = template
    .split(/%\d/)
    .toSorted((a, b) => b.length - a.length)[0]!
    .trim();
  return longest.length < 14 ? [] : [longest];
}

test('messages of the product stand in the catalogue alone', (t) => {
  const about = ['explanations.json', 'unraised.json'];
  const files = readdirSync(join(root, 'src/messages')).filter(
    (name) => name.endsWith('.json') && !about.includes(name),
  );
  const rows = files.flatMap(
    (name) =>
      JSON.parse(readFileSync(join(root, 'src/messages', name), 'utf8')) as { text: string }[],
  );
  const words = new Set(rows.flatMap(({ text: template }) => fixedWords(template)));
  t.true(words.size > 600);
  const found = sources.flatMap((path) => {
    const code = text.get(path)!.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    return [...words].filter((one) => code.includes(one)).map((one) => ({ path, one }));
  });
  t.deepEqual(
    found.map(({ path, one }) => `${path} says '${one}': raise it by its key`),
    [],
  );
});

/** Programs that mean something else nowhere. */
const programs = [
  ...commandNames.filter((name) => name.startsWith('clp')),
  ...['blockdev', 'chkconfig', 'dd', 'fdisk', 'reboot', 'systemctl', 'tar', 'umount'],
];

test('what a program does is said by its command alone: no rule of runbooks or papers names one', (t) => {
  const rooms = ['change', 'cluster', 'runbook', 'audit', 'service'];
  const wrong = sources
    .filter((path) => rooms.includes(roomOf(path)))
    .flatMap((path) => {
      const named = programs.filter((name) => text.get(path)!.includes(`'${name}'`));
      return named.map((name) => `${path} names ${name}: ask traitsOf of src/commands`);
    });
  t.deepEqual(wrong, []);
});

test('generated types are in step with their schemas', async (t) => {
  for (const [name, expected] of await generated()) {
    const present = readFileSync(join(root, 'src/schema/generated', name), 'utf8');
    t.is(present, expected, `run \`npm run types\`: src/schema/generated/${name} is out of step`);
  }
});

test('every source file is imported by another, or is a program', (t) => {
  const programs = /-main\.ts$|src\/cli\/main\.ts$/;
  const imported = new Set(
    sources.flatMap((path) =>
      importsOf(path)
        .filter(({ target }) => target.startsWith('.'))
        .map(({ target }) => relative(root, join(root, dirname(path), target))),
    ),
  );
  t.deepEqual(
    sources.filter((path) => !imported.has(path) && !programs.test(path)),
    [],
  );
});
