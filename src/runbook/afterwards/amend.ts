/**
 * Amending: what is left of a run that waits is planned anew, what was done stays as it is.
 *
 *   steps   a ✓  b ✓ │ c  d  e        skip d:            a ✓  b ✓ │ c  e
 *                    │                other parameters:  a ✓  b ✓ │ c' d' e'    same runbook
 *                    └ waits here     another runbook:   a ✓  b ✓ │ amended1/x  amended1/y
 *
 * Steps of the same runbook whose place is passed are left out, and said so. A step that was done
 * has to be the same in the new plan; otherwise the run would tell of something else than was done.
 */
import { canonical } from '../../audit/chain.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Plan, PlannedStep } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Topology } from '../../schema/generated/topology.ts';
import type { Library, LoadedRunbook } from '../language/types.ts';
import { hashPlan, planWithSecrets } from '../plan/plan.ts';
import { AT_START } from '../run/drift.ts';
import type { RunState } from '../run/fold.ts';
import { isMarked, isOldPlan, placedStep } from '../run/redact.ts';
import { commandLine } from '../run/transcript-words.ts';

export interface AmendRequest {
  state: RunState;
  /** The prediction that counts now (pinnedPlan). */
  predicted: Plan['predicted'];
  /** Steps to leave out. */
  skip: readonly string[];
  /** What is left comes from this runbook; null: from the plan as it is. */
  rest: { runbook: LoadedRunbook; library: Library; set: Record<string, Json> } | null;
  /** How often the run was amended before. */
  before: number;
  status: Status;
  topology: Topology;
}

export interface Amendment {
  plan: Plan;
  /** Values of the secrets that it names, as far as they were given. */
  secrets: Secrets;
  /** Index of the first step that is left. */
  at: number;
  /** What is otherwise than before, for people. */
  changes: string[];
}

const AMENDABLE = new Set(['parked', 'stopped', 'failed']);

function refusal(message: string, code: string, remedy: string, exit = 4): DrydockError {
  return new DrydockError(message, { code, exit, remedy });
}

export function requireAmendable(state: RunState): void {
  const { run, phase, plan } = state;
  if (plan.undoes !== undefined) {
    const remedy = 'abort it, and plan another undo';
    throw refusal(`run ${run} is an undo; it takes back what was done`, 'amend.undo', remedy);
  }
  if (AMENDABLE.has(phase)) return;
  const remedy =
    phase === 'doubt'
      ? `settle the step in doubt first: drydock resume ${run}`
      : 'a run is amended while it is parked, stopped or failed';
  throw refusal(`run ${run} is ${phase} and cannot be amended`, 'amend.phase', remedy);
}

/** Leaves steps out; what a person has to confirm by name is never left out. */
function without(steps: PlannedStep[], skip: readonly string[]): PlannedStep[] {
  const ids = steps.map(({ id }) => id);
  for (const id of skip) {
    const step = steps.find((one) => one.id === id);
    if (!step) {
      throw badInput(`--skip ${id}: that step is not left to do`, {
        code: 'step.unknown',
        remedy: suggestion(id, ids),
      });
    }
    if (step.action.verb !== 'confirm' || step.action.typeName === null) continue;
    const remedy = 'let the person who decides confirm it, or abort the run';
    throw refusal(`step ${id} is confirmed by name and cannot be skipped`, 'amend.named', remedy);
  }
  return steps.filter(({ id }) => !skip.includes(id));
}

/** Parameters as they were bound; secrets are not in the record and have to be given again. */
function boundBefore(plan: Plan): Record<string, Json> {
  const isOld = isOldPlan(plan);
  const known = Object.entries(plan.parameters).filter(([name, value]) => {
    const isOpen = isOld
      ? !(typeof value === 'string' && isMarked(value))
      : !plan.secrets?.includes(name);
    return value !== null && isOpen;
  });
  return Object.fromEntries(known);
}

function sameAct(a: PlannedStep, b: PlannedStep): boolean {
  return canonical([a.action, a.server] as Json) === canonical([b.action, b.server] as Json);
}

function requireDoneUnchanged(head: readonly PlannedStep[], fresh: Plan): void {
  for (const done of head) {
    const now = fresh.steps.find(({ id }) => id === done.id);
    if (!now || sameAct(done, now)) continue;
    const where = (step: PlannedStep) =>
      `'${commandLine(step)}'${step.server ? ` on ${step.server}` : ''}`;
    throw refusal(
      `step ${done.id} was done as ${where(done)}; with this change it would be ${where(now)}`,
      'amend.done',
      'amend only what is left, or start a new run',
    );
  }
}

type Rest = Pick<
  Plan,
  'runbook' | 'called' | 'parameters' | 'roles' | 'requires' | 'leftOut' | 'secretsAre'
> & {
  steps: PlannedStep[];
  secrets: string[];
  values: Secrets;
};

/** What is left, of the same runbook with other parameters or as it was edited. */
function replanned(request: AmendRequest, head: PlannedStep[], rest: Rested): Rest {
  const { state, status, topology } = request;
  const { runbook, library, set } = rest;
  const parameters = { ...boundBefore(state.plan), ...set };
  const { plan: fresh, secrets } = planWithSecrets({
    runbook,
    library,
    parameters,
    status,
    topology,
  });
  requireDoneUnchanged(head, fresh);
  const done = new Set(head.map(({ id }) => id));
  const passed = fresh.steps.findLastIndex(({ id }) => done.has(id));
  const isLate = (step: PlannedStep, index: number) => index < passed && !done.has(step.id);
  const late = fresh.steps.filter(isLate).map(({ id, source }) => {
    return { id, source, why: 'amended when its place was passed' };
  });
  return {
    ...fresh,
    steps: fresh.steps.filter(({ id }, index) => index > passed && !done.has(id)),
    leftOut: [...fresh.leftOut, ...late],
    secrets: fresh.secrets ?? [],
    values: secrets,
  };
}

type Rested = NonNullable<AmendRequest['rest']>;

/** What is left, from another runbook: its ids bear a prefix, what it requires opens it. */
function replaced(request: AmendRequest, rest: Rested): Rest {
  const { status, topology, before } = request;
  const { runbook, library, set } = rest;
  const prefix = `amended${before + 1}/`;
  const made = planWithSecrets({ runbook, library, parameters: set, status, topology, prefix });
  const { plan: fresh, secrets } = made;
  const steps = fresh.steps.map((step, index) =>
    index === 0 ? { ...step, requires: [...fresh.requires, ...step.requires] } : step,
  );
  return { ...fresh, steps, secrets: fresh.secrets ?? [], values: secrets };
}

function restOf(request: AmendRequest, head: PlannedStep[], left: PlannedStep[]): Rest {
  const { rest, state } = request;
  if (rest === null) {
    const { plan } = state;
    return { ...plan, steps: left, secrets: plan.secrets ?? [], values: new Map() };
  }
  return rest.runbook.runbook.id === state.plan.runbook.id
    ? replanned(request, head, rest)
    : replaced(request, rest);
}

/** Conditions may ask only for what was remembered and chosen by then. */
function requireNoGap(state: RunState, steps: readonly PlannedStep[]): void {
  const remembered = new Set(Object.keys(state.context.before));
  const chosen = new Set(Object.keys(state.context.choices));
  for (const step of steps) {
    const { when, requires, action, probe, expect } = step;
    for (const name of Object.keys(step.remember)) remembered.add(name);
    const asked = JSON.stringify([when, requires, action, probe, expect]);
    const gap =
      [...asked.matchAll(/\bbefore\.(\w+)/g)].find(([, name]) => !remembered.has(name as string)) ??
      [...asked.matchAll(/\bchosen\('([^']+)'\)/g)].find(([, id]) => !chosen.has(id as string));
    if (gap) {
      const remedy = 'keep the step that it comes from';
      throw refusal(`step ${step.id} needs ${gap[0]}, which nothing gives`, 'amend.gap', remedy);
    }
    if (action.verb === 'choose') chosen.add(step.id);
  }
}

function changesOf(left: readonly PlannedStep[], steps: readonly PlannedStep[]): string[] {
  const gone = left.filter(({ id }) => !steps.some((step) => step.id === id));
  const lines = gone.map(({ id, title }) => `not any more ${id}: ${title}`);
  for (const step of steps) {
    const old = left.find(({ id }) => id === step.id);
    if (!old) lines.push(`new ${step.id}: ${step.title}`);
    else if (canonical(old as unknown as Json) !== canonical(step as unknown as Json)) {
      const [was, now] = [commandLine(old), commandLine(step)];
      lines.push(`changed ${step.id}: ${was === now ? step.title : `${was} -> ${now}`}`);
    }
  }
  return lines;
}

export function makeAmendment(request: AmendRequest): Amendment {
  const { state, skip, predicted } = request;
  requireAmendable(state);
  const { plan: old } = state;
  const at = state.step ? old.steps.indexOf(state.step) : old.steps.length;
  // An old plan stays one unless what is left is planned anew.
  const isAnew = request.rest !== null && isOldPlan(old);
  const head = old.steps.slice(0, at).map((step) => (isAnew ? placedStep(step) : step));
  const left = old.steps.slice(at);
  const rest = restOf(request, head, left);
  const steps = without(rest.steps, skip);
  requireNoGap(state, steps);
  const changes = changesOf(left, steps);
  if (changes.length === 0) {
    throw badInput(`run ${state.run} would go on as it does anyway`, {
      code: 'amend.same',
      remedy: `drydock resume ${state.run}`,
    });
  }
  const skipped = rest.steps.filter(({ id }) => skip.includes(id));
  const secrets = [...new Set([...(old.secrets ?? []), ...rest.secrets])];
  const made: Omit<Plan, 'hash'> = {
    ...old,
    runbook: rest.runbook,
    called: rest.called,
    parameters: rest.parameters,
    roles: rest.roles,
    requires: rest.requires,
    steps: [...head, ...steps],
    leftOut: [
      ...rest.leftOut,
      ...skipped.map(({ id, source }) => ({ id, source, why: 'skipped by an amendment' })),
    ],
    amends: old.hash,
    ...(secrets.length > 0 ? { secrets } : {}),
    ...(isAnew || rest.secretsAre ? { secretsAre: 'references' as const } : {}),
    predicted: stillPredicted(predicted, head),
  };
  const plan = { ...made, hash: hashPlan(made as Plan) };
  return { plan, secrets: rest.values, at, changes };
}

/** Of the prediction, what was before the amendment. */
function stillPredicted(predicted: Plan['predicted'], head: readonly PlannedStep[]) {
  const stored = [AT_START, ...head.map(({ id }) => id)];
  const known = Object.entries(predicted ?? {}).filter(([key]) => stored.includes(key));
  return Object.fromEntries(known);
}

/** The body of `run.amended`; secrets in it are marked by whoever appends it. */
export function amendmentBody(state: RunState, made: Amendment, who: string, reason: string) {
  const { plan, at, changes } = made;
  const why = `amended by ${who}: ${reason}`;
  const body = { plan: plan as unknown as Json, at, why, reason, changes };
  return { ...body, from: state.plan.hash, to: plan.hash } as JsonObject;
}
