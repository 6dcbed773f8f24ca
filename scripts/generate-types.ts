/**
 * Writes src/schema/generated from src/schema: a file of types for every *.schema.json, in a folder
 * of the same name where the schema lies in one; and of src/messages what each message is given.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compile } from 'json-schema-to-typescript';
import { argumentTypes } from './generate-message-types.ts';

const folder = new URL('../src/schema/', import.meta.url);

/** By its path below src/schema/generated, what each file should hold. */
export async function generated(): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  const names = await readdir(folder, { recursive: true });
  for (const name of names.filter((file) => file.endsWith('.schema.json')).sort()) {
    const schema = JSON.parse(await readFile(new URL(name, folder), 'utf8'));
    const text = await compile(schema, schema.title, {
      bannerComment: `/* Generated from src/schema/${name} by \`npm run types\`. */`,
      additionalProperties: false,
      unreachableDefinitions: true,
      style: { singleQuote: true, printWidth: 100 },
    });
    made.set(name.replace('.schema.json', '.ts'), text);
  }
  made.set('message-arguments.ts', argumentTypes());
  return made;
}

if (import.meta.main) {
  for (const [name, text] of await generated()) {
    const file = new URL(`generated/${name}`, folder);
    await mkdir(dirname(file.pathname), { recursive: true });
    await writeFile(file, text);
  }
}
