/**
 * What is being done with a group, across its charts and across servers.
 *
 *     A start, and a stop while the daemon stops, may wait for other groups first (`expecting`,
 *     `lingering`): wait.over leads on, wait.failed to failed.
 *
 *     kind                        group.stopped, of a move or failover
 *     stop, restart,  ┌──────────┐ ─────────────────────────► ┌─────────┐ take.done
 *     move, failover  │ stopping │                            │ handing │ ────────────┐
 *     ──────────────► └──────────┘ ──────────────────────┐    └─────────┘             ▼
 *                          │ group.stopped, of a restart │         │ take.failed  ┌──────┐
 *                          ▼                             │ of a    │         ┌──► │ done │
 *     start           ┌──────────┐ group.started         │ stop    ▼         │    └──────┘
 *     ──────────────► │ starting │ ─────────────────────────────────────────► ┘
 *                     └──────────┘                       └───────────────────►┘
 *     group.startFailed, group.stopFailed, take.failed, task.dropped ──► failed
 *
 * `handing`: down here, and the daemon of the target was asked to take it. A restart that ends in
 * the daemon's own end (`stays`) is done once the group is down. Done and failed are the end: whoever
 * ordered it is answered, and the group has no task any more.
 * Sources: v3 10.1, 11.2, 12.1 (rc 10 to 72); x5 2.12.1. The names of states are our own.
 */
import { setup } from 'xstate';

export type TaskEvent =
  | { type: 'group.started' }
  | { type: 'group.startFailed'; message: string }
  /** `stays`: nothing starts here any more, for the daemon stops. */
  | { type: 'group.stopped'; stays: boolean }
  | { type: 'group.stopFailed'; message: string }
  | { type: 'take.done' }
  | { type: 'take.failed'; message: string }
  /** The groups it waited for are as they should be, or it goes on without them. */
  | { type: 'wait.over' }
  | { type: 'wait.failed'; message: string }
  | { type: 'task.dropped'; message: string };

export type TaskKind = 'start' | 'stop' | 'move' | 'failover' | 'restart';

export interface TaskContext {
  kind: TaskKind;
  /** It ends on another server. */
  goes: boolean;
  /** Other groups come first. */
  waits: boolean;
}

/** How the task failed, in the words that whoever ordered it is told. */
const failing = {
  target: 'failed',
  actions: {
    type: 'reportFailed',
    params: ({ event }: { event: TaskEvent }) => ({
      message: 'message' in event ? event.message : '',
    }),
  },
} as const;

export const taskMachine = setup({
  types: {
    context: {} as TaskContext,
    input: {} as TaskContext,
    events: {} as TaskEvent,
  },
  guards: {
    isStart: ({ context }) => context.kind === 'start',
    isLateStart: ({ context }) => context.kind === 'start' && context.waits,
    isLateStop: ({ context }) => context.waits,
    isRestart: ({ context, event }) =>
      context.kind === 'restart' && event.type === 'group.stopped' && !event.stays,
    isGoing: ({ context }) => context.goes,
  },
  actions: {
    startHere: () => {},
    stopHere: () => {},
    handOver: () => {},
    reportDone: () => {},
    reportFailed: (_, _params: { message: string }) => {},
  },
}).createMachine({
  id: 'task',
  context: ({ input }) => input,
  initial: 'begun',
  states: {
    begun: {
      always: [
        { guard: 'isLateStart', target: 'expecting' },
        { guard: 'isStart', target: 'starting' },
        { guard: 'isLateStop', target: 'lingering' },
        { target: 'stopping' },
      ],
    },
    expecting: { on: { 'wait.over': 'starting', 'wait.failed': failing, 'task.dropped': failing } },
    lingering: { on: { 'wait.over': 'stopping', 'task.dropped': failing } },
    starting: {
      entry: 'startHere',
      on: { 'group.started': 'done', 'group.startFailed': failing, 'task.dropped': failing },
    },
    stopping: {
      entry: 'stopHere',
      on: {
        'group.stopped': [
          { guard: 'isRestart', target: 'starting' },
          { guard: 'isGoing', target: 'handing' },
          { target: 'done' },
        ],
        'group.stopFailed': failing,
        'task.dropped': failing,
      },
    },
    handing: {
      entry: 'handOver',
      on: { 'take.done': 'done', 'take.failed': failing, 'task.dropped': failing },
    },
    done: { entry: 'reportDone' },
    failed: {},
  },
});
