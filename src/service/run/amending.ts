/**
 * What is left of a run that waits is planned anew, rehearsed from where the cluster is now, and
 * recorded. In a change window it also needs to be approved: a document asks for it (exit 3), and
 * the same wish, once enough people have approved it, amends the run.
 */
import { isEmergency } from '../../change/judge.ts';
import { basisHeld } from '../../cluster/decision-basis.ts';
import { heldIfAble } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import {
  type Amendment,
  amendmentBody,
  makeAmendment,
  requireAmendable,
} from '../../runbook/afterwards/amend.ts';
import { requireHolder } from '../../runbook/afterwards/handover.ts';
import { lintFiles } from '../../runbook/language/lint/lint.ts';
import { placesOf, requireSameSecrets, vouchFor } from '../../runbook/plan/secrets.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import { appendToRun } from '../../runbook/run/append.ts';
import type { RunOptions } from '../../runbook/run/context.ts';
import type { RunState } from '../../runbook/run/fold.ts';
import { pinnedPlan } from '../../runbook/run/resume.ts';
import { endInWords, windowOfRun } from '../../runbook/run/standing.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { AmendmentReport } from '../../schema/generated/reports/amendment.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster, Context } from '../context.ts';
import type { Recording } from '../records.ts';
import { type Report, reportOf } from '../report.ts';
import { siteFiles } from '../settings.ts';
import { proposeAmendment } from '../window/handover.ts';
import { findRunbook } from './library.ts';
import { rehearseOn } from './planning.ts';
import { checkCluster } from './running.ts';
import { findRun } from './runs.ts';
import { secretsOf } from './secrets.ts';

export interface AmendmentWish {
  run: string;
  reason: string;
  /** Steps to leave out. */
  skip: string[];
  /** The shipped runbook whose steps it goes on with. */
  runbook: string | null;
  /** The file of such a runbook, held to the rules of the shipped ones. */
  from: string | null;
  /** Parameters were given: the rest is planned anew with them. */
  isGiven: boolean;
  /** On a twin, and no more. */
  isDry: boolean;
  options: RunOptions;
}

/** How the rest would end, and by when people have to approve it, go beside the report. */
export interface Amended extends Report<AmendmentReport> {
  ends: Rehearsal['outcome'];
  /** In words. */
  by?: string | undefined;
}

interface Amending {
  ctx: Context;
  cluster: Cluster;
  wish: AmendmentWish;
  journal: Recording;
  state: RunState;
}

/** Which runbook the rest comes from; null: what is left stays, but for what is skipped. */
async function restOf({ ctx, wish, state }: Amending) {
  const { runbook, from, isGiven } = wish;
  if (runbook !== null && from !== null) {
    throw badInput('--runbook and --from name two runbooks', {
      code: 'usage',
      remedy: 'give one of the two',
    });
  }
  if (from !== null) lintFile(ctx, from);
  const named = runbook ?? from;
  if (named === null && !isGiven) return null;
  const { found, library } = findRunbook(ctx, named ?? state.plan.runbook.id);
  const set = await ctx.person.gives({ of: found.runbook.id, wanted: secretsOf(found) });
  return { runbook: found, library, set };
}

/** A runbook that nobody has looked at before is held to the same rules as the shipped ones. */
function lintFile(ctx: Context, file: string): void {
  if (!/\/|\.ya?ml$/.test(file)) {
    throw badInput(`--from ${file} is not the name of a runbook file`, {
      code: 'usage',
      remedy: 'write a path, or name a shipped runbook with --runbook',
    });
  }
  const [first] = lintFiles([{ file, text: ctx.readText(file) }], siteFiles(ctx.settings));
  if (first) throw first;
}

async function amendment(amending: Amending, status: Status): Promise<Amendment> {
  const { wish, cluster, journal, state } = amending;
  const entries = await journal.entries(state.run);
  return makeAmendment({
    state,
    predicted: (await pinnedPlan(journal, state)).predicted,
    skip: wish.skip,
    rest: await restOf(amending),
    before: entries.filter(({ type }) => type === 'run.amended').length,
    status,
    topology: cluster.topology,
  });
}

/** What was done was done with the secrets of then; what is left may get others. */
async function requireDoneWithSame({ ctx, journal, state }: Amending, made: Amendment) {
  const done = new Set(
    made.plan.steps
      .slice(0, made.at)
      .flatMap(placesOf)
      .map(({ name }) => name),
  );
  const entries = await journal.entries(state.run);
  requireSameSecrets(entries, made.secrets, ctx.host.vouch, {
    names: done,
    remedy: 'a step was done with it: give the same, or start a new run',
  });
}

/** On a twin the run is amended and resumed, as it would be on the cluster. */
async function rehearseAmended(
  { ctx, cluster, journal, state, wish }: Amending,
  { plan, secrets, ...made }: Amendment,
  from: Status,
): Promise<Rehearsal> {
  const { run } = state;
  const entries = await journal.entries(run);
  const last = entries.at(-1) as JournalEntry;
  const body = amendmentBody(state, { plan, secrets, ...made }, ctx.who, wish.reason);
  const amended = { ...last, type: 'run.amended', body };
  const begun = { run, entries: [...entries, amended], secrets };
  return rehearseOn(ctx, cluster, { plan, secrets, options: wish.options, from, begun });
}

/** Why the amendment has to wait for people, and until when it can; null when it need not. */
async function waitsFor(
  { ctx, cluster, journal, state, wish }: Amending,
  made: Amendment,
  rehearsal: Rehearsal,
): Promise<{ why: string; by?: string } | null> {
  const { run } = state;
  const id = windowOfRun(await journal.entries(run));
  if (id === null) return null;
  const held = await heldIfAble(cluster.door);
  const basis = basisHeld(held, cluster.topology.id, cluster.clock.now());
  const window = basis.windows.find((one) => one.id === id);
  if (window && isEmergency(window)) return null;
  const isThis = (plan: { amends?: string }) => plan.amends === made.plan.hash;
  if (window?.plans.some(isThis)) return null;
  const pending = window?.pending.find(({ plan }) => isThis(plan));
  const need = `drydock window approve ${id}, by people who neither asked for it nor carry it out`;
  const by = window ? { by: endInWords({ id, endsAt: window.endsAt }) } : {};
  if (pending)
    return { why: `${pending.approvals.length} have approved it so far; ${need}`, ...by };
  const asked = { window: id, run, plan: made.plan, rehearsal, reason: wish.reason };
  const { hash } = await proposeAmendment(ctx, cluster, asked);
  return { why: `asked for in window ${id} (${hash.slice(0, 16)}); ${need}`, ...by };
}

async function append({ ctx, journal, state, wish }: Amending, made: Amendment): Promise<void> {
  const { run, plan } = state;
  const letGo = await journal.hold(plan.cluster.uuid, `amendment of ${run}, ${ctx.who}`);
  try {
    const vouched = vouchFor(run, made.plan, made.secrets, ctx.host.vouch);
    const body = { ...amendmentBody(state, made, ctx.who, wish.reason), ...vouched };
    await appendToRun({ journal, run, who: ctx.who }, (now) => {
      requireAmendable(now);
      if (now.seq === state.seq) {
        return [{ type: 'run.amended', body }];
      }
      throw new DrydockError(`run ${run} has moved on while it was rehearsed`, {
        code: 'amend.moved',
        exit: 5,
        remedy: 'amend it again',
      });
    });
  } finally {
    await letGo();
  }
}

async function amendRun(amending: Amending): Promise<Amended> {
  const { cluster, state, wish } = amending;
  const { run } = state;
  const from = await steadyStatus(cluster.door.observation, cluster.clock);
  const made = await amendment(amending, from);
  await requireDoneWithSame(amending, made);
  const rehearsal = await rehearseAmended(amending, made, from);
  const ready: Amendment = { ...made, plan: rehearsal.plan };
  const isDoomed = rehearsal.exit !== 0;
  const { isDry } = wish;
  const waiting = isDoomed || isDry ? null : await waitsFor(amending, ready, rehearsal);
  if (!isDoomed && !isDry && waiting === null) await append(amending, ready);
  const waits = waiting?.why ?? null;
  const { plan, changes, at } = ready;
  const outcome = isDoomed ? 'doomed' : isDry ? 'rehearsed' : waits ? 'waiting' : 'amended';
  const exit = isDoomed ? rehearsal.exit : waits ? 3 : 0;
  const hashes = { from: state.plan.hash, to: plan.hash };
  const about = { run, outcome, exit, waits, ...hashes, at, changes } as const;
  const { transcript } = rehearsal;
  const data: AmendmentReport = { schema: 'drydock.amendment/1', ...about, transcript };
  return { ...reportOf(data, exit), ends: rehearsal.outcome, by: waiting?.by };
}

export async function amend(ctx: Context, given: AmendmentWish): Promise<Amended> {
  const wish = { ...given, reason: given.reason.trim() };
  if (wish.reason === '') {
    throw badInput('an amendment needs a reason', { code: 'usage', remedy: 'give --reason TEXT' });
  }
  const cluster = await ctx.openCluster();
  const journal = await ctx.records.open();
  try {
    const state = await findRun(journal, wish.run, 'act');
    checkCluster(cluster, state);
    requireHolder(state, ctx.who);
    return await amendRun({ ctx, cluster, wish, journal, state });
  } finally {
    await journal.close();
    await cluster.close();
  }
}
