/** Types of CEL's operators. */
import { suggestion } from '../../../core/nearest.ts';
import {
  ANY,
  BOOL,
  DECIMAL,
  describeType,
  fieldsOf,
  NUMBER,
  STRING,
  type Type,
  WHOLE,
} from './schema.ts';
import { constantText, type Expr } from './tree.ts';
import { complain, fits, type Walk } from './walk.ts';

type Infer = (arg: Expr) => Type;

const COMPARISONS = new Set(['_<_', '_<=_', '_>_', '_>=_']);
const ORDERED: Type['kind'][] = ['any', 'string', 'number', 'bool'];
const ADDED: Type['kind'][] = ['any', 'string', 'number', 'list'];
const ARITHMETIC = new Set(['_-_', '_*_', '_/_', '_%_']);
const LOGIC = new Set(['_&&_', '_||_', '!_', '@not_strictly_false', '__not_strictly_false__']);

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
  if (list.kind === 'map' && item.kind !== 'any' && item.kind !== 'string') {
    complain(walk, expr, `${describeType(item)} is never a key of a map`, 'keys are strings');
  }
  checkWords(walk, args, [item, ANY]);
  return BOOL;
}

function allOf(walk: Walk, args: Expr[], types: Type[], kind: Type['kind'], what: string): void {
  for (const [index, type] of types.entries()) {
    const arg = args[index];
    if (!arg || type.kind === 'any' || type.kind === kind) continue;
    complain(walk, arg, `${what} cannot take ${describeType(type)}`, `it takes ${kind}s`);
  }
}

function inFull(type: Type): string {
  const isOpen = (type.kind !== 'list' && type.kind !== 'map') || type.of.kind === 'any';
  return isOpen ? describeType(type) : `${describeType(type)} of ${type.of.kind}s`;
}

/** Values of different kinds in one place: nothing could be done with them without a guess. */
export function mixed(walk: Walk, expr: Expr, types: Type[], what: string): void {
  // A bool that may be null is no answer; other kinds may be none.
  const hasBool = types.some(({ kind }) => kind === 'bool');
  const named = types.filter(({ kind }) => kind !== 'any' && (hasBool || kind !== 'null'));
  const [first] = named;
  const odd = first && named.find((type) => !fits(type, first) || !fits(first, type));
  if (!odd || !first) return;
  const message = `${what} ${inFull(first)} and ${inFull(odd)}`;
  complain(walk, expr, message, 'let both be of one kind');
}

/** What either of two values is. */
export function join(left: Type, right: Type): Type {
  if (left.kind === 'any' || left.kind === 'null') return right;
  if (right.kind === 'any' || right.kind === 'null') return left;
  if (left.kind === 'list' && right.kind === 'list') {
    return { kind: 'list', of: join(left.of, right.of) };
  }
  if (left.kind === 'map' && right.kind === 'map') {
    return { kind: 'map', of: join(left.of, right.of) };
  }
  if (left.kind === 'number' && right.kind === 'number') {
    return left.whole === right.whole ? left : NUMBER;
  }
  if (left.kind === 'string' && right.kind === 'string') {
    return left.words === right.words ? left : STRING;
  }
  if (left.kind === 'record' && right.kind === 'record' && left.shape !== right.shape) return ANY;
  return left.kind === right.kind ? left : ANY;
}

function compared(walk: Walk, expr: Expr, [first = ANY, second = ANY]: Type[]): Type {
  const odd = [first, second].find(({ kind }) => !ORDERED.includes(kind));
  if (odd) {
    complain(walk, expr, `${describeType(odd)} is not more or less`, 'compare texts or numbers');
  } else if (!fits(first, second)) {
    const message = `${describeType(first)} cannot be compared with ${describeType(second)}`;
    complain(walk, expr, message, 'compare like with like');
  }
  return BOOL;
}

function sum(walk: Walk, expr: Expr, [first = ANY, second = ANY]: Type[]): Type {
  const odd = [first, second].find(({ kind }) => !ADDED.includes(kind));
  if (odd || !fits(first, second)) {
    const message = `${describeType(first)} cannot be added to ${describeType(second)}`;
    complain(walk, expr, message, 'string(x) makes a text of a number');
  }
  return first.kind === 'number' && second.kind === 'number'
    ? numberOf([first, second])
    : join(first, second);
}

/** Whole with whole is whole; one that is surely decimal makes the other one so. */
function numberOf(types: Type[]): Type {
  const whole = types.map((type) => (type.kind === 'number' ? type.whole : undefined));
  if (whole.includes(false)) return DECIMAL;
  return whole.every((one) => one === true) ? WHOLE : NUMBER;
}

const HALVES = 'whole numbers are divided without a rest or not at all';

function arithmetic(walk: Walk, expr: Expr, name: string, args: Expr[], types: Type[]): Type {
  allOf(walk, args, types, 'number', 'arithmetic');
  const result = numberOf(types);
  if (name === '_%_' && types.some((type) => type.kind === 'number' && type.whole !== true)) {
    complain(walk, expr, '% takes whole numbers', 'int(x) makes one of a number');
  }
  const areNumbers = types.every(({ kind }) => kind === 'number');
  if (name === '_/_' && areNumbers && result !== DECIMAL) {
    complain(walk, expr, HALVES, 'write double(a) / b, and int(…) around it for a whole number');
  }
  return result;
}

function indexed(walk: Walk, expr: Expr, [of = ANY, index = ANY]: Type[], key?: Expr): Type {
  const wrong = (message: string, remedy: string) => {
    complain(walk, expr, message, remedy);
    return ANY;
  };
  if (of.kind === 'list') {
    const isWhole = index.kind === 'number' && index.whole === true;
    if (!isWhole && index.kind !== 'any') {
      return wrong(`${describeType(index)} is no index of a list`, 'count from 0');
    }
    return of.of;
  }
  if (of.kind === 'any') return ANY;
  if (of.kind !== 'map' && of.kind !== 'record') {
    return wrong(`${describeType(of)} has no parts`, 'use a list or a map');
  }
  if (index.kind !== 'string' && index.kind !== 'any') {
    return wrong(`${describeType(index)} is no key of a map`, 'keys are strings');
  }
  if (of.kind === 'map') return of.of;
  const field = key === undefined ? null : constantText(key);
  const fields = fieldsOf(of);
  if (field === null || fields[field]) return field === null ? ANY : (fields[field] ?? ANY);
  return wrong(`${of.name} has no field '${field}'`, suggestion(field, Object.keys(fields)));
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
  if (COMPARISONS.has(name)) return compared(walk, expr, types);
  if (name === '_?_:_') {
    if (args[0]) allOf(walk, [args[0]], [first], 'bool', 'the condition before ?');
    mixed(walk, expr, [second, third], 'what stands before and after : is');
    return join(second, third);
  }
  if (name === '_[_]') return indexed(walk, expr, types, args[1]);
  if (name === '_+_') return sum(walk, expr, types);
  if (ARITHMETIC.has(name) || name === '-_') return arithmetic(walk, expr, name, args, types);
  return ANY;
}
