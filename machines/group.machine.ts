/**
 * One failover group on one server. The order is a queue of resources: by dependency to start, the
 * reverse to stop; one at a time, the head of the queue is the one at work.
 *
 *                  start.ordered                      queue empty
 *     ┌─────────┐ ──────────────► ┌────────────┐ ────────────────► ┌────────┐
 *     │ offline │                 │ activating │ ⟲ resource.started│ online │
 *     └─────────┘                 └────────────┘                   └────────┘
 *          ▲                  resource.failed│  │stop.ordered           │ stop.ordered
 *          │ queue empty                     ▼  ▼ (ends its attempt)    │ start.ordered (a part)
 *          │                            ┌────────┐ ┌─────────┐          │
 *          │                            │ failed │ │ turning │          │
 *          │                            └────────┘ └─────────┘          │
 *          │                                 │stop.ordered │ attempt    │
 *          │                                 ▼             ▼ ended      ▼
 *          └─────────────────────────────── ┌──────────────────────────────┐
 *                          ┌───────┐ ◄───── │ deactivating ⟲ resource.stopped│
 *                          │ stuck │ failed └──────────────────────────────┘
 *                          └───────┘ ── either order ─► …
 *
 * Words of clpstat: offline Offline, activating Online Pending, online Online, turning and
 * deactivating Offline Pending, failed Online Failure, stuck Offline Failure. A stop that leaves
 * resources running (clprsc -t) says so in `remains` and ends in online again.
 *
 * Restart, failover and move are a stop followed by a start: what follows a stop is the daemon's
 * task (task.machine.ts), because it may happen on another server.
 * Sources: v3 10.1, 10.4, 11.2, 12.1 (rc 10 to 72); x5 2.12.1, 2.12.6.
 */
import { assign, setup } from 'xstate';

export type GroupEvent =
  | { type: 'start.ordered'; queue: string[] }
  | { type: 'stop.ordered'; queue: string[]; remains: boolean }
  | { type: 'resource.started' }
  | { type: 'resource.failed' }
  | { type: 'resource.stopped' }
  | { type: 'resource.stuck' };

export interface GroupContext {
  group: string;
  queue: string[];
  remains: boolean;
}

export const groupMachine = setup({
  types: {
    context: {} as GroupContext,
    input: {} as { group: string },
    events: {} as GroupEvent,
  },
  guards: {
    isDone: ({ context }) => context.queue.length === 0,
    hasRemains: ({ context }) => context.queue.length === 0 && context.remains,
  },
  actions: {
    takeQueue: assign(({ context, event }) => ({
      queue: 'queue' in event ? event.queue : context.queue,
      remains: event.type === 'stop.ordered' ? event.remains : false,
    })),
    dropHead: assign({ queue: ({ context }) => context.queue.slice(1) }),
    startResource: (_, _params: { resource: string }) => {},
    stopResource: (_, _params: { resource: string }) => {},
    reportStarted: () => {},
    reportStartFailed: (_, _params: { resource: string }) => {},
    reportStopped: () => {},
    reportStopFailed: (_, _params: { resource: string }) => {},
  },
}).createMachine({
  id: 'group',
  context: ({ input }) => ({ group: input.group, queue: [], remains: false }),
  initial: 'offline',
  states: {
    offline: { on: { 'start.ordered': { target: 'activating', actions: 'takeQueue' } } },
    activating: {
      initial: 'next',
      states: {
        next: {
          always: [{ guard: 'isDone', target: '#group.started' }, { target: 'working' }],
        },
        working: {
          entry: {
            type: 'startResource',
            params: ({ context }) => ({ resource: context.queue[0] ?? '' }),
          },
          on: { 'resource.started': { target: 'next', actions: 'dropHead' } },
        },
      },
      on: {
        'resource.failed': 'failed',
        'stop.ordered': { target: 'turning', actions: 'takeQueue' },
      },
    },
    started: { entry: 'reportStarted', always: 'online' },
    online: {
      on: {
        'start.ordered': { target: 'activating', actions: 'takeQueue' },
        'stop.ordered': { target: 'deactivating', actions: 'takeQueue' },
      },
    },
    turning: {
      on: {
        'stop.ordered': { actions: 'takeQueue' },
        'resource.started': 'deactivating',
        'resource.failed': 'deactivating',
      },
    },
    failed: {
      entry: {
        type: 'reportStartFailed',
        params: ({ context }) => ({ resource: context.queue[0] ?? '' }),
      },
      on: {
        'start.ordered': { target: 'activating', actions: 'takeQueue' },
        'stop.ordered': { target: 'deactivating', actions: 'takeQueue' },
      },
    },
    deactivating: {
      initial: 'next',
      states: {
        next: {
          always: [
            { guard: 'hasRemains', target: '#group.reduced' },
            { guard: 'isDone', target: '#group.stopped' },
            { target: 'working' },
          ],
        },
        working: {
          entry: {
            type: 'stopResource',
            params: ({ context }) => ({ resource: context.queue[0] ?? '' }),
          },
          on: { 'resource.stopped': { target: 'next', actions: 'dropHead' } },
        },
      },
      on: {
        'resource.stuck': 'stuck',
        'stop.ordered': { actions: assign({ remains: false }) },
      },
    },
    stopped: { entry: 'reportStopped', always: 'offline' },
    reduced: { entry: 'reportStopped', always: 'online' },
    stuck: {
      entry: {
        type: 'reportStopFailed',
        params: ({ context }) => ({ resource: context.queue[0] ?? '' }),
      },
      on: {
        'start.ordered': { target: 'activating', actions: 'takeQueue' },
        'stop.ordered': { target: 'deactivating', actions: 'takeQueue' },
      },
    },
  },
});
