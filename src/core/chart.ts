/**
 * How every statechart of this project is stepped: pure, by XState's `transition()`.
 *
 * A chart's memory is `{ value, context }`, plain JSON. Effects come back as named actions with
 * serialisable params; nothing runs while a chart moves. There is no `invoke`, no `spawn`, no
 * `after` in any machine here: time enters as events, deadlines leave as effects (`armTimer`).
 */
import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type EventFromLogic,
  getInitialSnapshot,
  type InputFrom,
  type SnapshotFrom,
} from 'xstate';
import { perObject } from './per-object.ts';

/** A named effect. `params` is JSON. */
export interface ChartEffect {
  type: string;
  params: unknown;
}

export interface Move<M extends AnyStateMachine> {
  chart: SnapshotFrom<M>;
  effects: ChartEffect[];
}

function effectsOf(actions: readonly Executed[]): ChartEffect[] {
  return actions
    .filter((action) => !action.type.startsWith('xstate.'))
    .map(({ type, params }) => ({ type, params }));
}

type Scope = Parameters<AnyStateMachine['transition']>[2];
type Executed = Parameters<Scope['actionExecutor']>[0];

/** Whom a chart of that machine takes itself for: an actor that does nothing, as none here does. */
const idle = perObject((machine: AnyStateMachine) => createActor(machine));

/**
 * XState's own `transition()` makes such an actor for every move, which reckons the machine's initial
 * state each time, and that costs more than the move.
 */
function scopeOf(machine: AnyStateMachine, executed: Executed[]): Scope {
  const self = idle(machine);
  const nothing = () => undefined;
  return {
    self,
    system: self.system,
    id: '',
    sessionId: '',
    logger: nothing,
    defer: nothing,
    emit: nothing,
    stopChild: nothing,
    actionExecutor: (action) => void executed.push(action),
  };
}

/** The chart in its initial state, with the effects of entering it. */
export function startChart<M extends AnyStateMachine>(machine: M, input: InputFrom<M>): Move<M> {
  const executed: Executed[] = [];
  const chart = machine.getInitialSnapshot(scopeOf(machine, executed), input);
  return { chart: chart as SnapshotFrom<M>, effects: effectsOf(executed) };
}

/** One move. An event that the present state does not know leaves the chart as it is. */
export function moveChart<M extends AnyStateMachine>(
  machine: M,
  chart: SnapshotFrom<M>,
  event: EventFromLogic<M>,
): Move<M> {
  const executed: Executed[] = [];
  const next = machine.transition(chart, event, scopeOf(machine, executed));
  return { chart: next as SnapshotFrom<M>, effects: effectsOf(executed) };
}

/** What is kept of a chart in a file or a message. */
export function chartToJson(chart: AnyMachineSnapshot): { value: unknown; context: unknown } {
  return { value: chart.value, context: chart.context };
}

/** The chart that `chartToJson` described. Only for machines without history states. */
export function chartFromJson<M extends AnyStateMachine>(
  machine: M,
  stored: { value: unknown; context: unknown },
): SnapshotFrom<M> {
  return machine.resolveState({
    value: stored.value as never,
    context: stored.context as never,
  }) as SnapshotFrom<M>;
}

export { getInitialSnapshot };
