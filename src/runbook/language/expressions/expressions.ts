/**
 * Conditions and texts of a runbook: CEL over a status, three-valued.
 *
 * A field that nobody knows is an error value inside CEL; `&&`, `||`, `exists` and `all` absorb
 * errors that cannot change their answer, and everything else passes them on, which is Kleene's
 * logic. It comes out as `{ unknown: why }`. What is not known is decided in expressions-values.ts,
 * where the status enters: a null that is no real "none" (no medium in the drive, group active
 * nowhere), and the vendor's own words for not knowing (GRAY, Unknown). A GRAY copy is neither RED
 * nor not RED, whatever is asked of it; only a comparison with GRAY itself sees the word.
 *
 * An evaluation ends within its budget (expressions-budget.ts) and gives a sound value, or it is
 * an error: no NaN, no Infinity, no whole number that JSON cannot hold.
 */
import {
  type CelResult,
  type CelValue,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  parse,
  plan,
} from '@bufbuild/cel';
import { badInput, DrydockError } from '../../../core/errors.ts';
import type { Json } from '../../../core/json.ts';
import type { Status } from '../../../schema/generated/status.ts';
import type { Topology } from '../../../schema/generated/topology.ts';
import { beginBudget, isBudgetSpent, MOST_COST, spend } from './budget.ts';
import { checkExpression, type Type } from './check.ts';
import { env } from './env.ts';
import { rewrite } from './rewrite.ts';
import { depthOf, type ParsedExpr } from './tree.ts';
import { jsonToCel, remembered, statusRoots, UNKNOWN } from './values.ts';
import type { ExpressionProblem } from './walk.ts';

export interface Scope {
  status: Status;
  /** Parameters and roles; `here` is the server that a step runs on. */
  names: Record<string, Json>;
  /** What the step's `remember` found before the act. */
  before: Record<string, Json>;
  /** Step id → option, of the choices made so far. */
  chosen: Record<string, string>;
  /** Only where defaults of parameters are found: device names stand in no status. */
  topology?: Topology;
}

export type Evaluated = { value: Json } | { unknown: string };

type Compiled = (bindings: Record<string, never>) => CelResult;

export type { ExpressionProblem, Type };

/** Characters; a runbook's longest has 200. */
const MOST_CHARACTERS = 4000;
/** Parts inside one another: each takes room on the stack in every walk; a runbook's has 12. */
const MOST_DEPTH = 200;
const cache = new Map<string, Compiled>();
const CACHE_LIMIT = 5000;

function syntaxProblem(expression: string, error: unknown): DrydockError {
  const at = error as { rawMessage?: string; location?: { start?: { offset?: number } } };
  const offset = at.location?.start?.offset ?? 0;
  return badInput(`expression '${expression}' cannot be read: ${at.rawMessage ?? String(error)}`, {
    code: 'expression.syntax',
    place: { file: 'expression', line: 1, column: offset + 1 },
    remedy: 'correct it at the column named',
  });
}

/** Throws a problem that names the column; deep nesting too is a problem, not a full stack. */
function parsed(expression: string): ParsedExpr {
  if (expression.length > MOST_CHARACTERS) {
    throw badInput(`an expression of ${expression.length} characters is too long`, {
      code: 'expression.long',
      remedy: `say it in ${MOST_CHARACTERS} characters, or in several conditions`,
    });
  }
  const tooDeep = { rawMessage: 'nested too deeply' };
  let tree: ParsedExpr;
  try {
    tree = parse(expression);
  } catch (error) {
    throw syntaxProblem(expression, error instanceof RangeError ? tooDeep : error);
  }
  if (depthOf(tree.expr) > MOST_DEPTH) throw syntaxProblem(expression, tooDeep);
  return tree;
}

/** Parses, puts in what evaluation needs, and plans; cached by text. */
function compile(expression: string): Compiled {
  const known = cache.get(expression);
  if (known) return known;
  const tree = parsed(expression);
  rewrite(tree.expr);
  const compiled = plan(env, tree) as Compiled;
  if (cache.size >= CACHE_LIMIT) cache.clear();
  cache.set(expression, compiled);
  return compiled;
}

/**
 * Static check for lint: names, fields, words, types. `names` gives the types of parameters and
 * roles. A syntax error is one of the problems.
 */
export function checkTypes(
  expression: string,
  names: Record<string, Type>,
  options: { config?: boolean } = {},
): { type: Type; problems: ExpressionProblem[] } {
  let tree: ParsedExpr;
  try {
    tree = parsed(expression);
  } catch (error) {
    const problem = error as DrydockError;
    const offset = (problem.place?.column ?? 1) - 1;
    const remedy = problem.remedy ?? '';
    return { type: { kind: 'any' }, problems: [{ offset, message: problem.message, remedy }] };
  }
  return checkExpression(tree, { names, config: options.config ?? false });
}

function wholeToJson(value: bigint): number {
  if (Number.isSafeInteger(Number(value))) return Number(value);
  throw new Error(`${value} is too large a number`);
}

/** Each value is paid: sixty lists of twice the same list are a tree without end as JSON. */
function toJson(value: CelValue): Json {
  if (!spend()) throw new Error('budget spent');
  if (typeof value === 'bigint') return wholeToJson(value);
  if (isCelUint(value)) return wholeToJson(value.value);
  if (isCelError(value)) throw value;
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

function budgetProblem(expression: string): DrydockError {
  return new DrydockError(
    `expression '${expression}' costs more than ${MOST_COST} evaluation steps`,
    {
      code: 'expression.budget',
      exit: 2,
      remedy: 'loop over fewer things, or not inside another loop',
    },
  );
}

/** The value, or why it is not known. A mistake in the expression or its names throws. */
export function evaluate(expression: string, scope: Scope): Evaluated {
  const run = compile(expression);
  const bindings = Object.create(statusRoots(scope));
  const bind = (name: string, value: unknown) => Object.defineProperty(bindings, name, { value });
  bind('before', remembered(scope.before));
  for (const [name, value] of Object.entries(scope.names)) bind(name, jsonToCel(value));
  beginBudget();
  let answer: Evaluated;
  try {
    const result = run(bindings as Record<string, never>);
    if (isBudgetSpent()) throw budgetProblem(expression);
    answer = isCelError(result)
      ? fromError(expression, result)
      : { value: toJson(result as CelValue) };
  } catch (error) {
    // The library's `has()` lets errors through instead of returning them.
    if (error instanceof DrydockError || !(error instanceof Error)) throw error;
    if (isBudgetSpent()) throw budgetProblem(expression);
    answer = fromError(expression, error);
  }
  return answer;
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
