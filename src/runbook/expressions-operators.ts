/** Types of CEL's operators, and the guard against the vendor's words for "not known". */
import { unparse } from '@bufbuild/cel';
import { suggestion } from '../core/nearest.ts';
import { complain, type Expr, fits, type Walk } from './expressions-check.ts';
import { ANY, BOOL, describeType, NUMBER, type Type } from './expressions-schema.ts';

type Infer = (arg: Expr) => Type;

const COMPARISONS = new Set(['_<_', '_<=_', '_>_', '_>=_']);
const ARITHMETIC = new Set(['_-_', '_*_', '_/_', '_%_']);
const LOGIC = new Set(['_&&_', '_||_', '!_', '@not_strictly_false', '__not_strictly_false__']);

function constantText(expr: Expr): string | null {
  if (expr.exprKind.case !== 'constExpr') return null;
  const { constantKind } = expr.exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : null;
}

function node(like: Expr, kind: Expr['exprKind']): Expr {
  return { $typeName: 'cel.expr.Expr', id: like.id, exprKind: kind } as Expr;
}

function textNode(like: Expr, value: string): Expr {
  return node(like, {
    case: 'constExpr',
    value: {
      $typeName: 'cel.expr.Constant',
      constantKind: { case: 'stringValue', value },
    },
  } as Expr['exprKind']);
}

/** The operand, but unknown when it holds its word for "not known". */
function guarded(operand: Expr, word: string): Expr {
  const select = operand.exprKind.case === 'selectExpr' ? operand.exprKind.value : null;
  const args = select?.operand
    ? [select.operand, textNode(operand, select.field), textNode(operand, word)]
    : [operand, textNode(operand, word), textNode(operand, unparse(operand))];
  return node(operand, {
    case: 'callExpr',
    value: {
      $typeName: 'cel.expr.Expr.Call',
      function: select?.operand ? 'knownField' : 'known',
      args,
    },
  } as Expr['exprKind']);
}

/** Whether the word for "not known" itself is among what a field is compared with. */
function asksForWord(other: Expr, word: string): boolean {
  if (constantText(other) === word) return true;
  return (
    other.exprKind.case === 'listExpr' &&
    other.exprKind.value.elements.some((element) => constantText(element) === word)
  );
}

function guard(args: Expr[], types: Type[]): void {
  for (const [index, type] of types.entries()) {
    const operand = args[index];
    const other = args[1 - index];
    if (type.kind !== 'string' || !type.unknownWord || !operand || !other) continue;
    if (constantText(operand) !== null || asksForWord(other, type.unknownWord)) continue;
    args[index] = guarded(operand, type.unknownWord);
  }
}

function checkWord(walk: Walk, expr: Expr, words: readonly string[]): void {
  const text = constantText(expr);
  if (text === null || words.includes(text)) return;
  complain(walk, expr, `'${text}' is never the value here`, suggestion(text, words));
}

function checkWords(walk: Walk, args: Expr[], types: Type[]): void {
  for (const [index, type] of types.entries()) {
    const other = args[1 - index];
    if (type.kind !== 'string' || !type.words || !other) continue;
    const words = type.words;
    if (other.exprKind.case === 'listExpr') {
      for (const element of other.exprKind.value.elements) checkWord(walk, element, words);
    } else checkWord(walk, other, words);
  }
}

function equality(walk: Walk, expr: Expr, args: Expr[], types: Type[]): Type {
  const [left = ANY, right = ANY] = types;
  if (!fits(left, right) && right.kind !== 'null') {
    const message = `${describeType(left)} is never equal to ${describeType(right)}`;
    complain(walk, expr, message, 'compare like with like');
  }
  if (left.kind === 'record' || right.kind === 'record') {
    const bare = left.kind !== 'null' && right.kind !== 'null';
    if (bare) complain(walk, expr, 'records cannot be compared', 'compare one of their fields');
  }
  checkWords(walk, args, types);
  guard(args, types);
  return BOOL;
}

function membership(walk: Walk, expr: Expr, args: Expr[], types: Type[]): Type {
  const [item = ANY, list = ANY] = types;
  if (!['list', 'map', 'any'].includes(list.kind)) {
    complain(walk, expr, `nothing is in ${describeType(list)}`, 'use a list or a map');
  }
  if (list.kind === 'list' && !fits(item, list.of)) {
    const message = `${describeType(item)} is never in a list of ${list.of.kind}s`;
    complain(walk, expr, message, 'compare like with like');
  }
  checkWords(walk, args, [item, ANY]);
  guard(args, [item, ANY]);
  return BOOL;
}

function allOf(walk: Walk, args: Expr[], types: Type[], kind: Type['kind'], what: string): void {
  for (const [index, type] of types.entries()) {
    const arg = args[index];
    if (!arg || type.kind === 'any' || type.kind === kind) continue;
    complain(walk, arg, `${what} cannot take ${describeType(type)}`, `it takes ${kind}s`);
  }
}

function join(left: Type, right: Type): Type {
  if (left.kind === 'any' || left.kind === 'null') return right;
  if (right.kind === 'any' || right.kind === 'null') return left;
  if (left.kind === 'list' && right.kind === 'list') {
    return { kind: 'list', of: join(left.of, right.of) };
  }
  return left.kind === right.kind ? left : ANY;
}

/** The operator's result, or null when `name` is no operator. */
export function operatorType(
  walk: Walk,
  expr: Expr,
  name: string,
  args: Expr[],
  infer: Infer,
): Type | null {
  if (!/^[_!@-]/.test(name)) return null;
  const types = args.map(infer);
  const [first = ANY, second = ANY, third = ANY] = types;
  if (name === '_==_' || name === '_!=_') return equality(walk, expr, args, types);
  if (name === '@in' || name === '_in_') return membership(walk, expr, args, types);
  if (LOGIC.has(name)) {
    allOf(walk, args, types, 'bool', 'a logical operator');
    return BOOL;
  }
  if (COMPARISONS.has(name)) {
    if (!fits(first, second)) {
      const message = `${describeType(first)} cannot be compared with ${describeType(second)}`;
      complain(walk, expr, message, 'compare like with like');
    }
    return BOOL;
  }
  if (name === '_?_:_') {
    if (args[0]) allOf(walk, [args[0]], [first], 'bool', 'the condition before ?');
    return join(second, third);
  }
  if (name === '_[_]') {
    if (first.kind === 'list' || first.kind === 'map') return first.of;
    return ANY;
  }
  if (name === '_+_') {
    if (!fits(first, second)) {
      const message = `${describeType(first)} cannot be added to ${describeType(second)}`;
      complain(walk, expr, message, 'string(x) makes a text of a number');
    }
    return join(first, second);
  }
  if (ARITHMETIC.has(name) || name === '-_') {
    allOf(walk, args, types, 'number', 'arithmetic');
    return NUMBER;
  }
  return ANY;
}
