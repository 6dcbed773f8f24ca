/**
 * Conditions and texts of a runbook: CEL over a status, three-valued.
 *
 * A field that nobody knows is an error value inside CEL; `&&`, `||`, `exists` and `all` absorb
 * errors that cannot change their answer, and everything else passes them on, which is Kleene's
 * logic. It comes out as `{ unknown: why }`. Whether a null is "not known" or a real "none" (no
 * medium in the drive, group active nowhere) is decided in expressions-values.ts by what the
 * record says of its observation. The vendor's own words for not knowing (GRAY, Unknown) are
 * values when compared with themselves and unknown when compared with anything else: a GRAY copy
 * is neither RED nor not RED.
 */
import {
  type CelResult,
  type CelValue,
  celEnv,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { badInput, DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import { checkExpression, type ExpressionFault, type Type } from './expressions-check.ts';
import { arithmetic, vocabulary } from './expressions-functions.ts';
import { jsonToCel, remembered, statusRoots, UNKNOWN } from './expressions-values.ts';

export interface Scope {
  status: Status;
  /** Parameters and roles; `here` is the server that a step runs on. */
  names: Record<string, Json>;
  /** What the step's `remember` found before the act. */
  before: Record<string, Json>;
  /** Step id → option, of the choices made so far. */
  chosen: Record<string, string>;
  /** Only where defaults of parameters are found: device names stand in no status. */
  config?: ClusterConfiguration;
}

export type Evaluated = { value: Json } | { unknown: string };

interface Compiled {
  run: (bindings: Record<string, never>) => CelResult;
  faults: ExpressionFault[];
}

export type { ExpressionFault, Type };

const env = celEnv({ funcs: [...strings, ...arithmetic, ...vocabulary] });
const cache = new Map<string, Compiled>();
const CACHE_LIMIT = 5000;

function syntaxFault(expression: string, error: unknown): DrydockError {
  const at = error as { rawMessage?: string; location?: { start?: { offset?: number } } };
  const offset = at.location?.start?.offset ?? 0;
  return badInput(`expression '${expression}' cannot be read: ${at.rawMessage ?? String(error)}`, {
    code: 'expression.syntax',
    place: { file: 'expression', line: 1, column: offset + 1 },
    remedy: 'correct it at the column named',
  });
}

/** Parses, checks the vocabulary's types and plans; cached by text. Throws on bad syntax. */
function compile(expression: string): Compiled {
  const known = cache.get(expression);
  if (known) return known;
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(expression);
  } catch (error) {
    throw syntaxFault(expression, error);
  }
  const { faults } = checkExpression(parsed, { names: null });
  const compiled = { run: plan(env, parsed) as Compiled['run'], faults };
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(expression, compiled);
  return compiled;
}

/**
 * Static check for lint: names, fields, words, types. `names` gives the types of parameters and
 * roles. A syntax error is one of the faults.
 */
export function checkTypes(
  expression: string,
  names: Record<string, Type>,
  options: { config?: boolean } = {},
): { type: Type; faults: ExpressionFault[] } {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(expression);
  } catch (error) {
    const fault = syntaxFault(expression, error);
    const offset = (fault.place?.column ?? 1) - 1;
    const remedy = fault.remedy ?? '';
    return { type: { kind: 'any' }, faults: [{ offset, message: fault.message, remedy }] };
  }
  return checkExpression(parsed, { names, config: options.config ?? false });
}

function toJson(value: CelValue): Json {
  if (typeof value === 'bigint') return Number(value);
  if (isCelUint(value)) return Number(value.value);
  if (isCelList(value)) return [...value].map((item) => toJson(item as CelValue));
  if (isCelMap(value)) {
    const entries = [...value.entries()].map(([key, item]) => [String(key), toJson(item)]);
    return Object.fromEntries(entries) as Json;
  }
  if (value === null || typeof value !== 'object') return value as Json;
  throw new Error(`a value that is no JSON: ${String(value)}`);
}

/** Every message in an error and those merged into it. */
function messagesOf(error: { message: string; cause?: unknown }): string[] {
  const rest = Array.isArray(error.cause) ? error.cause : [];
  return [error.message, ...rest.flatMap((other) => messagesOf(other as Error))];
}

function fromError(expression: string, error: { message: string; cause?: unknown }): Evaluated {
  const messages = messagesOf(error);
  const wrong = messages.find((message) => !message.startsWith(UNKNOWN));
  if (wrong !== undefined) {
    throw new DrydockError(`expression '${expression}' cannot be evaluated: ${wrong}`, {
      code: 'expression.failed',
      exit: 2,
      remedy: 'check names and values against the status of the cluster',
    });
  }
  const whys = new Set(messages.map((message) => message.slice(UNKNOWN.length)));
  return { unknown: [...whys].join('; ') };
}

/** The value, or why it is not known. A mistake in the expression or its names throws. */
export function evaluate(expression: string, scope: Scope): Evaluated {
  const { run } = compile(expression);
  const bindings: Record<string, unknown> = Object.assign(Object.create(null), {
    ...statusRoots(scope),
    before: remembered(scope.before),
  });
  for (const [name, value] of Object.entries(scope.names)) bindings[name] = jsonToCel(value);
  let result: CelResult;
  try {
    result = run(bindings as Record<string, never>);
  } catch (error) {
    // The library's `has()` lets errors through instead of returning them.
    if (error instanceof Error) return fromError(expression, error);
    throw error;
  }
  if (isCelError(result)) return fromError(expression, result);
  return { value: toJson(result as CelValue) };
}

/** A condition: true, false, or why neither can be said. Anything but a bool throws. */
export function evaluateCondition(
  expression: string,
  scope: Scope,
): { value: boolean } | { unknown: string } {
  const result = evaluate(expression, scope);
  if ('unknown' in result) return result;
  if (typeof result.value === 'boolean') return { value: result.value };
  throw badInput(`'${expression}' is no condition: it gives ${JSON.stringify(result.value)}`, {
    code: 'expression.condition',
    remedy: 'compare it with something',
  });
}
