/** Parameters: given ones checked, missing ones found in the cluster, or a clear error. */
import { badInput, type DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { suggestion } from '../core/nearest.ts';
import type { Parameter } from '../schema/generated/runbook.ts';
import type { Status } from '../schema/generated/status.ts';
import { evaluate } from './expressions.ts';
import { type Planning, scopeOf } from './plan.ts';
import type { LoadedRunbook } from './types.ts';

type From = NonNullable<Parameter['from']>;

/** Names that a parameter may take, for `from`. */
export function namesFrom(status: Status, from: From): string[] {
  if (from === 'devices') {
    const disks = Object.values(status.servers).flatMap(({ disks }) => Object.keys(disks ?? {}));
    return [...new Set(disks)].sort();
  }
  return Object.keys(status[from]);
}

function wrong(name: string, message: string, remedy: string): DrydockError {
  return badInput(`parameter '${name}' ${message}`, { code: 'parameter.wrong', remedy });
}

/** Texts of the command line become what the runbook declares. */
function typed(name: string, parameter: Parameter, given: Json): Json {
  const { type } = parameter;
  if (type === 'string') {
    if (typeof given === 'string') return given;
    throw wrong(name, `must be a text, not ${JSON.stringify(given)}`, `--set ${name}=TEXT`);
  }
  if (type === 'boolean') {
    if (given === true || given === 'true') return true;
    if (given === false || given === 'false') return false;
    throw wrong(name, `must be true or false, not ${String(given)}`, `--set ${name}=true`);
  }
  const text = String(given).trim();
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number) || (type === 'integer' && !Number.isInteger(number))) {
    throw wrong(name, `must be a ${type}, not '${text}'`, `--set ${name}=1`);
  }
  return number;
}

function checked(status: Status, name: string, parameter: Parameter, value: Json): Json {
  const { minimum, maximum, pattern, from } = parameter;
  if (parameter.enum && !parameter.enum.includes(value as string)) {
    throw wrong(
      name,
      `cannot be '${value}'`,
      suggestion(String(value), parameter.enum.map(String)),
    );
  }
  if (typeof value === 'number' && minimum !== undefined && value < minimum) {
    throw wrong(name, `cannot be ${value}`, `the least is ${minimum}`);
  }
  if (typeof value === 'number' && maximum !== undefined && value > maximum) {
    throw wrong(name, `cannot be ${value}`, `the most is ${maximum}`);
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(String(value))) {
    throw wrong(name, `cannot be '${value}'`, `it must match ${pattern}`);
  }
  if (from) {
    const names = namesFrom(status, from);
    // A server that nobody can ask hides its disks: then any device may be meant.
    const hidden = from === 'devices' && Object.values(status.servers).some(({ disks }) => !disks);
    if (!names.includes(String(value)) && !hidden) {
      throw badInput(`there is no ${from.slice(0, -1)} '${value}' (parameter '${name}')`, {
        code: `${from.slice(0, -1)}.unknown`,
        remedy: suggestion(String(value), names),
      });
    }
  }
  return value;
}

function defaultOf(
  planning: Planning,
  name: string,
  parameter: Parameter,
  names: Record<string, Json>,
): Json {
  const expression = parameter['default-expression'];
  if (expression !== undefined) {
    const result = evaluate(expression, scopeOf(planning, names));
    if ('value' in result && result.value !== null) return result.value;
    const why = 'unknown' in result ? result.unknown : 'the cluster has none';
    throw badInput(`parameter '${name}' must be given: ${why}`, {
      code: 'parameter.missing',
      remedy: `--set ${name}=… (${parameter.description})`,
    });
  }
  if (parameter.default !== undefined) return parameter.default;
  const candidates = parameter.from ? namesFrom(planning.status, parameter.from) : [];
  if (candidates.length === 1 && candidates[0] !== undefined) return candidates[0];
  const which = candidates.length ? `one of ${candidates.join(', ')}` : parameter.description;
  throw badInput(`parameter '${name}' must be given`, {
    code: 'parameter.missing',
    remedy: `--set ${name}=… (${which})`,
  });
}

export function bindParameters(
  planning: Planning,
  loaded: LoadedRunbook,
  given: Record<string, Json>,
): Record<string, Json> {
  const declared = loaded.runbook.parameters ?? {};
  const stray = Object.keys(given).find((name) => !Object.hasOwn(declared, name));
  if (stray !== undefined) {
    throw badInput(`'${loaded.runbook.id}' has no parameter '${stray}'`, {
      code: 'parameter.unknown',
      remedy: suggestion(stray, Object.keys(declared)),
    });
  }
  const names: Record<string, Json> = {};
  for (const [name, parameter] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name)
      ? typed(name, parameter, given[name] ?? null)
      : defaultOf(planning, name, parameter, names);
    names[name] = checked(planning.status, name, parameter, value);
    if (parameter.secret) planning.secrets.add(name);
  }
  return names;
}
