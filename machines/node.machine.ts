/**
 * A server as a node of the cluster: its power, its operating system, and how far the cluster
 * daemon on it has come. Stepped by the host supervisor (src/host), which alone sees all three.
 *
 *    poweredOff ──power.turnedOn──► booting ──os.booted──► stopped ◄──daemon.exited── stopping
 *        ▲                          ▲     ▲                   │                          ▲
 *        │                          │     │                   │ daemon.started           │
 *        │                          │     │                   ▼                          │
 *        │                          │     │    waiting ◄──► online ◄──► suspended        │
 *        │                          │     │       └───────────┴─────────────┴──daemon.stopping
 *        │                          │     │
 *        │            processes.gone│     │        from every state whose OS is up:
 *        │                          │  rebooting ◄──── os.rebootOrdered
 *        │ processes.gone           │
 *        ├───────────── shuttingDown│◄──────────────── os.shutdownOrdered
 *        │ processes.gone           │ processes.gone
 *        └───────────── down ───────┘◄──────────────── os.died (reset), os.stalled, power.cut
 *             (next: off)  (next: boot)
 *
 * `stopped` is a server whose operating system is up while its cluster daemon is not. `down` is one
 * that went without order and whose processes are not all gone yet; `next` says what follows. From
 * every state but poweredOff, power.cut leads to `down`.
 *
 * Sources: v3 5 (daemon and services), 10.1-10.9 (what takes a server down), 11.1 (starting);
 * x5 2.21 (waiting for the other servers), 2.12 (shutdown causes). The names of states are our own.
 */
import { assign, setup } from 'xstate';

export interface NodeContext {
  /** What follows when every process of the server is gone. */
  next: 'boot' | 'off';
  /** Run level 1: nothing is started at boot. Holds for one boot. */
  singleUser: boolean;
}

export type NodeEvent =
  | { type: 'power.turnedOn'; singleUser: boolean }
  | { type: 'power.cut' }
  | { type: 'os.booted' }
  | { type: 'os.died' }
  | { type: 'os.stalled' }
  | { type: 'os.shutdownOrdered' }
  | { type: 'os.rebootOrdered' }
  | { type: 'processes.gone' }
  | { type: 'daemon.started' }
  | { type: 'daemon.waited' }
  | { type: 'daemon.joined' }
  | { type: 'daemon.suspended' }
  | { type: 'daemon.stopping' }
  | { type: 'daemon.exited' };

const nodeSetup = setup({
  types: { context: {} as NodeContext, events: {} as NodeEvent },
  guards: { isBootNext: ({ context }) => context.next === 'boot' },
  actions: {
    /** The OS starts to boot with that run level. */
    startBoot: (_, _params: { singleUser: boolean }) => {},
    /** The OS is up: start what is enabled. */
    startServices: (_, _params: { runLevel: number }) => {},
    /** An orderly way down: daemon, agent, commands, in that order. */
    stopServices: () => {},
    /** Every process of the server, at once. */
    killProcesses: () => {},
  },
});

const thenBoot = nodeSetup.assign({ next: 'boot', singleUser: false });
const thenOff = nodeSetup.assign({ next: 'off', singleUser: false });

const cut = {
  'power.cut': { target: 'down', actions: [thenOff, 'killProcesses'] },
} as const;

const died = { target: 'down', actions: [thenBoot, 'killProcesses'] } as const;

/** What may happen to a server whose operating system is up. */
const up = {
  ...cut,
  'os.died': died,
  'os.shutdownOrdered': { target: 'shuttingDown', actions: [thenOff, 'stopServices'] },
  'os.rebootOrdered': { target: 'rebooting', actions: [thenBoot, 'stopServices'] },
} as const;

/** … and its cluster daemon runs. */
const running = {
  ...up,
  'daemon.exited': 'stopped',
  'daemon.stopping': 'stopping',
} as const;

/** On the way down in order; a stall ends in a reset (v3 10.6). */
const goingDown = {
  ...cut,
  'os.died': died,
  'os.stalled': died,
} as const;

export const nodeMachine = nodeSetup.createMachine({
  id: 'node',
  context: { next: 'off', singleUser: false },
  initial: 'poweredOff',
  states: {
    poweredOff: {
      on: {
        'power.turnedOn': {
          target: 'booting',
          actions: assign(({ event }) => ({ next: 'off' as const, singleUser: event.singleUser })),
        },
      },
    },
    booting: {
      entry: {
        type: 'startBoot',
        params: ({ context }) => ({ singleUser: context.singleUser }),
      },
      on: {
        ...cut,
        'os.died': died,
        'os.booted': {
          target: 'stopped',
          actions: {
            type: 'startServices',
            params: ({ context }) => ({ runLevel: context.singleUser ? 1 : 3 }),
          },
        },
      },
    },
    stopped: { on: { ...up, 'daemon.started': 'online' } },
    waiting: { on: { ...running, 'daemon.joined': 'online', 'daemon.suspended': 'suspended' } },
    online: { on: { ...running, 'daemon.waited': 'waiting', 'daemon.suspended': 'suspended' } },
    suspended: { on: { ...running, 'daemon.joined': 'online' } },
    stopping: { on: { ...up, 'daemon.exited': 'stopped', 'daemon.joined': 'online' } },
    shuttingDown: { on: { ...goingDown, 'processes.gone': 'poweredOff' } },
    rebooting: { on: { ...goingDown, 'processes.gone': 'booting' } },
    down: {
      on: {
        'power.cut': { actions: thenOff },
        'power.turnedOn': {
          actions: assign(({ event }) => ({ next: 'boot' as const, singleUser: event.singleUser })),
        },
        'processes.gone': [{ guard: 'isBootNext', target: 'booting' }, { target: 'poweredOff' }],
      },
    },
  },
});

export type NodeState = (typeof NODE_STATES)[number];

/** As in status-1.schema.json. */
export const NODE_STATES = [
  'poweredOff',
  'booting',
  'waiting',
  'online',
  'suspended',
  'stopping',
  'stopped',
  'shuttingDown',
  'rebooting',
  'down',
] as const;
