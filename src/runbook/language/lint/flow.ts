/**
 * Which steps can be reached. Only choices branch: for every combination of their options the
 * steps are walked; a condition that asks more than choices may be true or false. A step that no
 * walk enters is an error, and so is a condition on a choice that is not made before it.
 */

import { asksChoice, choicesIn, plainChoice } from '../../plan/choices.ts';
import type { LoadedRunbook, LoadedStep } from '../types.ts';
import type { Report } from './lint.ts';

const MOST_WALKS = 4096;

function optionsOf(steps: LoadedStep[]): Map<string, string[]> {
  return new Map(
    steps.flatMap((step) => (step.choose ? [[step.id, step.choose.options] as const] : [])),
  );
}

/** Every combination of options, up to a limit that no readable runbook comes near. */
function walks(options: Map<string, string[]>): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [step, choices] of options) {
    all = all.flatMap((walk) => choices.map((option) => ({ ...walk, [step]: option })));
    if (all.length > MOST_WALKS) return all.slice(0, MOST_WALKS);
  }
  return all;
}

function mayBeEntered(step: LoadedStep, walk: Record<string, string>): boolean {
  if (step.when === undefined) return true;
  const assumed = plainChoice(step.when);
  if (!assumed) return true;
  return Object.entries(assumed).every(([choice, option]) => walk[choice] === option);
}

function lintConditions(loaded: LoadedRunbook, report: Report): void {
  const { steps } = loaded.runbook;
  const options = optionsOf(steps);
  const made = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const path = ['steps', index, 'when'];
    if (step.when !== undefined && isReadable(step.when) && asksChoice(step.when)) {
      for (const { step: choice, offset } of choicesIn(step.when)) {
        if (made.has(choice)) continue;
        const known = [...made].join(', ') || 'none is made before this step';
        const message = `chosen('${choice}') asks for a choice that is not made before`;
        report(path, message, `choices so far: ${known}`, { offset: Math.max(0, offset) });
      }
      for (const [choice, option] of Object.entries(plainChoice(step.when) ?? {})) {
        const known = options.get(choice);
        if (!known || known.includes(option) || known.some((text) => text.includes('{'))) continue;
        report(path, `'${option}' is no option of '${choice}'`, known.join(' | '));
      }
    }
    if (step.verb === 'choose') made.add(step.id);
  }
}

function isReadable(expression: string): boolean {
  try {
    choicesIn(expression);
    return true;
  } catch {
    return false; // reported by the check of types, with its column
  }
}

function lintReach(loaded: LoadedRunbook, report: Report): void {
  const { steps } = loaded.runbook;
  const entered = new Set<string>();
  for (const walk of walks(optionsOf(steps))) {
    for (const step of steps) {
      if (!mayBeEntered(step, walk)) continue;
      entered.add(step.id);
      if (step.verb === 'refuse' && (step.when === undefined || plainChoice(step.when))) break;
    }
  }
  for (const [index, step] of steps.entries()) {
    if (entered.has(step.id)) continue;
    report(
      ['steps', index],
      `step '${step.id}' can never be reached`,
      'correct `when`, or drop it',
    );
  }
}

/** A choice made on several servers would have several answers under one name. */
function lintChoosers(loaded: LoadedRunbook, report: Report): void {
  for (const [index, step] of loaded.runbook.steps.entries()) {
    if (step.verb !== 'choose' || step.on === undefined) continue;
    report(['steps', index, 'on'], `step '${step.id}' asks a person, not a server`, 'drop `on`');
  }
}

export function lintFlow(loaded: LoadedRunbook, report: Report): void {
  lintConditions(loaded, report);
  lintReach(loaded, report);
  lintChoosers(loaded, report);
}
