/** A procedure that somebody began by hand goes on as a run, from a step of it. */
import { adoptionPlan, judgeAdoption, whyNotAdopted } from '../../runbook/afterwards/adopt.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { AdoptionReport } from '../../schema/generated/reports/adoption.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import { planFor } from './planning.ts';
import { type Rehearsed, rehearsePlan } from './rehearsing.ts';
import { type RunOutcome, type RunWish, runOn } from './running.ts';

export interface AdoptionWish extends Omit<RunWish, 'faults'> {
  id: string;
  /** The step to go on from; every earlier one is asked for its probe. */
  at: string;
  /** On a twin, and no more. */
  isDry: boolean;
}

export async function adopt(
  ctx: Context,
  wish: AdoptionWish,
): Promise<RunOutcome | Rehearsed | Report<AdoptionReport>> {
  const cluster = await ctx.openCluster();
  try {
    const status = await steadyStatus(cluster.door.observation, cluster.clock);
    const { confirmed = [], choices = {}, answers = {} } = wish.options;
    const { plan: whole, secrets } = await planFor(ctx, cluster, wish.id);
    const plan = adoptionPlan(whole, { at: wish.at, confirmed, choices, answers }, status);
    const steps = judgeAdoption(plan, status);
    const no = whyNotAdopted(steps);
    if (no) {
      const { why, exit } = no;
      const about = { runbook: plan.runbook.id, at: plan.adopts?.at ?? null };
      return reportOf({ schema: 'drydock.adoption/1', ...about, steps, why, exit }, exit);
    }
    ctx.tell({ type: 'adoption.judged', steps });
    const asked = { ...wish, faults: null };
    if (wish.isDry) return await rehearsePlan(ctx, cluster, { plan, secrets }, asked);
    return await runOn(ctx, cluster, { plan, secrets }, asked);
  } finally {
    await cluster.close();
  }
}
