/** A runbook against the catalogue: its head, and the labels of the documented steps. */

import { suggestion } from '../../../core/nearest.ts';
import type { Procedure } from '../catalogue.ts';
import type { LoadedRunbook } from '../types.ts';
import type { LintContext, Report } from './lint.ts';

function lintHead(loaded: LoadedRunbook, procedure: Procedure, report: Report): void {
  const { source, editions, kind, title } = loaded.runbook;
  const wrong = (path: string[], is: string, should: string) => {
    if (is !== should) {
      report(path, `the catalogue says '${should}', not '${is}'`, 'take the catalogue’s word');
    }
  };
  wrong(['source', 'manual'], source.manual, procedure.manual);
  wrong(['source', 'section'], source.section, procedure.section);
  wrong(['editions'], editions.join(','), procedure.editions.join(','));
  wrong(['kind'], kind, procedure.kind);
  wrong(['title'], title, procedure.title);
}

export function lintCatalogue(loaded: LoadedRunbook, context: LintContext, report: Report): void {
  const { id, steps } = loaded.runbook;
  const procedure = context.catalogue.get(id);
  if (!procedure) {
    report(
      ['id'],
      `the catalogue has no procedure '${id}'`,
      suggestion(id, context.catalogue.keys()),
    );
    return;
  }
  lintHead(loaded, procedure, report);
  const documented = new Set(procedure.labels.flat());
  const covered = new Set<string>();
  for (const [index, step] of steps.entries()) {
    for (const [at, label] of (step.source ?? []).entries()) {
      covered.add(label);
      if (documented.has(label)) continue;
      const remedy = documented.size ? suggestion(label, documented) : 'use `added` with a reason';
      report(['steps', index, 'source', at], `${id} has no documented step '${label}'`, remedy);
    }
  }
  for (const labels of procedure.labels) {
    if (labels.some((label) => covered.has(label))) continue;
    const which = labels.join(' or ');
    report(
      ['steps'],
      `the documented step ${which} is missing`,
      `add it with source: ["${labels[0]}"]`,
    );
  }
}
