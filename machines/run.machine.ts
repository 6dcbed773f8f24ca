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
 *   run.handedOver is noted wherever the run is not over. step.adopted leads from `ready` to the
 *   next step: somebody did it by hand before the run began.
 *   run.amended leads from parked, stopped and failed to `parked`; from there on the chart is the
 *   one of the amended plan (src/runbook/run/fold.ts).
 *
 *   An undo is a run of its own; these are its marks on the run that it undoes:
 *
 *     ready, parked, stopped, failed,             ┌──run.rolledBack──► rolledBack ─┐
 *     finishing, done, aborted ──undo.started──► undoing ◄────────undo.started─────┤
 *                                                 └──run.stuck───────► stuck ──────┘
 *                                                           run.aborted └────► aborted
 *
 * The effects are what a runner does next: prepareStep, carryOutStep, settleStep, finishRun. Each
 * of them results in one append to the journal, and so in the next move.
 */
import { assign, setup } from 'xstate';
import type { Json, JsonObject } from '../src/core/json.ts';
import type { Plan } from '../src/core/plan.ts';

export type StepOutcome = 'done' | 'already' | 'skipped' | 'failed' | 'unknown';

export type RunEvent =
  | { type: 'run.started'; lease: { holder: string; token: number } | null; by?: string }
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
  /** `exit`: 4 when the gate of a server refused; left out: 1. */
  | { type: 'run.failed'; why: string; exit?: number }
  | {
      type: 'run.resumed';
      lease: { holder: string; token: number } | null;
      /** Who did it: the entry's `who`. */
      by?: string;
      predicted?: Plan['predicted'];
    }
  | { type: 'abort.requested' }
  | { type: 'run.aborted'; why: string }
  | { type: 'run.finished' }
  | { type: 'step.adopted'; step: string; why: string; word: string | null; option?: string }
  | { type: 'run.amended'; plan: Plan; at: number; why: string }
  | { type: 'run.handedOver'; from: string; to: string; why: string }
  | { type: 'undo.started'; undo: string }
  | { type: 'run.rolledBack'; undo: string; undone: string[]; why: string }
  | { type: 'run.stuck'; undo: string; undone: string[]; why: string };

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
  /** Who acted last, or took it over: login@host. null: nobody yet. */
  heldBy: string | null;
  /** Whom it was handed to: nobody else may go on with it. null: it never was. */
  handedTo: string | null;
  /** The last run that undoes this one, and the steps that undos have taken back. */
  undo: string | null;
  undone: string[];
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
  | 'refused'
  | 'undoing'
  | 'rolledBack'
  | 'stuck';

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
      if (event.type === 'run.failed') return { halt: { why: event.why, exit: event.exit ?? 1 } };
      if (event.type === 'run.aborted') return { halt: { why: event.why, exit: 0 } };
      if (event.type === 'run.refused') return { halt: { why: event.why, exit: event.exit } };
      if (event.type !== 'run.stopped') return {};
      const accepted = [...new Set([...context.accepted, ...(event.accepted ?? [])])];
      return { halt: { why: event.why, exit: event.exit }, accepted };
    }),
    noteLease: assign(({ event }) => {
      if (event.type !== 'run.started' && event.type !== 'run.resumed') return {};
      const by = event.by === undefined ? {} : { heldBy: event.by };
      const resumed = { lease: event.lease, halt: null, abortRequested: false, ...by };
      // What was accepted belongs to the prediction that it differed from.
      return event.type === 'run.resumed' && event.predicted
        ? { ...resumed, accepted: [] }
        : resumed;
    }),
    noteAbort: assign({ abortRequested: true }),
    noteAdoption: assign(({ context, event }) => {
      if (event.type !== 'step.adopted') return {};
      const outcomes = { ...context.outcomes, [event.step]: 'already' as const };
      if (event.option === undefined) return { outcomes };
      return { outcomes, choices: { ...context.choices, [event.step]: event.option } };
    }),
    noteAmendment: assign(({ event }) =>
      event.type === 'run.amended' ? { halt: { why: event.why, exit: 3 }, accepted: [] } : {},
    ),
    noteHandover: assign(({ event }) =>
      event.type === 'run.handedOver' ? { heldBy: event.to, handedTo: event.to } : {},
    ),
    noteUndo: assign(({ event }) =>
      event.type === 'undo.started' ? { undo: event.undo, halt: null } : {},
    ),
    noteUndone: assign(({ context, event }) => {
      if (event.type !== 'run.rolledBack' && event.type !== 'run.stuck') return {};
      const exit = event.type === 'run.stuck' ? 9 : 8;
      const undone = [...new Set([...context.undone, ...event.undone])];
      return { undone, undo: event.undo, halt: { why: event.why, exit } };
    }),
  },
});

const HALT = {
  'run.aborted': { target: '#run.aborted', actions: 'noteHalt' },
  'abort.requested': { actions: 'noteAbort' },
  'run.handedOver': { actions: 'noteHandover' },
} as const;

/** Nothing is under way: what was done may be taken back. */
const UNDO = { 'undo.started': { target: '#run.undoing', actions: 'noteUndo' } } as const;

/** What is left may be planned anew. */
const AMEND = { 'run.amended': { target: 'parked', actions: 'noteAmendment' } } as const;

/** A state that waits for a person, and where `run.resumed` leads from it. */
function waiting(resumed: string) {
  return { on: { 'run.resumed': { target: resumed, actions: 'noteLease' }, ...HALT } } as const;
}

/** The same, where nothing is in doubt. */
function resting(resumed: string) {
  return { on: { ...waiting(resumed).on, ...UNDO, ...AMEND } } as const;
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
          'step.adopted': {
            target: next,
            guard: { type: 'isStep', params: { step } },
            actions: 'noteAdoption',
          },
          'run.parked': { target: 'parked', actions: 'noteHalt' },
          'run.stopped': { target: 'stopped', actions: 'noteHalt' },
          'run.resumed': { target: 'ready', reenter: true, actions: 'noteLease' },
          ...UNDO,
          ...HALT,
        },
      },
      intended: { entry: { type: 'carryOutStep', params }, on: underWay(step, next) },
      settling: { entry: { type: 'settleStep', params }, on: underWay(step, next) },
      parked: resting('ready'),
      stopped: resting('ready'),
      failed: {
        on: { ...resting('ready').on, 'run.failed': { actions: 'noteHalt' } },
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
        ...UNDO,
        ...HALT,
      },
    },
    parked: resting('ready'),
    stopped: resting('ready'),
  },
} as const;

/** A run that is over, or is being undone: what an undo of it leads to. */
const AFTERWARDS = {
  done: { on: UNDO },
  aborted: { on: UNDO },
  undoing: {
    on: {
      ...UNDO,
      'run.rolledBack': { target: '#run.rolledBack', actions: 'noteUndone' },
      'run.stuck': { target: '#run.stuck', actions: 'noteUndone' },
      'run.handedOver': HALT['run.handedOver'],
    },
  },
  rolledBack: { on: UNDO },
  stuck: { on: { ...UNDO, ...HALT } },
} as const;

/** The statechart of a plan. Step k is the state `s<k>`, because a step id may hold any dots. */
export function runMachine(plan: { steps: readonly { id: string }[] } & Pick<Plan, 'undoing'>) {
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
      before: plan.undoing?.before ?? {},
      choices: plan.undoing?.choices ?? {},
      confirmed: [],
      halt: null,
      lease: null,
      abortRequested: false,
      accepted: [],
      heldBy: null,
      handedTo: null,
      undo: null,
      undone: [],
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
      ...AFTERWARDS,
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
