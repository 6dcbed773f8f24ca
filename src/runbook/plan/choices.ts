/** Conditions that wait for a person's choice: found, and renamed when their runbook is called. */
import { parse } from '@bufbuild/cel';
import { childrenOf, type Expr } from '../language/expressions/tree.ts';

export interface ChoiceUse {
  step: string;
  /** Where the step's name stands in the expression, quotes included; -1: not a plain text. */
  offset: number;
}

/** Every name that an expression asks for, those that it binds itself included. */
export function namesIn(expr: Expr | undefined): Set<string> {
  const names = new Set<string>();
  const walk = (one: Expr | undefined): void => {
    if (!one) return;
    if (one.exprKind.case === 'identExpr') names.add(one.exprKind.value.name);
    childrenOf(one).forEach(walk);
  };
  walk(expr);
  return names;
}

/** Every chosen('step') of an expression. */
export function choicesIn(expression: string): ChoiceUse[] {
  const parsed = parse(expression);
  const positions = parsed.sourceInfo?.positions ?? {};
  const uses: ChoiceUse[] = [];
  const walk = (expr: Expr): void => {
    const { exprKind } = expr;
    if (exprKind.case === 'callExpr' && exprKind.value.function === 'chosen') {
      const [argument] = exprKind.value.args;
      const constant = argument?.exprKind;
      const kind = constant?.case === 'constExpr' ? constant.value.constantKind : null;
      const step = kind?.case === 'stringValue' ? kind.value : '';
      const offset = kind?.case === 'stringValue' ? positions[String(argument?.id)] : undefined;
      uses.push({ step, offset: offset ?? -1 });
    }
    childrenOf(expr).forEach(walk);
  };
  walk(parsed.expr);
  return uses;
}

export function asksChoice(expression: string): boolean {
  return expression.includes('chosen') && choicesIn(expression).length > 0;
}

/**
 * In a called runbook, chosen('way') means the step `call/way` of the plan. `isMeant`: which choices
 * are renamed.
 */
export function qualifyChoices(
  expression: string,
  prefix: string,
  isMeant: (step: string) => boolean = () => true,
): string {
  if (!prefix) return expression;
  let text = expression;
  const uses = choicesIn(expression)
    .filter(({ step }) => isMeant(step))
    .sort((a, b) => b.offset - a.offset);
  for (const { offset } of uses) {
    if (offset >= 0) text = `${text.slice(0, offset + 1)}${prefix}${text.slice(offset + 1)}`;
  }
  return text;
}

/** `chosen('a') == 'x'` joined by &&: what is assumed; null when the condition is not that plain. */
export function plainChoice(expression: string): Record<string, string> | null {
  const assumed: Record<string, string> = {};
  for (const part of expression.split('&&')) {
    const [, step, option] = /^[\s(]*chosen\('([^']+)'\)\s*==\s*'([^']*)'[\s)]*$/.exec(part) ?? [];
    if (step === undefined || option === undefined) return null;
    assumed[step] = option;
  }
  return assumed;
}
