/** What maintenance left behind on the cluster, and which run left it. */
import { debtsOf } from '../../runbook/afterwards/debts.ts';
import { readHeads } from '../../runbook/run/heads.ts';
import type { DebtsReport } from '../../schema/generated/reports/debts.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';

export async function listDebts(ctx: Context): Promise<Report<DebtsReport>> {
  const cluster = await ctx.openCluster();
  const journal = await ctx.records.openToRead();
  try {
    const status = await cluster.door.observation.status();
    const found = debtsOf(status, cluster.topology, await readHeads(journal));
    return reportOf({ schema: 'drydock.debts/1', ...found });
  } finally {
    await journal.close();
    await cluster.close();
  }
}
