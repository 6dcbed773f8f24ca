/** `rehearse`, `run`, `resume` and `undo`: what they are asked, and how it ended in words. */
import { badInput } from '../../core/errors.ts';
import { findingLines } from '../../runbook/run/findings.ts';
import { closingLines } from '../../runbook/run/transcript.ts';
import type { RunReport } from '../../schema/generated/reports/run-result.ts';
import {
  type MatrixFound,
  type Rehearsed,
  rehearse as rehearseOn,
} from '../../service/run/rehearsing.ts';
import { resume as goOn } from '../../service/run/resuming.ts';
import { type Ran, type RunOutcome, run as runOn } from '../../service/run/running.ts';
import { undo as takeBack } from '../../service/run/undoing.ts';
import { contextOn } from '../cluster/described.ts';
import type { Cli } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { requireNew, writeNew } from '../words/writing.ts';
import { sayClosing } from './closing.ts';
import { matrixPage } from './matrix-page.ts';
import { matrixWords } from './matrix-words.ts';
import { preflightWords } from './preflight.ts';
import { optionsOf, textOf, windowWishOf } from './wishes.ts';

function isMatrix(report: Rehearsed): report is MatrixFound {
  return report.data.schema === 'drydock.fault-matrix/2';
}

function showRehearsal(cli: Cli, report: Rehearsed): number {
  if (isMatrix(report)) {
    return show(cli, report, (matrix) => report.transcript + matrixWords(matrix));
  }
  const exit = show(cli, report, ({ transcript }) => transcript);
  sayClosing(cli, exit);
  return exit;
}

/** The last words of every verb that runs. */
function sayEnd(cli: Cli, report: RunReport, goesOn: boolean): void {
  const { outcome, run, words, findings, closing } = report;
  for (const line of findings?.flatMap(findingLines) ?? []) cli.say(line);
  if (findings?.length === 0 && outcome === 'done') cli.say('nothing was found');
  const isDone = outcome === 'done' || outcome === 'rolledBack';
  const ended = outcome === 'done' ? `run ${run} is done` : words;
  cli.say(cli.paint(isDone ? 'green' : 'red', isDone ? ended : `${outcome}: ${words}`));
  if (closing) cli.say(closingLines(closing).trimEnd());
  else if (goesOn) cli.say(`next: drydock resume ${run}`);
}

function hasRun(report: RunOutcome): report is Ran {
  return report.data.schema === 'drydock.run-result/1';
}

/** How a run ended, or what spoke against it before its first step. */
export function showOutcome(cli: Cli, report: RunOutcome | Rehearsed, isDry: boolean): number {
  if (isDry) return showRehearsal(cli, report as Rehearsed);
  const outcome = report as RunOutcome;
  if (hasRun(outcome)) {
    const exit = show(cli, outcome, ({ run }) => `${run}\n`);
    sayEnd(cli, outcome.data, outcome.goesOn);
    return exit;
  }
  const { data } = outcome;
  const isEarly = data.schema === 'drydock.preflight/1';
  const exit = show<typeof data>(cli, outcome, () =>
    isEarly ? preflightWords(data) : data.transcript,
  );
  const why = isEarly
    ? 'preflight says no; nothing was done'
    : 'the rehearsal fails; nothing was done on the cluster';
  cli.say(cli.paint('red', why));
  if (isEarly)
    cli.say('what is for the cluster as it is: drydock advise; what applies: drydock list');
  sayClosing(cli, exit);
  return exit;
}

function wishOf(cli: Cli, args: Args) {
  return { options: optionsOf(cli, args), ...windowWishOf(args) };
}

/** The page of a matrix, before its words: where it cannot be written, that is the error. */
function writePage(cli: Cli, file: string, report: Rehearsed): void {
  if (isMatrix(report)) writeNew(file, matrixPage(report.data));
  else cli.say(`${file} is not written: the rehearsal itself does not end well`);
}

export async function rehearse(cli: Cli, args: Args): Promise<number> {
  const wish = { id: String(args.id), options: optionsOf(cli, args), faults: textOf(args.faults) };
  const file = textOf(args.html);
  if (file !== null) {
    if (wish.faults === null || wish.faults === 'none') {
      throw badInput('--html: there is no matrix without faults', {
        code: 'html.noFaults',
        remedy: 'add --faults sweep',
      });
    }
    requireNew(file);
  }
  const report = await rehearseOn(contextOn(cli, args), wish);
  if (file !== null) writePage(cli, file, report);
  return showRehearsal(cli, report);
}

export async function run(cli: Cli, args: Args): Promise<number> {
  if (args.id === undefined) return (await import('./runbooks.ts')).askWhich(cli, args);
  if (args.dryRun === true) return rehearse(cli, args);
  const wish = { ...wishOf(cli, args), id: String(args.id), faults: textOf(args.faults) };
  return showOutcome(cli, await runOn(contextOf(cli, args), wish), false);
}

export async function resume(cli: Cli, args: Args): Promise<number> {
  const wish = { ...wishOf(cli, args), run: String(args.run) };
  return showOutcome(cli, await goOn(contextOf(cli, args), wish), false);
}

export async function undo(cli: Cli, args: Args): Promise<number> {
  const isDry = args.dryRun === true;
  const wish = { ...wishOf(cli, args), run: String(args.run), to: textOf(args.to), isDry };
  return showOutcome(cli, await takeBack(contextOf(cli, args), wish), isDry);
}
