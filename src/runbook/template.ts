/**
 * Templates: `{md}`, `{groupOf(md)}`. What stands between braces is an expression, bound when the
 * run is planned; `{{` and `}}` are literal braces. The result is text: one argument stays one
 * argument, whatever the value holds.
 */
import { badInput } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { evaluate, type Scope } from './expressions.ts';
import { parseTemplate } from './template-parse.ts';

function asText(value: Json, expression: string, template: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badInput(`{${expression}} in '${template}' is not a text but ${JSON.stringify(value)}`, {
    code: 'template.value',
    remedy: 'let the expression give a string, a number or a bool',
  });
}

/** Puts the values in. An unknown value is an error: nothing may be planned on a guess. */
export function fillTemplate(template: string, scope: Scope): string {
  return parseTemplate(template)
    .map((part) => {
      if ('text' in part) return part.text;
      const result = evaluate(part.expression, scope);
      if ('value' in result) return asText(result.value, part.expression, template);
      throw badInput(`cannot plan: {${part.expression}} is not known: ${result.unknown}`, {
        code: 'plan.unknown',
        remedy: 'make the cluster tell it, or give the parameter by --set',
      });
    })
    .join('');
}
