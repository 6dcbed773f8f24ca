/**
 * One network partition resource on this server: whether what it asks answers. Edges only.
 *
 *     ┌─────────┐ check.passed  ┌────────┐ check.failed  ┌───────┐
 *     │ unknown │ ────────────► │ normal │ ────────────► │ error │
 *     └─────────┘               └────────┘ ◄──────────── └───────┘
 *          └───────────── check.failed ────────────────────► ▲   check.passed
 *
 * Effects: reportError, reportNormal (the log's nm 37 and 36). The names of states are our own.
 */
import { setup } from 'xstate';

export type PartitionEvent = { type: 'check.passed' } | { type: 'check.failed' };

export const partitionMachine = setup({
  types: {
    context: {} as { resource: string },
    input: {} as { resource: string },
    events: {} as PartitionEvent,
  },
  actions: { reportNormal: () => {}, reportError: () => {} },
}).createMachine({
  id: 'partition',
  context: ({ input }) => ({ resource: input.resource }),
  initial: 'unknown',
  states: {
    unknown: {
      on: { 'check.passed': 'normal', 'check.failed': { target: 'error', actions: 'reportError' } },
    },
    normal: { on: { 'check.failed': { target: 'error', actions: 'reportError' } } },
    error: { on: { 'check.passed': { target: 'normal', actions: 'reportNormal' } } },
  },
});
