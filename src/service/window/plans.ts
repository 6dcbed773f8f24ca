/**
 * Plans of a window: made for the cluster as it is now, and rehearsed one after the other, each on
 * what the one before would leave.
 */
import { DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { makeUndoPlan } from '../../runbook/afterwards/undo-plan.ts';
import { planWithSecrets } from '../../runbook/plan/plan.ts';
import { type Rehearsal, rehearse } from '../../runbook/rehearsal/rehearse.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { ApprovedPlan } from '../../schema/generated/window-document.ts';
import type { Cluster, Context } from '../context.ts';
import { findRunbook } from '../run/library.ts';
import { basisFor, onTwin, type Planned } from '../run/planning.ts';
import { findRun } from '../run/runs.ts';
import { approvedPlanOf, type PlanSpec } from './approved.ts';

export interface PreparedPlan {
  plan: Plan;
  rehearsal: Rehearsal;
  approved: ApprovedPlan;
}

/** A person's part is done, decisions fall as they would without anybody objecting. */
async function rehearseHere(
  ctx: Context,
  cluster: Cluster,
  { plan, secrets }: Planned,
  from: Status,
) {
  const twin = await ctx.twins.make(cluster, from);
  const rehearsal = await rehearse({
    plan,
    secrets,
    who: ctx.who,
    options: onTwin({}),
    basis: await basisFor(ctx, plan),
    openJournal: ctx.twins.openJournal,
    from,
    twinFactory: async () => twin,
  });
  return { rehearsal, left: await twin.run(twin.door.observation.status()) };
}

/** A rehearsal that fails is the requester's to mend: nobody is asked to approve it. */
function refuseDoomed({ plan, rehearsal }: PreparedPlan): void {
  if (rehearsal.exit === 0) return;
  throw new DrydockError(`${plan.runbook.id} would end ${rehearsal.outcome}: ${rehearsal.words}`, {
    code: 'window.doomed',
    exit: rehearsal.exit,
    remedy: `see it with \`drydock rehearse ${plan.runbook.id}\`, and mend the cluster or the plan`,
  });
}

function planOf(
  ctx: Context,
  { topology }: Cluster,
  { runbook, set }: PlanSpec,
  status: Status,
): Planned {
  const { found, library } = findRunbook(ctx, runbook);
  return planWithSecrets({ runbook: found, library, parameters: set, status, topology });
}

/** What a run did, taken back: planned from this host's record, as `drydock undo` does. */
async function undoOf(ctx: Context, { undo, set }: PlanSpec, status: Status): Promise<Planned> {
  const journal = await ctx.records.openToRead();
  try {
    const state = await findRun(journal, String(undo), 'undo');
    const secrets = new Map(Object.entries(set).map(([name, value]) => [name, String(value)]));
    return { plan: makeUndoPlan({ state, status }), secrets };
  } finally {
    await journal.close();
  }
}

export async function preparePlans(
  ctx: Context,
  cluster: Cluster,
  specs: readonly PlanSpec[],
): Promise<PreparedPlan[]> {
  const prepared: PreparedPlan[] = [];
  let from = await steadyStatus(cluster.door.observation, cluster.clock);
  for (const spec of specs) {
    const planned =
      spec.undo === undefined ? planOf(ctx, cluster, spec, from) : await undoOf(ctx, spec, from);
    const { rehearsal, left } = await rehearseHere(ctx, cluster, planned, from);
    const { plan } = planned;
    const made = { plan, rehearsal, approved: approvedPlanOf(plan, rehearsal) };
    refuseDoomed(made);
    prepared.push(made);
    from = left;
  }
  return prepared;
}
