/**
 * Writes src/schema/generated from src/schema: a file of types for every *.schema.json, in a folder
 * of the same name where the schema lies in one; and of src/messages what each message is given.
 * What schemas and runbooks/README.md say of physical acts is filled in before.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import type { Json } from '../src/core/json.ts';
import { readmeWithActs, withActs } from './generate-acts.ts';
import { raisedMessages } from './generate-messages.ts';

const folder = new URL('../src/schema/', import.meta.url);
const readme = new URL('../runbooks/README.md', import.meta.url);

/** By its path below src/schema, what each schema holds and what it should hold. */
export async function schemas(): Promise<Map<string, { present: Json; expected: Json }>> {
  const found = new Map<string, { present: Json; expected: Json }>();
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((file) => file.endsWith('.schema.json')).sort()) {
    const present = JSON.parse(await readFile(new URL(name, folder), 'utf8')) as Json;
    found.set(name, { present, expected: withActs(present) });
  }
  return found;
}

/** By its path below src/schema/generated, what each file should hold. */
export async function generated(): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  for (const [name, { expected }] of await schemas()) {
    // The compiler takes references out of what it is handed.
    const schema = structuredClone(expected) as JSONSchema & { title: string };
    const text = await compile(schema, schema.title, {
      bannerComment: `/* Generated from src/schema/${name} by \`npm run types\`. */`,
      additionalProperties: false,
      unreachableDefinitions: true,
      style: { singleQuote: true, printWidth: 100 },
    });
    made.set(name.replace('.schema.json', '.ts'), text);
  }
  made.set('raised-messages.ts', raisedMessages());
  made.set('../../../runbooks/README.md', readmeWithActs(readFileSync(readme, 'utf8')));
  return made;
}

if (import.meta.main) {
  for (const [name, { present, expected }] of await schemas()) {
    if (isDeepStrictEqual(present, expected)) continue;
    // In one line: the formatter breaks it where it has to.
    await writeFile(new URL(name, folder), JSON.stringify(expected));
  }
  for (const [name, text] of await generated()) {
    const file = new URL(`generated/${name}`, folder);
    await mkdir(dirname(file.pathname), { recursive: true });
    await writeFile(file, text);
  }
}
