/** A plan meets the cluster: from what speaks against it to how it ended. */
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Plan } from '../../core/plan.ts';
import { debtsOf } from '../../runbook/afterwards/debts.ts';
import { undoEnding } from '../../runbook/afterwards/undo-record.ts';
import type { RunDeps, RunOptions } from '../../runbook/run/context.ts';
import { looksFor } from '../../runbook/run/findings.ts';
import { isFinal, type RunState } from '../../runbook/run/fold.ts';
import { type RunResult, runPlan } from '../../runbook/run/run.ts';
import { endInWords, type RunWindow } from '../../runbook/run/standing.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import { closingOf } from '../../runbook/run/transcript.ts';
import type { PreflightReport } from '../../schema/generated/reports/preflight.ts';
import type { RehearsalReport } from '../../schema/generated/reports/rehearsal.ts';
import type { RunReport } from '../../schema/generated/reports/run-result.ts';
import { needsClosing } from '../closing.ts';
import type { Cluster, Context } from '../context.ts';
import { collectNotes } from '../notes.ts';
import { needYes } from '../person.ts';
import type { Recording } from '../records.ts';
import { type Report, reportOf } from '../report.ts';
import { askPermission, takePermission, type WindowWish } from './permission.ts';
import { type Planned, planFor, rehearseOn } from './planning.ts';
import { checkPlan } from './preflight.ts';

export interface RunWish extends WindowWish {
  options: RunOptions;
  /** In a lab, `STEP:kill`: this program dies once that step has acted, before it is recorded. */
  faults: string | null;
}

/** Whether it can be resumed goes beside the report. */
export interface Ran extends Report<RunReport> {
  goesOn: boolean;
}

/** How it went; or what spoke against it, when nothing was done. */
export type RunOutcome = Ran | Report<PreflightReport> | Report<RehearsalReport>;

/** Ends every use case that runs: how it stands, and what a person has to look after. */
export async function conclude(
  cluster: Cluster,
  ran: RunResult,
  window: RunWindow | undefined,
): Promise<Ran> {
  const result = undoEnding(ran);
  const { state, ...said } = result;
  // Whoever waits for this run must not take it for done.
  const exit = result.outcome === 'aborted' ? 1 : result.exit;
  let closing = null;
  if (needsClosing(exit)) {
    const status = await cluster.door.observation.status().catch(() => null);
    closing = closingOf(state, status ? debtsOf(status, cluster.topology).debts : null, window);
  }
  const findings = state.plan.steps.some(looksFor) ? [...state.findings] : null;
  const data: RunReport = { schema: 'drydock.run-result/1', ...said, exit, findings, closing };
  return { ...reportOf(data, exit), goesOn: !isFinal(state.phase) };
}

export type Deps = Omit<RunDeps, 'onEvent'> & { journal: Recording };

export async function depsFor(ctx: Context, cluster: Cluster, options: RunOptions): Promise<Deps> {
  const { perform, door, clock, random } = cluster;
  const { confirm, choose } = ctx.person;
  return {
    door,
    operator: { perform, confirm, choose },
    journal: await ctx.records.open(),
    clock,
    random,
    who: ctx.who,
    vouch: ctx.host.vouch,
    options,
  };
}

/** The plan with its prediction, when nothing speaks against it; else what does. */
async function readyPlan(
  ctx: Context,
  cluster: Cluster,
  { plan, secrets }: Planned,
  options: RunOptions,
): Promise<{ ready: Plan } | { no: Report<PreflightReport> | Report<RehearsalReport> }> {
  const before = await checkPlan(ctx, cluster, plan, options.giveUp ?? []);
  if (before.exit !== 0) return { no: reportOf(before, before.exit) };
  const from = await steadyStatus(cluster.door.observation, cluster.clock);
  const rehearsal = await rehearseOn(ctx, cluster, { plan, secrets, options, from });
  if (rehearsal.exit !== 0) {
    return { no: reportOf({ schema: 'drydock.rehearsal/1', ...rehearsal }, rehearsal.exit) };
  }
  const { steps, estimate } = rehearsal;
  ctx.tell({ type: 'plan.rehearsed', steps: steps.length, estimate, isAgain: false });
  return { ready: rehearsal.plan };
}

/** What the runner tells while it works. */
export async function following<T>(
  ctx: Context,
  plan: Plan,
  resumed: RunState | null,
  work: (onEvent: NonNullable<RunDeps['onEvent']>) => Promise<T>,
): Promise<T> {
  ctx.tell({ type: 'run.begun', plan, resumed });
  try {
    return await work((progress) => ctx.tell({ type: 'run.progressed', progress }));
  } finally {
    ctx.tell({ type: 'run.left' });
  }
}

/** A plan, from what is announced to how it ended: what a run, an undo and an adoption share. */
export async function runOn(
  ctx: Context,
  cluster: Cluster,
  { plan: made, secrets }: Planned,
  asked: RunWish,
): Promise<RunOutcome> {
  const deps = await depsFor(ctx, cluster, asked.options);
  const { journal } = deps;
  const wish = { plan: made, run: null, backingOut: made.undoes !== undefined };
  try {
    await collectNotes(ctx, cluster, journal);
    const { authorised, window: seen } = await askPermission(ctx, cluster, journal, asked, wish);
    checkStep(made, asked.options.stopAfter, 'stop-after');
    const { kind, name, topology } = cluster;
    const on = { kind, name, cluster: topology.name, uuid: topology.id };
    ctx.tell({ type: 'run.announced', plan: made, on, who: ctx.who, authorised });
    const found = await readyPlan(ctx, cluster, { plan: made, secrets }, asked.options);
    if ('no' in found) {
      const { runbook, hash } = made;
      const why = 'preflight or rehearsal says no';
      const { exit } = found.no;
      const body = { who: ctx.who, runbook: runbook.id, plan: hash, of: null, why, exit };
      await journal.append([{ run: null, type: 'run.refused', body: { ...body, code: 'ready' } }]);
      return found.no;
    }
    const plan = found.ready;
    await needYes(ctx.person, { ask: 'run' }, seen && endInWords(seen));
    const { window } = await takePermission(ctx, cluster, journal, asked, wish);
    const inWindow = { ...deps, options: { ...deps.options, window } };
    const own = withFaults(ctx, inWindow, cluster, asked.faults, plan);
    const result = await following(ctx, plan, null, (onEvent) =>
      runPlan({ ...own, plan, secrets, onEvent }),
    );
    return await conclude(cluster, result, window);
  } finally {
    await journal.close();
  }
}

export async function run(ctx: Context, wish: RunWish & { id: string }): Promise<RunOutcome> {
  const cluster = await ctx.openCluster();
  try {
    return await runOn(ctx, cluster, await planFor(ctx, cluster, wish.id), wish);
  } finally {
    await cluster.close();
  }
}

export function checkStep(plan: Plan, step: string | undefined, option: string): void {
  const known = plan.steps.map(({ id }) => id);
  if (step === undefined || known.includes(step)) return;
  throw badInput(`--${option}: the plan has no step '${step}'`, {
    code: 'step.unknown',
    remedy: suggestion(step, known),
  });
}

/** This process dies by SIGKILL when the command of the step has ended. */
function withFaults<D extends Pick<RunDeps, 'door'>>(
  ctx: Context,
  deps: D,
  cluster: Cluster,
  faults: string | null,
  plan: Plan,
): D {
  if (faults === null) return deps;
  const [step = '', kind] = faults.split(':');
  const known = plan.steps.map(({ id }) => id);
  if (kind !== 'kill' || !known.includes(step) || !cluster.isForPractice) {
    throw badInput(`--faults ${faults} cannot be done`, {
      code: 'usage',
      remedy: `write STEP:kill, in a lab, with a step of ${known.join(', ')}`,
    });
  }
  const { commands } = deps.door;
  const exec: typeof commands.exec = async (request) => {
    const record = await commands.exec(request);
    if (request.operation.split('/').includes(step)) ctx.host.die();
    return record;
  };
  return { ...deps, door: { ...deps.door, commands: { ...commands, exec } } };
}

/** A run goes on where it began: another lab of the same name is another cluster. */
export function checkCluster(cluster: Cluster, { run: id, plan }: RunState): void {
  const { uuid, name } = plan.cluster;
  if (uuid === cluster.topology.id) return;
  throw badInput(`run ${id} is of cluster ${name} (${uuid}), not of ${cluster.topology.name}`, {
    code: 'cluster.other',
    remedy: 'name the cluster with --cluster',
  });
}
