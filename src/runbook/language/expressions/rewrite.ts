/**
 * What is put into an expression before it is planned.
 *
 *   field == 'GRAY', field in ['RED', 'Unknown']   asSaid(record, 'field', …) == 'GRAY'
 *     Only who compares with the vendor's word for "not known" gets to see it.
 *   has(record.field)                              isSaid(record, 'field')
 *     Every record has all of its fields; what may be asked is whether one holds something.
 *   a loop's condition                             withinBudget(cost) && condition
 *     A step costs as much as what stands in the loop.
 */
import { UNKNOWN_WORDS } from './schema.ts';
import { callNode, childrenOf, constantText, type Expr, textNode, wholeNode } from './tree.ts';

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

/** Parts of an expression that are worked through in the time of one step. */
const PARTS_OF_A_STEP = 8;

function partsOf(expr: Expr): number {
  return childrenOf(expr).reduce((sum, child) => sum + partsOf(child), 1);
}

/** Changes the tree in place. */
export function rewrite(expr: Expr): void {
  const { exprKind } = expr;
  const parts = exprKind.case === 'comprehensionExpr' ? partsOf(expr) : 0;
  for (const child of childrenOf(expr)) rewrite(child);
  if (exprKind.case === 'selectExpr' && exprKind.value.testOnly && exprKind.value.operand) {
    const { operand, field } = exprKind.value;
    expr.exprKind = callNode(expr, 'isSaid', [operand, textNode(expr, field)]).exprKind;
  }
  if (exprKind.case === 'callExpr' && COMPARING.has(exprKind.value.function)) {
    seeWord(exprKind.value.args);
  }
  if (exprKind.case === 'comprehensionExpr' && exprKind.value.loopCondition) {
    const { loopCondition } = exprKind.value;
    exprKind.value.loopCondition = callNode(loopCondition, '_&&_', [
      callNode(loopCondition, 'withinBudget', [
        wholeNode(loopCondition, 1 + Math.floor(parts / PARTS_OF_A_STEP)),
      ]),
      loopCondition,
    ]);
  }
}
