/**
 * Types of an expression, inferred over the library's syntax tree (whose own checker knows only
 * constants and names). Two uses: lint, which reports faults with their offset, and the compiler,
 * which asks for one rewriting: where a field can hold one of the vendor's words for "not known"
 * and is compared with anything but that word, the comparison becomes unknown in that case.
 */
import type { parse } from '@bufbuild/cel';
import { suggestion } from '../core/nearest.ts';
import { FUNCTIONS, METHODS, ROOTS } from './expressions-declarations.ts';
import { operatorType } from './expressions-operators.ts';
import {
  ANY,
  BOOL,
  describeType,
  fieldsOf,
  NUMBER,
  STRING,
  type Type,
} from './expressions-schema.ts';

export type { Type };

export type ParsedExpr = ReturnType<typeof parse>;
export type Expr = ParsedExpr['expr'];

export interface ExpressionFault {
  /** Characters from the start of the expression. */
  offset: number;
  message: string;
  remedy: string;
}

export interface CheckOptions {
  /** Types of parameters and roles; null: any other name is allowed. */
  names: Record<string, Type> | null;
  /** The configuration may be asked. */
  config?: boolean;
}

/** What the walk carries: the faults found, and the names that loops bind. */
export interface Walk {
  options: CheckOptions;
  faults: ExpressionFault[];
  loops: Map<string, Type>;
  offsetOf(expr: Expr): number;
}

export function complain(walk: Walk, expr: Expr, message: string, remedy: string): void {
  walk.faults.push({ offset: walk.offsetOf(expr), message, remedy });
}

export function fits(given: Type, wanted: Type): boolean {
  if (given.kind === 'any' || wanted.kind === 'any' || given.kind === 'null') return true;
  return given.kind === wanted.kind;
}

function identType(walk: Walk, expr: Expr, name: string): Type {
  const known = walk.loops.get(name) ?? ROOTS[name] ?? walk.options.names?.[name];
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

function checkArguments(walk: Walk, expr: Expr, name: string, args: Expr[], forms: Type[][]): void {
  const given = args.map((arg) => typeOf(walk, arg));
  const form = forms.find(({ length }) => length === given.length);
  if (!form) {
    const counts = forms.map(({ length }) => length).join(' or ');
    complain(walk, expr, `${name}() was given ${given.length} values`, `it takes ${counts}`);
    return;
  }
  for (const [index, wanted] of form.entries()) {
    const type = given[index] ?? ANY;
    if (fits(type, wanted)) continue;
    const where = args[index] ?? expr;
    complain(walk, where, `${name}() cannot take ${describeType(type)}`, describeType(wanted));
  }
}

function callType(walk: Walk, expr: Expr, name: string, target: Expr | undefined, args: Expr[]) {
  const operator = target ? null : operatorType(walk, expr, name, args, (arg) => typeOf(walk, arg));
  if (operator) return operator;
  if (target) {
    const of = typeOf(walk, target);
    const method = METHODS.get(name);
    if (!method || !(of.kind === 'any' || of.kind === 'null' || method.of.includes(of.kind))) {
      const usable = [...METHODS.values()].filter((one) => one.of.includes(of.kind));
      const remedy = suggestion(
        name,
        usable.map((one) => one.name),
      );
      complain(walk, expr, `${describeType(of)} has no .${name}()`, remedy);
      return ANY;
    }
    checkArguments(walk, expr, `.${name}`, args, method.parameters);
    return method.result(of);
  }
  const declared = FUNCTIONS.get(name);
  if (!declared) {
    complain(walk, expr, `unknown function '${name}'`, suggestion(name, FUNCTIONS.keys()));
    return ANY;
  }
  if (declared.config && walk.options.names && !walk.options.config) {
    const remedy = 'make it the default-expression of a parameter';
    complain(walk, expr, `${name}() asks the configuration, which a run does not see`, remedy);
  }
  checkArguments(walk, expr, name, args, [declared.parameters]);
  return declared.result;
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
  walk.loops.set(loop.iterVar, item);
  walk.loops.set(loop.accuVar, loop.accuInit ? typeOf(walk, loop.accuInit) : ANY);
  const step = loop.loopStep ? typeOf(walk, loop.loopStep) : ANY;
  walk.loops.set(loop.accuVar, step);
  const result = loop.result ? typeOf(walk, loop.result) : ANY;
  walk.loops = outer;
  return result;
}

const CONSTANTS: Record<string, Type> = {
  boolValue: BOOL,
  stringValue: STRING,
  int64Value: NUMBER,
  uint64Value: NUMBER,
  doubleValue: NUMBER,
  nullValue: { kind: 'null' },
};

export function typeOf(walk: Walk, expr: Expr): Type {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'constExpr':
      return CONSTANTS[exprKind.value.constantKind.case ?? ''] ?? ANY;
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
      const [first = ANY] = types;
      return { kind: 'list', of: types.every(({ kind }) => kind === first.kind) ? first : ANY };
    }
    case 'structExpr':
      for (const { value } of exprKind.value.entries) if (value) typeOf(walk, value);
      return { kind: 'map', of: ANY };
    case 'comprehensionExpr':
      return loopType(walk, expr);
    default:
      return ANY;
  }
}

/** Infers the type, collects faults and puts the guards in (see above): `parsed` is changed. */
export function checkExpression(
  parsed: ParsedExpr,
  options: CheckOptions,
): { type: Type; faults: ExpressionFault[] } {
  const positions = parsed.sourceInfo?.positions ?? {};
  const walk: Walk = {
    options,
    faults: [],
    loops: new Map(),
    offsetOf: (expr) => positions[String(expr.id)] ?? 0,
  };
  const type = typeOf(walk, parsed.expr);
  const seen = new Set<string>();
  const faults = walk.faults.filter(({ offset, message }) => {
    const key = `${offset} ${message}`;
    return seen.has(key) ? false : seen.add(key);
  });
  return { type, faults };
}
