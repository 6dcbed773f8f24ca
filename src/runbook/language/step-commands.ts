/**
 * The commands of a runbook as it stands in its file: argument arrays with {parameter}
 * placeholders. A step that calls another runbook has the commands of that one, with its
 * parameters replaced by what the call gives them.
 */
import { parseTemplate, wholeTemplate } from './template-parse.ts';
import type { Library, LoadedStep } from './types.ts';

/** Names in an expression, but neither fields (`.name`) nor what stands in quotes. */
const NAMES = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(?<![\w.])[A-Za-z_]\w*/g;

function replaceNames(expression: string, given: Readonly<Record<string, string>>): string {
  return expression.replace(NAMES, (name) => {
    const text = Object.hasOwn(given, name) ? given[name] : undefined;
    if (text === undefined) return name;
    return wholeTemplate(text) ?? JSON.stringify(text);
  });
}

/** One text of a called runbook, in the words of its caller. */
function inCallersWords(text: string, given: Readonly<Record<string, string>>): string {
  return parseTemplate(text)
    .map((part) => {
      if ('text' in part) return part.text.replaceAll('{', '{{').replaceAll('}', '}}');
      const whole = part.expression.trim();
      const plain = Object.hasOwn(given, whole) ? given[whole] : undefined;
      return plain ?? `{${replaceNames(part.expression, given)}}`;
    })
    .join('');
}

export function commandsOf(
  step: LoadedStep,
  library: Library,
  callers: readonly string[] = [],
): string[][] {
  if (step.argv) return [step.argv];
  const { call } = step;
  const called = call && library.get(call.runbook);
  if (!called || callers.includes(call.runbook)) return [];
  const given = call.with ?? {};
  return called.runbook.steps
    .flatMap((inner) => commandsOf(inner, library, [...callers, call.runbook]))
    .map((argv) => argv.map((text) => inCallersWords(text, given)));
}
