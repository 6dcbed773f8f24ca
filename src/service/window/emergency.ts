/**
 * Break-glass: one person with that right opens a window without anybody's approval. It is signed,
 * said in red, recorded, held by the servers, and owes a review. It lifts the window, approvals,
 * time and freezes; invariants, lease, probes and named confirmations stand as ever.
 */
import { hashText } from '../../change/text.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { makePlan } from '../../runbook/plan/plan.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type { EmergencyReport } from '../../schema/generated/reports/emergency.ts';
import type {
  ApprovedPlan,
  WindowDocument,
  WindowRequest,
} from '../../schema/generated/window-document.ts';
import type { Cluster, Context } from '../context.ts';
import { needYes } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import { findRunbook } from '../run/library.ts';
import { demandCounts, signAnswer } from './answers.ts';
import { approvedPlanOf, clusterCard, type PlanSpec } from './approved.ts';
import { identityOf, needRole, signedDocument, trustOf } from './keys.ts';
import { giveWindow } from './push.ts';
import { fileDocument, openWorkspace, policyOf, windowIds, withHeld } from './workspace.ts';

/** Where the policy says nothing. */
const DEFAULT_MINUTES = 240;

export interface EmergencyWish {
  reason: string;
  /** What is run in it; none: what a person types. */
  plans: readonly Plan[];
  /** Number in the ticket system; empty: none. */
  ticket: string;
}

export interface EmergencyOpened {
  window: string;
  endsAt: number;
  hash: string;
}

function requestFor(
  cluster: Cluster,
  about: { reason: string; plans: ApprovedPlan[]; ticket: string; now: number; endsAt: number },
  card: WindowRequest['clusters'][number],
  implementer: WindowRequest['implementer'],
): WindowRequest {
  const { reason, plans, ticket, now, endsAt } = about;
  return {
    title: `Break-glass: ${reason}`.slice(0, 200),
    ticket,
    reason,
    risk: 'not assessed',
    impact: 'not assessed',
    type: 'emergency',
    plans,
    backout: 'not planned',
    reserveMs: 0,
    clusters: [card],
    servers: cluster.topology.servers.map(({ name }) => name).sort(),
    start: new Date(now).toISOString(),
    end: new Date(endsAt).toISOString(),
    implementer,
    approvals: 0,
  };
}

/** Opens a window by break-glass on a cluster, and gives it to the servers. */
export async function openEmergency(
  ctx: Context,
  cluster: Cluster,
  wish: EmergencyWish,
): Promise<EmergencyOpened> {
  const reason = wish.reason.trim();
  if (reason === '') {
    throw badInput('an emergency needs a reason', {
      code: 'emergency.reason',
      remedy: 'give it in words; whoever reviews it will read them',
    });
  }
  const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
  const policy = policyOf(workspace, cluster.topology.id);
  if (!policy) {
    throw badInput(
      'the cluster holds no policy and demands no window: there is no glass to break',
      {
        code: 'policy.none',
        remedy: 'do it without break-glass',
      },
    );
  }
  const identity = identityOf(ctx.keys, policy);
  needRole(policy, identity, 'emergency', 'break the glass');
  const { principal } = identity;
  const { now } = workspace;
  const endsAt = now + (policy.emergencyMinutes ?? DEFAULT_MINUTES) * 60_000;
  const plans = wish.plans.map((plan) => approvedPlanOf(plan, null));
  const status = await cluster.door.observation.status();
  const login = ctx.who.split('@')[0] as string;
  const { ticket } = wish;
  const about = { reason, plans, ticket, now, endsAt };
  const card = clusterCard(ctx, cluster, status);
  const request = requestFor(cluster, about, card, { principal, login });
  const id = newEmergencyId(now, cluster.random.id(), windowIds(workspace));
  const document: WindowDocument = {
    schema: 'drydock.window-paper/1',
    window: id,
    kind: 'request',
    by: principal,
    at: new Date(now).toISOString(),
    body: request,
  };
  const trust = trustOf(policy);
  const signed = await signedDocument(ctx.keys, {
    document,
    identity,
    namespace: 'drydock.window',
    trust,
    at: now,
  });
  // Both or none: a request by break-glass that nobody opened is no use to anybody.
  const window = demandCounts(workspace, signed, 'request');
  const both = { ...workspace, papers: [...workspace.papers, signed] };
  const body = { of: hashText(signed.text), approvals: [], differences: [], emergency: reason };
  const opening = { kind: 'opening', body, type: 'window.glassBroken' } as const;
  const answering = { workspace: both, window, policy, identity };
  const done = await signAnswer(ctx, answering, opening);
  await fileDocument(ctx, both, signed, 'window.requested', {
    title: request.title,
    emergency: reason,
  });
  await giveWindow(ctx, cluster, both, done.window);
  const { endsAt: until, hash } = done.window;
  ctx.tell({ type: 'glass.broken', window: id, by: principal, reason, endsAt: until });
  return { window: id, endsAt: until, hash };
}

function newEmergencyId(now: number, chance: string, taken: readonly string[]): string {
  const stamp = new Date(now)
    .toISOString()
    .replace(/[-:]|\.\d+/g, '')
    .slice(0, 13);
  for (let length = 4; length <= 16; length += 2) {
    const id = `E${stamp}-${hashText(chance).slice(0, length)}`;
    if (!taken.includes(id)) return id;
  }
  throw new DrydockError('no free name was found for the window', {
    code: 'window.name',
    remedy: 'try once more',
  });
}

/** The runbooks that are meant, planned for the cluster as it is; nothing is rehearsed. */
async function plansFor(
  ctx: Context,
  cluster: Cluster,
  specs: readonly PlanSpec[],
): Promise<Plan[]> {
  if (specs.length === 0) return [];
  const status = await steadyStatus(cluster.door.observation, cluster.clock);
  return specs.map(({ runbook, set: parameters }) => {
    const { found, library } = findRunbook(ctx, runbook);
    return makePlan({ runbook: found, library, parameters, status, topology: cluster.topology });
  });
}

export async function emergencyWindow(
  ctx: Context,
  { reason, ticket, plans: specs }: { reason: string; ticket: string; plans: readonly PlanSpec[] },
): Promise<Report<EmergencyReport>> {
  const cluster = await ctx.openCluster();
  try {
    const plans = await plansFor(ctx, cluster, specs);
    ctx.tell({ type: 'glass.asked', cluster: cluster.topology.name, isOfGates: false });
    await needYes(ctx.person, { ask: 'breakGlass' });
    const opened = await openEmergency(ctx, cluster, { reason, plans, ticket });
    const endsAt = new Date(opened.endsAt).toISOString();
    return reportOf({ schema: 'drydock.emergency/1', ...opened, endsAt });
  } finally {
    await cluster.close();
  }
}
