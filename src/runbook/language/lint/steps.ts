/** What each step owes: a server, a label or a reason, an expectation, a warning, answers. */

import { suggestion } from '../../../core/nearest.ts';
import { isChanging, isCopying, isGoingDown, isStoppingCopy } from '../changes.ts';
import { wholeTemplate } from '../template-parse.ts';
import type { FieldPath, LoadedRunbook, LoadedStep } from '../types.ts';
import type { LintContext, Report } from './lint.ts';

/** Programs whose exit status is all that there is to see. */
const EXIT_STATUS_TELLS = new Set(['blockdev', 'dd', 'sync', 'tar']);
const DANGEROUS_ACTS = new Set(['cutPower', 'replaceDisk', 'restoreDiskImage']);

type Rule = (
  step: LoadedStep,
  complain: (message: string, remedy: string, field?: string) => void,
) => void;

function hasWord(argv: string[] | null, ...words: string[]): boolean {
  return argv?.some((argument) => words.includes(argument)) ?? false;
}

/** Whether running it can change the cluster or a server. */
export function changesSomething(step: LoadedStep): boolean {
  return step.verb === 'run' && isChanging(step.argv ?? []);
}

function endangers(step: LoadedStep): boolean {
  const [program = ''] = step.argv ?? [];
  if (step.verb === 'operator') return DANGEROUS_ACTS.has(step.operator?.act ?? '');
  if (step.verb !== 'run') return false;
  if (isGoingDown(step.argv ?? []) || program === 'fdisk' || program === 'clpmdchng') return true;
  if (program === 'clpmdinit' || program === 'clptoratio') return !hasWord(step.argv, '-i', '-s');
  if (program === 'clpmdctrl') return hasWord(step.argv, '--force', '--recovery', '--break', '-f');
  return program === 'clpcl' && hasWord(step.argv, '-t', '--suspend') && step.undo === 'none';
}

/** Commands that always ask before they act. */
function asks(step: LoadedStep): boolean {
  const [program = ''] = step.argv ?? [];
  if (program === 'fdisk') return !hasWord(step.argv, '-l');
  return program === 'clpmdctrl' && hasWord(step.argv, '--force', '-f');
}

const rules: Rule[] = [
  function needsServer(step, complain) {
    if (step.on === undefined && ['run', 'watch', 'operator'].includes(step.verb)) {
      complain(`step '${step.id}' does not say on which server`, 'give it `on`');
    }
  },
  function needsLabel(step, complain) {
    if ((step.source ?? []).length > 0 || step.added !== undefined) return;
    complain(`step '${step.id}' has no label`, 'give it `source`, or `added` with the reason');
  },
  function oneOfBoth(step, complain) {
    if ((step.source ?? []).length === 0 || step.added === undefined) return;
    complain(`step '${step.id}' is documented and added`, 'keep one of the two', 'added');
  },
  function needsExpectation(step, complain) {
    if (!changesSomething(step) || EXIT_STATUS_TELLS.has(step.argv?.[0] ?? '')) return;
    if (step.expect !== undefined || step['expect-output'] !== undefined) return;
    complain(`step '${step.id}' changes something and expects nothing`, 'give it `expect`');
  },
  function needsWarning(step, complain) {
    if (!endangers(step) || (step.danger ?? '').trim() !== '') return;
    complain(`step '${step.id}' is dangerous and does not say so`, 'give it `danger`');
  },
  function answersMatch(step, complain) {
    const answered = (step.answers ?? []).length > 0;
    if (asks(step) && !answered) {
      complain(`the command of step '${step.id}' asks, and nobody answers`, 'give it `answers`');
    }
    if (answered && step.verb !== 'run') {
      complain(`only commands ask; step '${step.id}' runs none`, 'drop `answers`', 'answers');
    }
  },
  function goesDown(step, complain) {
    const goes = step.verb === 'run' && isGoingDown(step.argv ?? []);
    if (goes && !step['goes-down']) {
      complain(`step '${step.id}' takes its server down`, 'write goes-down: true');
    }
    if (step['goes-down'] && step.verb !== 'run') {
      complain(`step '${step.id}' runs nothing that goes down`, 'drop goes-down', 'goes-down');
    }
  },
  function acceptsWhatCanEnd(step, complain) {
    const exits = (step.accept ?? []).map(({ exit }) => exit);
    if (exits.length === 0) return;
    if (step.verb !== 'run') {
      complain(`step '${step.id}' runs nothing that ends`, 'drop `accept`', 'accept');
    }
    const twice = exits.find((exit, at) => exits.indexOf(exit) < at);
    if (twice !== undefined) {
      complain(`step '${step.id}' accepts exit ${twice} twice`, 'keep one of them', 'accept');
    }
  },
  function undoesWhatItSays(step, complain) {
    if (step.undoArgv === null) return;
    if (isCopying(step.argv ?? [])) {
      const message = `step '${step.id}' overwrites a copy, which nothing brings back`;
      complain(message, 'write `undo: none`', 'undo');
    } else if (isStoppingCopy(step.undoArgv)) {
      complain(`the undo of step '${step.id}' stops a copy`, 'stopping is not undoing it', 'undo');
    } else if (!isChanging(step.undoArgv)) {
      complain(`the undo of step '${step.id}' changes nothing`, 'write `undo: none`', 'undo');
    }
  },
  function onlyActsAreUndone(step, complain) {
    const acts = step.verb === 'operator' || changesSomething(step);
    if (acts || step.undoArgv === null) return;
    complain(`step '${step.id}' changes nothing, and has an undo`, 'write `undo: none`', 'undo');
  },
  function remembersForSomething(step, complain) {
    for (const name of Object.keys(step.remember ?? {})) {
      const used = `${step.probe ?? ''} ${step.expect ?? ''}`.includes(`before.${name}`);
      if (!used) complain(`before.${name} is remembered for nothing`, 'drop it', 'remember');
    }
  },
  function waitsForSomething(step, complain) {
    if (step.wait && step.wait.until === undefined && step.wait.for === undefined) {
      complain(`step '${step.id}' waits for nothing`, 'give it `until` or `for`', 'wait');
    }
  },
  function actIsComplete(step, complain) {
    const act = step.operator;
    if (act?.act === 'replaceDisk' && act.device === undefined) {
      complain(`step '${step.id}' does not say which disk`, 'write device: …', 'operator');
    }
    if (act?.act.endsWith('DiskImage') && act.image === undefined) {
      complain(`step '${step.id}' does not say which image`, 'write image: …', 'operator');
    }
    if (act?.act === 'insertMedium' && act.medium === undefined) {
      complain(`step '${step.id}' does not say which medium`, 'write medium: …', 'operator');
    }
  },
];

/** An operator's free text in a command is allowed only where its form is. */
function lintFreeTexts(loaded: LoadedRunbook, report: Report): void {
  const { parameters = {}, steps } = loaded.runbook;
  const used = steps.flatMap(({ argv, undoArgv }) => [...(argv ?? []), ...(undoArgv ?? [])]);
  for (const [name, parameter] of Object.entries(parameters)) {
    const { type, from, pattern } = parameter;
    if (type !== 'string' || from || pattern !== undefined || parameter.enum) continue;
    if (!used.some((argument) => wholeTemplate(argument) === name)) continue;
    const message = `'${name}' is free text and goes into a command`;
    report(['parameters', name], message, 'give it from, enum or pattern');
  }
}

export function lintSteps(loaded: LoadedRunbook, context: LintContext, report: Report): void {
  for (const [index, step] of loaded.runbook.steps.entries()) {
    const path: FieldPath = ['steps', index];
    for (const rule of rules) {
      rule(step, (message, remedy, field) => {
        report(field ? [...path, field] : path, message, remedy);
      });
    }
    const [program] = step.argv ?? [];
    if (context.programs && program && !context.programs.has(program)) {
      const remedy = suggestion(program, context.programs);
      report([...path, step.verb], `no server has a program '${program}'`, remedy);
    }
  }
  lintFreeTexts(loaded, report);
}
