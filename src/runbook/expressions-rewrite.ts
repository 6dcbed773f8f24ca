/**
 * What is put into an expression before it is planned.
 *
 *   field == 'GRAY', field in ['RED', 'Unknown']   asSaid(record, 'field', …) == 'GRAY'
 *     Only who compares with the vendor's word for "not known" gets to see it.
 *   a loop's condition                             withinBudget() && condition
 */
import { UNKNOWN_WORDS } from './expressions-schema.ts';
import { callNode, childrenOf, constantText, type Expr, textNode } from './expressions-tree.ts';

const COMPARING = new Set(['_==_', '_!=_', '@in', '_in_']);

function namesUnknown(expr: Expr): boolean {
  const words = expr.exprKind.case === 'listExpr' ? expr.exprKind.value.elements : [expr];
  return words.some((word) => UNKNOWN_WORDS.includes(constantText(word) ?? ''));
}

/** `record.field` and `map[key]`, asked for what they hold; null: neither. */
function asked(operand: Expr, other: Expr): Expr | null {
  const { exprKind } = operand;
  if (exprKind.case === 'selectExpr' && exprKind.value.operand && !exprKind.value.testOnly) {
    const { operand: record, field } = exprKind.value;
    return callNode(operand, 'asSaid', [record, textNode(operand, field), other]);
  }
  const call = exprKind.case === 'callExpr' ? exprKind.value : null;
  const [map, key] = call?.args ?? [];
  if (call?.function !== '_[_]' || !map || !key) return null;
  return callNode(operand, 'asSaid', [map, key, other]);
}

function seeWord(args: Expr[]): void {
  const [left, right] = args;
  if (!left || !right) return;
  if (namesUnknown(right)) args[0] = asked(left, right) ?? left;
  else if (namesUnknown(left)) args[1] = asked(right, left) ?? right;
}

/** Changes the tree in place. */
export function rewrite(expr: Expr): void {
  const { exprKind } = expr;
  for (const child of childrenOf(expr)) rewrite(child);
  if (exprKind.case === 'callExpr' && COMPARING.has(exprKind.value.function)) {
    seeWord(exprKind.value.args);
  }
  if (exprKind.case === 'comprehensionExpr' && exprKind.value.loopCondition) {
    const { loopCondition } = exprKind.value;
    exprKind.value.loopCondition = callNode(loopCondition, '_&&_', [
      callNode(loopCondition, 'withinBudget', []),
      loopCondition,
    ]);
  }
}
