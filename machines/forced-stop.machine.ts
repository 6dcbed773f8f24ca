/**
 * A forced stop: the power is off when it was read as off, and not because an order was answered.
 *
 *              looked: off ┌──────┐
 *            ┌───────────► │ off  │
 *            │             └──────┘
 *     ┌─────────┐ looked: on, not ordered yet,      ┌──────────┐
 *     │ looking │ and long enough after an earlier  │ ordering │
 *     └─────────┘ ────────────────────────────────► └──────────┘
 *       ▲  │  ▲        order (once)                       │ order.ended
 *       │  │  └─────────────────────────────────────────────┘
 *       │  │ looked: on, or unknown ┌─────────┐
 *       │  └──────────────────────► │ waiting │      past the time: failed
 *       └────────────────────────── └─────────┘
 *                   look.due
 *
 * The order is sent once, after `on` was read: a controller that cannot be asked is not ordered to do
 * anything either. A controller that is slow may carry an order out late; so another one, of a
 * later stop, waits until ORDER_APART_MS after the one before had ended. Times are ms of one clock.
 */
import { assign, setup } from 'xstate';

export const POLL_MS = 1_000;
export const ORDER_APART_MS = 5_000;
/** Less is not enough for a machine that takes its time, whatever is configured. */
export const LEAST_BUDGET_MS = 10_000;

export type ForcedStopEvent =
  | { type: 'looked'; power: 'on' | 'off' | 'unknown'; why: string; at: number }
  | { type: 'order.ended'; at: number }
  | { type: 'look.due' };

export interface ForcedStopContext {
  /** Past it, what is not off has failed. */
  deadline: number;
  budgetMs: number;
  /** No order before. */
  notBefore: number;
  isOrdered: boolean;
}

interface Input {
  at: number;
  budgetMs: number;
  /** When an earlier order ended; null: there was none. */
  orderedAt: number | null;
}

export const forcedStopMachine = setup({
  types: {
    context: {} as ForcedStopContext,
    input: {} as Input,
    events: {} as ForcedStopEvent,
  },
  guards: {
    isOff: ({ event }) => event.type === 'looked' && event.power === 'off',
    mayOrder: ({ context, event }) =>
      event.type === 'looked' &&
      event.power === 'on' &&
      !context.isOrdered &&
      event.at >= context.notBefore,
    isOver: ({ context, event }) => event.type === 'looked' && event.at >= context.deadline,
  },
  actions: {
    look: () => {},
    lookLater: (_, _params: { afterMs: number }) => {},
    order: () => {},
    noteOrder: assign({ isOrdered: true }),
    /** What it is given counts from the order, which may itself have taken long. */
    beginWait: assign(({ context, event }) =>
      event.type === 'order.ended' ? { deadline: event.at + context.budgetMs } : {},
    ),
    reportOff: () => {},
    reportFailed: (_, _params: { why: string }) => {},
  },
}).createMachine({
  id: 'forcedStop',
  context: ({ input: { at, budgetMs, orderedAt } }) => ({
    deadline: at + Math.max(budgetMs, LEAST_BUDGET_MS),
    budgetMs: Math.max(budgetMs, LEAST_BUDGET_MS),
    notBefore: orderedAt === null ? at : orderedAt + ORDER_APART_MS,
    isOrdered: false,
  }),
  initial: 'looking',
  states: {
    looking: {
      entry: 'look',
      on: {
        looked: [
          { guard: 'isOff', target: 'off' },
          { guard: 'mayOrder', target: 'ordering' },
          { guard: 'isOver', target: 'failed' },
          { target: 'waiting' },
        ],
      },
    },
    ordering: {
      entry: ['noteOrder', 'order'],
      on: { 'order.ended': { target: 'looking', actions: 'beginWait' } },
    },
    waiting: {
      entry: { type: 'lookLater', params: { afterMs: POLL_MS } },
      on: { 'look.due': 'looking' },
    },
    off: { type: 'final', entry: 'reportOff' },
    failed: {
      type: 'final',
      entry: {
        type: 'reportFailed',
        params: ({ event }) => ({
          why: event.type !== 'looked' ? '' : event.power === 'on' ? 'it is still on' : event.why,
        }),
      },
    },
  },
});
