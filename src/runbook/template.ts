/**
 * Templates: `{md}`, `{groupOf(md)}`. What stands between braces is an expression, bound when the
 * run is planned; `{{` and `}}` are literal braces. The result is text: one argument stays one
 * argument, whatever the value holds.
 */
import { badInput } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { evaluate, type Scope } from './expressions.ts';

export type TemplatePart =
  | { text: string }
  /** `offset` counts from the start of the template's text. */
  | { expression: string; offset: number };

/** Index after the brace that closes the one at `start`; -1 when none does. Quotes are skipped. */
export function endOfTemplate(text: string, start: number): number {
  let depth = 0;
  let quote: string | null = null;
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (quote) {
      if (char === '\\') at++;
      else if (char === quote) quote = null;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return -1;
}

export function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  const keepLiteral = () => {
    if (literal) parts.push({ text: literal });
    literal = '';
  };
  for (let at = 0; at < text.length; ) {
    const two = text.slice(at, at + 2);
    if (two === '{{' || two === '}}') {
      literal += two[0];
      at += 2;
    } else if (text[at] === '{') {
      const end = endOfTemplate(text, at);
      if (end < 0) {
        throw badInput(`'${text}': a { is never closed`, {
          code: 'template.malformed',
          remedy: 'close it, or write {{ for a brace',
        });
      }
      keepLiteral();
      parts.push({ expression: text.slice(at + 1, end - 1), offset: at + 1 });
      at = end;
    } else {
      literal += text[at];
      at++;
    }
  }
  keepLiteral();
  return parts;
}

/** Expressions in a text, for lint. */
export function templateExpressions(text: string): { expression: string; offset: number }[] {
  return parseTemplate(text).filter((part) => 'expression' in part);
}

/** The only expression when the whole text is one template; else null. */
export function wholeTemplate(text: string): string | null {
  const parts = parseTemplate(text);
  return parts.length === 1 && parts[0] && 'expression' in parts[0] ? parts[0].expression : null;
}

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
