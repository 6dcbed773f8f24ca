/**
 * A run: a plan compiled to a statechart. The journal entries of the run are its events, so the
 * state of a run is the fold of its entries, and an entry that the chart does not know at that
 * point is corruption. Sources: ARCHITECTURE "Runs"; every step of every documented procedure.
 *
 *   created ──run.started──► s0.ready … (a state per step of the plan, in order) … finishing ──► done
 *      └─────run.refused──► refused                                          run.finished
 *
 *   one step:
 *                    step.ended skipped ─────────────────────────────► next step
 *                  ┌─────────────────────────────────────────────────►
 *     ┌─────────► ready ──step.intended──► intended ──step.ended done, already──► next step
 *     │  run.parked│ │run.stopped           │ │ │ └─run.resumed──► settling ──(as intended)
 *     │            ▼ ▼                      │ │ └──step.ended failed──► failed ──run.resumed─► ready
 *     │        parked stopped               │ └────step.ended unknown, run.stopped──► doubt
 *     │            │ │       ◄──run.parked──┘                                           │
 *     └────────────┴─┴─ run.resumed                      settling ◄──run.resumed────────┘
 *
 *   run.aborted leads to `aborted` from every state of a step in which nobody acts on its behalf;
 *   abort.requested is only noted: the runner stops at its next safe point.
 *
 * The effects are what a runner does next: prepareStep, carryOutStep, settleStep, finishRun. Each
 * of them results in one append to the journal, and so in the next move.
 */
import { assign, setup } from 'xstate';
import type { Json, JsonObject } from '../src/core/json.ts';
import type { Plan } from '../src/core/plan.ts';

export type StepOutcome = 'done' | 'already' | 'skipped' | 'failed' | 'unknown';

export type RunEvent =
  | { type: 'run.started'; lease: { holder: string; token: number } | null }
  | { type: 'run.refused'; why: string; exit: number }
  | {
      type: 'step.intended';
      step: string;
      attempt: number;
      operation: string;
      before: JsonObject;
      bootIds: Record<string, Json>;
    }
  | { type: 'choice.made'; step: string; option: string }
  | { type: 'confirmation.given'; step: string }
  | { type: 'step.ended'; step: string; outcome: StepOutcome; why: string | null }
  | { type: 'run.parked'; why: string }
  | { type: 'run.stopped'; why: string; exit: number; accepted?: string[] }
  | { type: 'run.failed'; why: string }
  | {
      type: 'run.resumed';
      lease: { holder: string; token: number } | null;
      predicted?: Plan['predicted'];
    }
  | { type: 'abort.requested' }
  | { type: 'run.aborted'; why: string }
  | { type: 'run.finished' };

export interface IntentFacts {
  attempt: number;
  operation: string;
  bootIds: Record<string, Json>;
}

export interface RunContext {
  /** By step: the last intent. */
  intents: Record<string, IntentFacts>;
  outcomes: Record<string, StepOutcome>;
  /** What steps remembered, the latest of each name: `before.<name>` in expressions. */
  before: JsonObject;
  choices: Record<string, string>;
  confirmed: string[];
  /** Why the run does not go on, and with which exit code. */
  halt: { why: string; exit: number } | null;
  lease: { holder: string; token: number } | null;
  abortRequested: boolean;
  /** Fact keys that differed from the prediction when a person resumed all the same. */
  accepted: string[];
}

export type RunPhase =
  | 'created'
  | 'ready'
  | 'intended'
  | 'settling'
  | 'parked'
  | 'stopped'
  | 'failed'
  | 'doubt'
  | 'finishing'
  | 'done'
  | 'aborted'
  | 'refused';

type StepIndex = { index: number };

const base = setup({
  types: {} as { context: RunContext; events: RunEvent },
  guards: {
    isStep: ({ event }, params: { step: string; outcomes?: StepOutcome[] }) =>
      'step' in event &&
      event.step === params.step &&
      (params.outcomes === undefined ||
        (event.type === 'step.ended' && params.outcomes.includes(event.outcome))),
  },
  actions: {
    prepareStep: (_, _params: StepIndex) => {},
    carryOutStep: (_, _params: StepIndex) => {},
    settleStep: (_, _params: StepIndex) => {},
    finishRun: () => {},
    noteIntent: assign(({ context, event }) => {
      if (event.type !== 'step.intended') return {};
      const { attempt, operation, bootIds } = event;
      return {
        intents: { ...context.intents, [event.step]: { attempt, operation, bootIds } },
        before: { ...context.before, ...event.before },
      };
    }),
    noteOutcome: assign(({ context, event }) =>
      event.type === 'step.ended'
        ? {
            outcomes: { ...context.outcomes, [event.step]: event.outcome },
            halt: event.why && event.outcome === 'failed' ? { why: event.why, exit: 1 } : null,
          }
        : {},
    ),
    noteChoice: assign(({ context, event }) =>
      event.type === 'choice.made'
        ? { choices: { ...context.choices, [event.step]: event.option } }
        : {},
    ),
    noteConfirmation: assign(({ context, event }) =>
      event.type === 'confirmation.given' ? { confirmed: [...context.confirmed, event.step] } : {},
    ),
    noteHalt: assign(({ context, event }) => {
      if (event.type === 'run.parked') return { halt: { why: event.why, exit: 3 } };
      if (event.type === 'run.failed') return { halt: { why: event.why, exit: 1 } };
      if (event.type === 'run.aborted') return { halt: { why: event.why, exit: 0 } };
      if (event.type === 'run.refused') return { halt: { why: event.why, exit: event.exit } };
      if (event.type !== 'run.stopped') return {};
      const accepted = [...new Set([...context.accepted, ...(event.accepted ?? [])])];
      return { halt: { why: event.why, exit: event.exit }, accepted };
    }),
    noteLease: assign(({ event }) => {
      if (event.type !== 'run.started' && event.type !== 'run.resumed') return {};
      const resumed = { lease: event.lease, halt: null, abortRequested: false };
      // What was accepted belongs to the prediction that it differed from.
      return event.type === 'run.resumed' && event.predicted
        ? { ...resumed, accepted: [] }
        : resumed;
    }),
    noteAbort: assign({ abortRequested: true }),
  },
});

const HALT = {
  'run.aborted': { target: '#run.aborted', actions: 'noteHalt' },
  'abort.requested': { actions: 'noteAbort' },
} as const;

/** A state that waits for a person, and where `run.resumed` leads from it. */
function waiting(resumed: string) {
  return { on: { 'run.resumed': { target: resumed, actions: 'noteLease' }, ...HALT } } as const;
}

/** What may be reported while a step is carried out, or settled after a crash. */
function underWay(step: string, next: string) {
  const ended = (outcomes: StepOutcome[]) => ({
    guard: { type: 'isStep' as const, params: { step, outcomes } },
    actions: 'noteOutcome' as const,
  });
  return {
    'choice.made': { guard: { type: 'isStep', params: { step } }, actions: 'noteChoice' },
    'confirmation.given': {
      guard: { type: 'isStep', params: { step } },
      actions: 'noteConfirmation',
    },
    'step.ended': [
      { target: next, ...ended(['done', 'already']) },
      { target: 'failed', ...ended(['failed']) },
      { target: 'doubt', ...ended(['unknown']) },
    ],
    'run.parked': { target: 'parked', actions: 'noteHalt' },
    'run.stopped': { target: 'doubt', actions: 'noteHalt' },
    'run.resumed': { target: 'settling', reenter: true, actions: 'noteLease' },
    ...HALT,
  } as const;
}

function stepState(step: string, index: number, next: string) {
  const params = { index };
  return {
    initial: 'ready',
    description: step,
    states: {
      ready: {
        entry: { type: 'prepareStep', params },
        on: {
          'step.intended': {
            target: 'intended',
            guard: { type: 'isStep', params: { step } },
            actions: 'noteIntent',
          },
          'step.ended': {
            target: next,
            guard: { type: 'isStep', params: { step, outcomes: ['skipped'] } },
            actions: 'noteOutcome',
          },
          'run.parked': { target: 'parked', actions: 'noteHalt' },
          'run.stopped': { target: 'stopped', actions: 'noteHalt' },
          'run.resumed': { target: 'ready', reenter: true, actions: 'noteLease' },
          ...HALT,
        },
      },
      intended: { entry: { type: 'carryOutStep', params }, on: underWay(step, next) },
      settling: { entry: { type: 'settleStep', params }, on: underWay(step, next) },
      parked: waiting('ready'),
      stopped: waiting('ready'),
      failed: {
        on: { ...waiting('ready').on, 'run.failed': { actions: 'noteHalt' } },
      },
      doubt: {
        on: { ...waiting('settling').on, 'run.stopped': { actions: 'noteHalt' } },
      },
    },
  } as const;
}

const FINISHING = {
  initial: 'ready',
  states: {
    ready: {
      entry: 'finishRun',
      on: {
        'run.finished': '#run.done',
        'run.parked': { target: 'parked', actions: 'noteHalt' },
        'run.stopped': { target: 'stopped', actions: 'noteHalt' },
        'run.resumed': { target: 'ready', reenter: true, actions: 'noteLease' },
        ...HALT,
      },
    },
    parked: waiting('ready'),
    stopped: waiting('ready'),
  },
} as const;

/** The statechart of a plan. Step k is the state `s<k>`, because a step id may hold any dots. */
export function runMachine(plan: Pick<Plan, 'steps'>) {
  const name = (index: number) => (index < plan.steps.length ? `s${index}` : 'finishing');
  const steps = Object.fromEntries(
    plan.steps.map((step, index) => [
      name(index),
      stepState(step.id, index, `#run.${name(index + 1)}`),
    ]),
  );
  return base.createMachine({
    id: 'run',
    initial: 'created',
    context: {
      intents: {},
      outcomes: {},
      before: {},
      choices: {},
      confirmed: [],
      halt: null,
      lease: null,
      abortRequested: false,
      accepted: [],
    },
    states: {
      created: {
        on: {
          'run.started': { target: `#run.${name(0)}`, actions: 'noteLease' },
          'run.refused': { target: '#run.refused', actions: 'noteHalt' },
          ...HALT,
        },
      },
      ...steps,
      finishing: FINISHING,
      done: { type: 'final' },
      aborted: { type: 'final' },
      refused: { type: 'final' },
    },
    // The states are made from the plan, so their names cannot be known to the compiler.
  } as Parameters<typeof base.createMachine>[0]);
}

export type RunMachine = ReturnType<typeof runMachine>;

/** Where a run stands: its phase, and the index of the step it is at (null outside the steps). */
export function placeOf(value: unknown): { phase: RunPhase; index: number | null } {
  if (typeof value === 'string') return { phase: value as RunPhase, index: null };
  const [[outer, inner]] = Object.entries(value as Record<string, string>) as [[string, string]];
  if (outer === 'finishing') {
    return { phase: inner === 'ready' ? 'finishing' : (inner as RunPhase), index: null };
  }
  return { phase: inner as RunPhase, index: Number(outer.slice(1)) };
}
