/** Style that matters is a test: in a room whose state has owners, nobody else writes it. */
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssignmentExpression, parse, type UpdateExpression } from 'acorn';
import { full } from 'acorn-walk';
import test from 'ava';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Rooms whose state has owners: whoever else wants a field changed asks its owner to. */
const rooms = ['src/mirror'];

/** The owners of a mirror's state: others see their fields, and write none of them. */
const owners = [
  'src/mirror/disk.ts',
  'src/mirror/life.ts',
  'src/mirror/copy/own-copy.ts',
  'src/mirror/pair/pair.ts',
  'src/mirror/writes/writes.ts',
  'src/mirror/recovery/recoveries.ts',
  'src/mirror/recovery/recovery.ts',
  'src/mirror/link/line.ts',
  'src/mirror/device/device.ts',
];

const sources = rooms.flatMap((room) =>
  readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(room, name)),
);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** `name: type`, `name = value` or `name;` of a class or an interface. */
const declares = (source: string, name: string): boolean =>
  new RegExp(`^\\s+(readonly )?${name}[?!]?(:| =|;)`, 'm').test(source);

test('a field is assigned only in the file that declares it', (t) => {
  t.true(sources.length > 40);
  const wrong: string[] = [];
  for (const path of sources) {
    const source = read(path);
    const code = stripTypeScriptTypes(source);
    const tree = parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true });
    full(tree, (node) => {
      const isChange = node.type === 'AssignmentExpression' || node.type === 'UpdateExpression';
      if (!isChange) return;
      const change = node as AssignmentExpression | UpdateExpression;
      const target = 'left' in change ? change.left : change.argument;
      if (target.type !== 'MemberExpression' || target.computed) return;
      if (target.object.type === 'ThisExpression' || target.property.type !== 'Identifier') return;
      const { name } = target.property;
      if (declares(source, name)) return;
      wrong.push(`${path}:${node.loc!.start.line}: ask the owner of \`${name}\` to change it`);
    });
  }
  t.deepEqual(wrong, []);
});

test('fields of an owner are private or readonly', (t) => {
  const open =
    /^ {2}(?!readonly |#|get |set |async |return |constructor)\w+[?!]?(: [^(\n]*)?( =.*)?;$/gm;
  const wrong = owners.flatMap((path) => {
    const body = /^export class [^\n]*\{\n(.*?)^\}/ms.exec(read(path))?.[1];
    if (body === undefined) return [`${path}: no class`];
    return (body.match(open) ?? []).map((line) => `${path}: ${line.trim()}`);
  });
  t.deepEqual(wrong, []);
});
