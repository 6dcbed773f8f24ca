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
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Runbook, Step } from '../../schema/generated/runbook.ts';
import schema from '../../schema/runbook.schema.json' with { type: 'json' };
import { splitCommand } from './load-command.ts';
import { describeSchemaError } from './load-messages.ts';
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

export type Complain = (path: FieldPath, message: string, remedy: string, code?: string) => void;

/** What a file may hold, and how its rules are found in the schema. */
const FORMS = {
  runbook: { what: 'a runbook', rules: 'drydock.runbook-source/1' },
  overlay: { what: 'an overlay', rules: 'drydock.runbook-source/1#/definitions/overlay' },
} as const;

let ajv: Ajv | null = null;

function schemaErrors(value: unknown, form: keyof typeof FORMS): ErrorObject[] {
  if (!ajv) {
    ajv = new Ajv({ allErrors: true, allowUnionTypes: true, verbose: true });
    ajv.addSchema(schema);
  }
  const fits = ajv.getSchema(FORMS[form].rules)!;
  return fits(value) ? [] : (fits.errors ?? []);
}

/** Reads the text as one plain YAML document, or throws everything that is wrong with it. */
function readYaml(text: string, file: string, what: string) {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw badInput(`${what} is larger than ${MAX_BYTES} bytes`, {
      code: 'runbook.size',
      place: { file },
      remedy: 'split it into runbooks that call one another',
    });
  }
  const { document, places, errors } = readPlainYaml(text, file, what);
  throwAll(errors);
  return { document, places };
}

export function throwAll(errors: readonly DrydockError[]): void {
  const [first, ...others] = errors;
  if (first) throw new RunbookErrors([first, ...others]);
}

/**
 * A text that fits its schema. Who goes on checking complains, and `end` throws all that was wrong;
 * what does not fit the schema is thrown at once.
 */
export function readSource<Source>(text: string, file: string, form: keyof typeof FORMS) {
  const { what } = FORMS[form];
  const { document, places } = readYaml(text, file, what);
  const source: unknown = document.toJS({ maxAliasCount: 0 });
  const wrong: DrydockError[] = [];
  const complain: Complain = (path, message, remedy, code = 'runbook.malformed') => {
    const place = places.of(path);
    wrong.push(badInput(message, { code, place, ...(remedy ? { remedy } : {}) }));
  };
  for (const error of schemaErrors(source, form)) {
    const said = describeSchemaError(error, source, `the ${form}`);
    if (said) complain(said.path, said.message, said.remedy);
  }
  throwAll(wrong);
  const placeOf = (path: FieldPath, offset?: number) => places.of(path, offset);
  return { source: source as Source, placeOf, complain, end: () => throwAll(wrong) };
}

/** SHA-256 over the canonical JSON (RFC 8785). */
export function hashOf(content: object): string {
  return createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');
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

export function loadStep(step: Step, path: FieldPath, complain: Complain): LoadedStep {
  const verb = verbOf(step, path, complain);
  let argv: string[] | null = null;
  if (step.run !== undefined) argv = splitAt(step.run, [...path, 'run'], complain);
  if (step.watch) argv = splitAt(step.watch.run, [...path, 'watch', 'run'], complain);
  const undoArgv =
    step.undo === 'none' ? null : splitAt(step.undo.run, [...path, 'undo', 'run'], complain);
  return { ...step, verb, argv, undoArgv };
}

export function complainOfDoubles(
  steps: readonly { id: string; path: FieldPath }[],
  complain: Complain,
): void {
  const seen = new Set<string>();
  for (const { id, path } of steps) {
    if (seen.has(id)) {
      complain([...path, 'id'], `there are two steps '${id}'`, 'rename one of them');
    }
    seen.add(id);
  }
}

function complainOfSource({ source, site }: Runbook, complain: Complain): void {
  if (source && site !== undefined) {
    complain(['site'], 'a runbook of a manual is no house runbook', 'keep `source` or `site`');
  } else if (!source && site === undefined) {
    const remedy = 'write source: …, or for a runbook of your own site: …';
    complain([], "the runbook lacks the field 'source'", remedy);
  }
}

/** Parses one runbook; throws RunbookErrors with everything that is wrong. */
export function loadRunbook(text: string, file: string): LoadedRunbook {
  const { source: runbook, placeOf, complain, end } = readSource<Runbook>(text, file, 'runbook');
  const { situations: _tried, ...counted } = runbook;
  complainOfSource(runbook, complain);
  const steps = runbook.steps.map((step, index) => loadStep(step, ['steps', index], complain));
  complainOfDoubles(
    steps.map(({ id }, index) => ({ id, path: ['steps', index] })),
    complain,
  );
  end();
  return { file, hash: hashOf(counted), runbook: { ...runbook, steps }, placeOf };
}

/** A file's name, as errors have it, and its text. */
export interface SourceFile {
  file: string;
  text: string;
}

/** Hands each text on, and gathers what is wrong with those that are refused. */
export function gather(files: readonly SourceFile[], take: (file: SourceFile) => void) {
  const errors: DrydockError[] = [];
  for (const one of files) {
    try {
      take(one);
    } catch (error) {
      if (error instanceof RunbookErrors) errors.push(...error.errors);
      else if (error instanceof DrydockError) errors.push(error);
      else throw error;
    }
  }
  return errors;
}

/** Puts a runbook among the others; refuses a second one of its id. */
export function addRunbook(library: Map<string, LoadedRunbook>, loaded: LoadedRunbook): void {
  const { id } = loaded.runbook;
  const double = library.get(id);
  if (double) {
    throw badInput(`'${id}' stands in ${double.file} too`, {
      code: 'runbook.double',
      place: loaded.placeOf(['id']),
      remedy: 'give one of the two another id',
    });
  }
  library.set(id, loaded);
}

/** Every `*.runbook.yaml` under a folder, by id, and what is wrong with those that are left out. */
export function readRunbooks(folder = join(packageRoot(), 'runbooks')): {
  library: Map<string, LoadedRunbook>;
  errors: DrydockError[];
} {
  const library = new Map<string, LoadedRunbook>();
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.runbook.yaml'))
    .sort()
    .map((name) => join(folder, name))
    .map((path) => ({
      file: relative(packageRoot(), path),
      text: readFileSync(path, 'utf8'),
    }));
  const errors = gather(files, ({ file, text }) => addRunbook(library, loadRunbook(text, file)));
  return { library, errors };
}

/** The runbooks of a folder; one that is malformed is an error, reported with all others. */
export function loadRunbooks(folder?: string): Map<string, LoadedRunbook> {
  const { library, errors } = readRunbooks(folder);
  throwAll(errors);
  return library;
}
