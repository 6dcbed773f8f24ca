/**
 * Documents that a handover and an amendment need where a run's authority is a window: who acts from
 * now on, and which other plan is asked for. Each is signed, filed, and given to the servers.
 */
import type { ChangeWindow } from '../../change/types.ts';
import { badInput } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Plan } from '../../core/plan.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import type { Person } from '../../schema/generated/window-document.ts';
import type { Cluster, Context } from '../context.ts';
import { refused, signAnswer } from './answers.ts';
import { approvedPlanOf } from './approved.ts';
import { identityOf, needRole } from './keys.ts';
import { readPerson } from './person.ts';
import { giveWindow } from './push.ts';
import { findWindow, needPolicy, openWorkspace, withHeld } from './workspace.ts';

async function openAnswering(ctx: Context, cluster: Cluster, id: string, verb: string) {
  const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
  const window = findWindow(workspace, id, verb);
  const policy = needPolicy(workspace, cluster.topology.id);
  const identity = identityOf(ctx.keys, policy);
  if (window.state !== 'open') {
    throw refused(`${window.id} is ${window.state}`, 'window.notOpen', 'see `drydock window show`');
  }
  return { workspace, window, policy, identity };
}

export interface HandoverWish {
  window: string;
  /** PRINCIPAL[:LOGIN] */
  to: string;
  reason: string;
  /** What is exposed, for whoever takes over. */
  summary: readonly string[];
}

export interface HandedOver {
  window: ChangeWindow;
  to: Person;
  hash: string;
  /** What the time is for the cluster. */
  now: number;
}

/** Passes the window to another person of the policy; they have to be allowed to implement. */
export async function handOverWindow(
  ctx: Context,
  cluster: Cluster,
  wish: HandoverWish,
): Promise<HandedOver> {
  const answering = await openAnswering(ctx, cluster, wish.window, 'handover');
  const { policy, workspace } = answering;
  const to = readPerson(wish.to, policy, 'implement');
  const { reason, summary } = wish;
  const { hash: of } = answering.window;
  const body = { of, to: { ...to }, reason, summary: [...summary] };
  const answer = { kind: 'handover', body, type: 'window.handedOver' } as const;
  const { window, hash } = await signAnswer(ctx, answering, answer);
  await giveWindow(ctx, cluster, workspace, window);
  return { window, to, hash, now: workspace.now };
}

export interface AmendmentWish {
  window: string;
  run: string | null;
  plan: Plan;
  rehearsal: Rehearsal;
  reason: string;
}

/** Asks for another plan within an open window; it counts once enough people approved it. */
export async function proposeAmendment(
  ctx: Context,
  cluster: Cluster,
  wish: AmendmentWish,
): Promise<{ window: ChangeWindow; hash: string }> {
  if (wish.reason.trim() === '') {
    throw badInput('an amendment needs a reason', { code: 'usage', remedy: 'give --reason TEXT' });
  }
  const answering = await openAnswering(ctx, cluster, wish.window, 'amend');
  const { policy, identity, workspace } = answering;
  needRole(policy, identity, 'request', 'ask for an amendment');
  const plan = approvedPlanOf(wish.plan, wish.rehearsal) as unknown as JsonObject;
  const body = { of: answering.window.hash, run: wish.run, plan, reason: wish.reason };
  const answer = { kind: 'amendment', body, type: 'window.amendmentAsked' } as const;
  const { window, hash } = await signAnswer(ctx, answering, answer);
  await giveWindow(ctx, cluster, workspace, window);
  return { window, hash };
}
