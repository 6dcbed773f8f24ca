/**
 * A window is opened after the last look before changes are let happen. What was approved is rehearsed again
 * on the cluster as it is now; whatever shows otherwise is signed with the opening, and what makes
 * the approval void refuses it.
 */
import { frozenAt, nextFreeze } from '../../change/freeze.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { endInWords } from '../../runbook/run/standing.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowOpenedReport } from '../../schema/generated/reports/window-opened.ts';
import type { Cluster, Context } from '../context.ts';
import { needYes } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import { refused, type Signed, signAnswer } from './answers.ts';
import { clusterCard, runbookFiles, secretsApproved, specOf } from './approved.ts';
import { planDifferences, staleWhys, versionDifferences } from './differences.ts';
import { identityOf, needRole, tellWhoSigns } from './keys.ts';
import { preparePlans } from './plans.ts';
import { giveWindow } from './push.ts';
import { whoMayApprove } from './windows.ts';
import { findWindow, needPolicy, openWorkspace, withHeld } from './workspace.ts';

function refuseState(window: ChangeWindow, policy: Policy): void {
  const { id, state } = window;
  if (state === 'approved') return;
  const able = whoMayApprove(window, policy);
  const missing = policy.approvals - window.approvals.length;
  const names = able.join(', ') || 'nobody';
  const remedy: Partial<Record<typeof state, string>> = {
    requested: `${missing} of ${policy.approvals} approvals are missing; may approve: ${names}`,
    open: `it needs no opening; drydock run --window ${id}`,
    expired: 'its time is over: ask for another with `drydock window request`',
  };
  throw refused(
    `${id} is ${state}, not approved`,
    'window.notApproved',
    remedy[state] ?? 'see `drydock window show`',
  );
}

function refuseTime(window: ChangeWindow, policy: Policy, now: number): void {
  const { id, startsAt, endsAt, request } = window;
  if (now < startsAt) {
    throw refused(`${id} begins at ${request.start}`, 'window.notYet', 'open it then');
  }
  if (now >= endsAt) {
    throw refused(`${id} ended at ${request.end}`, 'window.over', 'ask for another window');
  }
  const frozen = frozenAt(policy.freezes ?? [], now);
  if (!frozen) return;
  const until = new Date(frozen.until).toISOString();
  throw refused(
    `changes are frozen by ${frozen.name} until ${until}`,
    'window.frozen',
    'open it afterwards; only break-glass goes ahead within a freeze',
  );
}

/** What is under way then parks: better to know now. */
function tellComingFreeze(ctx: Context, window: ChangeWindow, policy: Policy, now: number): void {
  const next = nextFreeze(policy.freezes ?? [], now);
  if (!next || next.from >= window.endsAt) return;
  ctx.tell({ type: 'freeze.coming', from: next.from, name: next.name });
}

/** What shows otherwise than approved; throws where the approval covers this no more. */
async function lookAgain(
  ctx: Context,
  cluster: Cluster,
  files: readonly string[],
  window: ChangeWindow,
): Promise<string[]> {
  const here = window.plans.filter((plan) => plan.cluster === cluster.topology.id);
  const own = runbookFiles(ctx, files);
  const wanted = here.flatMap(secretsApproved);
  const secrets = await ctx.person.gives({ of: window.id, wanted });
  const specs = here.map((plan) => specOf(plan, secrets, own));
  const prepared = await preparePlans(ctx, cluster, specs);
  const pairsOfPlans = here.map((approved, index) => ({
    approved,
    now: prepared[index]!.approved,
  }));
  const cards = [clusterCard(ctx, cluster, await cluster.door.observation.status())];
  const stale = staleWhys(window.request, pairsOfPlans, cards);
  if (stale.length > 0) {
    throw refused(
      `${window.id} was approved for something else: ${stale.join('; ')}`,
      'window.stale',
      'ask for approval of what is there now: drydock window request',
    );
  }
  return [
    ...versionDifferences(window.request, cards),
    ...pairsOfPlans.flatMap(({ approved, now }) => planDifferences(approved, now)),
  ];
}

export interface OpeningWish {
  window: string | undefined;
  /** Files of plans' runbooks that do not ship. */
  files: readonly string[];
}

/** Until when, and how its first plan is run, go beside the report. */
export interface Opened extends Report<WindowOpenedReport> {
  end: string;
  first: { undoes?: string; runbook?: string };
}

export async function openWindow(ctx: Context, wish: OpeningWish): Promise<Opened> {
  const cluster = await ctx.openCluster();
  try {
    const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
    const window = findWindow(workspace, wish.window, 'open');
    const policy = needPolicy(workspace, cluster.topology.id);
    const identity = identityOf(ctx.keys, policy);
    refuseState(window, policy);
    needRole(policy, identity, 'implement', 'open a window');
    if (identity.principal !== window.implementer.principal) {
      const { principal } = window.implementer;
      throw refused(
        `${identity.principal} cannot open ${window.id}`,
        'window.person',
        `ask ${principal}`,
      );
    }
    refuseTime(window, policy, workspace.now);
    tellComingFreeze(ctx, window, policy, workspace.now);
    const differences = await lookAgain(ctx, cluster, wish.files, window);
    ctx.tell({ type: 'window.rehearsed', differences });
    tellWhoSigns(ctx, identity, { is: 'opening' });
    const question = { ask: 'open', window: window.id, cluster: cluster.topology.name } as const;
    await needYes(ctx.person, question, endInWords({ id: window.id, endsAt: window.endsAt }));
    const approvals = window.approvals.map(({ hash }) => hash);
    const body = { of: window.hash, approvals, differences, emergency: null };
    const answering = { workspace, window, policy, identity };
    const answer = { kind: 'opening', body, type: 'window.opened' } as const;
    const done = await signAnswer(ctx, answering, answer);
    const servers = await giveWindow(ctx, cluster, workspace, done.window);
    return openedReport(done, differences, servers);
  } finally {
    await cluster.close();
  }
}

function openedReport(
  { window, hash, file }: Signed,
  differences: string[],
  servers: WindowOpenedReport['servers'],
): Opened {
  const { id, state, request } = window;
  const about = { window: id, state, differences, servers, hash, file };
  const report = reportOf({ schema: 'drydock.window-opened/1', ...about } as const);
  const [plan] = window.plans;
  const first = {
    ...(plan?.undoes === undefined ? {} : { undoes: plan.undoes }),
    ...(plan === undefined ? {} : { runbook: plan.runbook.id }),
  };
  return { ...report, end: request.end, first };
}
