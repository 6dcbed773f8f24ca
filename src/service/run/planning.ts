/** From a runbook's name to a plan for a cluster, and to its rehearsal on a twin of that cluster. */
import { DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import { planWithSecrets } from '../../runbook/plan/plan.ts';
import { type Rehearsal, rehearse } from '../../runbook/rehearsal/rehearse.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import type { EstimateBasis } from '../../runbook/run/estimate.ts';
import { tookBefore } from '../../runbook/run/standing.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster, Context } from '../context.ts';
import { typicalTimes } from '../settings.ts';
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
/** What estimates of that plan are made of: earlier runs of it on its cluster, and typical times. */
export async function basisFor(ctx: Context, plan: Plan): Promise<EstimateBasis> {
  const typical = typicalTimes(ctx.settings);
  if (!ctx.records.isThere()) return { typical, took: {} };
  try {
    const journal = await ctx.records.openToRead();
    try {
      return { typical, took: await tookBefore(journal, plan) };
    } finally {
      await journal.close();
    }
  } catch (error) {
    // A record that cannot be read keeps nobody from a rehearsal.
    if (!(error instanceof DrydockError)) throw error;
    return { typical, took: {} };
  }
}

export async function rehearseOn(
  ctx: Context,
  cluster: Cluster,
  { options, from, ...more }: OnTwin,
): Promise<Rehearsal> {
  return rehearse({
    ...more,
    basis: await basisFor(ctx, more.plan),
    who: ctx.who,
    options: onTwin(options),
    openJournal: ctx.twins.openJournal,
    from,
    twinFactory: () => ctx.twins.make(cluster, from),
  });
}
