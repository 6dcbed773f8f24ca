/** Documents of `--json` held to the schemas that are published for them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';

const folder = fileURLToPath(new URL('../../src/schema/reports', import.meta.url));

const ajv = new Ajv({ strict: false, allErrors: true });

const schemas = new Map<string, object>(
  readdirSync(folder)
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
    .map((schema) => [schema.$id, schema]),
);

/** A command's report as somebody at a terminal has it; its data have to fit their schema. */
export function wordsOf<Report extends { data: object | null }>({ data, ...words }: Report) {
  const misfits = data === null ? [] : misfitsOf(data);
  if (misfits.length > 0) throw new Error(`${misfits.join('; ')}: ${JSON.stringify(data)}`);
  return words;
}

/** What the schema that a document names finds wrong with it; empty: nothing. */
export function misfitsOf(document: object): string[] {
  const { schema: id } = document as { schema?: string };
  const schema = schemas.get(id ?? '');
  if (!schema) return [`no schema is published for ${id}`];
  const fits = ajv.compile(schema);
  if (fits(document)) return [];
  return (fits.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
