/** `debts`: what maintenance left behind on the cluster. */
import { debtsOf } from '../../runbook/afterwards/debts.ts';
import { openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import { openJournalToRead } from '../record/journal.ts';
import type { Args } from '../verbs/args.ts';

export async function debts(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  const journal = openJournalToRead(cli);
  try {
    const found = debtsOf(
      await cluster.door.observation.status(),
      cluster.config,
      journal.entries(),
    );
    print(cli, { schema: 'drydock.debts/1', ...found }, () => {
      const rows = found.debts.map((debt) => [
        debt.words,
        debt.until === null ? 'does not lapse' : `lapses ${new Date(debt.until).toISOString()}`,
        debt.by ? `left by ${debt.by.run}` : '',
        debt.remedy,
      ]);
      return table(rows) + found.unknown.map((text) => `not known: ${text}\n`).join('');
    });
    if (found.debts.length === 0) cli.say('nothing is owed');
    return 0;
  } finally {
    journal.close();
    await cluster.close();
  }
}
