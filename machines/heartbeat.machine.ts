/**
 * One heartbeat resource towards one peer. Edges only: a beat that arrives in time moves nothing
 * here (the daemon notes its time and goes on), so an idle cluster costs no transition.
 *
 *                    beat.heard                beat.delayed
 *      ┌─────────┐ ─────────────► ┌────┐ ─────────────────────► ┌──────┐
 *      │ unknown │                │ up │ ◄───────────────────── │ late │
 *      └─────────┘                └────┘       beat.heard        └──────┘
 *           │ beat.missed           │ ▲                             │
 *           │          beat.missed  │ │ beat.heard                  │ beat.missed
 *           │                       ▼ │                             │
 *           └───────────────────► ┌──────┐ ◄────────────────────────┘
 *                                 │ lost │
 *                                 └──────┘
 *      any ── peer.left ──► unused (the peer stopped or suspended in order) ── beat.heard ──► up
 *
 * `late` is half the timeout without a beat, `lost` the whole. Effects: reportUp, reportLost (the
 * log's nm 3 and 4). Sources: v3 11.4, 11.5 (`o`, `x` and `-` of clpstat -n), 12.1; x5 2.13.
 */
import { setup } from 'xstate';

export type HeartbeatEvent =
  | { type: 'beat.heard' }
  | { type: 'beat.delayed' }
  | { type: 'beat.missed' }
  | { type: 'peer.left' };

export const heartbeatMachine = setup({
  types: {
    context: {} as { peer: string; resource: string },
    input: {} as { peer: string; resource: string },
    events: {} as HeartbeatEvent,
  },
  actions: { reportUp: () => {}, reportLost: () => {} },
}).createMachine({
  id: 'heartbeat',
  context: ({ input }) => ({ peer: input.peer, resource: input.resource }),
  initial: 'unknown',
  states: {
    unknown: {
      on: { 'beat.heard': { target: 'up', actions: 'reportUp' }, 'beat.missed': 'lost' },
    },
    up: {
      on: {
        'beat.delayed': 'late',
        'beat.missed': { target: 'lost', actions: 'reportLost' },
      },
    },
    late: {
      on: { 'beat.heard': 'up', 'beat.missed': { target: 'lost', actions: 'reportLost' } },
    },
    lost: { on: { 'beat.heard': { target: 'up', actions: 'reportUp' } } },
    unused: { on: { 'beat.heard': { target: 'up', actions: 'reportUp' } } },
  },
  on: { 'peer.left': '.unused' },
});
