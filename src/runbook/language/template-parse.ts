/** Reading templates: where braces begin and end, without evaluating anything. */
import { badInput } from '../../core/errors.ts';

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

/** The only expression when the whole text is one template; else null. */
export function wholeTemplate(text: string): string | null {
  const parts = parseTemplate(text);
  return parts.length === 1 && parts[0] && 'expression' in parts[0] ? parts[0].expression : null;
}
