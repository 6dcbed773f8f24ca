/**
 * `handover`: a run passes to another person, who is told what is exposed. In a change window it
 * takes a signed paper, because from then on the window is theirs to act in.
 */
import { badInput } from '../../core/errors.ts';
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
import { findRun } from '../../service/runs.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import type { Args } from '../verbs/args.ts';
import { checkCluster } from './running.ts';

interface Wish {
  to: string;
  reason: string;
  take: { reason: string } | null;
}

function readWish(cli: Cli, args: Args): Wish {
  const reason = typeof args.reason === 'string' ? args.reason.trim() : '';
  const to = typeof args.to === 'string' ? args.to : null;
  if (args.take === true) {
    if (reason === '' || to !== null) {
      throw badInput('taking a run over needs a reason, and nobody else to give it to', {
        code: 'usage',
        remedy: 'write --take --reason TEXT',
      });
    }
    return { to: cli.who, reason, take: { reason } };
  }
  if (to === null) {
    throw badInput('nobody is named to hand the run to', {
      code: 'usage',
      remedy: 'name them: --to LOGIN, or take the run yourself: --take --reason TEXT',
    });
  }
  return { to, reason: reason || 'no reason given', take: null };
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
    debts = debtsOf(await cluster.door.observation.status(), cluster.config, heads);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return exposureOf(state, debts, await inFlight(cluster, state));
}

function minutesLeft(endsAt: number, now: number): string {
  const minutes = Math.floor((endsAt - now) / 60_000);
  return minutes > 0 ? `${minutes} min are left` : 'it is over';
}

interface Passing {
  cli: Cli;
  cluster: Cluster;
  args: Args;
  wish: Wish;
}

/** Passes the run's window on too; the answer is the login that acts there, and what is left. */
async function passWindow(
  { cli, cluster, args, wish }: Passing,
  id: string | null,
  exposure: Exposure,
): Promise<{ login: string; words: string[] }> {
  if (id === null) return { login: wish.to, words: [] };
  const { handOverWindow } = await import('../window/handover.ts');
  const summary = exposureLines(exposure);
  const { reason } = wish;
  // Whoever takes a run acts in its window as the person of the policy that they sign as.
  const isNamed = wish.take !== null && typeof args.as === 'string';
  const name = isNamed ? String(args.as) : wish.to;
  const passed = await handOverWindow(cli, cluster, {
    window: id,
    to: name,
    reason,
    summary,
    args,
  });
  const left = minutesLeft(passed.window.endsAt, passed.now);
  const words = [`window       ${id}: ${left}; now ${passed.to.principal}'s`];
  return { login: passed.to.login, words };
}

export async function handover(cli: Cli, args: Args): Promise<number> {
  const wish = readWish(cli, args);
  const cluster = await openCluster(cli, args);
  const journal = await openJournal(cli);
  try {
    const state = await findRun(journal, String(args.run), 'act');
    checkCluster(cluster, state);
    const { run } = state;
    const { reason, take } = wish;
    const exposure = await exposed(cluster, state, await readHeads(journal));
    const request = { journal, run, who: cli.who, to: wish.to, take, reason, exposure };
    requireGiver(state, request);
    const window = windowOfRun(await journal.entries(run));
    const { login: to, words } = await passWindow({ cli, cluster, args, wish }, window, exposure);
    await handOver({ ...request, to });
    const document = { run, to, reason, took: take !== null, window, exposure };
    print(cli, { schema: 'drydock.handover/1', ...document }, () =>
      [...exposureLines(exposure), ...words].map((line) => `${line}\n`).join(''),
    );
    cli.say(`run ${run} is ${to}'s now: drydock resume ${run}`);
    return 0;
  } finally {
    await journal.close();
    await cluster.close();
  }
}
