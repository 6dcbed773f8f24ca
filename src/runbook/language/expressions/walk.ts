/** What is carried over an expression's tree while its types are inferred, and how a problem is noted. */
import type { Type } from './schema.ts';
import type { Expr } from './tree.ts';

export interface ExpressionProblem {
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

/** What the walk carries: the problems found, and the names that loops bind. */
export interface Walk {
  options: CheckOptions;
  problems: ExpressionProblem[];
  loops: Map<string, Type>;
  /** Lists of a format's values, which may be of any kinds. */
  formatted: Set<Expr>;
  /** Loops around this place. */
  depth: number;
  offsetOf(expr: Expr): number;
}

export function complain(walk: Walk, expr: Expr, message: string, remedy: string): void {
  walk.problems.push({ offset: walk.offsetOf(expr), message, remedy });
}

export function fits(given: Type, wanted: Type): boolean {
  if (given.kind === 'any' || wanted.kind === 'any' || given.kind === 'null') return true;
  if (given.kind === 'list' && wanted.kind === 'list') return fits(given.of, wanted.of);
  if (given.kind === 'map' && wanted.kind === 'map') return fits(given.of, wanted.of);
  return given.kind === wanted.kind;
}
