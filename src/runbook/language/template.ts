/**
 * Templates: `{md}`, `{groupOf(md)}`. What stands between braces is an expression, bound when the
 * run is planned; `{{` and `}}` are literal braces. The result is text: one argument stays one
 * argument, whatever the value holds.
 */
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { maskOf } from '../../core/secrets.ts';
import { evaluate, type Scope } from './expressions/expressions.ts';
import { parseTemplate } from './template-parse.ts';

function asText(value: Json, expression: string, template: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw badInput(`{${expression}} in '${template}' is not a text but ${JSON.stringify(value)}`, {
    code: 'template.value',
    remedy: 'let the expression give a string, a number or a bool',
  });
}

export interface Filled {
  text: string;
  /** Where masks of secrets stand in it. */
  places: { offset: number; name: string }[];
}

/** Name in expressions → name of the secret. */
export type SecretNames = ReadonlyMap<string, string>;

const NO_SECRETS: SecretNames = new Map();

function textOf(expression: string, template: string, scope: Scope): string {
  const result = evaluate(expression, scope);
  if ('value' in result) return asText(result.value, expression, template);
  throw badInput(`cannot plan: {${expression}} is not known: ${result.unknown}`, {
    code: 'plan.unknown',
    remedy: 'make the cluster tell it, or give the parameter by --set',
  });
}

/**
 * Puts the values in, and masks where a secret belongs. An unknown value is an error: nothing may
 * be planned on a guess.
 */
export function fillPlaces(template: string, scope: Scope, secrets = NO_SECRETS): Filled {
  let text = '';
  const places: Filled['places'] = [];
  for (const part of parseTemplate(template)) {
    const secret = 'text' in part ? undefined : secrets.get(part.expression.trim());
    if ('text' in part) text += part.text;
    else if (secret === undefined) text += textOf(part.expression, template, scope);
    else {
      places.push({ offset: text.length, name: secret });
      text += maskOf(secret);
    }
  }
  return { text, places };
}

export function fillTemplate(template: string, scope: Scope, secrets = NO_SECRETS): string {
  return fillPlaces(template, scope, secrets).text;
}
