/**
 * A rehearsal: the same planner and the same runner, on a twin of the cluster. What comes out is
 * the transcript, what changed at every step and how long it took, and the prediction that a run
 * is compared with. If the twin cannot do it, the rehearsal fails as the run would.
 *
 * The twin is built elsewhere (src/sim/twin.ts) and handed in as a world, with its clock, its door
 * and an operator that answers as the person is expected to.
 */

import { canonical } from '../../audit/chain.ts';
import type { Json } from '../../core/json.ts';
import type { Facts, Finding, Plan, PlannedStep, PredictedStep } from '../../core/plan.ts';
import type { Secrets } from '../../core/secrets.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal, NewEntry } from '../../ports/journal.ts';
import type { Operator } from '../../ports/operator.ts';
import type { Random } from '../../ports/random.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Status } from '../../schema/generated/status.ts';
import { cannotUndo, sitePrograms } from '../language/changes.ts';
import type { Ending, Progress, RunContext, RunnerDoor, RunOptions } from '../run/context.ts';
import { AT_START, type Change, changesBetween, describeChange } from '../run/drift.ts';
import { isSameFacts, observeFacts } from '../run/drift-compare.ts';
import {
  type Estimate,
  type EstimateBasis,
  estimateOf,
  noteEstimates,
  TYPICAL,
} from '../run/estimate.ts';
import { factsOf } from '../run/facts.ts';
import { findingsIn } from '../run/findings.ts';
import { resumeRun } from '../run/resume.ts';
import { type RunResult, runPlan } from '../run/run.ts';
import { pause } from '../run/step-conditions.ts';
import { rehearsalTranscript } from './transcript.ts';

export interface RehearsalWorld {
  door: RunnerDoor;
  operator: Operator;
  clock: Clock;
  random: Random;
  /** Drives virtual time until the promise settles. */
  run<T>(promise: Promise<T>): Promise<T>;
  /** What the twin could not know of the cluster. */
  unknowns: string[];
}

export interface RehearsedStep {
  id: string;
  title: string;
  source: string[];
  server: string | null;
  outcome: string;
  why: string | null;
  durationMs: number;
  changes: Change[];
  /** What the step reported, where it reported something. */
  findings?: Finding[];
}

export interface Rehearsal {
  outcome: RunResult['outcome'];
  exit: number;
  words: string;
  /** The plan with its prediction pinned to it. */
  plan: Plan;
  steps: RehearsedStep[];
  durationMs: number;
  /** What it would take on the cluster. */
  estimate: Estimate;
  finalFacts: Facts;
  unknowns: string[];
  /** `STEP: title` of what changes something and has no undo. */
  cannotUndo: string[];
  transcript: string;
}

export interface RehearseOptions {
  plan: Plan;
  secrets?: Secrets | undefined;
  twinFactory: () => Promise<RehearsalWorld>;
  openJournal: (options: { clock: Clock; who: string }) => Journal;
  who: string;
  options?: RunOptions;
  /** What estimates are made of; left out: typical times, and no earlier run. */
  basis?: EstimateBasis;
  /** What the twin was made from: facts in which it begins elsewhere are no prediction. */
  from?: Status;
  /** A run that has begun: what is left of it is rehearsed, by resuming it on the twin. */
  begun?: { run: string; entries: readonly JournalEntry[]; secrets?: Secrets };
}

/** Facts that do not change for so long are taken as settled. */
const QUIET_MS = 2_000;
const SETTLE_LIMIT_MS = 60_000;

interface Recorder {
  ending: Ending;
  seen(progress: Progress): void;
  predicted: Record<string, PredictedStep>;
  steps: RehearsedStep[];
  finalFacts: () => Facts;
}

/** A step that does nothing to the cluster: what changes meanwhile is the cluster's own motion. */
function onlyLooks(step: PlannedStep): boolean {
  return step.action.verb !== 'run' && step.action.verb !== 'operator';
}

async function settled(context: RunContext, origin: Facts | undefined): Promise<Facts> {
  const limit = context.clock.now() + SETTLE_LIMIT_MS;
  let facts = observeFacts(context, await context.eyes.look(), origin);
  let quietSince = context.clock.now();
  while (context.clock.now() - quietSince < QUIET_MS && context.clock.now() < limit) {
    await pause(context);
    const next = observeFacts(context, await context.eyes.look(), origin);
    if (!isSameFacts(facts, next)) quietSince = context.clock.now();
    facts = next;
  }
  return facts;
}

/** What is seen while steps only look on may be seen sooner on the cluster. */
function noteLater(acted: PredictedStep, facts: Facts): void {
  const later = acted.later as Record<string, Json[]>;
  for (const { key, to } of changesBetween(acted.facts, facts)) {
    const values = later[key] ?? [];
    const isKnown = values.some((value) => canonical(value) === canonical(to));
    if (to !== null && !isKnown) later[key] = [...values, to];
  }
}

function rehearsedStep(entry: JournalEntry, byId: ReadonlyMap<string, PlannedStep>): RehearsedStep {
  const body = entry.body as unknown as {
    step: string;
    outcome: string;
    why: string | null;
    durationMs?: number;
    changes?: Change[];
  };
  const { title, source, server } = byId.get(body.step) as PlannedStep;
  const { outcome, why, durationMs = 0, changes = [] } = body;
  const findings = findingsIn(body);
  const found = findings.length > 0 ? { findings } : {};
  return { id: body.step, title, source, server, outcome, why, durationMs, changes, ...found };
}

function makeRecorder(plan: Plan, began: Facts | undefined): Recorder {
  const predicted: Record<string, PredictedStep> = {};
  const steps: RehearsedStep[] = [];
  const byId = new Map(plan.steps.map((step) => [step.id, step]));
  let context: RunContext | null = null;
  let acted: PredictedStep | null = null;
  let last: Facts = {};
  const origin = () => predicted[AT_START]?.facts ?? began;

  async function take(key: string, isLooking: boolean): Promise<Facts> {
    last = await settled(context as RunContext, origin());
    if (acted && isLooking) {
      noteLater(acted, last);
      predicted[key] = { facts: last, durationMs: 0, later: acted.later as Record<string, Json[]> };
    } else {
      acted = { facts: last, durationMs: 0, later: {} };
      predicted[key] = acted;
    }
    return last;
  }

  const ending: Ending = {
    async atStart(running) {
      context = running;
      running.facts = await take(AT_START, false);
      return [];
    },
    async afterStep(running, step) {
      context = running;
      return { differences: [], facts: await take(step.id, onlyLooks(step)) };
    },
  };

  function seen(progress: Progress): void {
    if (progress.type === 'looked') {
      const isLooking = onlyLooks(byId.get(progress.step) as PlannedStep);
      if (isLooking && context && acted) {
        noteLater(acted, observeFacts(context, progress.status, origin()));
      }
      return;
    }
    if (progress.type !== 'entry' || progress.entry.type !== 'step.ended') return;
    const step = rehearsedStep(progress.entry, byId);
    const known = predicted[step.id];
    if (known) known.durationMs = step.durationMs;
    steps.push(step);
  }

  return { ending, seen, predicted, steps, finalFacts: () => last };
}

/** Facts that belong to the run itself differ before it begins. */
const OWN_FACTS = /^(lease|role)\./;

/** Takes out of a prediction what the twin had wrong from the start; says so in words. */
function dropUnfounded(
  predicted: Record<string, PredictedStep>,
  start: Facts | undefined,
  from: Status,
): string[] {
  if (!start) return [];
  const wrong = changesBetween(factsOf(from, { self: null }), start).filter(
    ({ key, to }) => to !== null && !OWN_FACTS.test(key),
  );
  for (const step of Object.values(predicted)) {
    const facts = Object.entries(step.facts);
    step.facts = Object.fromEntries(facts.filter(([key]) => !wrong.some((one) => one.key === key)));
  }
  return wrong.map(
    (change) => `not predicted, because the twin begins elsewhere: ${describeChange(change)}`,
  );
}

/** Runs the plan on the world, or resumes there the run that has begun. */
async function runOn(
  world: RehearsalWorld,
  options: RehearseOptions,
  plan: Plan,
  recorder: Recorder,
) {
  const who = `rehearsal, ${options.who}`;
  const { begun } = options;
  const journal = options.openJournal({ clock: world.clock, who });
  const deps = {
    door: world.door,
    operator: world.operator,
    journal,
    clock: world.clock,
    random: world.random,
    who,
    options: { ...options.options, ending: recorder.ending },
    onEvent: recorder.seen,
  };
  if (!begun) return world.run(runPlan({ ...deps, plan, secrets: options.secrets }));
  // On a twin nobody is refused because the run was handed to somebody else.
  const stored = begun.entries.filter(({ type }) => type !== 'run.handedOver');
  await journal.append(stored.map(({ run, type, body }) => ({ run, type, body })) as NewEntry[]);
  return world.run(resumeRun({ ...deps, run: begun.run, secrets: begun.secrets }));
}

/** A step that was left out, or found done, takes no time and nobody. */
function isTaken({ outcome }: RehearsedStep): boolean {
  return outcome !== 'skipped' && outcome !== 'already';
}

export async function rehearse(options: RehearseOptions): Promise<Rehearsal> {
  const world = await options.twinFactory();
  const { begun, from } = options;
  const plan: Plan = { ...options.plan, predicted: null };
  const recorder = makeRecorder(plan, options.plan.predicted?.[AT_START]?.facts);
  const staged = begun
    ? factsOf(await world.run(world.door.observation.status()), { self: null })
    : undefined;
  const result = await runOn(world, options, plan, recorder);
  const start = recorder.predicted[AT_START]?.facts ?? staged;
  const unfounded = from ? dropUnfounded(recorder.predicted, start, from) : [];
  const { predicted } = recorder;
  const basis = options.basis ?? { typical: TYPICAL, took: {} };
  noteEstimates(plan.steps, predicted, { start: start ?? {}, from, basis });
  const taken = new Set(recorder.steps.filter(isTaken).map(({ id }) => id));
  const rehearsed = {
    outcome: result.outcome,
    exit: result.exit,
    words: result.words,
    plan: { ...options.plan, predicted: { ...options.plan.predicted, ...recorder.predicted } },
    steps: recorder.steps,
    durationMs: recorder.steps.reduce((sum, { durationMs }) => sum + durationMs, 0),
    estimate: estimateOf(
      plan.steps.filter(({ id }) => taken.has(id)),
      predicted,
    ),
    finalFacts: recorder.finalFacts(),
    unknowns: [...world.unknowns, ...sitePrograms(plan), ...unfounded],
    cannotUndo: cannotUndo(options.plan),
  };
  return { ...rehearsed, transcript: rehearsalTranscript(rehearsed) };
}
