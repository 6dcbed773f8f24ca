/**
 * A runbook against the catalogue: its head, the labels of the documented steps and their order,
 * and the commands that the manual prints.
 */

import { suggestion } from '../../../core/nearest.ts';
import type { Procedure } from '../catalogue.ts';
import { isCommand } from '../documented.ts';
import { commandsOf } from '../step-commands.ts';
import { isHouse, type LoadedRunbook } from '../types.ts';
import type { LintContext, Report } from './lint.ts';

function lintHead(loaded: LoadedRunbook, procedure: Procedure, report: Report): void {
  const { source = { manual: '', section: '' }, editions, kind, title } = loaded.runbook;
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

/** `s1` and `13alt` stand in a box beside the steps, and so before or after any of them. */
const isBeside = (label: string) => /^s\d+$|alt$/.test(label);

/** Steps that stand where the manual has them; those that say why they do not are left out. */
function lintOrder(loaded: LoadedRunbook, procedure: Procedure, report: Report): void {
  const order = procedure.labels.flat().filter((label) => !isBeside(label));
  let last = { at: -1, label: '' };
  const seen = new Set<string>();
  for (const [index, step] of loaded.runbook.steps.entries()) {
    if (step.moved !== undefined) continue;
    for (const [place, label] of (step.source ?? []).entries()) {
      const at = order.indexOf(label);
      const isFirst = !seen.has(label);
      seen.add(label);
      if (at < 0 || !isFirst) continue;
      if (at < last.at) {
        report(
          ['steps', index, 'source', place],
          `the manual has step ${label} before step ${last.label}`,
          'keep its order, or say with `moved` why not',
        );
      } else last = { at, label };
    }
  }
}

function lintCommands(loaded: LoadedRunbook, context: LintContext, report: Report): void {
  const { id, steps } = loaded.runbook;
  for (const { label, argv } of context.documented?.get(id) ?? []) {
    const there = steps
      .filter(({ source }) => source?.includes(label))
      .flatMap((step) => commandsOf(step, context.library, [id]));
    if (there.some((one) => isCommand(argv, one))) continue;
    const at = steps.findIndex(({ source }) => source?.includes(label));
    report(
      at < 0 ? ['steps'] : ['steps', at],
      `step ${label} of the manual runs \`${argv.join(' ')}\`, and no step here does`,
      'add it, spelled so',
    );
  }
}

/** A part has no place of its own in a manual: its labels are those of the step that calls it. */
function lintPart({ runbook: { id, steps } }: LoadedRunbook, report: Report): void {
  if (!id.startsWith('part-')) report(['id'], `'${id}' is a part`, 'begin its id with part-');
  for (const [index, { source }] of steps.entries()) {
    if (source === undefined) continue;
    const message = 'the labels of a part are those of the step that calls it';
    report(['steps', index, 'source'], message, 'drop `source`');
  }
}

/** No manual has it: its labels are those of whatever the site wrote, and anybody's. */
function lintHouse({ runbook: { id, kind } }: LoadedRunbook, report: Report): void {
  const isPart = id.startsWith('part-');
  if (/^(v3|x5)-/.test(id)) {
    report(['id'], `'${id}' reads as a procedure of a manual`, 'take an id of your own');
  } else if (isPart !== (kind === 'part')) {
    const remedy = isPart ? 'write kind: part, or take another id' : 'begin its id with part-';
    report(['id'], `'${id}' is ${isPart ? 'no' : 'a'} part`, remedy);
  }
}

export function lintCatalogue(loaded: LoadedRunbook, context: LintContext, report: Report): void {
  const { id, steps, kind } = loaded.runbook;
  if (isHouse(loaded)) {
    lintHouse(loaded, report);
    return;
  }
  if (kind === 'part') {
    lintPart(loaded, report);
    return;
  }
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
  lintOrder(loaded, procedure, report);
  lintCommands(loaded, context, report);
}
