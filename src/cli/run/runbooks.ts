/** `list` and `lint`: which runbooks there are, and what is wrong with one. */
import { describeProblem } from '../../core/errors.ts';
import type { RunbooksReport } from '../../schema/generated/reports/runbooks.ts';
import { lint as findProblems, listRunbooks } from '../../service/run/library.ts';
import { type Cli, table } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readText, readWhole } from '../words/reading.ts';
import { textOf } from './wishes.ts';

function wordsOf({ runbooks }: RunbooksReport): string {
  return table([
    ['ID', 'SECTION', 'EDITIONS', 'STEPS', 'TITLE'],
    ...runbooks.map((row) => [
      row.id,
      `${row.manual} ${row.section}`,
      row.editions.join(','),
      String(row.steps),
      row.title,
    ]),
  ]);
}

export async function list(cli: Cli, args: Args): Promise<number> {
  const { manual, edition } = args as { manual?: string; edition?: string };
  return show(
    cli,
    listRunbooks({ manual, edition, word: textOf(args.search) ?? undefined }),
    wordsOf,
  );
}

export async function lint(cli: Cli, args: Args): Promise<number> {
  const report = findProblems({ readText, readWhole }, words(args.files));
  const exit = show(cli, report, ({ findings }) =>
    findings.map((one) => `${describeProblem(one)}\n`).join(''),
  );
  const { length } = report.data.findings;
  cli.say(length ? `${length} finding(s)` : 'nothing to mend');
  return exit;
}
