/** `list` and `lint`: which runbooks there are, and what is wrong with one. */
import { describeProblem } from '../../core/errors.ts';
import type { RunbooksReport } from '../../schema/generated/reports/runbooks.ts';
import { lint as findProblems, listHere, type RunbookFilter } from '../../service/run/library.ts';
import { newRunbook } from '../../service/run/new-runbook.ts';
import { contextOn } from '../cluster/described.ts';
import { type Cli, table } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readText, readWhole } from '../words/reading.ts';
import { writeNew } from '../words/writing.ts';
import { settingsOf } from './site.ts';
import { textOf } from './wishes.ts';

type Row = RunbooksReport['runbooks'][number];

function rowOf(row: Row): string[] {
  return [
    row.id,
    row.manual === null ? 'site' : `${row.manual} ${row.section}`,
    row.editions.join(','),
    String(row.steps),
    row.overlays.length > 0 ? `${row.title} (+ ${row.overlays.join(', ')})` : row.title,
  ];
}

function wordsOf({ runbooks, cluster }: RunbooksReport): string {
  const here = runbooks.filter(({ applies }) => applies === null || applies.here);
  const listed = table([['ID', 'SECTION', 'EDITIONS', 'STEPS', 'TITLE'], ...here.map(rowOf)]);
  if (cluster === null || here.length === runbooks.length) return listed;
  const others = runbooks.flatMap(({ id, title, applies }) =>
    applies?.why ? [[`  ${id}`, title, applies.why]] : [],
  );
  return `${listed}These do not apply to ${cluster} as it is:\n${table(others)}`;
}

function filterOf({ manual, edition, search }: Args): RunbookFilter {
  return {
    manual: textOf(manual) ?? undefined,
    edition: textOf(edition) ?? undefined,
    word: textOf(search) ?? undefined,
  };
}

export async function list(cli: Cli, args: Args): Promise<number> {
  return show(cli, await listHere(contextOn(cli, args), filterOf(args)), wordsOf);
}

/** `run` without a runbook: those that could be run here; nothing is done. */
export async function askWhich(cli: Cli, args: Args): Promise<number> {
  show(cli, await listHere(contextOn(cli, args), {}), wordsOf);
  cli.say('name a runbook: drydock run ID; `drydock advise` says which is for what is wrong');
  return 2;
}

/** `new`. */
export async function begin(cli: Cli, args: Args): Promise<number> {
  const wish = {
    name: String(args.name),
    overlay: textOf(args.overlay),
    out: textOf(args.out),
  };
  const report = newRunbook({ settings: settingsOf(cli), outputs: { write: writeNew } }, wish);
  return show(cli, report, ({ file }) => `${file}\n`);
}

export async function lint(cli: Cli, args: Args): Promise<number> {
  const report = findProblems(
    { readText, readWhole, settings: settingsOf(cli) },
    words(args.files),
  );
  const exit = show(cli, report, ({ findings }) =>
    findings.map((one) => `${describeProblem(one)}\n`).join(''),
  );
  const { length } = report.data.findings;
  cli.say(length ? `${length} finding(s)` : 'nothing to mend');
  return exit;
}
