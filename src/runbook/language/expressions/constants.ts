/**
 * What lint can find by looking at constants: a part that holds nothing else is evaluated as the
 * run would, a pattern is compiled, a format is held against its values.
 */
import { isCelError, plan } from '@bufbuild/cel';
import { beginBudget, isBudgetSpent, MOST_LINT_COST } from './budget.ts';
import { env } from './env.ts';
import { describeType, type Type } from './schema.ts';
import { constantText, type Expr, methodNode, textNode } from './tree.ts';
import { UNKNOWN } from './values.ts';

/** CEL's own; what asks a status has no constant value. */
const OPERATOR = /^[_!@-]/;
const CASTS = new Set(['int', 'double', 'string', 'bool', 'size', 'dyn']);

function isConstant({ exprKind }: Expr): boolean {
  switch (exprKind.case) {
    case 'constExpr':
      return true;
    case 'listExpr':
      return exprKind.value.elements.every(isConstant);
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value;
      if (!target && !OPERATOR.test(name) && !CASTS.has(name)) return false;
      return name !== 'on' && (!target || isConstant(target)) && args.every(isConstant);
    }
    default:
      return false;
  }
}

function failureOf(expr: Expr): string | null {
  beginBudget(MOST_LINT_COST);
  try {
    const result = plan(env, expr)();
    if (isBudgetSpent()) return `it costs more than ${MOST_LINT_COST} evaluation steps`;
    return isCelError(result) ? result.message.replace(UNKNOWN, '') : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Why a call whose every value is written down fails; null: it does not, or is no such call. */
export function constantProblem(expr: Expr): string | null {
  return isConstant(expr) ? failureOf(expr) : null;
}

/** Why a constant is no regular expression (RE2); null: it is one, or is no constant. */
export function patternProblem(pattern: Expr): string | null {
  if (constantText(pattern) === null) return null;
  return failureOf(methodNode(pattern, 'matches', textNode(pattern, ''), [pattern]));
}

/** What each clause of a format takes: as the library does, `%f` and `%e` no whole numbers. */
const CLAUSES: Record<string, { wants: string; takes(type: Type): boolean }> = {
  s: { wants: 'anything', takes: () => true },
  d: { wants: 'a whole number', takes: isWhole },
  b: { wants: 'a whole number or a bool', takes: (type) => type.kind === 'bool' || isWhole(type) },
  o: { wants: 'a whole number', takes: isWhole },
  x: { wants: 'a whole number or a string', takes: isWholeOrText },
  X: { wants: 'a whole number or a string', takes: isWholeOrText },
  e: { wants: 'a decimal number', takes: isDecimal },
  f: { wants: 'a decimal number', takes: isDecimal },
};

function isWhole(type: Type): boolean {
  return type.kind === 'number' && type.whole === true;
}

function isWholeOrText(type: Type): boolean {
  return type.kind === 'string' || isWhole(type);
}

function isDecimal(type: Type): boolean {
  return type.kind === 'number' && type.whole === false;
}

/**
 * Why a constant format does not fit its values, each by its type, or a list of `each` that is
 * found in the run; null: it does, or nobody can tell.
 */
export function formatProblem(format: string, values: Type[] | null, each: Type): string | null {
  const clauses = [...format.matchAll(/%(?:%|(?:\.\d+)?(.?))/gsu)];
  const letters = clauses.filter(([whole]) => whole !== '%%').map(([, letter = '']) => letter);
  const odd = letters.find((letter) => !CLAUSES[letter]);
  if (odd !== undefined) return `'%${odd}' is no clause of a format`;
  if (values !== null && letters.length !== values.length) {
    return `the format has ${letters.length} clauses for ${values.length} values`;
  }
  for (const [index, letter] of letters.entries()) {
    const type = values === null ? each : values[index];
    const clause = CLAUSES[letter];
    if (!type || !clause || type.kind === 'any' || clause.takes(type)) continue;
    return `%${letter} takes ${clause.wants}, not ${describeType(type)}`;
  }
  return null;
}
