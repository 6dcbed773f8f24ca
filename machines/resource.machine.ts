/**
 * One group resource on one server.
 *
 *                 start.ordered                    attempt.succeeded
 *     ┌─────────┐ ─────────────► ┌────────────┐ ───────────────────────► ┌────────┐
 *     │ offline │                │ activating │ ⟲ attempt.failed          │ online │
 *     └─────────┘                └────────────┘                           └────────┘
 *          ▲                           │ no retry left                        │ stop.ordered
 *          │ attempt.succeeded         ▼                                      ▼
 *          │                      ┌────────┐      stop.ordered        ┌──────────────┐
 *          │                      │ failed │ ───────────────────────► │ deactivating │ ⟲
 *          │                      └────────┘ ── start.ordered ─► …    └──────────────┘
 *          └──────────────────────────────────────────────────────────────│   │ no retry left
 *                                        ┌───────┐ ◄──────────────────────────┘
 *                       … ◄─ both orders │ stuck │
 *                                        └───────┘
 *
 * `failed` is Online Failure, `stuck` is Offline Failure. An attempt is an effect (activate,
 * deactivate) that carries its own limit; its end comes back as an event. A failed resource may
 * hold half of what it needs, so it is stopped like an online one. An attempt that stalled
 * (`attempt.stalled`) is not tried again. A stop that is ordered while
 * `activating` waits in the group for the attempt's end.
 * Sources: v3 10.1, 10.4, 11.2, 12.1 (rc 30 to 42), 12.4; x5 2.12.1, 2.12.2.
 */
import { assign, setup } from 'xstate';

export type ResourceEvent =
  | { type: 'start.ordered' }
  | { type: 'stop.ordered' }
  | { type: 'attempt.succeeded' }
  | { type: 'attempt.failed'; code: number; text: string }
  /** It took too long, and an action of its own follows: it is not tried again. */
  | { type: 'attempt.stalled'; code: number; text: string };

export interface ResourceContext {
  resource: string;
  activationRetry: number;
  deactivationRetry: number;
  /** Attempts that failed since the order. */
  failures: number;
  code: number;
  text: string;
  stalled: boolean;
}

export const resourceMachine = setup({
  types: {
    context: {} as ResourceContext,
    input: {} as { resource: string; activationRetry: number; deactivationRetry: number },
    events: {} as ResourceEvent,
  },
  guards: {
    hasActivationRetry: ({ context }) => context.failures <= context.activationRetry,
    hasDeactivationRetry: ({ context }) => context.failures <= context.deactivationRetry,
  },
  actions: {
    forgetFailures: assign({ failures: 0, code: 0, text: '', stalled: false }),
    noteFailure: assign(({ context, event }) => ({
      failures: context.failures + 1,
      ...('code' in event ? { code: event.code, text: event.text } : {}),
      stalled: event.type === 'attempt.stalled',
    })),
    activate: (_, _params: { resource: string }) => {},
    deactivate: (_, _params: { resource: string }) => {},
    reportOnline: () => {},
    reportOffline: () => {},
    reportFailed: (_, _params: { code: number; text: string }) => {},
    reportStuck: (_, _params: { code: number; text: string }) => {},
  },
}).createMachine({
  id: 'resource',
  context: ({ input }) => ({ ...input, failures: 0, code: 0, text: '', stalled: false }),
  initial: 'offline',
  states: {
    offline: { on: { 'start.ordered': 'starting' } },
    starting: {
      entry: 'forgetFailures',
      always: 'activating',
    },
    activating: {
      entry: { type: 'activate', params: ({ context }) => ({ resource: context.resource }) },
      on: {
        'attempt.succeeded': { target: 'online', actions: 'reportOnline' },
        'attempt.failed': { target: 'activationMissed', actions: 'noteFailure' },
        'attempt.stalled': { target: 'failed', actions: 'noteFailure' },
      },
    },
    activationMissed: {
      always: [{ guard: 'hasActivationRetry', target: 'activating' }, { target: 'failed' }],
    },
    online: { on: { 'stop.ordered': 'stopping' } },
    failed: {
      entry: {
        type: 'reportFailed',
        params: ({ context }) => ({ code: context.code, text: context.text }),
      },
      on: { 'start.ordered': 'starting', 'stop.ordered': 'stopping' },
    },
    stopping: { entry: 'forgetFailures', always: 'deactivating' },
    deactivating: {
      entry: { type: 'deactivate', params: ({ context }) => ({ resource: context.resource }) },
      on: {
        'attempt.succeeded': { target: 'offline', actions: 'reportOffline' },
        'attempt.failed': { target: 'deactivationMissed', actions: 'noteFailure' },
        'attempt.stalled': { target: 'stuck', actions: 'noteFailure' },
      },
    },
    deactivationMissed: {
      always: [{ guard: 'hasDeactivationRetry', target: 'deactivating' }, { target: 'stuck' }],
    },
    stuck: {
      entry: {
        type: 'reportStuck',
        params: ({ context }) => ({ code: context.code, text: context.text }),
      },
      on: { 'start.ordered': 'starting', 'stop.ordered': 'stopping' },
    },
  },
});
