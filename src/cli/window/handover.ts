/**
 * Papers that `handover` and `amend` need where a run's authority is a window: who acts from now
 * on, and which other plan is asked for. Each is signed here, filed, and given to the servers.
 */
import type { ChangeWindow } from '../../change/types.ts';
import { badInput } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Plan } from '../../core/plan.ts';
import type { Rehearsal } from '../../runbook/rehearsal/rehearse.ts';
import type { Person } from '../../schema/generated/window-paper.ts';
import type { Cluster } from '../cluster/cluster.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { refused, signAnswer } from './answers.ts';
import { findWindow, needPolicy, openDesk, withHeld } from './desk.ts';
import { identityOf, needRole } from './keys.ts';
import { readPerson } from './person.ts';
import { approvedPlanOf } from './plans.ts';
import { giveWindow } from './push.ts';

async function openAnswering(cli: Cli, cluster: Cluster, id: string, args: Args, verb: string) {
  const desk = await withHeld(openDesk(cli, args), cluster.door);
  const window = findWindow(desk, id, verb);
  const policy = needPolicy(desk, cluster.config.uuid);
  const identity = identityOf(args, policy);
  if (window.state !== 'open') {
    throw refused(`${window.id} is ${window.state}`, 'window.notOpen', 'see `drydock window show`');
  }
  return { desk, window, policy, identity };
}

export interface HandoverWish {
  window: string;
  /** PRINCIPAL[:LOGIN] */
  to: string;
  reason: string;
  /** What is exposed, for whoever takes over. */
  summary: readonly string[];
  /** --key, --as, --folder as the verb was given them. */
  args: Args;
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
  cli: Cli,
  cluster: Cluster,
  wish: HandoverWish,
): Promise<HandedOver> {
  const answering = await openAnswering(cli, cluster, wish.window, wish.args, 'handover');
  const { policy, desk } = answering;
  const to = readPerson(wish.to, policy, 'implement');
  const { reason, summary } = wish;
  const { hash: of } = answering.window;
  const body = { of, to: { ...to }, reason, summary: [...summary] };
  const answer = { kind: 'handover', body, type: 'window.handedOver' } as const;
  const { window, hash } = await signAnswer(cli, answering, answer);
  await giveWindow(cli, cluster, desk, window);
  return { window, to, hash, now: desk.now };
}

export interface AmendmentWish {
  window: string;
  run: string | null;
  plan: Plan;
  rehearsal: Rehearsal;
  reason: string;
  args: Args;
}

/** Asks for another plan within an open window; it counts once enough people approved it. */
export async function proposeAmendment(
  cli: Cli,
  cluster: Cluster,
  wish: AmendmentWish,
): Promise<{ window: ChangeWindow; hash: string }> {
  if (wish.reason.trim() === '') {
    throw badInput('an amendment needs a reason', { code: 'usage', remedy: 'give --reason TEXT' });
  }
  const answering = await openAnswering(cli, cluster, wish.window, wish.args, 'amend');
  const { policy, identity, desk } = answering;
  needRole(policy, identity, 'request', 'ask for an amendment');
  const plan = approvedPlanOf(wish.plan, wish.rehearsal) as unknown as JsonObject;
  const body = { of: answering.window.hash, run: wish.run, plan, reason: wish.reason };
  const answer = { kind: 'amendment', body, type: 'window.amendmentAsked' } as const;
  const { window, hash } = await signAnswer(cli, answering, answer);
  await giveWindow(cli, cluster, desk, window);
  return { window, hash };
}
