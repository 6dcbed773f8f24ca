/**
 * From a run to the plan of its undo: the declared undos of the steps that were done, the last one
 * first. Planned from what the record says of the run alone, so that the same run always gives the
 * same plan, and people can approve it by its hash.
 *
 *   steps of the run   a   b   c   d      a, b, d have an undo; c changed something and has none
 *   its undo           undo-d  ■          ends at c, and says so before it starts
 *
 * Looks and questions are passed over; so is what was found done already, because it is not ours.
 */
import { traitsOf } from '../../commands/index.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Plan, PlannedRequirement, PlannedStep } from '../../core/plan.ts';
import type { Status } from '../../schema/generated/status.ts';
import { isActing } from '../language/changes.ts';
import { evaluate } from '../language/expressions/expressions.ts';
import { hashPlan } from '../plan/plan.ts';
import type { RunState } from '../run/fold.ts';
import { isSafePoint } from '../run/safe-points.ts';
import { isInDoubt } from '../run/transcript.ts';

export interface UndoRequest {
  state: RunState;
  /** Undo this step and what came after it; without it, as far back as it goes. */
  to?: string | undefined;
  /** As the cluster is now: whether a step that failed did something after all. */
  status: Status;
}

/** How far back an undo goes. */
export interface Reach {
  /** What is undone, the last one first. */
  steps: PlannedStep[];
  barrier: { step: PlannedStep; why: string } | null;
}

const UNDOABLE = new Set([
  'ready',
  'parked',
  'stopped',
  'failed',
  'finishing',
  'done',
  'aborted',
  'stuck',
  'rolledBack',
]);

export function undoStepId(step: string): string {
  return `undo-${step}`;
}

function refusal(message: string, code: string, exit: number, remedy: string): DrydockError {
  return new DrydockError(message, { code, exit, remedy });
}

/** Throws when nothing of the run can be undone where it stands. */
export function requireUndoable(state: RunState): void {
  const { run, phase, context } = state;
  if (state.plan.undoes !== undefined) {
    const remedy = `resume it, or plan the runbook ${state.plan.runbook.id} anew`;
    throw refusal(`run ${run} is an undo itself`, 'undo.undo', 4, remedy);
  }
  if (phase === 'undoing') {
    const remedy = `drydock resume ${context.undo}`;
    throw refusal(`run ${run} is being undone by ${context.undo}`, 'undo.begun', 4, remedy);
  }
  if (isInDoubt(state)) {
    const why = `step ${state.step?.id} of run ${run} is in doubt; it is not known what to undo`;
    throw refusal(why, 'undo.doubt', 6, `settle it first: drydock resume ${run}`);
  }
  if (UNDOABLE.has(phase)) return;
  throw refusal(`run ${run} is ${phase}: it did nothing`, 'undo.nothing', 4, 'nothing to do');
}

/** Whether this run has done it, as far as the record and the probe can tell. */
function wasDone(state: RunState, step: PlannedStep, status: Status): boolean | 'perhaps' {
  const { outcomes, intents, undone, before, choices } = state.context;
  const intent = intents[step.id];
  // Found done already, but at a second attempt: it is the first one that did it.
  if (undone.includes(step.id) || !isActing(step) || !intent) return false;
  const outcome = outcomes[step.id];
  if (outcome === 'done') return true;
  if (outcome === 'already') return intent.attempt > 1;
  if (outcome === 'skipped') return false;
  if (step.undo !== null || step.probe === null) return 'perhaps';
  const found = evaluate(step.probe, { status, names: step.names, before, chosen: choices });
  return 'unknown' in found || found.value !== false ? 'perhaps' : false;
}

function barrierWords(step: PlannedStep, was: true | 'perhaps'): string {
  const about = `step ${step.id} (${step.title})`;
  return was === true
    ? `${about} cannot be undone`
    : `${about} did not end well; whether it changed something is not known, and it has no undo`;
}

export function reachOf({ state, to, status }: UndoRequest): Reach {
  const steps: PlannedStep[] = [];
  for (const step of [...state.plan.steps].reverse()) {
    const was = wasDone(state, step, status);
    if (was !== false) {
      if (step.undo === null) return { steps, barrier: { step, why: barrierWords(step, was) } };
      steps.push(step);
    }
    if (step.id === to) break;
  }
  return { steps, barrier: null };
}

/** What must hold before it is taken back: it is as the step left it, or taken back already. */
function requirementsOf(step: PlannedStep, state: RunState): PlannedRequirement[] {
  const isCertain = state.context.outcomes[step.id] === 'done';
  if (step.probe === null || !isCertain) return [];
  const back = step.undo?.expect;
  const that = back ? `(${step.probe}) || (${back})` : step.probe;
  return [{ that, or: `somebody has changed what step ${step.id} did; look before it is undone` }];
}

function undoStep(state: RunState, step: PlannedStep): PlannedStep {
  const undo = step.undo as NonNullable<PlannedStep['undo']>;
  const { argv, answers, expect, server, secrets } = undo;
  const index = state.plan.steps.indexOf(step);
  return {
    id: undoStepId(step.id),
    title: `Undo: ${step.title}`,
    source: step.source,
    added: `step ${step.id} of run ${state.run} is taken back`,
    server,
    action: {
      verb: 'run',
      argv,
      answers,
      goesDown: traitsOf(argv).goesDown,
      ...(secrets ? { secrets } : {}),
    },
    when: null,
    requires: requirementsOf(step, state),
    names: step.names,
    remember: {},
    probe: expect,
    expect,
    expectOutput: null,
    undo: null,
    danger: null,
    timeoutMs: step.timeoutMs,
    safe: isSafePoint(state, index),
  };
}

function requireReach(state: RunState, to: string | undefined, reach: Reach): void {
  const { run, plan } = state;
  const { steps, barrier } = reach;
  if (to !== undefined && !plan.steps.some(({ id }) => id === to)) {
    const known = plan.steps.map(({ id }) => id).join(', ');
    throw refusal(
      `--to ${to}: run ${run} has no such step`,
      'step.unknown',
      2,
      `name one of ${known}`,
    );
  }
  if (barrier && (to !== undefined || steps.length === 0)) {
    const last = steps.at(-1)?.id;
    const remedy = last
      ? `nothing was done; what came after it can be undone: --to ${last}`
      : 'nothing was done; go on with the run, or plan another runbook from here';
    throw refusal(`run ${run} cannot be undone: ${barrier.why}`, 'undo.none', 4, remedy);
  }
  if (steps.length > 0) return;
  const why = `run ${run} has done nothing that is left to undo`;
  throw refusal(why, 'undo.nothing', 4, 'nothing was done; see `drydock run-log`');
}

/** The plan of the undo; secrets stand in it by name, as the record has them. */
export function makeUndoPlan(request: UndoRequest): Plan {
  const { state, to, status } = request;
  requireUndoable(state);
  const reach = reachOf(request);
  requireReach(state, to, reach);
  const { plan, context, run } = state;
  const undone = reach.steps.map(({ id }) => id);
  const stays = plan.steps
    .filter((step) => wasDone(state, step, status) !== false && !undone.includes(step.id))
    .map(({ id }) => id);
  const made: Omit<Plan, 'hash'> = {
    schema: 'drydock.plan/1',
    runbook: { ...plan.runbook, title: `Undo of run ${run}: ${plan.runbook.title}` },
    called: plan.called,
    cluster: plan.cluster,
    parameters: plan.parameters,
    ...(plan.secrets ? { secrets: plan.secrets } : {}),
    ...(plan.secretsAre ? { secretsAre: plan.secretsAre } : {}),
    roles: {},
    requires: [],
    steps: reach.steps.map((step) => undoStep(state, step)),
    leftOut: [],
    undoes: run,
    undoing: {
      steps: undone,
      stays,
      barrier: reach.barrier?.step.id ?? null,
      before: context.before,
      choices: context.choices,
    },
    predicted: null,
  };
  return { ...made, hash: hashPlan(made) };
}

/** What a person is shown before an undo starts. */
export function undoLines(plan: Plan, of: Pick<Plan, 'steps'>): string[] {
  const { undoing, undoes } = plan;
  const title = (id: string) => of.steps.find((step) => step.id === id)?.title ?? '';
  const lines = [`undoes   run ${undoes}`];
  const named = (ids: readonly string[]) => ids.map((id) => `${id}: ${title(id)}`);
  const put = (label: string, texts: string[]) => {
    texts.forEach((text, at) => {
      lines.push(`${(at === 0 ? label : '').padEnd(9)}${text}`);
    });
  };
  put('back', named(undoing?.steps ?? []));
  if (undoing?.barrier) {
    put('ends at', [`${undoing.barrier}: ${title(undoing.barrier)} (it cannot be undone)`]);
  }
  put('stays', named(undoing?.stays ?? []));
  return lines;
}
