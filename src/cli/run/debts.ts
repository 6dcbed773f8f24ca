/** `debts`: what maintenance left behind on the cluster. */
import type { DebtsReport } from '../../schema/generated/reports/debts.ts';
import { listDebts } from '../../service/run/debts.ts';
import { type Cli, table } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';

function wordsOf({ debts, unknown }: DebtsReport): string {
  const rows = debts.map(({ words, until, by, remedy }) => [
    words,
    until === null ? 'does not lapse' : `lapses ${new Date(until).toISOString()}`,
    by ? `left by ${by.run}` : '',
    remedy,
  ]);
  return table(rows) + unknown.map((text) => `not known: ${text}\n`).join('');
}

export async function debts(cli: Cli, args: Args): Promise<number> {
  const report = await listDebts(contextOf(cli, args));
  const exit = show(cli, report, wordsOf);
  if (report.data.debts.length === 0) cli.say('nothing is owed');
  return exit;
}
