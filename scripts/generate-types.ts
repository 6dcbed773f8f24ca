/**
 * Writes src/schema/generated/*.ts: the types of src/schema/*.schema.json, and of src/messages/ what
 * each message is given.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { compile } from 'json-schema-to-typescript';
import { argumentTypes } from './generate-message-types.ts';

const folder = new URL('../src/schema/', import.meta.url);

export async function generated(): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  for (const name of (await readdir(folder))
    .filter((file) => file.endsWith('.schema.json'))
    .sort()) {
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
    await writeFile(new URL(`generated/${name}`, folder), text);
  }
}
