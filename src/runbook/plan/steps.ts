/**
 * Steps of a plan: `on` lists opened, `when` decided, `call` put in, templates filled. A step
 * whose condition asks chosen('step') stays, with the condition, for run time.
 */
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { PlannedRequirement, PlannedStep } from '../../core/plan.ts';
import { durationMs } from '../language/durations.ts';
import { evaluate, evaluateCondition } from '../language/expressions/expressions.ts';
import { fillTemplate } from '../language/template.ts';
import { wholeTemplate } from '../language/template-parse.ts';
import type { LoadedStep } from '../language/types.ts';
import { bindRunbook } from './binding.ts';
import { asksChoice, qualifyChoices } from './choices.ts';
import { type Binding, type Planning, runbookNamed, scopeOf } from './planning.ts';
import { givenBy, type StepTexts, textsOf } from './texts.ts';
import { plannedVerb } from './verbs.ts';

const DEFAULT_TIMEOUT = '5m';

/** What a caller hands down to the steps of the runbook it calls. */
export interface Inherited {
  source: string[] | null;
  added: string | null;
  when: string | null;
}

/** The servers a step runs on; null when it runs on none. A list marks its steps' ids. */
function serversOf(
  planning: Planning,
  binding: Binding,
  step: LoadedStep,
): { servers: (string | null)[]; listed: boolean } {
  if (step.on === undefined) return { servers: [null], listed: false };
  const expression = wholeTemplate(step.on);
  const scope = scopeOf(planning, binding.names);
  const result = expression === null ? null : evaluate(expression, scope);
  const listed = result !== null && 'value' in result && Array.isArray(result.value);
  const servers = listed
    ? ((result as { value: Json[] }).value as Json[]).map(String)
    : [fillTemplate(step.on, scope)];
  for (const server of servers) {
    if (Object.hasOwn(planning.status.servers, server)) continue;
    throw badInput(`step '${step.id}' runs on '${server}', which is no server of this cluster`, {
      code: 'server.unknown',
      remedy: `servers: ${Object.keys(planning.status.servers).join(', ')}`,
    });
  }
  return { servers, listed };
}

function bothConditions(outer: string | null, inner: string | null): string | null {
  if (outer === null || inner === null) return outer ?? inner;
  return `(${outer}) && (${inner})`;
}

/** Decides `when`: taken out (false), left open (a choice), or taken (null). */
function decideWhen(
  planning: Planning,
  binding: Binding,
  step: LoadedStep,
  names: Record<string, Json>,
): { open: string | null } | { out: string } {
  if (step.when === undefined) return { open: null };
  if (asksChoice(step.when)) return { open: qualifyChoices(step.when, binding.prefix) };
  const result = evaluateCondition(step.when, scopeOf(planning, names));
  if ('unknown' in result) {
    throw new DrydockError(
      `cannot plan: whether step '${step.id}' is needed is not known: ${result.unknown}`,
      {
        code: 'plan.unknown',
        exit: 6,
        place: binding.loaded.placeOf(['steps']),
        remedy: 'make the cluster tell it, then plan again',
      },
    );
  }
  return result.value ? { open: null } : { out: `when planned, this did not hold: ${step.when}` };
}

function requirementsOf(texts: StepTexts, step: LoadedStep): PlannedRequirement[] {
  return (step.requires ?? []).map(({ that, or }) => ({ that, or: texts.fill(or) }));
}

function undoOf(step: LoadedStep, texts: StepTexts, server: string | null): PlannedStep['undo'] {
  if (step.undo === 'none' || !step.undoArgv) return null;
  const on = step.undo.on === undefined ? server : texts.fill(step.undo.on);
  if (on === null) {
    throw badInput(`the undo of step '${step.id}' names no server`, {
      code: 'runbook.malformed',
      remedy: 'give the undo its own `on`',
    });
  }
  return {
    ...texts.command(step.undoArgv, step.undo.answers),
    server: on,
    expect: step.undo.expect ?? null,
  };
}

function planStep(
  planning: Planning,
  binding: Binding,
  step: LoadedStep,
  at: { id: string; server: string | null; inherited: Inherited; open: string | null },
): PlannedStep {
  const names = at.server === null ? binding.names : { ...binding.names, here: at.server };
  const { secrets } = binding;
  const texts = textsOf(planning, { names, secrets, id: at.id });
  const undoTexts = textsOf(planning, { names, secrets, id: `${at.id}/undo` });
  return {
    id: at.id,
    title: texts.fill(step.title),
    source: at.inherited.source ?? step.source ?? [],
    added: step.added ?? at.inherited.added,
    server: at.server,
    action: plannedVerb(step, texts, at.server),
    when: bothConditions(at.inherited.when, at.open),
    requires: requirementsOf(texts, step),
    names,
    remember: step.remember ?? {},
    probe: step.probe ?? null,
    expect: step.expect ?? null,
    expectOutput: step['expect-output'] === undefined ? null : texts.fill(step['expect-output']),
    undo: undoOf(step, undoTexts, at.server),
    ...(step.effect === undefined ? {} : { effect: texts.fill(step.effect) }),
    danger: step.danger === undefined ? null : texts.fill(step.danger),
    timeoutMs: durationMs(step.timeout ?? DEFAULT_TIMEOUT),
    safe: step.safe ?? false,
  };
}

/** `at`: the id of the calling step on its server, and the names that it knows there. */
function callRunbook(
  planning: Planning,
  binding: Binding,
  step: LoadedStep,
  at: { id: string; names: Record<string, Json>; inherited: Inherited },
): void {
  const call = step.call!;
  const called = runbookNamed(planning.library, call.runbook);
  const callers = [...binding.callers, binding.loaded.runbook.id];
  if (callers.includes(call.runbook)) {
    throw badInput(
      `runbooks call one another in a circle: ${[...callers, call.runbook].join(' → ')}`,
      {
        code: 'call.circle',
        place: binding.loaded.placeOf(['steps']),
        remedy: 'take one of the calls out',
      },
    );
  }
  const prefix = `${at.id}/`;
  const { given, handedDown } = givenBy(planning, { ...binding, names: at.names }, step, prefix);
  const inner = bindRunbook(planning, called, given, { prefix, callers }, handedDown);
  planning.called.set(call.runbook, called.hash);
  const first = planning.steps.length;
  planSteps(planning, inner, at.inherited);
  // What the called runbook requires must hold when its first step begins.
  const opening = planning.steps[first];
  if (!opening) return;
  const isOwn = !opening.id.slice(prefix.length).includes('/');
  const { names } = inner;
  const required = isOwn ? inner.requires : inner.requires.map((one) => ({ names, ...one }));
  opening.requires = [...required, ...opening.requires];
}

export function planSteps(planning: Planning, binding: Binding, inherited: Inherited): void {
  for (const step of binding.loaded.runbook.steps) {
    const { servers, listed } = serversOf(planning, binding, step);
    for (const server of servers) {
      const id = `${binding.prefix}${step.id}${listed ? `@${server}` : ''}`;
      const names = server === null ? binding.names : { ...binding.names, here: server };
      const source = inherited.source ?? step.source ?? [];
      const decided = decideWhen(planning, binding, step, names);
      if ('out' in decided) {
        planning.leftOut.push({ id, source, why: decided.out });
      } else if (step.verb === 'call') {
        const when = bothConditions(inherited.when, decided.open);
        const added = step.added ?? inherited.added;
        callRunbook(planning, binding, step, { id, names, inherited: { source, added, when } });
      } else {
        const { open } = decided;
        planning.steps.push(planStep(planning, binding, step, { id, server, inherited, open }));
      }
    }
  }
}
