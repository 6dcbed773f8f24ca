/**
 * Break-glass: one person with that right opens a window without anybody's approval. It is signed,
 * said in red, recorded, held by the servers, and owes a review. It lifts the window, approvals,
 * time and freezes; invariants, lease, probes and named confirmations stand as ever.
 */
import { hashText } from '../../change/papers.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Plan } from '../../core/plan.ts';
import { makePlan } from '../../runbook/plan/plan.ts';
import { steadyStatus } from '../../runbook/run/steady.ts';
import type {
  ApprovedPlan,
  WindowPaper,
  WindowRequest,
} from '../../schema/generated/window-paper.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { findRunbook } from '../run/runbooks.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { demandCounts, signAnswer } from './answers.ts';
import { agree } from './asking.ts';
import { filePaper, openDesk, policyOf, windowIds, withHeld } from './desk.ts';
import { identityOf, needRole, signedPaper, trustOf } from './keys.ts';
import { approvedPlanOf, clusterCard, readPlanWords } from './plans.ts';
import { giveWindow } from './push.ts';

/** Where the policy says nothing. */
const DEFAULT_MINUTES = 240;

export interface EmergencyWish {
  reason: string;
  /** What is run in it; null: what a person types. */
  plan: Plan | readonly Plan[] | null;
  /** Key to sign with; null: as for any other paper. */
  key?: string | null;
  /** --as, --folder, --ticket, as the verb was given them. */
  args?: Args;
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
    servers: cluster.config.servers.map(({ name }) => name).sort(),
    start: new Date(now).toISOString(),
    end: new Date(endsAt).toISOString(),
    implementer,
    approvals: 0,
  };
}

function sayLoudly(cli: Cli, id: string, by: string, reason: string, endsAt: number): void {
  const lines = [
    `BREAK-GLASS: ${id} is open until ${new Date(endsAt).toISOString()}, by ${by}`,
    `  reason: ${reason}`,
    '  nobody approved it; everything done in it is recorded, and it owes a review',
    `  afterwards: drydock window close ${id}, then somebody else: drydock window review ${id}`,
  ];
  for (const line of lines) cli.say(cli.paint(['bold', 'red'], line));
}

/** Opens a window by break-glass on a cluster, and gives it to the servers. */
export async function openEmergency(
  cli: Cli,
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
  const args: Args = { ...wish.args, ...(wish.key ? { key: wish.key } : {}) };
  const desk = await withHeld(openDesk(cli, args), cluster.door);
  const policy = policyOf(desk, cluster.config.uuid);
  if (!policy) {
    throw badInput(
      'the cluster holds no policy and demands no window: there is no glass to break',
      {
        code: 'policy.none',
        remedy: 'do it without break-glass',
      },
    );
  }
  const identity = identityOf(args, policy);
  needRole(policy, identity, 'emergency', 'break the glass');
  const { principal } = identity;
  const { now } = desk;
  const endsAt = now + (policy.emergencyMinutes ?? DEFAULT_MINUTES) * 60_000;
  const given = wish.plan === null ? [] : Array.isArray(wish.plan) ? wish.plan : [wish.plan];
  const plans = (given as Plan[]).map((plan) => approvedPlanOf(plan, null));
  const status = await cluster.door.observation.status();
  const login = cli.who.split('@')[0] as string;
  const ticket = typeof args.ticket === 'string' ? args.ticket : '';
  const about = { reason, plans, ticket, now, endsAt };
  const card = clusterCard(cluster, status);
  const request = requestFor(cluster, about, card, { principal, login });
  const id = newEmergencyId(now, cluster.random.id(), windowIds(desk));
  const document: WindowPaper = {
    schema: 'drydock.window-paper/1',
    window: id,
    kind: 'request',
    by: principal,
    at: new Date(now).toISOString(),
    body: request,
  };
  const trust = trustOf(policy);
  const paper = await signedPaper({
    document,
    identity,
    namespace: 'drydock.window',
    trust,
    at: now,
  });
  // Both or none: a request by break-glass that nobody opened is no use to anybody.
  const window = demandCounts(desk, paper, 'request');
  const both = { ...desk, papers: [...desk.papers, paper] };
  const body = { of: hashText(paper.text), approvals: [], differences: [], emergency: reason };
  const opening = { kind: 'opening', body, type: 'window.glassBroken' } as const;
  const answering = { desk: both, window, policy, identity };
  const done = await signAnswer(cli, answering, opening);
  await filePaper(cli, both, paper, 'window.requested', {
    title: request.title,
    emergency: reason,
  });
  await giveWindow(cli, cluster, both, done.window);
  sayLoudly(cli, id, principal, reason, done.window.endsAt);
  return { window: id, endsAt: done.window.endsAt, hash: done.window.hash };
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
async function plansFor(cluster: Cluster, given: readonly string[]): Promise<Plan[]> {
  if (given.length === 0) return [];
  const status = await steadyStatus(cluster.door.observation, cluster.clock);
  return given.map((text) => {
    const { runbook, set: parameters } = readPlanWords(text);
    const { found, library } = findRunbook(runbook);
    return makePlan({ runbook: found, library, parameters, status, config: cluster.config });
  });
}

export async function emergencyWindow(cli: Cli, args: Args): Promise<number> {
  const reason = typeof args.reason === 'string' ? args.reason : '';
  if (reason.trim() === '') {
    throw badInput('`window emergency` needs a reason', {
      code: 'usage',
      remedy: 'give --reason TEXT: whoever reviews it will read it',
    });
  }
  if (args['without-papers'] === true) {
    const { breakWithoutPapers } = await import('./way-out.ts');
    return breakWithoutPapers(cli, args);
  }
  const cluster = await openCluster(cli, args);
  try {
    const plan = await plansFor(cluster, words(args.plan));
    cli.say(cli.paint('red', `this opens ${cluster.config.name} for changes that nobody approved`));
    await agree(cli, args, 'Break the glass?');
    const opened = await openEmergency(cli, cluster, { reason, plan, args });
    const endsAt = new Date(opened.endsAt).toISOString();
    print(cli, { schema: 'drydock.emergency/1', ...opened, endsAt }, () => `${opened.window}\n`);
    return 0;
  } finally {
    await cluster.close();
  }
}
