/**
 * A run's state is a pure fold of its journal entries over the chart of its pinned plan. An entry
 * that the chart does not know where it stands is corruption, and is said so.
 */
import {
  type RunContext as ChartContext,
  placeOf,
  type RunEvent,
  type RunMachine,
  type RunPhase,
  runMachine,
} from '../../../machines/run.machine.ts';
import { type ChartEffect, chartFromJson, moveChart, startChart } from '../../core/chart.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Finding, Plan, PlannedStep } from '../../core/plan.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import { findingsIn } from './findings.ts';

export interface RunState {
  run: string;
  /** As recorded: secrets stand in it by name only. */
  plan: Plan;
  startedAt: string;
  who: string;
  phase: RunPhase;
  /** The step the run is at; null before the first, and after the last. */
  step: PlannedStep | null;
  context: ChartContext;
  /** What its steps reported so far. */
  findings: readonly Finding[];
  /** Number of the last entry folded. */
  seq: number;
  machine: RunMachine;
  chart: ReturnType<typeof moveChart<RunMachine>>['chart'];
}

export interface Advanced {
  state: RunState;
  /** Of entering the present state: what a runner does next. */
  effects: ChartEffect[];
}

function impossible(entry: JournalEntry, where: string): DrydockError {
  return new DrydockError(
    `the record of run ${entry.run} is not possible: entry ${entry.seq} is ${entry.type}, but ${where}`,
    {
      code: 'journal.impossible',
      exit: 7,
      remedy: 'check the record with `drydock audit verify`; do not resume this run',
    },
  );
}

function stateAt(
  fixed: Pick<RunState, 'run' | 'plan' | 'startedAt' | 'who' | 'machine' | 'findings'>,
  chart: RunState['chart'],
  seq: number,
): RunState {
  const { phase, index } = placeOf(chart.value);
  const step = index === null ? null : (fixed.plan.steps[index] ?? null);
  return { ...fixed, phase, step, context: chart.context as ChartContext, seq, chart };
}

/** The run right after `run.created`. */
function createState(entry: JournalEntry): RunState {
  const { plan } = entry.body as { plan?: Plan };
  if (entry.type !== 'run.created' || entry.run === null || !Array.isArray(plan?.steps)) {
    throw impossible(entry, 'a run begins with run.created and its plan');
  }
  const machine = runMachine(plan);
  const { chart } = startChart(machine, undefined as never);
  const { at: startedAt, who } = entry;
  const fixed = { run: entry.run, plan, startedAt, who, machine, findings: [] };
  return stateAt(fixed, chart, entry.seq);
}

/** From an amendment on, the chart is the one of the amended plan; the run waits where it stood. */
function amended(state: RunState, chart: RunState['chart'], entry: JournalEntry): RunState {
  const { plan, at } = entry.body as unknown as { plan: Plan; at: number };
  const machine = runMachine(plan);
  const value = at < plan.steps.length ? { [`s${at}`]: 'parked' } : { finishing: 'parked' };
  const next = chartFromJson(machine, { value, context: chart.context });
  return stateAt({ ...state, plan, machine }, next, entry.seq);
}

/** One entry further. */
export function advance(state: RunState, entry: JournalEntry): Advanced {
  const event = { ...entry.body, by: entry.who, type: entry.type } as unknown as RunEvent;
  const moved = moveChart(state.machine, state.chart, event);
  // An event that the state does not know leaves the very same snapshot behind.
  if (moved.chart === state.chart) {
    const at = state.step ? `${state.phase} at step ${state.step.id}` : state.phase;
    throw impossible(entry, `the run is ${at} there`);
  }
  if (entry.type === 'run.amended')
    return { state: amended(state, moved.chart, entry), effects: [] };
  const found = findingsIn(entry.body);
  const seen = found.length > 0 ? { ...state, findings: [...state.findings, ...found] } : state;
  return { state: stateAt(seen, moved.chart, entry.seq), effects: moved.effects };
}

/** The state of one run from all of its entries, in order. */
export function foldRun(entries: readonly JournalEntry[]): RunState {
  const [first, ...rest] = entries;
  if (!first) {
    throw new DrydockError('there is no such run in the record', {
      code: 'run.unknown',
      exit: 2,
      remedy: 'list them with `drydock runs`',
    });
  }
  return rest.reduce((state, entry) => advance(state, entry).state, createState(first));
}

/** Nothing more can happen to it. */
export function isFinal(phase: RunPhase): boolean {
  return ['done', 'aborted', 'refused', 'rolledBack'].includes(phase);
}
