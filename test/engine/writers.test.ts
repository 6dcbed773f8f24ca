/**
 * Every field of the daemon's state has one writer: the concern that it belongs to. Who else has
 * to do with it tells that one a fact. Fresh records (daemon/fresh.ts) and what a new
 * configuration makes of them (daemon/reload.ts) are whole ones, and no writes to a field.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { type CallExpression, type ObjectExpression, parse } from 'acorn';
import { full } from 'acorn-walk';
import test from 'ava';

const folder = new URL('../../src/engine/', import.meta.url);
const setters = [
  'patch',
  'setPeer',
  'setEar',
  'setGroup',
  'setResource',
  'setMonitor',
  'saveFacts',
];
/** Records that setters and a new configuration replace; their fields are what is written. */
const records = ['patch.peers', 'patch.ears', 'patch.groups', 'patch.monitors'];

interface Write {
  field: string;
  file: string;
}

function keysOf(change: ObjectExpression): string[] {
  return change.properties.map((property) => {
    if (property.type === 'Property' && property.key.type === 'Identifier')
      return property.key.name;
    return 'what cannot be seen';
  });
}

/** Fields that a source writes, `setGroup.held`. */
function writesIn(file: string, source: string): Write[] {
  const found: Write[] = [];
  const tree = parse(stripTypeScriptTypes(source), { ecmaVersion: 'latest', sourceType: 'module' });
  full(tree, (node) => {
    if (node.type !== 'CallExpression') return;
    const { callee, arguments: given } = node as CallExpression;
    if (callee.type !== 'Identifier' || !setters.includes(callee.name)) return;
    const change = given.at(-1)!;
    if (file === 'turn.ts' && change.type === 'Identifier' && change.name === 'change') return;
    const keys = change.type === 'ObjectExpression' ? keysOf(change) : ['what cannot be seen'];
    for (const key of keys) found.push({ field: `${callee.name}.${key}`, file });
  });
  return found;
}

/** Fields with more than one writer, and writes whose fields cannot be seen. */
function objections(writes: Write[]): string[] {
  const writers = new Map<string, Set<string>>();
  for (const { field, file } of writes) {
    writers.set(field, (writers.get(field) ?? new Set()).add(file));
  }
  return [...writers]
    .filter(([field, files]) => files.size > 1 || field.endsWith('cannot be seen'))
    .map(([field, files]) => `${field} is written by ${[...files].sort().join(' and ')}`)
    .sort();
}

test('each field of the daemon’s state has one writer', (t) => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const writes = files
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => writesIn(name, readFileSync(new URL(name, folder), 'utf8')))
    .filter(({ field }) => !records.includes(field));
  t.deepEqual(objections(writes), []);
  const groups = writes.filter(({ field }) => field === 'setGroup.held');
  t.deepEqual([...new Set(groups.map(({ file }) => file))], ['groups/tasks.ts']);
});

test('a second writer, and a write that cannot be seen, are found', (t) => {
  const writes = [
    ...writesIn('a.ts', 'setGroup(turn, name, { held: true, blocked: null });'),
    ...writesIn('b.ts', 'setGroup(turn, name, { held: false });'),
    ...writesIn('c.ts', 'setPeer(turn, name, change); patch(turn, { ...change });'),
  ];
  t.deepEqual(objections(writes), [
    'patch.what cannot be seen is written by c.ts',
    'setGroup.held is written by a.ts and b.ts',
    'setPeer.what cannot be seen is written by c.ts',
  ]);
});
