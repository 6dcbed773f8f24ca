/**
 * Advice: what is wrong with the cluster, and what to do about it. What fits is rehearsed, each on
 * a twin of its own, so that it can be said what it would cost and leave; only the first few are,
 * because a rehearsal takes its time.
 */
import { expressClusterOf, membersOf } from '../../cluster/index.ts';
import { DrydockError, describeProblem } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { type Misfit, type Proposal, propose } from '../../runbook/advice/propose.ts';
import { findingsOf, loadSymptoms } from '../../runbook/advice/symptoms.ts';
import { debtsOf } from '../../runbook/afterwards/debts.ts';
import { loadLibrary } from '../../runbook/language/library.ts';
import type { Library } from '../../runbook/language/types.ts';
import { makePlan } from '../../runbook/plan/plan.ts';
import { isBlocking } from '../../runbook/rehearsal/preflight.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { AdviceReport } from '../../schema/generated/reports/advice.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Cluster, Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import { siteFiles } from '../settings.ts';
import { type Outage, outageMeter } from './outages.ts';
import { rehearseOn } from './planning.ts';
import { checkPlan } from './preflight.ts';
import type { TwinWorld } from './twins.ts';

type Procedure = AdviceReport['procedures'][number];
type Unfit = AdviceReport['unfit'][number];

const MOST_REHEARSALS = 6;
const MOST_OF_ONE_MATTER = 2;

/** Servers that a run would ask to give up by name. */
function awayIn({ leases }: Status): string[] {
  return Object.entries(leases).flatMap(([server, { observed }]) =>
    observed.unknown === null ? [] : [server],
  );
}

function commandOf({ loaded, parameters, wants }: Proposal, giveUp: readonly string[]): string {
  const set = Object.entries(parameters).map(([name, value]) => `--set ${name}=${String(value)}`);
  const open = wants.map(({ name, oneOf }) => `--set ${name}=${oneOf.join('|') || '…'}`);
  const given = giveUp.map((server) => `--give-up ${server}`);
  return ['drydock run', loaded.runbook.id, ...set, ...open, ...given].join(' ');
}

/** What is whole, of what could be. */
function redundancyOf(status: Status): NonNullable<Procedure['leaves']>['redundancy'] {
  const servers = membersOf(status);
  const members = servers.filter(({ membership }) => membership.state === 'member');
  const volumes = Object.values(status.volumes).map(({ name, copies }) => {
    const all = Object.values(copies);
    const good = all.filter(({ state }) => state === 'upToDate');
    return { what: `copies of ${name} in order`, have: good.length, of: all.length };
  });
  const inIt = { what: 'servers in the cluster', have: members.length, of: servers.length };
  return [inIt, ...volumes];
}

interface Rehearsed {
  rehearsal: Rehearsal;
  outages: Outage[];
  violations: string[];
  end: Status;
}

async function rehearseIt(
  ctx: Context,
  cluster: Cluster,
  plan: Plan,
  { from, giveUp }: { from: Status; giveUp: string[] },
): Promise<Rehearsed> {
  const meter = outageMeter();
  let world: TwinWorld | null = null;
  const twins = {
    ...ctx.twins,
    make: async (of: Cluster, status: Status) => {
      world = await ctx.twins.make(of, status);
      return { ...world, door: meter.watched(world.door, world.clock) };
    },
  };
  const secrets = new Map<string, string>();
  const wish = { plan, secrets, options: { giveUp }, from };
  const rehearsal = await rehearseOn({ ...ctx, twins }, cluster, wish);
  const { door, run, violations } = world as unknown as TwinWorld;
  const end = await run(door.observation.status());
  return { rehearsal, outages: meter.outages(), violations: await violations(), end };
}

/** Why what comes of it cannot be advised; null: it can. */
function unsound({ loaded }: Proposal, { rehearsal, violations }: Rehearsed): string | null {
  if (violations.length > 0) return `its rehearsal breaks what must hold: ${violations[0]}`;
  const isRefusal = loaded.runbook.kind === 'refusal' && rehearsal.outcome === 'refused';
  if (rehearsal.outcome === 'done' || isRefusal) return null;
  return `its rehearsal ends ${rehearsal.outcome}: ${rehearsal.words}`;
}

function costOf({ rehearsal, outages }: Rehearsed): NonNullable<Procedure['cost']> {
  const { steps } = rehearsal.plan;
  const count = (...verbs: string[]) =>
    steps.filter(({ action }) => verbs.includes(action.verb)).length;
  const { durationMs } = rehearsal;
  return { durationMs, acts: count('operator'), questions: count('confirm', 'choose'), outages };
}

function leavesOf(
  cluster: Cluster,
  from: Status,
  { rehearsal, end }: Rehearsed,
): NonNullable<Procedure['leaves']> {
  const before = new Set(debtsOf(from, cluster.topology).debts.map(({ key }) => key));
  const { debts } = debtsOf(end, cluster.topology);
  return {
    debts: debts.filter(({ key }) => !before.has(key)).map(({ words }) => words),
    redundancy: redundancyOf(end),
    cannotUndo: rehearsal.cannotUndo,
  };
}

interface Advising {
  ctx: Context;
  cluster: Cluster;
  library: Library;
  from: Status;
}

function procedureOf(proposal: Proposal, giveUp: string[]): Procedure {
  const { loaded, remedies, nearness, parameters, wants, condition } = proposal;
  const { id, title, kind } = loaded.runbook;
  const command = commandOf(proposal, giveUp);
  const known = { runbook: id, title, kind, for: remedies, nearness, parameters, wants, condition };
  return { ...known, giveUp, command, cost: null, leaves: null };
}

/** Rehearsed, where everything that it needs is known; else why it is none of the procedures. */
async function triedOut(
  { ctx, cluster, library, from }: Advising,
  proposal: Proposal,
): Promise<Procedure | string> {
  const { loaded, parameters, wants } = proposal;
  const giveUp = awayIn(from);
  if (wants.length > 0) return procedureOf(proposal, giveUp);
  try {
    const { topology } = cluster;
    const plan = makePlan({ runbook: loaded, library, parameters, status: from, topology });
    const { items } = await checkPlan(ctx, cluster, plan, giveUp);
    const held = items.find((item) => item.state === 'bad' && isBlocking(item));
    if (held) return `${held.what}: ${held.words}; ${held.remedy}`;
    const rehearsed = await rehearseIt(ctx, cluster, plan, { from, giveUp });
    const why = unsound(proposal, rehearsed);
    if (why !== null) return why;
    const [cost, leaves] = [costOf(rehearsed), leavesOf(cluster, from, rehearsed)];
    return { ...procedureOf(proposal, giveUp), cost, leaves };
  } catch (error) {
    if (!(error instanceof DrydockError) || error.code === 'defect') throw error;
    // Where in the runbook it is does not matter to who looks for another.
    const { message, remedy } = error;
    return describeProblem({ message, remedy });
  }
}

function unfitOf({ loaded, remedies, why }: Misfit): Unfit {
  const { id, title } = loaded.runbook;
  return { runbook: id, title, for: remedies, why };
}

/** The first ones for each matter are rehearsed, as far as the limit goes. */
async function tryOut(advising: Advising, proposals: readonly Proposal[]) {
  const procedures: Procedure[] = [];
  const unfit: Unfit[] = [];
  const sound = new Map<number, number>();
  let left = MOST_REHEARSALS;
  for (const [at, proposal] of proposals.entries()) {
    const matters = proposal.remedies.length > 0 ? proposal.remedies : [-1];
    const isDue = matters.some((matter) => (sound.get(matter) ?? 0) < MOST_OF_ONE_MATTER);
    if (left === 0 || !isDue) {
      procedures.push(procedureOf(proposal, awayIn(advising.from)));
      continue;
    }
    left -= 1;
    const { id } = proposal.loaded.runbook;
    advising.ctx.tell({ type: 'advice.tried', id, number: at + 1, of: proposals.length });
    const found = await triedOut(advising, proposal);
    if (typeof found === 'string') {
      const { loaded, remedies } = proposal;
      unfit.push(unfitOf({ loaded, remedies, why: found }));
      continue;
    }
    procedures.push(found);
    for (const matter of matters) sound.set(matter, (sound.get(matter) ?? 0) + 1);
  }
  advising.ctx.tell({ type: 'advice.ended' });
  return { procedures, unfit };
}

/** `wish`: what a person wants, in words; null: what is wrong alone counts. */
export async function advise(
  ctx: Context,
  { wish }: { wish: string | null },
): Promise<Report<AdviceReport>> {
  const cluster = await ctx.openCluster();
  try {
    const library = loadLibrary(siteFiles(ctx.settings));
    const { symptoms } = loadSymptoms();
    const from = await steadyStatus(cluster.door.observation, cluster.clock);
    const { topology } = cluster;
    const findings = findingsOf(symptoms, from, topology);
    const matter = { library, status: from, topology, symptoms, findings, wish };
    const { proposals, misfits } = propose(matter);
    const { procedures, unfit } = await tryOut({ ctx, cluster, library, from }, proposals);
    const { manual, edition } = expressClusterOf(from);
    return reportOf({
      schema: 'drydock.advice/1',
      cluster: from.cluster.name,
      manual,
      edition,
      wish,
      wrong: findings.map(({ symptom: { id, danger }, about, words }) => {
        return { symptom: id, danger, about, words };
      }),
      unknown: debtsOf(from, topology).unknown,
      procedures,
      unfit: [...unfit, ...misfits.map(unfitOf)],
    });
  } finally {
    await cluster.close();
  }
}
