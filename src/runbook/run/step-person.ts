/**
 * Steps that are a person's: a physical act, a confirmation, a choice. Nobody there, "no" and a
 * wrong word all park the run; nothing was done, and it can be resumed with the answer.
 */

import { canonical } from '../../audit/chain.ts';
import type { PlannedStep, Verb } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import { evaluate } from '../language/expressions/expressions.ts';
import { orHalt, type RunContext, scopeFor } from './context.ts';
import type { Acted } from './step-command.ts';

type Of<V extends Verb['verb']> = Extract<Verb, { verb: V }>;

export async function performAct(
  context: RunContext,
  step: PlannedStep,
  action: Of<'operator'>,
): Promise<Acted> {
  if (context.options.confirmed?.includes(step.id)) {
    return { kind: 'acted', words: `${context.who} says that it is done` };
  }
  context.eyes.forget();
  const outcome = await orHalt(context, context.operator.perform(action.act, action.words));
  return outcome.done
    ? { kind: 'acted', words: `done by ${outcome.by}` }
    : { kind: 'parked', why: `${action.words}: ${outcome.why}` };
}

/** The value of an expression in words, or that it is not known. */
export function valueShown(
  context: RunContext,
  step: PlannedStep,
  shows: string,
  status: Status,
): string {
  const found = evaluate(shows, scopeFor(context, step, status));
  if ('unknown' in found) return `not known: ${found.unknown}`;
  return typeof found.value === 'string' ? found.value : canonical(found.value);
}

/** What a confirmation shows. */
async function shown(
  context: RunContext,
  step: PlannedStep,
  shows: string | null,
): Promise<string> {
  if (shows === null) return '';
  return `\n${valueShown(context, step, shows, await context.eyes.recent())}`;
}

async function askWords(
  context: RunContext,
  step: PlannedStep,
  question: string,
  typeName: string | null,
): Promise<string | null> {
  const { options } = context;
  const given = options.answers?.[step.id];
  if (given !== undefined) return given;
  const isPlain = typeName === null;
  if (isPlain && (options.yes || options.confirmed?.includes(step.id))) return 'yes';
  if (options.noInput) return null;
  return orHalt(context, context.operator.confirm(step.id, question, typeName));
}

export async function confirmStep(
  context: RunContext,
  step: PlannedStep,
  action: Of<'confirm'>,
): Promise<Acted> {
  const facts = await shown(context, step, action.shows);
  const { typeName } = action;
  const words = await askWords(context, step, `${action.question}${facts}`, typeName);
  const isGiven =
    words !== null && (typeName === null ? /^y(es)?$/i.test(words) : words === typeName);
  if (!isGiven) {
    const need = typeName === null ? 'it needs a yes' : `it needs the words "${typeName}"`;
    const got = words === null ? 'nobody answered yes' : 'the answer was another';
    return { kind: 'parked', why: `step ${step.id} is not confirmed: ${got}; ${need}` };
  }
  const body = { step: step.id, words, shown: facts.trim() };
  return { kind: 'acted', extra: [{ type: 'confirmation.given', body }] };
}

export async function chooseStep(
  context: RunContext,
  step: PlannedStep,
  action: Of<'choose'>,
): Promise<Acted> {
  const { options } = context;
  const chosen =
    options.choices?.[step.id] ??
    (options.noInput
      ? null
      : await orHalt(context, context.operator.choose(step.id, action.question, action.options)));
  if (chosen === null || !action.options.includes(chosen)) {
    const got = chosen === null ? 'nobody chose' : `"${chosen}" is none of them`;
    return {
      kind: 'parked',
      why: `step ${step.id}: ${got}; choose ${action.options.join(' or ')}`,
    };
  }
  const body = { step: step.id, option: chosen };
  return { kind: 'acted', extra: [{ type: 'choice.made', body }], words: `chosen: ${chosen}` };
}
