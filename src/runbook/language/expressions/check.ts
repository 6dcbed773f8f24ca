/**
 * Types of an expression, inferred over the library's syntax tree (whose own checker knows only
 * constants and names): what lint reports, each problem with its offset. What passes has an overload
 * for the values it will meet; what depends on a value alone (an index, a text that is to become a
 * number) can still fail in the run.
 */
import { suggestion } from '../../../core/nearest.ts';
import { MOST_LOOPS } from './budget.ts';
import { constantProblem, formatProblem, patternProblem } from './constants.ts';
import { FUNCTIONS, METHODS, ROOTS } from './declarations.ts';
import { join, mixed, operatorType } from './operators.ts';
import { ANY, BOOL, DECIMAL, describeType, fieldsOf, STRING, type Type, WHOLE } from './schema.ts';
import { constantText, type Expr, type ParsedExpr } from './tree.ts';
import { type CheckOptions, complain, type ExpressionProblem, fits, type Walk } from './walk.ts';

export type { Type };

/** As `fits`, and a whole number where one is needed. */
function suits(given: Type, wanted: Type): boolean {
  if (!fits(given, wanted)) return false;
  const needsWhole = wanted.kind === 'number' && wanted.whole === true;
  return !needsWhole || given.kind !== 'number' || given.whole === true;
}

function identType(walk: Walk, expr: Expr, name: string): Type {
  const own = [ROOTS, walk.options.names ?? {}].find((names) => Object.hasOwn(names, name));
  const known = walk.loops.get(name) ?? own?.[name];
  if (known) return known;
  if (walk.options.names) {
    const names = [...Object.keys(walk.options.names), ...Object.keys(ROOTS), ...walk.loops.keys()];
    complain(walk, expr, `unknown name '${name}'`, suggestion(name, names));
  }
  return ANY;
}

function selectType(walk: Walk, expr: Expr, operand: Type, field: string): Type {
  if (operand.kind === 'map') return operand.of;
  if (operand.kind === 'any') return ANY;
  if (operand.kind === 'record') {
    const fields = fieldsOf(operand);
    const type = fields[field];
    if (type) return type;
    const remedy = suggestion(field, Object.keys(fields));
    complain(walk, expr, `${operand.name} has no field '${field}'`, remedy);
    return ANY;
  }
  complain(walk, expr, `${describeType(operand)} has no fields`, `drop .${field}`);
  return ANY;
}

function wantedInWords(type: Type): string {
  const isWhole = type.kind === 'number' && type.whole === true;
  return isWhole ? 'a whole number: int(x) makes one' : describeType(type);
}

/** Types of the arguments, each held against the form that has as many; null: none has. */
function checkArguments(walk: Walk, expr: Expr, name: string, args: Expr[], forms: Type[][]) {
  const given = args.map((arg) => typeOf(walk, arg));
  const form = forms.find(({ length }) => length === given.length);
  if (!form) {
    const counts = forms.map(({ length }) => length).join(' or ');
    complain(walk, expr, `${name}() was given ${given.length} values`, `it takes ${counts}`);
    return null;
  }
  for (const [index, wanted] of form.entries()) {
    const type = given[index] ?? ANY;
    if (suits(type, wanted)) continue;
    const where = args[index] ?? expr;
    complain(walk, where, `${name}() cannot take ${describeType(type)}`, wantedInWords(wanted));
  }
  return given;
}

/** Texts that a method is given as constants: a pattern, a format. */
function checkTexts(walk: Walk, name: string, target: Expr, args: Expr[]): void {
  const [first] = args;
  if (!first) return;
  if (name === 'matches') {
    const problem = patternProblem(first);
    if (problem) complain(walk, first, problem, 'write a regular expression (RE2)');
  }
  const format = name === 'format' ? constantText(target) : null;
  if (format === null) return;
  const { exprKind } = first;
  const items = exprKind.case === 'listExpr' ? exprKind.value.elements : null;
  const list = typeOf(walk, first);
  const each = list.kind === 'list' ? list.of : ANY;
  const problem = formatProblem(format, items?.map((item) => typeOf(walk, item)) ?? null, each);
  if (problem) complain(walk, target, problem, 'a clause for each value: %s takes anything');
}

function methodType(walk: Walk, expr: Expr, name: string, target: Expr, args: Expr[]): Type {
  const of = typeOf(walk, target);
  const method = METHODS.get(name);
  if (!method || !(of.kind === 'any' || of.kind === 'null' || method.of.includes(of.kind))) {
    const usable = [...METHODS.values()].filter((one) => one.of.includes(of.kind));
    const names = usable.map((one) => one.name);
    complain(walk, expr, `${describeType(of)} has no .${name}()`, suggestion(name, names));
    return ANY;
  }
  if (name === 'format' && args[0]) walk.formatted.add(args[0]);
  checkArguments(walk, expr, `.${name}`, args, method.parameters);
  if (name === 'join' && of.kind === 'list' && !fits(of.of, STRING)) {
    complain(walk, expr, `.join() cannot take ${describeType(of.of)}`, 'map(x, string(x)) first');
  }
  checkTexts(walk, name, target, args);
  return method.result(of);
}

function functionType(walk: Walk, expr: Expr, name: string, args: Expr[]): Type {
  const declared = FUNCTIONS.get(name);
  if (!declared) {
    complain(walk, expr, `unknown function '${name}'`, suggestion(name, FUNCTIONS.keys()));
    return ANY;
  }
  if (declared.config && walk.options.names && !walk.options.config) {
    const remedy = 'make it the default-expression of a parameter';
    complain(walk, expr, `${name}() asks the configuration, which a run does not see`, remedy);
  }
  const given = checkArguments(walk, expr, name, args, [declared.parameters]);
  const kind = given?.[0]?.kind ?? 'any';
  if (declared.takes && kind !== 'any' && !declared.takes.includes(kind)) {
    const wanted = declared.takes.map((one) => `a ${one}`).join(' or ');
    complain(walk, expr, `${name}() cannot take a ${kind}`, wanted);
  }
  return name === 'dyn' ? (given?.[0] ?? ANY) : declared.result;
}

function callType(walk: Walk, expr: Expr, name: string, target: Expr | undefined, args: Expr[]) {
  const before = walk.problems.length;
  const operator = target ? null : operatorType(walk, expr, name, args, (arg) => typeOf(walk, arg));
  const type =
    operator ??
    (target ? methodType(walk, expr, name, target, args) : functionType(walk, expr, name, args));
  const problem = walk.problems.length === before ? constantProblem(expr) : null;
  if (problem) complain(walk, expr, problem, 'write what it gives, or other values');
  return type;
}

/** A macro (filter, exists, all, map): the loop's variable has the type of what is looped over. */
function loopType(walk: Walk, expr: Expr): Type {
  if (expr.exprKind.case !== 'comprehensionExpr') return ANY;
  const loop = expr.exprKind.value;
  const over = loop.iterRange ? typeOf(walk, loop.iterRange) : ANY;
  const item = over.kind === 'list' ? over.of : over.kind === 'map' ? STRING : ANY;
  if (over.kind !== 'list' && over.kind !== 'map' && over.kind !== 'any' && loop.iterRange) {
    complain(walk, loop.iterRange, `${describeType(over)} cannot be looped over`, 'use a list');
  }
  const outer = new Map(walk.loops);
  walk.depth++;
  if (walk.depth === MOST_LOOPS + 1) {
    complain(
      walk,
      expr,
      `more than ${MOST_LOOPS} loops inside one another`,
      'loop over fewer things',
    );
  }
  walk.loops.set(loop.iterVar, item);
  walk.loops.set(loop.accuVar, loop.accuInit ? typeOf(walk, loop.accuInit) : ANY);
  const step = loop.loopStep ? typeOf(walk, loop.loopStep) : ANY;
  walk.loops.set(loop.accuVar, step);
  const result = loop.result ? typeOf(walk, loop.result) : ANY;
  walk.loops = outer;
  walk.depth--;
  return result;
}

type Entries = Extract<Expr['exprKind'], { case: 'structExpr' }>['value']['entries'];

function structType(walk: Walk, expr: Expr, entries: Entries): Type {
  for (const { keyKind } of entries) {
    const isText = keyKind.case === 'mapKey' && constantText(keyKind.value) !== null;
    if (!isText) complain(walk, expr, 'a key of a map is written as a text', "{'key': value}");
  }
  const types = entries.map(({ value }) => (value ? typeOf(walk, value) : ANY));
  mixed(walk, expr, types, 'in one map stand');
  return { kind: 'map', of: types.length === 0 ? ANY : types.reduce(join) };
}

const CONSTANTS: Record<string, Type> = {
  boolValue: BOOL,
  stringValue: STRING,
  int64Value: WHOLE,
  doubleValue: DECIMAL,
  nullValue: { kind: 'null' },
};

export function typeOf(walk: Walk, expr: Expr): Type {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'constExpr': {
      const type = CONSTANTS[exprKind.value.constantKind.case ?? ''];
      if (!type) complain(walk, expr, 'there are no such constants here', 'write 1, 1.5 or a text');
      return type ?? ANY;
    }
    case 'identExpr':
      return identType(walk, expr, exprKind.value.name);
    case 'selectExpr': {
      const operand = exprKind.value.operand ? typeOf(walk, exprKind.value.operand) : ANY;
      const field = selectType(walk, expr, operand, exprKind.value.field);
      return exprKind.value.testOnly ? BOOL : field;
    }
    case 'callExpr': {
      const { function: name, target, args } = exprKind.value;
      return callType(walk, expr, name, target, args);
    }
    case 'listExpr': {
      const types = exprKind.value.elements.map((element) => typeOf(walk, element));
      if (!walk.formatted.has(expr)) mixed(walk, expr, types, 'in one list stand');
      return { kind: 'list', of: types.length === 0 ? ANY : types.reduce(join) };
    }
    case 'structExpr':
      return structType(walk, expr, exprKind.value.entries);
    case 'comprehensionExpr':
      return loopType(walk, expr);
    default:
      return ANY;
  }
}

/** Infers the type and collects problems. */
export function checkExpression(
  parsed: ParsedExpr,
  options: CheckOptions,
): { type: Type; problems: ExpressionProblem[] } {
  const positions = parsed.sourceInfo?.positions ?? {};
  const walk: Walk = {
    options,
    problems: [],
    loops: new Map(),
    formatted: new Set(),
    depth: 0,
    offsetOf: (expr) => positions[String(expr.id)] ?? 0,
  };
  const type = typeOf(walk, parsed.expr);
  const seen = new Set<string>();
  const problems = walk.problems.filter(({ offset, message }) => {
    const key = `${offset} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
  return { type, problems };
}
