/**
 * The phase of a cluster daemon, from the start of its process to its end.
 *
 *     ┌──────────┐ daemon.started ┌─────────┐ wait.ended ┌────────┐ suspend.ordered ┌───────────┐
 *     │ starting │ ─────────────► │ waiting │ ─────────► │ online │ ──────────────► │ suspended │
 *     └──────────┘                └─────────┘            └────────┘ ◄────────────── └───────────┘
 *          │                           │                      │      resume.ordered       │
 *          └───────────────────────────┴──── stop.ordered ────┴───────────────────────────┘
 *                                                  ▼
 *                                            ┌──────────┐  groups.gone  ┌─────────┐
 *                                            │ stopping │ ────────────► │ stopped │
 *                                            └──────────┘               └─────────┘
 *
 * It waits for the other servers before anything starts by itself. A suspended daemon listens, is
 * silent, and starts and monitors nothing. What it is told while it stops changes how it ends, never
 * that it ends. It has no memory but its state, so that is all that is kept of it.
 * Effects: tellHost (which keeps the server's chart, machines/node.machine.ts), reportWaited,
 * reportResumed. Sources: v3 5, 6.1.4, 11.1; x5 2.21. The names of states are our own.
 */
import { setup } from 'xstate';

export type DaemonPhaseEvent =
  | { type: 'daemon.started' }
  | { type: 'wait.ended' }
  | { type: 'suspend.ordered' }
  | { type: 'resume.ordered' }
  | { type: 'stop.ordered' }
  | { type: 'groups.gone' };

const stop = { 'stop.ordered': 'stopping' } as const;

export const daemonMachine = setup({
  types: { events: {} as DaemonPhaseEvent },
  actions: { tellHost: () => {}, reportWaited: () => {}, reportResumed: () => {} },
}).createMachine({
  id: 'daemon',
  initial: 'starting',
  states: {
    starting: { on: { ...stop, 'daemon.started': 'waiting' } },
    waiting: {
      entry: 'tellHost',
      on: { ...stop, 'wait.ended': { target: 'online', actions: 'reportWaited' } },
    },
    online: { entry: 'tellHost', on: { ...stop, 'suspend.ordered': 'suspended' } },
    suspended: {
      entry: 'tellHost',
      on: { ...stop, 'resume.ordered': { target: 'online', actions: 'reportResumed' } },
    },
    stopping: { entry: 'tellHost', on: { 'groups.gone': 'stopped' } },
    stopped: {},
  },
});
