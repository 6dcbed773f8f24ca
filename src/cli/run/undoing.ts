/** `undo`: what a run did is taken back, step by step, by the undos that its runbook declares. */
import { secretVouch } from '../../adapters/secret-key.ts';
import type { Plan } from '../../core/plan.ts';
import { requireHolder } from '../../runbook/afterwards/handover.ts';
import { makeUndoPlan, requireUndoable, undoLines } from '../../runbook/afterwards/undo-plan.ts';
import { requireSameSecrets } from '../../runbook/plan/secrets.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import { findRun } from '../../service/runs.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import type { Cli } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import type { Args } from '../verbs/args.ts';
import { secretsFor } from './giving-secrets.ts';
import { givenSecrets } from './planning.ts';
import { showRehearsal } from './rehearsing.ts';
import { checkCluster, runOn } from './running.ts';

/** The plan of the undo for the cluster as it is now; windows approve the same one. */
export async function undoPlanFor(cluster: Cluster, state: RunState, args: Args): Promise<Plan> {
  const status = await steadyStatus(cluster.door.observation, cluster.clock);
  const to = typeof args.to === 'string' ? args.to : undefined;
  return makeUndoPlan({ state, to, status });
}

async function stateOf(cli: Cli, args: Args) {
  const journal = await openJournal(cli);
  try {
    const state = await findRun(journal, String(args.run), 'undo');
    requireUndoable(state);
    requireHolder(state, cli.who);
    return { state, entries: await journal.entries(state.run) };
  } finally {
    await journal.close();
  }
}

export async function undo(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const { state, entries } = await stateOf(cli, args);
    checkCluster(cluster, state);
    const plan = await undoPlanFor(cluster, state, args);
    for (const line of undoLines(plan, state.plan)) cli.say(line);
    const wanted = secretsFor(state.plan.secrets ?? [], plan.steps, state.run);
    const secrets = await givenSecrets(cli, args, state, wanted);
    requireSameSecrets(entries, secrets, secretVouch(cli.home));
    const planned = { plan, secrets };
    if (args.dryRun === true) return await showRehearsal(cli, cluster, args, planned);
    return await runOn(cli, cluster, args, planned);
  } finally {
    await cluster.close();
  }
}
