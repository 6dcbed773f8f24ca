/** From a runbook's name to a plan for a cluster, and to its rehearsal on a twin of that cluster. */
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import { planWithSecrets } from '../../runbook/plan/plan.ts';
import { type Rehearsal, rehearse } from '../../runbook/rehearsal/rehearse.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster, Context } from '../context.ts';
import { findRunbook } from './library.ts';
import { secretsOf } from './secrets.ts';

/** A plan, and apart from it the values of its secrets. */
export interface Planned {
  plan: Plan;
  secrets: Secrets;
}

/** The runbook as a plan for the cluster as it is now, with what the person gives for it. */
export async function planFor(ctx: Context, cluster: Cluster, id: string): Promise<Planned> {
  const { found, library } = findRunbook(ctx, id);
  const wanted = secretsOf(found);
  const parameters = await ctx.person.gives({ of: found.runbook.id, wanted });
  const status = await steadyStatus(cluster.door.observation, cluster.clock);
  const { topology } = cluster;
  return planWithSecrets({ runbook: found, library, parameters, status, topology });
}

/** Options of a run as they hold on a twin: nobody stops there, and nobody is asked. */
export function onTwin(options: RunOptions): RunOptions {
  const { choices, answers, giveUp } = options;
  return { yes: true, noInput: false, choices, answers, giveUp, confirmed: [] };
}

export interface OnTwin extends Planned {
  options: RunOptions;
  /** The cluster as it is. */
  from: Status;
  /** What is left of a run that has begun, instead of the whole plan. */
  begun?: { run: string; entries: readonly JournalEntry[]; secrets: Secrets };
}

/** Rehearses on a twin of the cluster as `from` shows it; pins the prediction to the plan. */
export function rehearseOn(
  ctx: Context,
  cluster: Cluster,
  { options, from, ...more }: OnTwin,
): Promise<Rehearsal> {
  return rehearse({
    ...more,
    who: ctx.who,
    options: onTwin(options),
    openJournal: ctx.twins.openJournal,
    from,
    twinFactory: () => ctx.twins.make(cluster, from),
  });
}
