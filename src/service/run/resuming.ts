/** A run that was parked, killed or stopped goes on. */
import { DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import { requireHolder } from '../../runbook/afterwards/handover.ts';
import { describeDifference } from '../../runbook/run/drift.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { movedSince } from '../../runbook/run/moved.ts';
import { pinnedPlan, resumeRun } from '../../runbook/run/resume.ts';
import { isSafePoint } from '../../runbook/run/safe-points.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { Cluster, Context } from '../context.ts';
import { collectNotes } from '../notes.ts';
import { findRunbook } from './library.ts';
import { takePermission, type Wish } from './permission.ts';
import { rehearseOn } from './planning.ts';
import {
  checkCluster,
  checkStep,
  conclude,
  type Deps,
  depsFor,
  following,
  type Ran,
  type RunWish,
} from './running.ts';
import { findRun } from './runs.ts';
import { givenSecrets, secretsLeft } from './secrets.ts';

/** When the cluster has moved since the run stopped, what is left is rehearsed on a fresh twin. */
function predictRest(ctx: Context, cluster: Cluster, deps: Deps, secrets: Secrets) {
  return async (state: RunState): Promise<Plan['predicted']> => {
    const { run } = state;
    const plan = await pinnedPlan(deps.journal, state);
    const from = await steadyStatus(cluster.door.observation, cluster.clock);
    const moved = movedSince(state, plan.predicted, from);
    if (moved.length === 0) return null;
    ctx.tell({ type: 'cluster.moved', differences: moved.map(describeDifference) });
    const entries = await deps.journal.entries(run);
    const begun = state.phase === 'created' ? {} : { begun: { run, entries, secrets } };
    const { options = {} } = deps;
    const rehearsal = await rehearseOn(ctx, cluster, { plan, secrets, options, from, ...begun });
    if (rehearsal.exit !== 0) {
      throw new DrydockError(
        `what is left of run ${run} would end ${rehearsal.outcome}: ${rehearsal.words}`,
        {
          code: 'resume.doomed',
          exit: rehearsal.exit,
          remedy: `mend the cluster, then resume; or drydock run-log ${run} --remainder; drydock abort ${run}`,
        },
      );
    }
    const { steps, estimate } = rehearsal;
    ctx.tell({ type: 'plan.rehearsed', steps: steps.length, estimate, isAgain: true });
    return rehearsal.plan.predicted;
  };
}

/** Between two points where it could be parked, a run that was begun in time goes on to the next. */
function wishOf(state: RunState): Wish {
  const { plan, run, step } = state;
  const index = plan.steps.findIndex(({ id }) => id === step?.id);
  const isBetween = index > 0 && !isSafePoint(state, index);
  return { plan, run, backingOut: isBetween || plan.undoes !== undefined };
}

/** The runbook's hash as it is now, to warn when it was edited; none when it is gone. */
function hashNow(ctx: Context, id: string): { runbookHash?: string } {
  try {
    return { runbookHash: findRunbook(ctx, id).found.hash };
  } catch {
    return {};
  }
}

export async function resume(
  ctx: Context,
  wish: Omit<RunWish, 'faults'> & { run: string },
): Promise<Ran> {
  const cluster = await ctx.openCluster();
  const deps = await depsFor(ctx, cluster, wish.options);
  const { journal } = deps;
  try {
    const state = await findRun(journal, wish.run, 'act');
    await collectNotes(ctx, cluster, journal);
    checkStep(state.plan, wish.options.stopAfter, 'stop-after');
    checkCluster(cluster, state);
    requireHolder(state, ctx.who);
    const secrets = await givenSecrets(ctx.person, state, secretsLeft(state));
    const { window } = await takePermission(ctx, cluster, journal, wish, wishOf(state));
    const { run, plan } = state;
    const result = await following(ctx, plan, state, (onEvent) =>
      resumeRun({
        ...deps,
        options: { ...deps.options, window },
        run,
        secrets,
        predict: predictRest(ctx, cluster, deps, secrets),
        onWarning: (words) => ctx.tell({ type: 'run.doubted', words }),
        onEvent,
        ...hashNow(ctx, plan.runbook.id),
      }),
    );
    return await conclude(cluster, result, window);
  } finally {
    await journal.close();
    await cluster.close();
  }
}
