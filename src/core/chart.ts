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
  type EventFromLogic,
  getInitialSnapshot,
  type InputFrom,
  initialTransition,
  type SnapshotFrom,
  transition,
} from 'xstate';

/** A named effect. `params` is JSON. */
export interface ChartEffect {
  type: string;
  params: unknown;
}

export interface Move<M extends AnyStateMachine> {
  chart: SnapshotFrom<M>;
  effects: ChartEffect[];
}

function effectsOf(actions: ReadonlyArray<{ type: string; params: unknown }>): ChartEffect[] {
  return actions
    .filter((action) => !action.type.startsWith('xstate.'))
    .map(({ type, params }) => ({ type, params }));
}

/** The chart in its initial state, with the effects of entering it. */
export function startChart<M extends AnyStateMachine>(machine: M, input: InputFrom<M>): Move<M> {
  const [chart, actions] = initialTransition(machine, input);
  return { chart: chart as SnapshotFrom<M>, effects: effectsOf(actions as never) };
}

/** One move. An event that the present state does not know leaves the chart as it is. */
export function moveChart<M extends AnyStateMachine>(
  machine: M,
  chart: SnapshotFrom<M>,
  event: EventFromLogic<M>,
): Move<M> {
  const [next, actions] = transition(machine, chart, event);
  return { chart: next as SnapshotFrom<M>, effects: effectsOf(actions as never) };
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
