/** The judge's last rules: is it done where, and is it what, somebody approved? */
import type { Json } from '../core/json.ts';
import type { ApprovedPlan } from '../schema/generated/window-document.ts';
import { type OrdersOf, orderRefusal } from './orders.ts';
import { canonicalText } from './text.ts';
import type { Authority, JudgedCase, JudgeRule, Refusal } from './types.ts';

type RunPlan = NonNullable<Authority['plan']>;

/** Opened by break-glass without any plan: there is nothing to compare with. */
function isUnplanned({ window, isEmergency }: JudgedCase): boolean {
  return isEmergency && window.plans.length === 0;
}

function listed(words: readonly string[]): string {
  return [...new Set(words)].sort().join(', ') || 'none';
}

export const serverRule: JudgeRule = ({ act, window }) => {
  const { servers } = window.request;
  if (act.server === null || servers.includes(act.server)) return null;
  return {
    code: 'window.server',
    why: `window ${window.id} is for ${listed(servers)}, not for ${act.server}`,
    remedy: `work on those, or request a window with ${act.server}`,
  };
};

/** Those of the plans on a server; or the refusal when it is none of theirs. */
function onServer(one: JudgedCase, plans: ApprovedPlan[]): Refusal | null {
  const { server } = one.act;
  if (server === null || plans.some(({ servers }) => servers.includes(server))) return null;
  const named = listed(plans.flatMap(({ servers }) => servers));
  return {
    code: 'window.server',
    why: `the approved plan acts on ${named}, not on ${server}`,
    remedy: `work on those, or request a window with ${server}`,
  };
}

function typedByHand(one: JudgedCase, argv: string[], plans: ApprovedPlan[]): Refusal | null {
  const given = { server: null, argv, answers: null };
  const same = plans.filter((plan) => orderRefusal(one, [plan], 'both', given) === null);
  if (same.length === 0) return orderRefusal(one, plans, 'both', given);
  return (
    onServer(one, same) ?? orderRefusal(one, same, 'both', { ...given, server: one.act.server })
  );
}

/** Names of the called runbooks that one side has otherwise, or not at all. */
function otherCalled(a: RunPlan['called'], b: RunPlan['called']): string[] {
  const words = (list: RunPlan['called']) => list.map(({ id, hash }) => `${id} ${hash}`);
  const [mine, approved] = [words(a), words(b)];
  const odd = [
    ...mine.filter((word) => !approved.includes(word)),
    ...approved.filter((word) => !mine.includes(word)),
  ];
  return odd.map((word) => word.split(' ')[0] as string);
}

function otherParameters(a: Record<string, Json>, b: Record<string, Json>): string[] {
  const reported = (of: Record<string, Json>, name: string) =>
    Object.hasOwn(of, name) ? canonicalText(of[name]) : 'not set';
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((name) => reported(a, name) !== reported(b, name))
    .map((name) => `${name} is ${reported(a, name)}, approved: ${reported(b, name)}`);
}

/** Drops the plans that differ; the refusal when none is left. */
function narrow(
  plans: ApprovedPlan[],
  fits: (plan: ApprovedPlan) => boolean,
  refusal: () => Refusal,
): ApprovedPlan[] | Refusal {
  const left = plans.filter(fits);
  return left.length > 0 ? left : refusal();
}

/** Whoever approved a run approved its undos; who approved an undo approved no run. */
function notUndoing(plan: RunPlan, approved: ApprovedPlan[]): ApprovedPlan[] {
  return approved.filter(({ undoes }) => undoes === undefined || undoes === plan.undoes);
}

/** Approved plans that are this very one, in what it is made of; or why there is none. */
export function approvedFor(
  one: JudgedCase,
  plan: RunPlan,
  approved: ApprovedPlan[],
): ApprovedPlan[] | Refusal {
  const { id, hash } = plan.runbook;
  const amend = 'run what was approved, or have an amendment approved: `drydock amend`';
  const inScope = notUndoing(plan, approved);
  if (inScope.length === 0 && approved.length > 0) {
    const undone = listed(approved.map(({ undoes }) => String(undoes)));
    return {
      code: 'window.runbook',
      why: `window ${one.window.id} approves nothing but that ${undone} is undone`,
      remedy: amend,
    };
  }
  const known = narrow(
    inScope,
    ({ runbook }) => runbook.id === id,
    () => ({
      code: 'window.runbook',
      why: `window ${one.window.id} approves ${listed(inScope.map((other) => other.runbook.id))}, not ${id}`,
      remedy: amend,
    }),
  );
  if (!Array.isArray(known)) return known;
  const same = narrow(
    known,
    ({ runbook }) => runbook.hash === hash,
    () => ({
      code: 'window.runbook',
      why: `runbook ${id} has changed since it was approved`,
      remedy: amend,
    }),
  );
  if (!Array.isArray(same)) return same;
  const whole = narrow(
    same,
    ({ called }) => otherCalled(plan.called, called).length === 0,
    () => ({
      code: 'window.runbook',
      why: `called by ${id}, and not as approved: ${listed(
        otherCalled(plan.called, same[0]?.called ?? []),
      )}`,
      remedy: amend,
    }),
  );
  if (!Array.isArray(whole)) return whole;
  const parametersOf = (other: ApprovedPlan) =>
    otherParameters(plan.parameters, other.parameters as Record<string, Json>);
  return narrow(
    whole,
    (other) => parametersOf(other).length === 0,
    () => ({
      code: 'window.parameters',
      why: `parameters of ${id} differ: ${parametersOf(whole[0] as ApprovedPlan).join('; ')}`,
      remedy: amend,
    }),
  );
}

/** Every order of a run, or the one that it gives now, is one that somebody approved. */
function ordersRefusal(one: JudgedCase, plan: RunPlan, equal: ApprovedPlan[]): Refusal | null {
  const { act } = one;
  const orders = act.command
    ? [
        {
          server: act.server,
          argv: [act.command.name, ...act.command.args],
          answers: act.command.answers ?? null,
        },
      ]
    : (act.orders ?? []);
  // Of an approved undo the steps are what takes back.
  const refusals = equal.map((approved) => {
    const isUndo = plan.undoes !== undefined && approved.undoes === undefined;
    const by: OrdersOf = isUndo ? 'undos' : 'steps';
    const found = orders.map((order) => orderRefusal(one, [approved], by, order));
    return found.find((refusal) => refusal !== null) ?? null;
  });
  return refusals.includes(null) ? null : (refusals[0] ?? null);
}

function byRun(one: JudgedCase, plan: RunPlan, approved: ApprovedPlan[]): Refusal | null {
  const equal = approvedFor(one, plan, approved);
  if (!Array.isArray(equal)) return equal;
  return onServer(one, equal) ?? ordersRefusal(one, plan, equal);
}

export const planRule: JudgeRule = (one) => {
  if (isUnplanned(one)) return null;
  const { act, window } = one;
  const plans = window.plans.filter(({ cluster }) => cluster === act.cluster);
  if (act.authority.plan) return byRun(one, act.authority.plan, plans);
  if (!act.command) return null;
  return typedByHand(one, [act.command.name, ...act.command.args], plans);
};
