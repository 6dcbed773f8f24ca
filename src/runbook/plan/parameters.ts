/** Parameters: given ones checked, missing ones found in the cluster, or a clear error. */
import { membersOf } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Parameter } from '../../schema/generated/runbook.ts';
import type { Status } from '../../schema/generated/status.ts';
import { evaluate } from '../language/expressions/expressions.ts';
import type { SecretNames } from '../language/template.ts';
import type { LoadedRunbook } from '../language/types.ts';
import { type Planning, scopeOf } from './planning.ts';

type From = NonNullable<Parameter['from']>;

/** A parameter that somebody has to give. */
export class MissingParameter extends DrydockError {
  readonly parameter: string;
  readonly description: string;
  /** What it may be, as the cluster is; empty: what only a person knows. */
  readonly oneOf: string[];
  /** Stands for that, where something has to. */
  readonly anything: Json;
  /** What it names one of. */
  readonly from: From | null;

  constructor(name: string, { description, from, type }: Parameter, oneOf: string[], words: Words) {
    const { message, remedy } = words;
    super(message, { code: 'parameter.missing', exit: 2, remedy });
    this.parameter = name;
    this.description = description;
    this.oneOf = oneOf;
    this.from = from ?? null;
    this.anything = { string: 'x', integer: 1, number: 1, boolean: true }[type];
  }
}

interface Words {
  message: string;
  remedy: string;
}

/** Names that a parameter may take, for `from`. */
export function namesFrom(status: Status, from: From): string[] {
  if (from === 'devices') {
    const disks = Object.values(status.servers).flatMap(({ system }) =>
      Object.keys(system.disks ?? {}),
    );
    return [...new Set(disks)].sort();
  }
  if (from === 'servers') return membersOf(status).map(({ name }) => name);
  if (from === 'machines') return Object.keys(status.servers);
  return Object.keys(from === 'mirrors' ? status.volumes : status[from]);
}

function wrong(name: string, message: string, remedy: string): DrydockError {
  return badInput(`parameter '${name}' ${message}`, { code: 'parameter.wrong', remedy });
}

/** Texts of the command line become what the runbook declares. */
function typed(name: string, parameter: Parameter, given: Json): Json {
  const { type } = parameter;
  const said = parameter.secret ? 'what was given' : `'${String(given).trim()}'`;
  if (type === 'string') {
    if (typeof given === 'string') return given;
    throw wrong(
      name,
      `must be a text, not ${parameter.secret ? 'what was given' : JSON.stringify(given)}`,
      `--set ${name}=TEXT`,
    );
  }
  if (type === 'boolean') {
    if (given === true || given === 'true') return true;
    if (given === false || given === 'false') return false;
    throw wrong(name, `must be true or false, not ${said}`, `--set ${name}=true`);
  }
  const text = String(given).trim();
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number) || (type === 'integer' && !Number.isInteger(number))) {
    throw wrong(name, `must be a ${type}, not ${said}`, `--set ${name}=1`);
  }
  // A larger one would be rounded, or be Infinity, and a command would get another than was given.
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) {
    throw wrong(name, `cannot be ${said}`, `a number of at most ${Number.MAX_SAFE_INTEGER}`);
  }
  return number;
}

function checked(status: Status, name: string, parameter: Parameter, value: Json): void {
  const { minimum, maximum, pattern, from } = parameter;
  const plain = parameter.secret ? 'what was given' : String(value);
  const said = parameter.secret ? plain : `'${plain}'`;
  if (parameter.enum && !parameter.enum.includes(value as string)) {
    throw wrong(
      name,
      `cannot be ${said}`,
      parameter.secret
        ? 'see the runbook for what it may be'
        : suggestion(String(value), parameter.enum.map(String)),
    );
  }
  if (typeof value === 'number' && minimum !== undefined && value < minimum) {
    throw wrong(name, `cannot be ${plain}`, `the least is ${minimum}`);
  }
  if (typeof value === 'number' && maximum !== undefined && value > maximum) {
    throw wrong(name, `cannot be ${plain}`, `the most is ${maximum}`);
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(String(value))) {
    throw wrong(name, `cannot be ${said}`, `it must match ${pattern}`);
  }
  if (from) {
    const names = namesFrom(status, from);
    // A server that nobody can ask hides its disks: then any device may be meant.
    const servers = Object.values(status.servers);
    const hidden = from === 'devices' && servers.some(({ system }) => !system.disks);
    if (!names.includes(String(value)) && !hidden) {
      throw badInput(`there is no ${from.slice(0, -1)} ${said} (parameter '${name}')`, {
        code: `${from.slice(0, -1)}.unknown`,
        remedy: parameter.secret ? `one of the ${from}` : suggestion(String(value), names),
      });
    }
  }
}

function defaultOf(
  planning: Planning,
  name: string,
  parameter: Parameter,
  names: Record<string, Json>,
): Json {
  const expression = parameter['default-expression'];
  const named = parameter.from ? namesFrom(planning.status, parameter.from) : null;
  const candidates = named ?? parameter.enum?.map(String) ?? [];
  if (expression !== undefined) {
    const result = evaluate(expression, scopeOf(planning, names));
    if ('value' in result && result.value !== null) return result.value;
    const why = 'unknown' in result ? result.unknown : 'the cluster has none';
    throw new MissingParameter(name, parameter, candidates, {
      message: `parameter '${name}' must be given: ${why}`,
      remedy: `--set ${name}=… (${parameter.description})`,
    });
  }
  if (parameter.default !== undefined) return parameter.default;
  if (named?.length === 1 && named[0] !== undefined) return named[0];
  const which = candidates.length ? `one of ${candidates.join(', ')}` : parameter.description;
  throw new MissingParameter(name, parameter, candidates, {
    message: `parameter '${name}' must be given`,
    remedy: parameter.secret
      ? `--secret ${name}=FILE, - for stdin (${parameter.description})`
      : `--set ${name}=… (${which})`,
  });
}

export interface Given {
  given: Record<string, Json>;
  /** Parameters for which the caller gives a secret of its own. */
  handedDown: SecretNames;
  prefix: string;
}

function refuseStray(loaded: LoadedRunbook, given: readonly string[]): void {
  const declared = loaded.runbook.parameters ?? {};
  const stray = given.find((name) => !Object.hasOwn(declared, name));
  if (stray === undefined) return;
  throw badInput(`'${loaded.runbook.id}' has no parameter '${stray}'`, {
    code: 'parameter.unknown',
    remedy: suggestion(stray, Object.keys(declared)),
  });
}

/** A secret's value goes aside; what is bound is the name that it has in the plan. */
export function bindParameters(
  planning: Planning,
  loaded: LoadedRunbook,
  { given, handedDown, prefix }: Given,
): { names: Record<string, Json>; secrets: SecretNames } {
  const declared = loaded.runbook.parameters ?? {};
  refuseStray(loaded, [...Object.keys(given), ...handedDown.keys()]);
  const names: Record<string, Json> = {};
  const secrets = new Map<string, string>();
  for (const [name, parameter] of Object.entries(declared)) {
    const known = handedDown.get(name);
    if (known !== undefined) {
      const whole = { ...parameter, secret: true };
      const value = typed(name, whole, planning.secrets.get(known) ?? null);
      checked(planning.status, name, whole, value);
      secrets.set(name, known);
      continue;
    }
    const value = Object.hasOwn(given, name)
      ? typed(name, parameter, given[name] ?? null)
      : defaultOf(planning, name, parameter, names);
    if (!planning.open?.has(name)) checked(planning.status, name, parameter, value);
    if (parameter.secret) {
      secrets.set(name, `${prefix}${name}`);
      planning.secrets.set(`${prefix}${name}`, String(value));
    } else names[name] = value;
  }
  return { names, secrets };
}
