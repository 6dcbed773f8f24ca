/** `list` and `lint`: which runbooks there are, and what is wrong with one. */
import { describeProblem } from '../../core/errors.ts';
import type { RunbooksReport } from '../../schema/generated/reports/runbooks.ts';
import { lint as findProblems, listRunbooks } from '../../service/run/library.ts';
import { newRunbook } from '../../service/run/new-runbook.ts';
import { type Cli, table } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readText, readWhole } from '../words/reading.ts';
import { writeNew } from '../words/writing.ts';
import { settingsOf } from './site.ts';
import { textOf } from './wishes.ts';

function wordsOf({ runbooks }: RunbooksReport): string {
  return table([
    ['ID', 'SECTION', 'EDITIONS', 'STEPS', 'TITLE'],
    ...runbooks.map((row) => [
      row.id,
      row.manual === null ? 'site' : `${row.manual} ${row.section}`,
      row.editions.join(','),
      String(row.steps),
      row.overlays.length > 0 ? `${row.title} (+ ${row.overlays.join(', ')})` : row.title,
    ]),
  ]);
}

export async function list(cli: Cli, args: Args): Promise<number> {
  const { manual, edition } = args as { manual?: string; edition?: string };
  return show(
    cli,
    listRunbooks(settingsOf(cli), { manual, edition, word: textOf(args.search) ?? undefined }),
    wordsOf,
  );
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
