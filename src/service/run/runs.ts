/** Runs as the record has them: all of them, what one did, what is left of it, and its early end. */
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Journal } from '../../ports/journal.ts';
import { foldRun, isFinal, type RunState } from '../../runbook/run/fold.ts';
import { listRuns, type RunSummary, runNames } from '../../runbook/run/heads.ts';
import { abortRun } from '../../runbook/run/resume.ts';
import { remainderOf, remainingSteps } from '../../runbook/run/transcript.ts';
import type { AbortReport } from '../../schema/generated/reports/abort.ts';
import type { RemainderReport } from '../../schema/generated/reports/remainder.ts';
import type { RunLogReport } from '../../schema/generated/reports/run-log.ts';
import type { RunsReport } from '../../schema/generated/reports/runs.ts';
import type { Cluster, Context } from '../context.ts';
import { noteAccess } from '../records.ts';
import { type Report, reportOf } from '../report.ts';

function goesOn({ phase }: RunSummary): boolean {
  return phase !== 'damaged' && !isFinal(phase);
}

function hasToUndo({ phase, undoes }: RunSummary): boolean {
  return undoes === null && !['damaged', 'created', 'refused'].includes(phase);
}

/**
 * A run by its id or a part of it. Where several fit: the only one that can go on (or be undone),
 * for use cases that act; the newest, for those that show.
 */
export async function findRun(
  journal: Journal,
  given: string,
  to: 'act' | 'show' | 'undo',
): Promise<RunState> {
  const all = await listRuns(journal, given);
  const exact = all.filter(({ run }) => run === given);
  let fitting = exact.length > 0 ? exact : all;
  if (fitting.length > 1) {
    const open = fitting.filter((one) => (to === 'undo' ? hasToUndo(one) : goesOn(one)));
    fitting = to === 'show' ? fitting.slice(-1) : open.length === 1 ? open : fitting;
  }
  const ids = fitting.map(({ run }) => run);
  if (ids.length === 1) return foldRun(await journal.entries(ids[0] as string));
  const known = ids.length > 1 ? [] : await runNames(journal);
  throw badInput(
    ids.length > 1 ? `'${given}' fits ${ids.length} runs` : `there is no run '${given}'`,
    {
      code: 'run.unknown',
      remedy:
        ids.length > 1
          ? `name one of ${ids.slice(-10).join(', ')}`
          : `${suggestion(given, known)} (see \`drydock runs\`)`,
    },
  );
}

export async function listAllRuns(ctx: Context): Promise<Report<RunsReport>> {
  const journal = await ctx.records.openToRead();
  try {
    return reportOf({ schema: 'drydock.runs/1', runs: await listRuns(journal) });
  } finally {
    await journal.close();
  }
}

/** What a run did; that somebody read it is recorded. */
export async function readRunLog(ctx: Context, given: string): Promise<Report<RunLogReport>> {
  const journal = await ctx.records.openToRead();
  try {
    const { run } = await findRun(journal, given, 'show');
    const entries = await journal.entries(run);
    await noteAccess(ctx, journal, 'run-log', { run });
    return reportOf({ schema: 'drydock.run-log/1', run, entries });
  } finally {
    await journal.close();
  }
}

/** What is left of a run, for finishing it by hand. */
export async function readRemainder(ctx: Context, given: string): Promise<Report<RemainderReport>> {
  const journal = await ctx.records.openToRead();
  try {
    const state = await findRun(journal, given, 'show');
    const { run } = state;
    const entries = await journal.entries(run);
    await noteAccess(ctx, journal, 'run-log', { run });
    const remaining = isFinal(state.phase) ? [] : remainingSteps(state);
    return reportOf({ schema: 'drydock.paper/1', run, remaining, text: remainderOf(entries) });
  } finally {
    await journal.close();
  }
}

/** The cluster that would have to let a lease go; null where it cannot be reached. */
async function clusterOrNone(ctx: Context): Promise<Cluster | null> {
  try {
    return await ctx.openCluster();
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    ctx.tell({ type: 'lease.unasked', why: error.message });
    return null;
  }
}

/** Ends a run at its next safe point, or where it stands; undoes nothing. */
export async function abort(ctx: Context, given: string): Promise<Report<AbortReport>> {
  const { who } = ctx;
  const journal = await ctx.records.open();
  const cluster = await clusterOrNone(ctx);
  try {
    const { run } = await findRun(journal, given, 'act');
    const ended = await abortRun({ journal, run, who, door: cluster?.door ?? null });
    const left = remainingSteps(ended.state).map(({ id, title }) => ({ id, title }));
    const { outcome, leaseLeft } = ended;
    return reportOf({ schema: 'drydock.abort/1', run, outcome, leaseLeft, left });
  } finally {
    await journal.close();
    await cluster?.close();
  }
}
