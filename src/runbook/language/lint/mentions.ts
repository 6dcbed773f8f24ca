/** Whoever follows an advice that names a runbook has to find it. */
import { suggestion } from '../../../core/nearest.ts';
import type { FieldPath, LoadedRunbook } from '../types.ts';
import type { LintContext, Report } from './lint.ts';

/** As in runbooks/procedures.tsv: a manual, and a section of it. */
const MENTION = /\b(?:v3|x5)-\d[A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*/g;

function* textsOf(value: unknown, path: FieldPath): Generator<[string, FieldPath]> {
  if (typeof value === 'string') yield [value, path];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      yield* textsOf(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  }
}

export function lintMentions(loaded: LoadedRunbook, context: LintContext, report: Report): void {
  const { id, ...fields } = loaded.runbook;
  for (const [text, path] of textsOf(fields, [])) {
    // What is called is looked up with its parameters (names.ts).
    if (path.at(-1) === 'runbook' && path.at(-2) === 'call') continue;
    for (const { 0: named, index } of text.matchAll(MENTION)) {
      if (named === id || context.library.has(named)) continue;
      const remedy = suggestion(named, context.library.keys());
      report(path, `there is no runbook '${named}'`, remedy, { offset: index });
    }
  }
}
