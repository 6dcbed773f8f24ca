/** What a run did is taken back, step by step, by the undos that its runbook declares. */
import type { Plan } from '../../core/plan.ts';
import { requireHolder } from '../../runbook/afterwards/handover.ts';
import { makeUndoPlan, requireUndoable, undoLines } from '../../runbook/afterwards/undo-plan.ts';
import { requireSameSecrets } from '../../runbook/plan/secrets.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { Cluster, Context } from '../context.ts';
import { type Rehearsed, rehearsePlan } from './rehearsing.ts';
import { checkCluster, type RunOutcome, type RunWish, runOn } from './running.ts';
import { findRun } from './runs.ts';
import { givenSecrets, secretsFor } from './secrets.ts';

export interface UndoWish extends Omit<RunWish, 'faults'> {
  run: string;
  /** Back to before this step; null: as far as it goes. */
  to: string | null;
  /** On a twin, and no more. */
  isDry: boolean;
}

async function undoPlanFor(cluster: Cluster, state: RunState, to: string | null): Promise<Plan> {
  const status = await steadyStatus(cluster.door.observation, cluster.clock);
  return makeUndoPlan({ state, to: to ?? undefined, status });
}

async function stateOf(ctx: Context, run: string) {
  const journal = await ctx.records.open();
  try {
    const state = await findRun(journal, run, 'undo');
    requireUndoable(state);
    requireHolder(state, ctx.who);
    return { state, entries: await journal.entries(state.run) };
  } finally {
    await journal.close();
  }
}

export async function undo(ctx: Context, wish: UndoWish): Promise<RunOutcome | Rehearsed> {
  const cluster = await ctx.openCluster();
  try {
    const { state, entries } = await stateOf(ctx, wish.run);
    checkCluster(cluster, state);
    const plan = await undoPlanFor(cluster, state, wish.to);
    ctx.tell({ type: 'undo.planned', lines: undoLines(plan, state.plan) });
    const wanted = secretsFor(state.plan.secrets ?? [], plan.steps, state.run);
    const secrets = await givenSecrets(ctx.person, state, wanted);
    requireSameSecrets(entries, secrets, ctx.host.vouch);
    const asked = { ...wish, faults: null };
    if (wish.isDry) return await rehearsePlan(ctx, cluster, { plan, secrets }, asked);
    return await runOn(ctx, cluster, { plan, secrets }, asked);
  } finally {
    await cluster.close();
  }
}
