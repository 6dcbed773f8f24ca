/** The published schemas: what an editor is given for completion, and what the types are made of. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import test from 'ava';
import { parse } from 'yaml';
import { schemas } from '../scripts/generate-types.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'src/schema');
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.schema.json'))
  .sort();

interface Node {
  type?: unknown;
  description?: string;
  properties?: Record<string, Node>;
  additionalProperties?: Node | boolean;
  items?: Node;
  anyOf?: Node[];
  definitions?: Record<string, Node>;
  $ref?: string;
}

function read(name: string): Node {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** Fields that say nothing to who writes them. */
function silent(node: Node, path: string): string[] {
  const own = Object.entries(node.properties ?? {});
  const below = [node.additionalProperties, node.items, ...(node.anyOf ?? [])].filter(
    (one): one is Node => typeof one === 'object',
  );
  return [
    ...own
      .filter(([, field]) => field.description === undefined && field.$ref === undefined)
      .map(([name]) => `${path}.${name}`),
    ...own.flatMap(([name, field]) => silent(field, `${path}.${name}`)),
    ...below.flatMap((one) => silent(one, `${path}[]`)),
    ...Object.entries(node.definitions ?? {}).flatMap(([name, one]) => silent(one, name)),
  ];
}

for (const name of names) {
  test(`${name} is a schema by the rules of its own draft, whole in itself`, (t) => {
    const ajv = new Ajv({ strict: false });
    t.true(ajv.validateSchema(read(name) as object), JSON.stringify(ajv.errors));
    t.notThrows(() => ajv.compile(read(name) as object));
  });
}

/** Objects whose fields nobody closes: what stands there is of another contract, or free. */
function openObjects(node: Node, path: string): string[] {
  const parts = [
    ...Object.entries(node.properties ?? {}),
    ...Object.entries(node.definitions ?? {}),
    ...[...(node.anyOf ?? []), node.items, node.additionalProperties]
      .filter((one): one is Node => typeof one === 'object')
      .map((one): [string, Node] => ['[]', one]),
  ];
  const isOpen = node.type === 'object' && node.additionalProperties === undefined;
  return [
    ...(isOpen ? [path] : []),
    ...parts.flatMap(([name, one]) => openObjects(one, `${path}.${name}`)),
  ];
}

const reports = names.filter((name) => name.startsWith('reports/'));

/** By the type of the entry, and by the runbook. */
const FREE = /\.(journalEntry\.body|subject\.parameters)$/;

test('a report has no field that its schema does not name', (t) => {
  const found = reports.flatMap((name) => openObjects(read(name), name));
  t.deepEqual(
    found.filter((path) => !FREE.test(path)),
    [],
  );
});

test('what has one name in several schemas is one thing', (t) => {
  const said = new Map<string, string>();
  for (const name of reports) {
    for (const [title, definition] of Object.entries(read(name).definitions ?? {})) {
      const text = JSON.stringify(definition);
      t.is(said.get(title) ?? text, text, `${title} in ${name}`);
      said.set(title, text);
    }
  }
});

test('schemas say of physical acts what their entries say', async (t) => {
  for (const [name, { present, expected }] of await schemas()) {
    t.deepEqual(present, expected, `run \`npm run types\`, then \`npm run format\`: ${name}`);
  }
});

test('every field of a runbook says what it is for', (t) => {
  t.deepEqual(silent(read('runbook.schema.json'), 'runbook'), []);
});

test('every runbook names the schema to editors by a path that is right, and fits it', (t) => {
  const fits = new Ajv({ strict: false, allErrors: true }).compile(
    read('runbook.schema.json') as object,
  );
  const files = ['v3', 'x5'].flatMap((manual) =>
    readdirSync(join(root, 'runbooks', manual)).map((name) => join(root, 'runbooks', manual, name)),
  );
  t.true(files.length >= 18);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const named = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text.split('\n')[0] ?? '');
    t.truthy(named, file);
    t.true(existsSync(join(dirname(file), named?.[1] ?? 'nothing')), file);
    t.true(fits(parse(text)), `${file}: ${JSON.stringify(fits.errors)}`);
  }
});

test('a field that no runbook has does not fit', (t) => {
  const fits = new Ajv({ strict: false }).compile(read('runbook.schema.json') as object);
  const text = readFileSync(join(root, 'runbooks/v3/v3-11.10.2.runbook.yaml'), 'utf8');
  t.true(fits(parse(text)));
  t.false(fits({ ...parse(text), stepz: [] }));
});
