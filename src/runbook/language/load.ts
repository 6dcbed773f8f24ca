/**
 * From a file to a runbook: YAML, schema, commands split. All that is wrong is reported at once, each
 * with file, line, column, field and remedy. Hostile input is refused before it costs anything:
 * size, several documents, tags, aliases, duplicate keys.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import canonicalize from 'canonicalize';
import type { Document } from 'yaml';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Runbook, Step } from '../../schema/generated/runbook.ts';
import schema from '../../schema/runbook.schema.json' with { type: 'json' };
import { splitCommand } from './load-command.ts';
import { describeSchemaError } from './load-messages.ts';
import type { Places } from './load-places.ts';
import { packageRoot } from './package-root.ts';
import { readPlainYaml } from './plain-yaml.ts';
import {
  type FieldPath,
  type LoadedRunbook,
  type LoadedStep,
  RunbookErrors,
  VERBS,
} from './types.ts';

const MAX_BYTES = 1024 * 1024;

type Complain = (path: FieldPath, message: string, remedy: string, code?: string) => void;

let validator: ReturnType<Ajv['compile']> | null = null;

function schemaErrors(value: unknown): ErrorObject[] {
  validator ??= new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true }).compile(schema);
  return validator(value) ? [] : (validator.errors ?? []);
}

/** Reads the text as one plain YAML document, or throws everything that is wrong with it. */
function readYaml(text: string, file: string): { document: Document; places: Places } {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw badInput(`the runbook is larger than ${MAX_BYTES} bytes`, {
      code: 'runbook.size',
      place: { file },
      remedy: 'split it into runbooks that call one another',
    });
  }
  const { document, places, errors } = readPlainYaml(text, file, 'a runbook');
  if (errors.length > 0) throw new RunbookErrors(errors as [DrydockError, ...DrydockError[]]);
  return { document, places };
}

function splitAt(command: string | string[], path: FieldPath, complain: Complain): string[] {
  if (Array.isArray(command)) return command;
  try {
    return splitCommand(command);
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    complain(path, error.message, error.remedy ?? '', error.code);
    return [];
  }
}

function verbOf(step: Step, path: FieldPath, complain: Complain): LoadedStep['verb'] {
  const verbs = VERBS.filter((verb) => step[verb] !== undefined);
  const [verb = 'refuse', ...others] = verbs;
  if (verbs.length === 0) {
    complain(path, `step '${step.id}' has no verb`, `give it one of ${VERBS.join(', ')}`);
  } else if (others.length > 0) {
    complain(
      [...path, others[0]!],
      `step '${step.id}' has several verbs: ${verbs.join(', ')}`,
      'make it several steps',
    );
  }
  return verb;
}

function loadStep(step: Step, index: number, complain: Complain): LoadedStep {
  const path = ['steps', index];
  const verb = verbOf(step, path, complain);
  let argv: string[] | null = null;
  if (step.run !== undefined) argv = splitAt(step.run, [...path, 'run'], complain);
  if (step.watch) argv = splitAt(step.watch.run, [...path, 'watch', 'run'], complain);
  const undoArgv =
    step.undo === 'none' ? null : splitAt(step.undo.run, [...path, 'undo', 'run'], complain);
  return { ...step, verb, argv, undoArgv };
}

function complainOfDoubles(steps: LoadedStep[], complain: Complain): void {
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (seen.has(step.id)) {
      complain(['steps', index, 'id'], `there are two steps '${step.id}'`, 'rename one of them');
    }
    seen.add(step.id);
  }
}

/** Parses one runbook; throws RunbookErrors with everything that is wrong. */
export function loadRunbook(text: string, file: string): LoadedRunbook {
  const { document, places } = readYaml(text, file);
  const source: unknown = document.toJS({ maxAliasCount: 0 });
  const wrong: DrydockError[] = [];
  const complain: Complain = (path, message, remedy, code = 'runbook.malformed') => {
    const place = places.of(path);
    wrong.push(badInput(message, { code, place, ...(remedy ? { remedy } : {}) }));
  };
  for (const error of schemaErrors(source)) {
    const said = describeSchemaError(error, source);
    if (said) complain(said.path, said.message, said.remedy);
  }
  if (wrong.length > 0) throw new RunbookErrors(wrong as [DrydockError, ...DrydockError[]]);
  const { situations: _tried, ...counted } = source as Runbook;
  const runbook = source as Runbook;
  const steps = runbook.steps.map((step, index) => loadStep(step, index, complain));
  complainOfDoubles(steps, complain);
  if (wrong.length > 0) throw new RunbookErrors(wrong as [DrydockError, ...DrydockError[]]);
  return {
    file,
    hash: createHash('sha256')
      .update(canonicalize(counted) ?? '')
      .digest('hex'),
    runbook: { ...runbook, steps },
    placeOf: (path, offset) => places.of(path, offset),
  };
}

/** Every `*.runbook.yaml` under a folder, by id, and what is wrong with those that are left out. */
export function readRunbooks(folder = join(packageRoot(), 'runbooks')): {
  library: Map<string, LoadedRunbook>;
  errors: DrydockError[];
} {
  const library = new Map<string, LoadedRunbook>();
  const errors: DrydockError[] = [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.runbook.yaml'))
    .sort();
  for (const name of names) {
    const path = join(folder, name);
    try {
      const loaded = loadRunbook(readFileSync(path, 'utf8'), relative(packageRoot(), path));
      const double = library.get(loaded.runbook.id);
      if (double) {
        throw badInput(`'${loaded.runbook.id}' stands in ${double.file} too`, {
          code: 'runbook.double',
          place: loaded.placeOf(['id']),
          remedy: 'give one of the two another id',
        });
      }
      library.set(loaded.runbook.id, loaded);
    } catch (error) {
      if (error instanceof RunbookErrors) errors.push(...error.errors);
      else if (error instanceof DrydockError) errors.push(error);
      else throw error;
    }
  }
  return { library, errors };
}

/** The runbooks of a folder; one that is malformed is an error, reported with all others. */
export function loadRunbooks(folder?: string): Map<string, LoadedRunbook> {
  const { library, errors } = readRunbooks(folder);
  const [first, ...others] = errors;
  if (first) throw new RunbookErrors([first, ...others]);
  return library;
}
