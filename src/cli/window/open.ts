/**
 * `window open`: the last look before changes are let happen. What was approved is rehearsed again
 * on the cluster as it is now; whatever shows otherwise is signed with the opening, and what makes
 * the approval void refuses it.
 */
import { frozenAt, nextFreeze } from '../../change/freeze.ts';
import type { ChangeWindow } from '../../change/types.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { givenValues } from '../run/giving-secrets.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { refused, signAnswer } from './answers.ts';
import { agree } from './asking.ts';
import { findWindow, needPolicy, openDesk, withHeld } from './desk.ts';
import { planDifferences, staleWhys, versionDifferences } from './differences.ts';
import { identityOf, needRole, sayWhoSigns } from './keys.ts';
import { clusterCard, preparePlans, secretsApproved, specOf } from './plans.ts';
import { giveWindow } from './push.ts';
import { whoMayApprove } from './words.ts';

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
function sayComingFreeze(cli: Cli, window: ChangeWindow, policy: Policy, now: number): void {
  const next = nextFreeze(policy.freezes ?? [], now);
  if (!next || next.from >= window.endsAt) return;
  const from = new Date(next.from).toISOString();
  cli.say(cli.paint('yellow', `frozen from ${from} by ${next.name}, before the window ends`));
}

/** What shows otherwise than approved; throws where the approval covers this no more. */
async function lookAgain(
  cli: Cli,
  cluster: Cluster,
  args: Args,
  window: ChangeWindow,
): Promise<string[]> {
  const here = window.plans.filter((plan) => plan.cluster === cluster.config.uuid);
  const files = words(args.plan);
  const wanted = here.flatMap(secretsApproved);
  const secrets = await givenValues(cli, args, { of: window.id, wanted });
  const specs = here.map((plan) => specOf(plan, secrets, files));
  const prepared = await preparePlans(cli, cluster, specs);
  const pairsOfPlans = here.map((approved, index) => ({
    approved,
    now: prepared[index]!.approved,
  }));
  const cards = [clusterCard(cluster, await cluster.door.observation.status())];
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

function sayDifferences(cli: Cli, differences: readonly string[]): void {
  if (differences.length === 0) {
    cli.say('rehearsed again: as approved');
    return;
  }
  cli.say(cli.paint('yellow', 'rehearsed again; otherwise than approved:'));
  for (const line of differences) cli.say(`  ${line}`);
}

export async function openWindow(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const desk = await withHeld(openDesk(cli, args), cluster.door);
    const [given] = (args.words ?? []) as string[];
    const window = findWindow(desk, given, 'open');
    const policy = needPolicy(desk, cluster.config.uuid);
    const identity = identityOf(args, policy);
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
    refuseTime(window, policy, desk.now);
    sayComingFreeze(cli, window, policy, desk.now);
    const differences = await lookAgain(cli, cluster, args, window);
    sayDifferences(cli, differences);
    sayWhoSigns(cli, identity, 'the opening');
    await agree(cli, args, `Open ${window.id} on ${cluster.config.name}?`, window);
    const approvals = window.approvals.map(({ hash }) => hash);
    const body = { of: window.hash, approvals, differences, emergency: null };
    const answering = { desk, window, policy, identity };
    const done = await signAnswer(cli, answering, { kind: 'opening', body, type: 'window.opened' });
    const servers = await giveWindow(cli, cluster, desk, done.window);
    const { id, state } = done.window;
    const told = { schema: 'drydock.window-opened/1', window: id, state, differences, servers };
    print(cli, { ...told, hash: done.hash, file: done.file }, () => `${id} ${state}\n`);
    const [first] = window.plans;
    const how = first?.undoes ? `undo ${first.undoes}` : `run ${first?.runbook.id ?? 'ID'}`;
    cli.say(`until ${window.request.end}; now: drydock ${how} --window ${id}`);
    return 0;
  } finally {
    await cluster.close();
  }
}
