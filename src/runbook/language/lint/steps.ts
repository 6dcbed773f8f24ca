/** What each step owes: a server, a label or a reason, an expectation, a warning, answers. */

import { acts } from '../../../cluster/index.ts';
import { LOOKS, type Traits } from '../../../commands/environment.ts';
import { traitsOf } from '../../../commands/index.ts';
import { suggestion } from '../../../core/nearest.ts';
import { LOOKS_ONLY } from '../changes.ts';
import { wholeTemplate } from '../template-parse.ts';
import { type FieldPath, isHouse, type LoadedRunbook, type LoadedStep } from '../types.ts';
import type { LintContext, Report } from './lint.ts';

type Rule = (
  step: LoadedStep,
  complain: (message: string, remedy: string, field?: string) => void,
  loaded: LoadedRunbook,
) => void;

/** What the command of a step says of itself; a step that runs none, or watches one, only looks. */
function traitsOfStep({ verb, argv }: LoadedStep): Traits {
  return verb === 'run' ? traitsOf(argv ?? []) : LOOKS;
}

function endangers(step: LoadedStep): boolean {
  if (step.operator) return acts.get(step.operator.act)?.isDangerous ?? false;
  const { goesDown, endangers, interrupts } = traitsOfStep(step);
  return goesDown || endangers || (interrupts && step.undo === 'none');
}

const rules: Rule[] = [
  function needsServer(step, complain) {
    if (step.on === undefined && ['run', 'watch', 'operator'].includes(step.verb)) {
      complain(`step '${step.id}' does not say on which server`, 'give it `on`');
    }
  },
  function needsLabel(step, complain, loaded) {
    if (loaded.runbook.kind === 'part' || isHouse(loaded)) return;
    if ((step.source ?? []).length > 0 || step.added !== undefined) return;
    complain(`step '${step.id}' has no label`, 'give it `source`, or `added` with the reason');
  },
  function oneOfBoth(step, complain) {
    if ((step.source ?? []).length === 0 || step.added === undefined) return;
    complain(`step '${step.id}' is documented and added`, 'keep one of the two', 'added');
  },
  function needsExpectation(step, complain) {
    const { changes, silent } = traitsOfStep(step);
    if (!changes || silent || step.unseen !== undefined) return;
    if (step.expect !== undefined || step['expect-output'] !== undefined) return;
    complain(`step '${step.id}' changes something and expects nothing`, 'give it `expect`');
  },
  function isSeen(step, complain) {
    const acts = step.verb === 'run' || step.verb === 'operator';
    const { probe, expect, findings } = step;
    const isLooked = [probe, expect, step['expect-output'], findings].some(
      (text) => text !== undefined,
    );
    // Of a program of the site its exit code tells, and what it does is said by `effect`.
    if (traitsOfStep(step).isSites) return;
    if (acts && !isLooked && step.unseen === undefined) {
      const remedy =
        'give it `probe`, `expect`, `expect-output` or `findings`, or say why not: `unseen`';
      complain(`nothing tells that step '${step.id}' was done`, remedy);
    }
    if (step.unseen !== undefined && (isLooked || !acts)) {
      complain(`step '${step.id}' needs no reason for what it does not show`, 'drop it', 'unseen');
    }
  },
  function saysWhatSitesProgramDoes(step, complain) {
    const { isSites } = traitsOfStep(step);
    const { id, effect } = step;
    if (isSites && (effect ?? '').trim() === '') {
      const remedy = 'give it `effect`: what changes there, or looks';
      complain(`step '${id}' does not say what the program of the site does`, remedy);
    }
    if (!isSites && effect !== undefined) {
      complain(`step '${id}' runs no program of the site`, 'drop `effect`', 'effect');
    }
    if (isSites && effect === LOOKS_ONLY && step.undo !== 'none') {
      complain(`step '${id}' only looks, and has an undo`, 'write `undo: none`', 'undo');
    }
    if (isSites && step['expect-output'] !== undefined) {
      const message = `what the program of step '${id}' prints no rehearsal knows`;
      complain(message, 'let its exit code tell', 'expect-output');
    }
  },
  function needsWarning(step, complain) {
    if (!endangers(step) || (step.danger ?? '').trim() !== '') return;
    complain(`step '${step.id}' is dangerous and does not say so`, 'give it `danger`');
  },
  function answersMatch(step, complain) {
    const answered = (step.answers ?? []).length > 0;
    if (traitsOfStep(step).asks && !answered) {
      complain(`the command of step '${step.id}' asks, and nobody answers`, 'give it `answers`');
    }
    if (answered && step.verb !== 'run') {
      complain(`only commands ask; step '${step.id}' runs none`, 'drop `answers`', 'answers');
    }
  },
  function goesDown(step, complain) {
    if (traitsOfStep(step).goesDown && !step['goes-down']) {
      complain(`step '${step.id}' takes its server down`, 'write goes-down: true');
    }
    if (step['goes-down'] && step.verb !== 'run') {
      complain(`step '${step.id}' runs nothing that goes down`, 'drop goes-down', 'goes-down');
    }
  },
  function acceptsWhatCanEnd(step, complain) {
    const exits = (step.accept ?? []).map(({ exit }) => exit);
    if (exits.length === 0) return;
    if (step.findings?.some(({ exit = 0 }) => exits.includes(exit))) {
      complain(
        `step '${step.id}' accepts an exit that is a finding`,
        'keep one of the two',
        'accept',
      );
    }
    if (step.verb !== 'run') {
      complain(`step '${step.id}' runs nothing that ends`, 'drop `accept`', 'accept');
    }
    const twice = exits.find((exit, at) => exits.indexOf(exit) < at);
    if (twice !== undefined) {
      complain(`step '${step.id}' accepts exit ${twice} twice`, 'keep one of them', 'accept');
    }
  },
  function findsByLooking(step, complain) {
    if (step.findings === undefined) return;
    if (step.verb !== 'run' || traitsOfStep(step).changes) {
      complain(`step '${step.id}' does more than look`, 'drop `findings`', 'findings');
    }
    const bare = step.findings.some(({ exit, prints, lacks }) =>
      [exit, prints, lacks].every((one) => one === undefined),
    );
    if (bare) {
      complain(`step '${step.id}' does not say what it finds it by`, 'give exit, prints or lacks');
    }
  },
  function undoesWhatItSays(step, complain) {
    if (step.undoArgv === null) return;
    if (traitsOfStep(step).copies) {
      const message = `step '${step.id}' overwrites a copy, which nothing brings back`;
      complain(message, 'write `undo: none`', 'undo');
    } else if (traitsOf(step.undoArgv).stopsCopy) {
      complain(`the undo of step '${step.id}' stops a copy`, 'stopping is not undoing it', 'undo');
    } else if (!traitsOf(step.undoArgv).changes) {
      complain(`the undo of step '${step.id}' changes nothing`, 'write `undo: none`', 'undo');
    }
  },
  function onlyActsAreUndone(step, complain) {
    const acts = step.verb === 'operator' || traitsOfStep(step).changes;
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
    if (!act) return;
    for (const [field, { what, ...known }] of Object.entries(acts.get(act.act)?.parameters ?? {})) {
      if (act[field as keyof typeof act] !== undefined || known.default !== undefined) continue;
      complain(`step '${step.id}' does not say which ${what}`, `write ${field}: …`, 'operator');
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
      rule(
        step,
        (message, remedy, field) => {
          report(field ? [...path, field] : path, message, remedy);
        },
        loaded,
      );
    }
    const [program] = step.argv ?? [];
    if (context.programs && program && !context.programs.has(program)) {
      const remedy = suggestion(program, context.programs);
      report([...path, step.verb], `no server has a program '${program}'`, remedy);
    }
  }
  lintFreeTexts(loaded, report);
}
