/**
 * A change window, moved by its signed documents in the order of their dates, and by time. What a
 * document has to be before it moves anything (signature, role, the right hash) is judged outside
 * (src/change/rules.ts); here is what may follow what.
 *
 *   awaited ──request.made──► requested ──approval.given [isEnough]──► approved
 *                               │ │ │ ◄─┘ [not yet]                     │ │ ◄┘ approval.given
 *      request.rejected ◄───────┤ │ └──── window.opened ────┐           │ │
 *      request.withdrawn ◄──────┤ │       [isEmergency]     ▼           │ │
 *        │        │             │ │                       open ◄────────┘ │ window.opened
 *        ▼        ▼             │ │      (handed over,    │  │            │
 *    rejected withdrawn         │ │       plans amended)  │  │ end.passed │ rejected, withdrawn
 *                               │ │                       │  ▼            │ or end.passed likewise
 *                end.passed     │ ▼                       │ expired.unclosed
 *                  expired.unopened                       │  │  (handed over)
 *                                                         ▼  ▼
 *                                window.closed ────────► closed ──review.written──► reviewed
 *
 *   Where the policy's demand changes before it opens, it is approved or waits for approvals as
 *   those that it has are enough or not (demand.changed).
 *   Plans of an amendment count once approved; in a window opened by break-glass, at once.
 *   A window opened by break-glass owes a review until it is reviewed.
 */
import { assign, setup } from 'xstate';

export interface ChangeWindowInput {
  /** How many approvals a request or an amendment needs, until the demand changes. */
  needed: number;
}

interface PendingAmendment {
  hash: string;
  /** Hashes of the approvals. */
  approvals: string[];
}

export interface ChangeWindowContext {
  needed: number;
  /** Hashes of the documents that count. */
  request: string | null;
  approvals: string[];
  opening: string | null;
  isEmergency: boolean;
  pending: PendingAmendment[];
  amended: PendingAmendment[];
  implementer: string | null;
  /** Everybody who was the implementer at some time, and who opened it. */
  acted: string[];
}

export type ChangeWindowEvent =
  | { type: 'request.made'; hash: string; implementer: string }
  | { type: 'approval.given'; hash: string }
  | { type: 'request.rejected' }
  | { type: 'request.withdrawn' }
  /** `approvals`: how many of those it names count. */
  | { type: 'window.opened'; hash: string; by: string; approvals: number; emergency: boolean }
  | { type: 'amendment.proposed'; hash: string }
  | { type: 'amendment.approved'; hash: string; of: string }
  /** Rejected by an approver, or withdrawn by whoever proposed it. */
  | { type: 'amendment.dropped'; of: string }
  | { type: 'window.handedOver'; to: string }
  /** Another policy is in force. */
  | { type: 'demand.changed'; needed: number }
  | { type: 'end.passed' }
  | { type: 'window.closed' }
  | { type: 'review.written' };

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

const base = setup({
  types: {} as {
    context: ChangeWindowContext;
    events: ChangeWindowEvent;
    input: ChangeWindowInput;
  },
  guards: {
    /** With the approval that this event is. */
    isEnough: ({ context }) => context.approvals.length + 1 >= context.needed,
    isEnoughStill: ({ context, event }) =>
      event.type === 'demand.changed' && context.approvals.length >= event.needed,
    isEmergency: ({ event }) => event.type === 'window.opened' && event.emergency,
    canOpen: ({ context, event }) =>
      event.type === 'window.opened' && (event.emergency || event.approvals >= context.needed),
    isPending: ({ context, event }) =>
      'of' in event && context.pending.some(({ hash }) => hash === event.of),
  },
  actions: {
    noteRequest: assign(({ event }) =>
      event.type === 'request.made'
        ? { request: event.hash, implementer: event.implementer, acted: [event.implementer] }
        : {},
    ),
    noteApproval: assign(({ context, event }) =>
      event.type === 'approval.given' ? { approvals: [...context.approvals, event.hash] } : {},
    ),
    noteDemand: assign(({ event }) =>
      event.type === 'demand.changed' ? { needed: event.needed } : {},
    ),
    noteOpening: assign(({ context, event }) =>
      event.type === 'window.opened'
        ? {
            opening: event.hash,
            isEmergency: event.emergency,
            acted: unique([...context.acted, event.by]),
          }
        : {},
    ),
    noteAmendment: assign(({ context, event }) => {
      if (event.type !== 'amendment.proposed') return {};
      const one = { hash: event.hash, approvals: [] };
      return context.isEmergency
        ? { amended: [...context.amended, one] }
        : { pending: [...context.pending, one] };
    }),
    noteAmendmentApproval: assign(({ context, event }) => {
      if (event.type !== 'amendment.approved') return {};
      const found = context.pending.find(({ hash }) => hash === event.of);
      if (!found) return {};
      const one = { ...found, approvals: [...found.approvals, event.hash] };
      if (one.approvals.length >= context.needed) {
        const pending = context.pending.filter((other) => other !== found);
        return { pending, amended: [...context.amended, one] };
      }
      return { pending: context.pending.map((other) => (other === found ? one : other)) };
    }),
    dropAmendment: assign(({ context, event }) =>
      event.type === 'amendment.dropped'
        ? { pending: context.pending.filter(({ hash }) => hash !== event.of) }
        : {},
    ),
    noteHandover: assign(({ context, event }) =>
      event.type === 'window.handedOver'
        ? { implementer: event.to, acted: unique([...context.acted, event.to]) }
        : {},
    ),
  },
});

const handedOver = { 'window.handedOver': { actions: 'noteHandover' } } as const;

/** How a request ends that was never opened. */
const unopened = {
  'request.rejected': '#changeWindow.rejected',
  'request.withdrawn': '#changeWindow.withdrawn',
  'end.passed': '#changeWindow.expired.unopened',
} as const;

export const changeWindowMachine = base.createMachine({
  id: 'changeWindow',
  initial: 'awaited',
  context: ({ input }) => ({
    needed: input.needed,
    request: null,
    approvals: [],
    opening: null,
    isEmergency: false,
    pending: [],
    amended: [],
    implementer: null,
    acted: [],
  }),
  states: {
    awaited: {
      on: {
        'request.made': { target: 'requested', actions: 'noteRequest' },
        'demand.changed': { actions: 'noteDemand' },
      },
    },
    requested: {
      on: {
        'demand.changed': [
          { guard: 'isEnoughStill', target: 'approved', actions: 'noteDemand' },
          { actions: 'noteDemand' },
        ],
        'approval.given': [
          { guard: 'isEnough', target: 'approved', actions: 'noteApproval' },
          { actions: 'noteApproval' },
        ],
        'window.opened': { guard: 'isEmergency', target: 'open', actions: 'noteOpening' },
        ...unopened,
      },
    },
    approved: {
      on: {
        'demand.changed': [
          { guard: 'isEnoughStill', actions: 'noteDemand' },
          { target: 'requested', actions: 'noteDemand' },
        ],
        'approval.given': { actions: 'noteApproval' },
        'window.opened': { guard: 'canOpen', target: 'open', actions: 'noteOpening' },
        ...unopened,
      },
    },
    open: {
      on: {
        // What is open stays open; amendments need what is demanded now.
        'demand.changed': { actions: 'noteDemand' },
        'amendment.proposed': { actions: 'noteAmendment' },
        'amendment.approved': { guard: 'isPending', actions: 'noteAmendmentApproval' },
        'amendment.dropped': { guard: 'isPending', actions: 'dropAmendment' },
        ...handedOver,
        'end.passed': '#changeWindow.expired.unclosed',
        'window.closed': 'closed',
      },
    },
    expired: {
      initial: 'unopened',
      states: {
        unopened: { type: 'final' },
        /** Whoever has to back out may still be relieved, and has to close it. */
        unclosed: { on: { ...handedOver, 'window.closed': '#changeWindow.closed' } },
      },
    },
    closed: { on: { 'review.written': 'reviewed' } },
    reviewed: { type: 'final' },
    rejected: { type: 'final' },
    withdrawn: { type: 'final' },
  },
});
