/**
 * May it still be done although the window is over, or a freeze has begun? By nobody's word: the
 * servers' own records of operations have to show what was begun.
 *
 *   a run goes on     to its next safe point, when one of its commands since the last one was given
 *                     in the window's time
 *   an undo           takes back what the run that it undoes was seen to do in the window's time
 *
 * A person's act leaves no record on a server: where one stands between the safe point and the
 * command, any command of the run in time is enough. So it is with documents of an older program,
 * which say nothing of safe points. A window that is closed lets nothing through, nor does one that
 * break-glass opened without a plan: another one names what is left to do.
 */
import type { ApprovedAct, ApprovedPlan } from '../schema/generated/window-document.ts';
import { frozenAt } from './freeze.ts';
import { approvedFor } from './judge-plan.ts';
import { fitsOrder, ordersOf } from './orders.ts';
import { loginCovers } from './policies.ts';
import type { DoneBefore, JudgedCase, OrderGiven } from './types.ts';

function isFrozen({ bench: basis, isEmergency }: JudgedCase, at: number): boolean {
  if (isEmergency) return false;
  try {
    return frozenAt(basis.policy?.freezes ?? [], at) !== null;
  } catch {
    return true;
  }
}

function wasInTime(one: JudgedCase, at: number): boolean {
  const { opened, startsAt, endsAt } = one.window;
  if (opened === null || at < Date.parse(opened.at)) return false;
  return at >= startsAt && at <= endsAt && !isFrozen(one, at);
}

/** Whoever has been the implementer of the window. */
function wasCovered({ window }: JudgedCase, who: string): boolean {
  const people = [window.request.implementer, ...window.handovers.map(({ to }) => to)];
  return people.some(({ login }) => loginCovers(login, who));
}

/** Commands of a run that the gate let through in the window's time, as far as can be seen. */
function begunInTime(one: JudgedCase, run: string, plans: readonly ApprovedPlan[]): DoneBefore[] {
  return (one.act.done ?? []).filter((done) => {
    const { authority, startedAt } = done;
    return (
      authority?.run === run &&
      authority.window === one.window.id &&
      authority.plan !== null &&
      !done.refused &&
      wasCovered(one, authority.who) &&
      wasInTime(one, startedAt) &&
      plans.some((plan) => ordersOf(plan, 'both').some((order) => fitsOrder(order, done)))
    );
  });
}

function gives(act: ApprovedAct, given: OrderGiven): boolean {
  return act.order !== null && fitsOrder(act.order, given);
}

/** Whether the run stands between two safe points there, and began to in time. */
function goesOn(acts: readonly ApprovedAct[], begun: readonly DoneBefore[], given: OrderGiven) {
  return acts.some((act, index) => {
    if (!gives(act, given)) return false;
    const safe = acts.slice(0, index).findLastIndex((before) => before.safe);
    const stretch = acts.slice(safe + 1, index + 1);
    const hasPerson = stretch.some(({ verb }) => verb === 'operator');
    return hasPerson ? begun.length > 0 : begun.some((done) => stretch.some((a) => gives(a, done)));
  });
}

function takesBack(acts: readonly ApprovedAct[], begun: readonly DoneBefore[], given: OrderGiven) {
  return acts.some(
    (act) =>
      act.undo !== null &&
      fitsOrder(act.undo, given) &&
      (act.order === null ? begun.length > 0 : begun.some((done) => gives(act, done))),
  );
}

export function mayBeLate(one: JudgedCase): boolean {
  const { act, window } = one;
  // Nobody said what would be done, so nothing tells what of it is left.
  if (window.plans.length === 0) return false;
  // What its own record shows a run before its first step; every command is judged by the servers.
  if (act.command === null) return act.backingOut === true;
  const { run, plan } = act.authority;
  if (plan === null || run === null || (act.done ?? []).length === 0) return false;
  const found = approvedFor(
    one,
    plan,
    window.plans.filter(({ cluster }) => cluster === act.cluster),
  );
  if (!Array.isArray(found)) return false;
  const { name, args, answers } = act.command;
  const given = { server: act.server, argv: [name, ...args], answers: answers ?? null };
  return found.some((approved) => {
    const isUndo = plan.undoes !== undefined && approved.undoes === undefined;
    const begun = begunInTime(one, isUndo ? (plan.undoes as string) : run, [approved]);
    if (approved.acts === undefined) return begun.length > 0;
    const rule = isUndo ? takesBack : goesOn;
    return rule(approved.acts, begun, given);
  });
}
