/**
 * One monitor resource on one server.
 *
 *     ┌──────┐  watch.started   ┌────────┐  check.failed    ┌─────────┐
 *     │ idle │ ───────────────► │ normal │ ───────────────► │ warning │ ⟲ retries, and what
 *     └──────┘ ◄─────────────── └────────┘ ◄─────────────── └─────────┘   warns but is no error
 *        watch.stopped (any)        ▲  ▲       check.passed      │ no retry left
 *                      check.passed │  │                         ▼
 *                                   │  └────────────────────── ┌───────┐ ⟲ check.failed
 *     ┌───────────┐                 │        check.passed      │ error │   (retries again)
 *     │ suspended │ ── watch.resumed┘                          └───────┘
 *     └───────────┘ ◄─ watch.suspended (any)      recovery.ended ▲  │ restart ×n, failover ×n,
 *                                                                │  ▼ final action
 *                                                            ┌──────────┐
 *                                                            │ recovery │
 *                                                            └──────────┘
 *
 * Recovery goes by steps: the target is restarted up to `restart` times, then failed over up to
 * `failover` times, then comes the final action, once. Only a passed check here forgets the steps, and
 * a suspension: what fails on every server comes back with them, and so does not go round for ever
 * (a choice, the manuals are silent). A check that warns (`check.warned`: e.g. a mirror that is being
 * recovered) shows Caution, never acts.
 * Effects: restartTarget, failOverTarget, takeFinalAction, reportWarning, reportError,
 * reportNormal. Sources: v3 10.2, 11.3, 12.1 (rm), 12.5; x5 2.12.3.
 */
import { assign, setup } from 'xstate';

export type MonitorEvent =
  | { type: 'watch.started' }
  | { type: 'watch.stopped' }
  | { type: 'watch.suspended' }
  | { type: 'watch.resumed' }
  | { type: 'check.passed' }
  | { type: 'check.warned'; code: number; text: string }
  | { type: 'check.failed'; code: number; text: string }
  | { type: 'recovery.ended' };

export interface MonitorContext {
  monitor: string;
  retry: number;
  restart: number;
  failover: number;
  misses: number;
  restarts: number;
  failovers: number;
  finalTaken: boolean;
  code: number;
  text: string;
}

const unwatched = { misses: 0, code: 0, text: '' };
const fresh = { ...unwatched, restarts: 0, failovers: 0, finalTaken: false };

interface Word {
  code: number;
  text: string;
}

const word = ({ context }: { context: MonitorContext }): Word => ({
  code: context.code,
  text: context.text,
});

export const monitorMachine = setup({
  types: {
    context: {} as MonitorContext,
    input: {} as { monitor: string; retry: number; restart: number; failover: number },
    events: {} as MonitorEvent,
  },
  guards: {
    hasRetry: ({ context }) => context.misses <= context.retry,
    /** Before the miss at hand is counted. */
    hasRetryAhead: ({ context }) => context.misses < context.retry,
    hasRestart: ({ context }) => context.restarts < context.restart,
    hasFailover: ({ context }) => context.failovers < context.failover,
    isFinalTaken: ({ context }) => context.finalTaken,
  },
  actions: {
    forget: assign(fresh),
    /** Recovery steps that were taken stay. */
    forgetMisses: assign(unwatched),
    noteMiss: assign(({ context, event }) => ({
      misses: context.misses + 1,
      ...('code' in event ? { code: event.code, text: event.text } : {}),
    })),
    noteWord: assign(({ event }) =>
      'code' in event ? { code: event.code, text: event.text } : {},
    ),
    countRestart: assign({ restarts: ({ context }) => context.restarts + 1, misses: 0 }),
    countFailover: assign({ failovers: ({ context }) => context.failovers + 1, misses: 0 }),
    countFinal: assign({ finalTaken: true, misses: 0 }),
    restartTarget: () => {},
    failOverTarget: () => {},
    takeFinalAction: () => {},
    reportNormal: () => {},
    reportWarning: (_, _params: Word) => {},
    reportError: (_, _params: Word) => {},
  },
}).createMachine({
  id: 'monitor',
  context: ({ input }) => ({ ...input, ...fresh }),
  initial: 'idle',
  states: {
    idle: { entry: 'forgetMisses', on: { 'watch.started': 'normal' } },
    normal: {
      entry: 'forgetMisses',
      on: {
        'check.passed': { actions: 'forget' },
        'check.failed': { target: 'judging', actions: 'noteMiss' },
        'check.warned': {
          target: 'warning',
          actions: ['noteWord', { type: 'reportWarning', params: word }],
        },
      },
    },
    judging: {
      always: [{ guard: 'hasRetry', target: 'warning' }, { target: 'failing' }],
    },
    warning: {
      on: {
        'check.passed': { target: 'normal', actions: ['forget', 'reportNormal'] },
        'check.failed': { target: 'judging', actions: 'noteMiss' },
        'check.warned': { actions: 'noteWord' },
      },
    },
    failing: { entry: { type: 'reportError', params: word }, always: 'deciding' },
    deciding: {
      always: [
        { guard: 'hasRestart', target: 'recovery', actions: ['countRestart', 'restartTarget'] },
        { guard: 'hasFailover', target: 'recovery', actions: ['countFailover', 'failOverTarget'] },
        { guard: 'isFinalTaken', target: 'error' },
        { target: 'recovery', actions: ['countFinal', 'takeFinalAction'] },
      ],
    },
    recovery: { on: { 'recovery.ended': 'error' } },
    error: {
      on: {
        'check.passed': { target: 'normal', actions: ['forget', 'reportNormal'] },
        'check.failed': [
          { guard: 'hasRetryAhead', actions: 'noteMiss' },
          { target: 'deciding', actions: 'noteMiss' },
        ],
        'check.warned': { target: 'warning', actions: 'noteWord' },
      },
    },
    suspended: { entry: 'forget', on: { 'watch.resumed': 'normal' } },
  },
  on: { 'watch.stopped': '.idle', 'watch.suspended': '.suspended' },
});
