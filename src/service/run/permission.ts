/**
 * May this run begin, or go on? Asked of the judge with what the cluster's servers hold, before
 * anything is done, so that a refusal comes early (exit 4) and names what was not approved. The
 * servers ask the same of every command again.
 */
import { judge, workEndsAt } from '../../change/judge.ts';
import type { ChangeWindow, DecisionBasis, Judgement } from '../../change/types.ts';
import { basisHeld } from '../../cluster/decision-basis.ts';
import { brokenOn, WAY_OUT } from '../../cluster/glass.ts';
import { heldIfAble } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Authority } from '../../ports/authority.ts';
import type { HeldByServers } from '../../ports/documents.ts';
import type { Journal } from '../../ports/journal.ts';
import { actsOf } from '../../runbook/run/acts.ts';
import { planOf, type RunWindow, tookBefore } from '../../runbook/run/standing.ts';
import type { Cluster, Context } from '../context.ts';
import { openEmergency } from '../window/emergency.ts';

/** By what a run may go on. */
export type Authorised =
  | { by: 'window'; why: string }
  /** The cluster demands no window; by that version of its policy, where it has one. */
  | { by: 'nobody'; policy: number | null }
  /** Nothing can be judged, and somebody broke the glass. */
  | { by: 'glass'; why: string }
  /** The glass is broken before the first step. */
  | { by: 'emergency'; reason: string };

export interface Permission {
  window: RunWindow | undefined;
  authorised: Authorised;
}

/** In which window a run is to go on: one that is named, one that break-glass opens, or any. */
export interface WindowWish {
  window: string | null;
  /** Reason of the break-glass. */
  emergency: string | null;
}

/** What is to begin or go on: its plan as recorded, secrets by name. */
export interface Wish {
  plan: Plan;
  run: string | null;
  /** It stands between two points where it could be parked, or undoes something. */
  backingOut: boolean;
}

type Refused = Extract<Judgement, { allowed: false }>;

/** Nothing can be judged by what is held: no document helps, and the glass does. */
export const UNTRUSTED = 'policy.untrusted';

export function remedyOf({ code, remedy }: Refused): string {
  return code === UNTRUSTED ? `${remedy}; ${WAY_OUT}` : remedy;
}

/** Where nothing can be judged: who broke the glass on every server that the plan acts on. */
async function wayPast(cluster: Cluster, plan: Plan, { code }: Refused): Promise<string | null> {
  if (code !== UNTRUSTED) return null;
  const servers = actsOf(plan).flatMap(({ order }) => (order ? [order.server] : []));
  return brokenOn(cluster.door.documents, [...new Set(servers)]);
}

type Record = Pick<Journal, 'append' | 'runs' | 'entries'>;

/** A refusal, recorded: an auditor wants to see those too. */
async function refuse(ctx: Context, journal: Record, wish: Wish, judged: Refused): Promise<never> {
  const { runbook, hash } = wish.plan;
  const { code, why, during } = judged;
  const remedy = remedyOf(judged);
  const named = { who: ctx.who, runbook: runbook.id, plan: hash, of: wish.run };
  const body = { ...named, code, why, during, exit: 4 };
  await journal.append([{ run: null, type: 'run.refused', body }]);
  throw new DrydockError(why, { code, exit: 4, remedy });
}

function askJudge(
  ctx: Context,
  cluster: Cluster,
  wish: Wish,
  id: string | null,
  basis: DecisionBasis,
) {
  const { run, backingOut } = wish;
  const plan = planOf(wish.plan);
  const authority: Authority = { who: ctx.who, window: id, run, plan };
  const topology = cluster.topology.fingerprint;
  const uuid = cluster.topology.id;
  const orders = actsOf(wish.plan).flatMap(({ order }) => order ?? []);
  const act = { cluster: uuid, topology, server: null, authority, command: null };
  return judge({ ...act, orders, backingOut }, basis);
}

function windowOf(
  window: ChangeWindow,
  basis: DecisionBasis,
  took: RunWindow['took'],
  aheadMs: number,
): RunWindow {
  const { id, request, opened } = window;
  const endsAt = workEndsAt(window, basis);
  const emergency = (opened?.emergency ?? null) !== null;
  const closesAt = window.endsAt;
  return { id, endsAt, closesAt, reserveMs: request.reserveMs, emergency, took, aheadMs };
}

/** A server that does not hold what the others do, in words; none when all agree. */
export function documentGaps(held: HeldByServers): string[] {
  if (held.papers.length === 0) return [];
  return Object.entries(held.servers).flatMap(([server, said]) => {
    if ('unknown' in said) return [`${server}: not known what it holds: ${said.unknown}`];
    if (said.lacks.length === 0) return [];
    const policy = said.policy === null ? 'no policy' : `policy ${said.policy}`;
    return [`${server} holds ${policy} and lacks ${said.lacks.join(', ')}`];
  });
}

function authorisedBy(
  basis: DecisionBasis,
  { window, why }: Extract<Judgement, { allowed: true }>,
): Authorised {
  if (window !== null) return { by: 'window', why: why.replace(/^window /, '') };
  const demandsNone = basis.policy?.demandsWindow === false;
  return { by: 'nobody', policy: demandsNone ? (basis.policy?.version ?? null) : null };
}

/** For people, and for documents that are read by people. */
export function authorisedWords(authorised: Authorised): string {
  switch (authorised.by) {
    case 'window':
      return authorised.why;
    case 'nobody':
      return authorised.policy === null
        ? 'none (the cluster demands none)'
        : `none (policy ${authorised.policy} of the cluster demands none)`;
    case 'glass':
      return `BREAK-GLASS: nothing can be judged here; ${authorised.why}`;
    case 'emergency':
      return `BREAK-GLASS, before the first step: ${authorised.reason}`;
  }
}

/** The judge's word on a plan that is to begin now, and in words for people. */
export async function judgePlan(ctx: Context, cluster: Cluster, held: HeldByServers, plan: Plan) {
  const basis = basisHeld(held, cluster.topology.id, cluster.clock.now());
  const wish = { plan, run: null, backingOut: plan.undoes !== undefined };
  const judged = askJudge(ctx, cluster, wish, null, basis);
  if (judged.allowed) return { remedy: null, words: authorisedWords(authorisedBy(basis, judged)) };
  const past = await wayPast(cluster, plan, judged);
  if (past !== null) return { remedy: null, words: authorisedWords({ by: 'glass', why: past }) };
  return { remedy: remedyOf(judged), words: judged.why };
}

/** Throws (exit 4) when it may not. `named`: a window; null: the one that covers it counts. */
async function askFor(
  ctx: Context,
  cluster: Cluster,
  journal: Record,
  named: string | null,
  wish: Wish,
): Promise<Permission> {
  const held = await heldIfAble(cluster.door);
  const basis = basisHeld(held, cluster.topology.id, cluster.clock.now());
  const judged = askJudge(ctx, cluster, wish, named, basis);
  if (!judged.allowed) {
    const past = await wayPast(cluster, wish.plan, judged);
    if (past === null) return refuse(ctx, journal, wish, judged);
    return { window: undefined, authorised: { by: 'glass', why: past } };
  }
  for (const gap of documentGaps(held)) ctx.tell({ type: 'documents.uneven', gap });
  const found = basis.windows.find(({ id }) => id === judged.window);
  const took = found ? await tookBefore(journal, wish.plan) : {};
  return {
    window: found ? windowOf(found, basis, took, basis.now - cluster.clock.now()) : undefined,
    authorised: authorisedBy(basis, judged),
  };
}

/** Throws where a window is named, and another one wanted by break-glass. */
function checkWindowWish({ window, emergency }: WindowWish): void {
  if (emergency === null || window === null) return;
  throw badInput('--emergency opens a window of its own, and --window names one', {
    code: 'usage',
    remedy: 'give one of the two',
  });
}

/** Before anything is rehearsed; with a break-glass nobody is asked yet. */
export async function askPermission(
  ctx: Context,
  cluster: Cluster,
  journal: Record,
  asked: WindowWish,
  wish: Wish,
): Promise<Permission> {
  checkWindowWish(asked);
  const { window, emergency: reason } = asked;
  if (reason === null) return askFor(ctx, cluster, journal, window, wish);
  return { window: undefined, authorised: { by: 'emergency', reason } };
}

/**
 * The last word before anything is done. With a break-glass the glass is broken here, once nothing
 * else speaks against the run; the judge is asked all the same, about what break-glass leaves.
 */
export async function takePermission(
  ctx: Context,
  cluster: Cluster,
  journal: Record,
  asked: WindowWish,
  wish: Wish,
): Promise<Permission> {
  checkWindowWish(asked);
  const { emergency: reason } = asked;
  if (reason === null) return askFor(ctx, cluster, journal, asked.window, wish);
  const { window } = await openEmergency(ctx, cluster, { reason, plans: [wish.plan], ticket: '' });
  return askFor(ctx, cluster, journal, window, wish);
}
