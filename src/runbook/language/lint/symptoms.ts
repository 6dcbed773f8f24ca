/** The file of symptoms against the language of its expressions and the runbooks that it names. */
import { badInput, type DrydockError } from '../../../core/errors.ts';
import { suggestion } from '../../../core/nearest.ts';
import type { Remedy } from '../../../schema/generated/symptoms.ts';
import { type LoadedSymptoms, loadSymptoms } from '../../advice/symptoms.ts';
import { checkTypes } from '../expressions/expressions.ts';
import { parseTemplate } from '../template-parse.ts';
import type { FieldPath, Library } from '../types.ts';

type Complain = (path: FieldPath, message: string, remedy: string) => void;

const TEXT = { kind: 'string' } as const;

function lintExpression(text: string, path: FieldPath, isEach: boolean, complain: Complain): void {
  const names = isEach ? { it: TEXT, home: TEXT } : {};
  for (const { message, remedy } of checkTypes(text, names).problems) {
    complain(path, message, remedy ?? '');
  }
}

function lintTemplate(text: string, path: FieldPath, isEach: boolean, complain: Complain): void {
  for (const part of parseTemplate(text)) {
    if ('expression' in part) lintExpression(part.expression, path, isEach, complain);
  }
}

function lintRemedy(
  { runbook, with: given = {} }: Remedy,
  path: FieldPath,
  library: Library,
  complain: Complain,
): void {
  const loaded = library.get(runbook);
  if (!loaded) {
    complain(
      [...path, 'runbook'],
      `there is no runbook '${runbook}'`,
      suggestion(runbook, library.keys()),
    );
    return;
  }
  const known = Object.keys(loaded.runbook.parameters ?? {});
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const message = `'${runbook}' has no parameter '${name}'`;
    complain([...path, 'with', name], message, suggestion(name, known));
  }
}

export function lintSymptoms(
  library: Library,
  { symptoms, placeOf }: LoadedSymptoms = loadSymptoms(),
): DrydockError[] {
  const findings: DrydockError[] = [];
  const complain: Complain = (path, message, remedy) => {
    const place = placeOf(path);
    findings.push(badInput(message, { code: 'lint', place, ...(remedy ? { remedy } : {}) }));
  };
  const seen = new Set<string>();
  for (const [index, symptom] of symptoms.entries()) {
    const at = ['symptoms', index];
    const isEach = symptom.each !== undefined;
    if (seen.has(symptom.id)) {
      complain([...at, 'id'], `there are two symptoms '${symptom.id}'`, 'rename one of them');
    }
    seen.add(symptom.id);
    lintExpression(symptom.shows, [...at, 'shows'], isEach, complain);
    lintTemplate(symptom.says, [...at, 'says'], isEach, complain);
    for (const [place, remedy] of symptom.remedies.entries()) {
      const path = [...at, 'remedies', place];
      lintRemedy(remedy, path, library, complain);
      if (remedy.when !== undefined)
        lintExpression(remedy.when, [...path, 'when'], isEach, complain);
      for (const [name, text] of Object.entries(remedy.with ?? {})) {
        lintTemplate(text, [...path, 'with', name], isEach, complain);
      }
    }
  }
  return findings;
}
