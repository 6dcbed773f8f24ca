/** Walks a chart through every event of a list, breadth first: which resting states are reached. */
import type { AnyStateMachine, EventFromLogic, InputFrom, SnapshotFrom } from 'xstate';
import { moveChart, startChart } from '../../src/core/chart.ts';

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return Object.entries(value as object)
    .map(([outer, inner]) => `${outer}.${nameOf(inner)}`)
    .join(',');
}

/** Sorted names of the states that rest between events, and every named effect seen. */
export function walk<M extends AnyStateMachine>(
  machine: M,
  input: InputFrom<M>,
  events: EventFromLogic<M>[],
  limit = 3000,
): { states: string[]; effects: string[] } {
  const first = startChart(machine, input);
  const seen = new Set<string>();
  const states = new Set<string>();
  const effects = new Set(first.effects.map((effect) => effect.type));
  const open: SnapshotFrom<M>[] = [first.chart];
  while (open.length > 0 && seen.size < limit) {
    const chart = open.shift()!;
    const { value, context } = chart as { value: unknown; context: unknown };
    const key = JSON.stringify([value, context]);
    if (seen.has(key)) continue;
    seen.add(key);
    states.add(nameOf(value));
    for (const event of events) {
      const move = moveChart(machine, chart, event);
      for (const effect of move.effects) effects.add(effect.type);
      open.push(move.chart);
    }
  }
  return { states: [...states].sort(), effects: [...effects].sort() };
}
