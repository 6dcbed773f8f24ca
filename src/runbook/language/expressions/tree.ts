/** The library's syntax tree: what stands below a node, and nodes that we put in. */
import type { parse } from '@bufbuild/cel';

export type ParsedExpr = ReturnType<typeof parse>;
export type Expr = ParsedExpr['expr'];

export function childrenOf({ exprKind }: Expr): Expr[] {
  switch (exprKind.case) {
    case 'callExpr':
      return [exprKind.value.target, ...exprKind.value.args].filter((one) => one !== undefined);
    case 'selectExpr':
      return exprKind.value.operand ? [exprKind.value.operand] : [];
    case 'listExpr':
      return exprKind.value.elements;
    case 'structExpr':
      return exprKind.value.entries.flatMap(({ keyKind, value }) => [
        ...(keyKind.case === 'mapKey' ? [keyKind.value] : []),
        ...(value ? [value] : []),
      ]);
    case 'comprehensionExpr': {
      const { iterRange, accuInit, loopCondition, loopStep, result } = exprKind.value;
      return [iterRange, accuInit, loopCondition, loopStep, result].filter(
        (one) => one !== undefined,
      );
    }
    default:
      return [];
  }
}

/** Nodes on the longest way down. */
export function depthOf(expr: Expr): number {
  let level = [expr];
  let depth = 0;
  for (; level.length > 0; depth++) level = level.flatMap(childrenOf);
  return depth;
}

/** The text of a constant; null for anything else. */
export function constantText({ exprKind }: Expr): string | null {
  if (exprKind.case !== 'constExpr') return null;
  const { constantKind } = exprKind.value;
  return constantKind.case === 'stringValue' ? constantKind.value : null;
}

function node(like: Expr, exprKind: unknown): Expr {
  return { $typeName: 'cel.expr.Expr', id: like.id, exprKind } as Expr;
}

function constantNode(like: Expr, constantKind: { case: string; value: unknown }): Expr {
  return node(like, { case: 'constExpr', value: { $typeName: 'cel.expr.Constant', constantKind } });
}

export function textNode(like: Expr, value: string): Expr {
  return constantNode(like, { case: 'stringValue', value });
}

export function wholeNode(like: Expr, value: number): Expr {
  return constantNode(like, { case: 'int64Value', value: BigInt(value) });
}

export function callNode(like: Expr, name: string, args: Expr[]): Expr {
  return node(like, {
    case: 'callExpr',
    value: { $typeName: 'cel.expr.Expr.Call', function: name, args },
  });
}

export function methodNode(like: Expr, name: string, target: Expr, args: Expr[]): Expr {
  return node(like, {
    case: 'callExpr',
    value: { $typeName: 'cel.expr.Expr.Call', function: name, target, args },
  });
}
