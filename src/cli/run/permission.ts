/**
 * May this run begin, or go on? Asked of the judge with what the cluster's servers hold, before
 * anything is done, so that a refusal comes early (exit 4) and names what was not approved. The
 * servers ask the same of every command again.
 */
import { judge, workEndsAt } from '../../change/judge.ts';
import { topologyHash } from '../../change/topology.ts';
import type { Bench, ChangeWindow, Judgement } from '../../change/types.ts';
import { benchHeld } from '../../cluster/bench.ts';
import { brokenOn, WAY_OUT } from '../../cluster/glass.ts';
import { heldIfAble } from '../../cluster/index.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import type { Authority } from '../../ports/authority.ts';
import type { HeldByServers } from '../../ports/documents.ts';
import type { Journal } from '../../ports/journal.ts';
import { actsOf } from '../../runbook/run/acts.ts';
import { planOf, type RunWindow, tookBefore } from '../../runbook/run/standing.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';

export interface Permission {
  window: RunWindow | undefined;
  /** For the banner. */
  words: string;
}

/** What is to begin or go on: its plan as recorded, secrets by name. */
export interface Wish {
  plan: Plan;
  run: string | null;
  /** It stands between two points where it could be parked, or undoes something. */
  backingOut: boolean;
}

type Refused = Extract<Judgement, { allowed: false }>;

/** Nothing can be judged by what is held: no paper helps, and the glass does. */
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
async function refuse(cli: Cli, journal: Record, wish: Wish, judged: Refused): Promise<never> {
  const { runbook, hash } = wish.plan;
  const { code, why, during } = judged;
  const remedy = remedyOf(judged);
  const named = { who: cli.who, runbook: runbook.id, plan: hash, of: wish.run };
  const body = { ...named, code, why, during, exit: 4 };
  await journal.append([{ run: null, type: 'run.refused', body }]);
  throw new DrydockError(why, { code, exit: 4, remedy });
}

function askJudge(cli: Cli, cluster: Cluster, wish: Wish, id: string | null, bench: Bench) {
  const { run, backingOut } = wish;
  const plan = planOf(wish.plan);
  const authority: Authority = { who: cli.who, window: id, run, plan };
  const topology = topologyHash(cluster.config);
  const uuid = cluster.config.uuid;
  const orders = actsOf(wish.plan).flatMap(({ order }) => order ?? []);
  const act = { cluster: uuid, topology, server: null, authority, command: null };
  return judge({ ...act, orders, backingOut }, bench);
}

function windowOf(
  window: ChangeWindow,
  bench: Bench,
  took: RunWindow['took'],
  aheadMs: number,
): RunWindow {
  const { id, request, opened } = window;
  const endsAt = workEndsAt(window, bench);
  const emergency = (opened?.emergency ?? null) !== null;
  const closesAt = window.endsAt;
  return { id, endsAt, closesAt, reserveMs: request.reserveMs, emergency, took, aheadMs };
}

/** A server that does not hold what the others do, in words; none when all agree. */
export function paperGaps(held: HeldByServers): string[] {
  if (held.papers.length === 0) return [];
  return Object.entries(held.servers).flatMap(([server, said]) => {
    if ('unknown' in said) return [`${server}: not known what it holds: ${said.unknown}`];
    if (said.lacks.length === 0) return [];
    const policy = said.policy === null ? 'no policy' : `policy ${said.policy}`;
    return [`${server} holds ${policy} and lacks ${said.lacks.join(', ')}`];
  });
}

function wordsOf(bench: Bench, judged: Extract<Judgement, { allowed: true }>): string {
  if (judged.window !== null) return judged.why.replace(/^window /, '');
  return bench.policy?.demandsWindow === false
    ? `none (policy ${bench.policy.version} of the cluster demands none)`
    : 'none (the cluster demands none)';
}

function loud(past: string): string {
  return `BREAK-GLASS: nothing can be judged here; ${past}`;
}

/** The judge's word on a plan that is to begin now, and in words for people. */
export async function judgePlan(cli: Cli, cluster: Cluster, held: HeldByServers, plan: Plan) {
  const bench = benchHeld(held, cluster.config.uuid, cluster.clock.now());
  const wish = { plan, run: null, backingOut: plan.undoes !== undefined };
  const judged = askJudge(cli, cluster, wish, null, bench);
  if (judged.allowed) return { remedy: null, words: wordsOf(bench, judged) };
  const past = await wayPast(cluster, plan, judged);
  if (past !== null) return { remedy: null, words: loud(past) };
  return { remedy: remedyOf(judged), words: judged.why };
}

/** Throws (exit 4) when it may not; `--window W` names one, else the one that covers it counts. */
export async function askPermission(
  cli: Cli,
  cluster: Cluster,
  journal: Record,
  args: Args,
  wish: Wish,
): Promise<Permission> {
  const held = await heldIfAble(cluster.door);
  const bench = benchHeld(held, cluster.config.uuid, cluster.clock.now());
  const named = typeof args.window === 'string' ? args.window : null;
  const judged = askJudge(cli, cluster, wish, named, bench);
  if (!judged.allowed) {
    const past = await wayPast(cluster, wish.plan, judged);
    if (past === null) return refuse(cli, journal, wish, judged);
    return { window: undefined, words: cli.paint(['bold', 'red'], loud(past)) };
  }
  for (const gap of paperGaps(held)) cli.say(cli.paint('yellow', `papers: ${gap}`));
  const found = bench.windows.find(({ id }) => id === judged.window);
  const took = found ? await tookBefore(journal, wish.plan) : {};
  return {
    window: found ? windowOf(found, bench, took, bench.now - cluster.clock.now()) : undefined,
    words: wordsOf(bench, judged),
  };
}

/** The reason given with `--emergency`; null without it. */
export function emergencyReason(args: Args): string | null {
  if (typeof args.emergency !== 'string') return null;
  if (typeof args.window !== 'string') return args.emergency;
  throw badInput('--emergency opens a window of its own, and --window names one', {
    code: 'usage',
    remedy: 'give one of the two',
  });
}

/**
 * The last word before anything is done. With `--emergency` the glass is broken here, once nothing
 * else speaks against the run; the judge is asked all the same, about what break-glass leaves.
 */
export async function takePermission(
  cli: Cli,
  cluster: Cluster,
  journal: Record,
  args: Args,
  wish: Wish,
): Promise<Permission> {
  const reason = emergencyReason(args);
  if (reason === null) return askPermission(cli, cluster, journal, args, wish);
  const { openEmergency } = await import('../window/emergency.ts');
  const { window } = await openEmergency(cli, cluster, { reason, plan: wish.plan, args });
  return askPermission(cli, cluster, journal, { ...args, window }, wish);
}
