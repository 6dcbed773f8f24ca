/**
 * A run passes to another person, who is shown what is exposed. In a change window it takes a signed
 * document, because from then on the window is theirs to act in.
 */
import { RemoteError, WireError } from '../../ports/wire.ts';
import { type Debts, debtsOf } from '../../runbook/afterwards/debts.ts';
import {
  type Exposure,
  exposureLines,
  exposureOf,
  handOver,
  requireGiver,
} from '../../runbook/afterwards/handover.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { type RunHead, readHeads } from '../../runbook/run/heads.ts';
import { windowOfRun } from '../../runbook/run/standing.ts';
import { isInDoubt } from '../../runbook/run/transcript.ts';
import type { HandoverReport } from '../../schema/generated/reports/handover.ts';
import type { Cluster, Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import { handOverWindow } from '../window/handover.ts';
import { checkCluster } from './running.ts';
import { findRun } from './runs.ts';

export interface HandoverWish {
  run: string;
  /** A login: NAME or NAME@HOST; in a window also a person of the policy. */
  to: string;
  reason: string;
  /** It is taken from whoever has it, who cannot be asked. */
  isTaken: boolean;
}

/** What became of the run's window goes beside the report; null: it has none. */
export interface HandedOver extends Report<HandoverReport> {
  passed: { window: string; principal: string; endsAt: number; now: number } | null;
}

/** What a server says of the operation of a step in doubt. */
async function inFlight(cluster: Cluster, state: RunState): Promise<string[]> {
  const { step, context } = state;
  if (!step || !isInDoubt(state) || step.server === null) return [];
  const operation = context.intents[step.id]?.operation;
  if (operation === undefined) return [];
  const where = `${step.id} on ${step.server}`;
  try {
    const record = await cluster.door.commands.operation(step.server, operation);
    if (record === null) return [`${where}: the server never saw it`];
    const ended = record.state === 'exited' ? `ended with ${record.exitCode}` : record.state;
    return [`${where}: ${ended}`];
  } catch (error) {
    if (!(error instanceof WireError) && !(error instanceof RemoteError)) throw error;
    return [`${where}: the server does not answer`];
  }
}

async function exposed(
  cluster: Cluster,
  state: RunState,
  heads: readonly RunHead[],
): Promise<Exposure> {
  let debts: Debts | null = null;
  try {
    debts = debtsOf(await cluster.door.observation.status(), cluster.topology, heads);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return exposureOf(state, debts, await inFlight(cluster, state));
}

/** Passes the run's window on too; the answer is the login that acts there, and what is left. */
async function passWindow(
  ctx: Context,
  cluster: Cluster,
  { to, reason, isTaken }: HandoverWish,
  window: string,
  exposure: Exposure,
) {
  // Whoever takes a run acts in its window as the person of the policy that they sign as.
  const name = isTaken ? (ctx.keys.as ?? to) : to;
  const summary = exposureLines(exposure);
  const passed = await handOverWindow(ctx, cluster, { window, to: name, reason, summary });
  const { principal, login } = passed.to;
  return { login, passed: { window, principal, endsAt: passed.window.endsAt, now: passed.now } };
}

export async function handover(ctx: Context, wish: HandoverWish): Promise<HandedOver> {
  const cluster = await ctx.openCluster();
  const journal = await ctx.records.open();
  try {
    const state = await findRun(journal, wish.run, 'act');
    checkCluster(cluster, state);
    const { run } = state;
    const { reason, isTaken: took } = wish;
    const take = took ? { reason } : null;
    const exposure = await exposed(cluster, state, await readHeads(journal));
    const request = { journal, run, who: ctx.who, to: wish.to, take, reason, exposure };
    requireGiver(state, request);
    const window = windowOfRun(await journal.entries(run));
    const { login: to, passed } =
      window === null
        ? { login: wish.to, passed: null }
        : await passWindow(ctx, cluster, wish, window, exposure);
    await handOver({ ...request, to });
    const about = { run, to, reason, took, window, exposure };
    return { ...reportOf({ schema: 'drydock.handover/1', ...about }), passed };
  } finally {
    await journal.close();
    await cluster.close();
  }
}
