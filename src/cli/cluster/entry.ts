/** A file of the inventory, read and written. Loaded where there is one: it brings YAML and Ajv. */
import { Ajv } from 'ajv';
import { stringify } from 'yaml';
import { createDurablySync, makeFolder } from '../../adapters/durable-file.ts';
import { badInput } from '../../core/errors.ts';
import { describeSchemaError } from '../../runbook/language/load-messages.ts';
import { readPlainYaml } from '../../runbook/language/plain-yaml.ts';
import schema from '../../schema/cluster-entry.schema.json' with { type: 'json' };
import { readText } from '../words/reading.ts';
import type { Entry } from './kind.ts';
import { kindOf } from './kinds.ts';

const MAX_CHARS = 64 * 1024;
const HEAD = '# A cluster that drydock knows: see `drydock cluster --help`.\n';

/** By kind, the rules for its fields; the registry of kinds and the schema name the same ones. */
const definitions: Record<string, object> = schema.definitions;

/** What is wrong with the fields of an entry of a kind that is known; null: nothing. */
function problemOf(entry: Entry) {
  const ajv = new Ajv({ allErrors: true, verbose: true });
  const fits = ajv.compile(definitions[entry.kind] as object);
  if (fits(entry)) return null;
  const said = (fits.errors ?? []).map((error) => describeSchemaError(error, entry, 'the entry'));
  const wrong = { path: [], message: 'the entry is not as its kind needs it' };
  return said.find((one) => one !== null) ?? { ...wrong, remedy: 'see the schema' };
}

/** Throws the first thing that is wrong, with its place. */
export function readEntry(file: string): Entry {
  const text = readText(file);
  if (text.length > MAX_CHARS) {
    throw badInput(`an entry of the inventory is longer than ${MAX_CHARS} characters`, {
      code: 'inventory.size',
      place: { file },
      remedy: 'see whether it is the right file',
    });
  }
  const { document, places, errors } = readPlainYaml(text, file, 'an entry of the inventory');
  if (errors[0]) throw errors[0];
  const entry: unknown = document.toJS({ maxAliasCount: 0 });
  const { kind } = (entry ?? {}) as { kind?: unknown };
  if (typeof kind !== 'string') {
    throw badInput('the entry does not say of which kind the cluster is', {
      code: 'inventory.malformed',
      place: places.of(['kind']),
      remedy: 'write kind: …',
    });
  }
  kindOf(kind, places.of(['kind']));
  const problem = problemOf(entry as Entry);
  if (problem === null) return entry as Entry;
  const { path, message, remedy } = problem;
  throw badInput(message, { code: 'inventory.malformed', place: places.of(path), remedy });
}

/** Of an entry that somebody gives by options. */
export function checkEntry(entry: Entry): void {
  const problem = problemOf(entry);
  if (problem === null) return;
  const remedy = `${problem.remedy} (each by --set FIELD=VALUE)`;
  throw badInput(problem.message, { code: 'usage', remedy });
}

/** Never over another file. */
export function writeEntry(folder: string, file: string, entry: Entry): void {
  let isNew: boolean;
  try {
    makeFolder(folder);
    isNew = createDurablySync(file, HEAD + stringify(entry));
  } catch (cause) {
    throw badInput(`cannot write ${file}: ${(cause as Error).message}`, {
      code: 'file.unwritable',
      remedy: 'make its folder one that you may write, and see that there is space',
      cause,
    });
  }
  if (isNew) return;
  throw badInput(`${file} is there already`, {
    code: 'cluster.exists',
    remedy: 'edit it, or take another name',
  });
}
