/**
 * Adopting: somebody began a procedure by hand, and a run goes on from a step of it. What comes
 * before counts only where the cluster says so now:
 *
 *   acts, with a probe          yes: done · no: refused (exit 4) · not known: refused (exit 6)
 *   acts, without one           a person's word by name (--confirm STEP), which is recorded
 *   waits and watches           what they waited for holds now, or a person's word
 *   confirmations and choices   given again: --confirm, --answer, --choose
 *   checks, and what only shows passed over: they said something of a moment that is past
 *
 * A probe that asks for what the step remembered counts as none: nobody has remembered it.
 * Judged before anything is done, and again under the lease.
 */
import { badInput, DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Adoption, Plan, PlannedStep } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import { isActing } from '../language/changes.ts';
import { evaluate } from '../language/expressions/expressions.ts';
import { hashPlan } from '../plan/plan.ts';
import { namesOf } from '../run/context.ts';

export interface AdoptedStep {
  id: string;
  title: string;
  verdict: 'done' | 'skipped' | 'not done' | 'not known' | 'needs a word';
  why: string;
  /** True where it is a person's word. */
  byWord: boolean;
  option: string | null;
}

/** What stands for the runbook's requirements at its start, where a person confirms a step. */
export const START = 'start';

type AdoptionCheck = Pick<AdoptedStep, 'verdict' | 'why'> & { byWord?: boolean; option?: string };

type Truth = { holds: boolean } | { unknown: string };

function holdsNow(step: PlannedStep, expression: string, plan: Plan, status: Status): Truth {
  const chosen = plan.adopts?.choices ?? {};
  const found = evaluate(expression, { status, names: step.names, before: {}, chosen });
  if ('unknown' in found) return found;
  return { holds: found.value === true };
}

const needs = (option: string): AdoptionCheck => ({
  verdict: 'needs a word',
  why: `give ${option}`,
});

function byWord(step: PlannedStep, { confirmed }: Adoption, why: string): AdoptionCheck {
  if (confirmed.includes(step.id)) {
    return { verdict: 'done', why: 'a person says that it is done', byWord: true };
  }
  return { verdict: 'needs a word', why: `${why}; give --confirm ${step.id}` };
}

function judgeAct(
  step: PlannedStep,
  plan: Plan,
  adoption: Adoption,
  status: Status,
): AdoptionCheck {
  const { probe } = step;
  if (probe === null || /\bbefore\./.test(probe)) {
    return byWord(step, adoption, 'nothing on the cluster tells');
  }
  const found = holdsNow(step, probe, plan, status);
  if ('unknown' in found) return { verdict: 'not known', why: found.unknown };
  return found.holds
    ? { verdict: 'done', why: `its probe says so: ${probe}` }
    : { verdict: 'not done', why: `its probe says no: ${probe}` };
}

function judgeQuestion(step: PlannedStep, adoption: Adoption): AdoptionCheck {
  const { action, id } = step;
  if (action.verb === 'choose') {
    const option = adoption.choices[id];
    if (option === undefined || !action.options.includes(option)) {
      return needs(`--choose ${id}=${action.options.join('|')}`);
    }
    return { verdict: 'done', why: `chosen: ${option}`, byWord: true, option };
  }
  const typeName = action.verb === 'confirm' ? action.typeName : null;
  if (typeName === null) return byWord(step, adoption, 'it is a question');
  if (adoption.answers[id] !== typeName) return needs(`--answer ${id}='${typeName}'`);
  return { verdict: 'done', why: `confirmed: ${typeName}`, byWord: true };
}

function judgeStep(
  step: PlannedStep,
  plan: Plan,
  adoption: Adoption,
  status: Status,
): AdoptionCheck {
  if (step.when !== null) {
    const wanted = holdsNow(step, step.when, plan, status);
    if ('unknown' in wanted) return { verdict: 'not known', why: wanted.unknown };
    if (!wanted.holds) return { verdict: 'skipped', why: `not wanted: ${step.when}` };
  }
  const { action } = step;
  if (isActing(step)) return judgeAct(step, plan, adoption, status);
  if (action.verb === 'confirm' || action.verb === 'choose') return judgeQuestion(step, adoption);
  const until = action.verb === 'watch' || action.verb === 'wait' ? action.until : null;
  if (until === null) return { verdict: 'done', why: 'it only looks' };
  const found = /\bbefore\./.test(until) ? null : holdsNow(step, until, plan, status);
  if (found && 'holds' in found && found.holds)
    return { verdict: 'done', why: `it is so: ${until}` };
  return byWord(step, adoption, `it is not so now: ${until}`);
}

/** What the cluster, and people, say of every step before the one to go on from. */
export function judgeAdoption(plan: Plan, status: Status): AdoptedStep[] {
  const { adopts } = plan;
  if (!adopts) return [];
  const at = plan.steps.findIndex(({ id }) => id === adopts.at);
  return plan.steps.slice(0, at).map((step) => {
    const { verdict, why, byWord: isWord = false, option } = judgeStep(step, plan, adopts, status);
    const { id, title } = step;
    return { id, title, verdict, why, byWord: isWord, option: option ?? null };
  });
}

const EXITS: [AdoptedStep['verdict'], number, string][] = [
  ['not done', 4, 'not done'],
  ['not known', 6, 'not known to be done'],
  ['needs a word', 3, 'for a person to say'],
];

/** Why the procedure is not taken over; null when it is. */
export function whyNotAdopted(steps: readonly AdoptedStep[]): { why: string; exit: number } | null {
  for (const [verdict, exit, words] of EXITS) {
    const found = steps.filter((step) => step.verdict === verdict);
    if (found.length === 0) continue;
    const shown = found.map(({ id, why }) => `${id} (${why})`).join('; ');
    return { why: `earlier steps are ${words}: ${shown}`, exit };
  }
  return null;
}

/** Entries that follow run.started in the same commit. */
export function adoptionDrafts(
  steps: readonly AdoptedStep[],
  who: string,
): { type: string; body: JsonObject }[] {
  return steps.map(({ id: step, verdict, why, byWord: isWord, option }) => {
    if (verdict === 'skipped')
      return { type: 'step.ended', body: { step, outcome: 'skipped', why } };
    const word = isWord ? who : null;
    const body = { step, why: `adopted: ${why}`, word, ...(option === null ? {} : { option }) };
    return { type: 'step.adopted', body };
  });
}

/** What the runbook requires at its start may not hold any more: a person says that it did. */
function startOf(
  plan: Plan,
  adoption: Adoption,
  status: Status,
): Pick<Plan, 'requires' | 'leftOut'> {
  const names = namesOf(plan);
  const holds = plan.requires.map(({ that }) => {
    const found = evaluate(that, { status, names, before: {}, chosen: adoption.choices });
    return 'value' in found && found.value === true;
  });
  const gone = plan.requires.filter((_, index) => !holds[index]);
  if (gone.length === 0) return { requires: plan.requires, leftOut: plan.leftOut };
  if (!adoption.confirmed.includes(START)) {
    const why = gone.map(({ that, or }) => `${that} (else: ${or})`).join('; ');
    throw new DrydockError(`what the runbook requires at its start does not hold now: ${why}`, {
      code: 'adopt.start',
      exit: 4,
      remedy: `if it held when it was begun, say so: --confirm ${START}`,
    });
  }
  const words = gone.map(({ that }) => ({
    id: START,
    source: [],
    why: `required at the start, by a person's word: ${that}`,
  }));
  return {
    requires: plan.requires.filter((_, index) => holds[index]),
    leftOut: [...plan.leftOut, ...words],
  };
}

export function adoptionPlan(plan: Plan, adoption: Adoption, status: Status): Plan {
  const ids = plan.steps.map(({ id }) => id);
  const at = ids.indexOf(adoption.at);
  if (at < 0) {
    throw badInput(`--at ${adoption.at}: the plan has no such step`, {
      code: 'step.unknown',
      remedy: suggestion(adoption.at, ids),
    });
  }
  if (at === 0) {
    throw badInput(`nothing comes before ${adoption.at}; there is nothing to adopt`, {
      code: 'adopt.nothing',
      remedy: `drydock run ${plan.runbook.id}`,
    });
  }
  const before = new Set([START, ...ids.slice(0, at)]);
  const own = (given: Record<string, string>) =>
    Object.fromEntries(Object.entries(given).filter(([id]) => before.has(id)));
  const adopts: Adoption = {
    at: adoption.at,
    confirmed: adoption.confirmed.filter((id) => before.has(id)),
    choices: own(adoption.choices),
    answers: own(adoption.answers),
  };
  const made = { ...plan, ...startOf(plan, adopts, status), adopts };
  return { ...made, hash: hashPlan(made) };
}
