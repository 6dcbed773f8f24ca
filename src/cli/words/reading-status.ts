/** A status that somebody saved (`drydock status --json`), held to its schema before anything uses it. */
import { Ajv } from 'ajv';
import { badInput, type DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { describeSchemaError } from '../../runbook/language/load-messages.ts';
import { readPlainYaml } from '../../runbook/language/plain-yaml.ts';
import type { FieldPath } from '../../runbook/language/types.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Status } from '../../schema/generated/status.ts';
import schema from '../../schema/status.schema.json' with { type: 'json' };
import { readText } from './reading.ts';

/** A cluster of 32 servers with 100 groups has one of less than 1 MiB. */
const MAX_CHARS = 16 * 1024 * 1024;
const REMEDY = 'save one with `drydock status --json > FILE`';

/** With the line of the field: what is JSON is YAML as well, whose reader knows the places. */
function problem(file: string, text: string, path: FieldPath, message: string, remedy: string) {
  const { places } = readPlainYaml(text, file, 'a status');
  return badInput(message, { code: 'status.malformed', place: places.of(path), remedy });
}

function notJson(file: string, text: string, cause: unknown): DrydockError {
  const [first] = readPlainYaml(text, file, 'a status').errors;
  const said = (cause as Error).message;
  return badInput(`not JSON: ${said}`, {
    code: 'status.malformed',
    place: first?.place ?? { file },
    remedy: REMEDY,
    cause,
  });
}

function parsed(file: string, text: string): unknown {
  if (text.length > MAX_CHARS) {
    throw badInput(`a status is no longer than ${MAX_CHARS} characters`, {
      code: 'status.size',
      place: { file },
      remedy: 'see whether it is the right file',
    });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw notJson(file, text, cause);
  }
}

/** Throws the first thing that is wrong, with its line and field. */
export function readStatusFile(file: string): { status: Status; text: string } {
  const text = readText(file);
  const found = parsed(file, text);
  const named = (found as { schema?: unknown } | null)?.schema;
  if (named !== schema.$id) {
    const words = typeof named === 'string' ? `a document of ${named}` : 'no document of a status';
    throw problem(file, text, ['schema'], `it is ${words}, not of ${schema.$id}`, REMEDY);
  }
  const fits = new Ajv({ allErrors: true, verbose: true, strict: false }).compile(schema);
  if (fits(found)) return { status: found as Status, text };
  const errors = fits.errors ?? [];
  const said = errors.flatMap((error) => describeSchemaError(error, found, 'the status') ?? []);
  // What is wrong with a part is told by the whole too, in words of less use.
  const inside = said.find(({ path }) => path.length > 0) ?? said[0];
  const first = inside ?? { path: [], message: 'the status is not as its schema has it' };
  throw problem(file, text, first.path, first.message, REMEDY);
}

/** A status tells of servers, groups and the rest by name: they have to be those of the configuration. */
export function holdTo(
  config: ClusterConfiguration,
  { status, text, file }: { status: Status; text: string; file: string },
): void {
  if (status.kind !== 'expresscluster' || !status.expresscluster) {
    const message = `it is of a cluster of kind ${status.kind}, which has no clp.conf`;
    throw problem(file, text, ['kind'], message, 'give the status of one that has');
  }
  const named = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  const wanted = {
    servers: named(config.servers),
    groups: named(config.groups),
    resources: named(config.resources),
    monitors: named(config.monitors),
  };
  for (const [field, names] of Object.entries(wanted)) {
    const shown = Object.keys(status[field as keyof typeof wanted]);
    // A machine that stands by is in no configuration.
    const stray = field === 'servers' ? undefined : shown.find((name) => !names.includes(name));
    const lacking = names.find((name) => !shown.includes(name));
    if (stray === undefined && lacking === undefined) continue;
    const message =
      stray === undefined
        ? `it lacks '${lacking}', which the configuration has`
        : `the configuration has no '${stray}'`;
    const remedy =
      stray === undefined ? 'give the clp.conf of that cluster' : suggestion(stray, names);
    throw problem(file, text, stray === undefined ? [field] : [field, stray], message, remedy);
  }
}
