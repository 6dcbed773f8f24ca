/** A plan on a twin of the cluster: without faults, with one, or with all of them. */
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type {
  FaultMatrixReport,
  FaultOutcome,
} from '../../schema/generated/reports/fault-matrix.ts';
import type { RehearsalReport } from '../../schema/generated/reports/rehearsal.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster, Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import { onTwin, type Planned, planFor, rehearseOn } from './planning.ts';
import type { StepFault } from './twins.ts';
import { countEnds, verdictOf } from './verdict.ts';

export interface RehearsalWish {
  options: RunOptions;
  /** `sweep`, `STEP:KIND` or `STEP:KIND@TARGET`; null: nothing goes wrong. */
  faults: string | null;
}

/** The transcript goes beside the matrix, of the rehearsal in which nothing went wrong. */
export interface MatrixFound extends Report<FaultMatrixReport> {
  transcript: string;
}

export type Rehearsed = Report<RehearsalReport> | MatrixFound;

interface Striking extends Planned {
  faults: readonly StepFault[];
  from: Status;
  options: RunOptions;
}

async function strikeEach(
  ctx: Context,
  cluster: Cluster,
  { plan, secrets, faults, from, options }: Striking,
): Promise<FaultOutcome[]> {
  const who = `rehearsal, ${ctx.who}`;
  const runs = { cluster, from, plan, secrets, faults, who, options: onTwin(options) };
  const of = faults.length;
  try {
    return await ctx.twins.rehearseFaults(runs, (fault, number) =>
      ctx.tell({ type: 'fault.begun', fault, number, of }),
    );
  } finally {
    ctx.tell({ type: 'faults.ended' });
  }
}

/** Of one fault alone the exit is that of its run. */
function exitOf(cells: readonly FaultOutcome[], safe: boolean): number {
  const [only] = cells;
  const single = cells.length === 1 && only && only.exit !== null ? only.exit : null;
  return safe ? (single ?? 0) : 1;
}

async function rehearseFaults(
  ctx: Context,
  cluster: Cluster,
  rehearsal: Rehearsal,
  striking: Omit<Striking, 'plan'>,
): Promise<MatrixFound> {
  const { plan, transcript } = rehearsal;
  const cells = await strikeEach(ctx, cluster, { ...striking, plan });
  const { verdict, safe } = verdictOf(cells);
  const exit = exitOf(cells, safe);
  const { id: runbook, title } = plan.runbook;
  const data: FaultMatrixReport = {
    schema: 'drydock.fault-matrix/2',
    ...{ runbook, title, plan: plan.hash, verdict, safe, ends: countEnds(cells), cells, exit },
  };
  return { ...reportOf(data, exit), transcript };
}

/** Nothing is done on the cluster. */
export async function rehearsePlan(
  ctx: Context,
  cluster: Cluster,
  { plan, secrets }: Planned,
  { options, faults: named }: RehearsalWish,
): Promise<Rehearsed> {
  const from = await steadyStatus(cluster.door.observation, cluster.clock);
  const isFaulty = named !== null && named !== 'none';
  const faults = isFaulty ? ctx.twins.readFaults(named, plan.steps, cluster.config) : [];
  const rehearsal = await rehearseOn(ctx, cluster, { plan, secrets, options, from });
  if (isFaulty && rehearsal.exit === 0) {
    return rehearseFaults(ctx, cluster, rehearsal, { secrets, faults, from, options });
  }
  return reportOf({ schema: 'drydock.rehearsal/1', ...rehearsal }, rehearsal.exit);
}

export async function rehearse(
  ctx: Context,
  wish: RehearsalWish & { id: string },
): Promise<Rehearsed> {
  const cluster = await ctx.openCluster();
  try {
    return await rehearsePlan(ctx, cluster, await planFor(ctx, cluster, wish.id), wish);
  } finally {
    await cluster.close();
  }
}
