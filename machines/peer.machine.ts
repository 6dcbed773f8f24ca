/**
 * Another server, as this one sees it: two questions that go side by side.
 *
 * Its life:
 *
 *                  peer.heard                 peer.delayed
 *     ┌─────────┐ ───────────► ┌───────────┐ ────────────► ┌───────────┐ ⟲ peer.delayed
 *     │ unheard │              │ reachable │ ◄──────────── │ suspected │   (its power is looked at)
 *     └─────────┘              └───────────┘   peer.heard  └───────────┘
 *          │                     ▲ │ peer.lost                  │ peer.lost
 *          │          peer.heard │ ▼                            │
 *          │                    ┌──────┐ ◄──────────────────────┘
 *          │  ┌───────────────► │ gone │ fence.ordered
 *          │  │ power.off, .cut └──────┘ ─────────┐
 *          │  │                                   ▼
 *          │  │         fence.due   ┌─ fencing ─────────────────┐
 *          │  └──────────────────── │ delayed ───────► cutting  │ ── peer.heard ──► reachable
 *          │                        │    ▲ fence.failed │       │
 *          │                        │    └──────────────┘       │
 *          │                        └───────────────────────────┘
 *          └─ any ── peer.left, peer.suspended ──► left ── peer.heard ──► reachable
 *             unheard ── peer.idle (its host says that no daemon runs there) ──► left
 *
 * What is known of how it stopped:
 *
 *               evidence.wanted                    question.answered, the last one
 *     ┌───────┐ ──────────────► ┌────────┐ ⟲ question.answered      │
 *     │ quiet │                 │ asking │ ─────────────────────────┘
 *     └───────┘ ◄───────────────────────────
 *
 * `gone` is every heartbeat resource lost: unreachable, which is not off. Only a fence (`power.off`
 * seen while the own one is delayed, `power.cut` by it) or other evidence says more. Evidence is
 * kept until the peer is heard again, or says that it is only suspended; nothing beats a fence.
 * Sources: v3 10.7, 11.4, 12.1 (nm 1, 2); x5 2.12.9, 2.13. The names of states are our own.
 */
import { assign, setup } from 'xstate';
import type { Evidence } from './mirror-events.ts';

export type PeerEvent =
  | { type: 'peer.heard' }
  | { type: 'peer.delayed' }
  | { type: 'peer.lost' }
  | { type: 'peer.left' }
  | { type: 'peer.suspended' }
  | { type: 'peer.idle' }
  | { type: 'fence.ordered' }
  | { type: 'fence.due' }
  | { type: 'fence.failed'; message: string }
  | { type: 'power.off' }
  | { type: 'power.cut' }
  | { type: 'evidence.wanted'; questions: number }
  | { type: 'question.answered' }
  | { type: 'evidence.found'; evidence: Evidence };

export interface PeerContext {
  peer: string;
  evidence: Evidence | null;
  /** Questions for evidence that are still open. */
  questions: number;
}

export const peerMachine = setup({
  types: {
    context: {} as PeerContext,
    input: {} as { peer: string },
    events: {} as PeerEvent,
  },
  guards: {
    isLastAnswer: ({ context }) => context.questions <= 1,
    isNews: ({ context, event }) =>
      event.type === 'evidence.found' &&
      context.evidence?.by !== 'fence' &&
      context.evidence?.by !== event.evidence.by,
  },
  actions: {
    forgetEvidence: assign({ evidence: null }),
    keepEvidence: assign(({ event }) =>
      event.type === 'evidence.found' ? { evidence: event.evidence } : {},
    ),
    openQuestions: assign(({ event }) =>
      event.type === 'evidence.wanted' ? { questions: event.questions } : {},
    ),
    closeQuestion: assign({ questions: ({ context }) => Math.max(0, context.questions - 1) }),
    reportReturned: () => {},
    reportLost: () => {},
    reportLeft: () => {},
    reportSuspended: () => {},
    lookAtPower: () => {},
    cutPower: () => {},
    reportFenced: () => {},
    reportFenceFailed: (_, _params: { message: string }) => {},
    askForEvidence: () => {},
    reportEvidence: () => {},
    reportAnswered: () => {},
  },
}).createMachine({
  id: 'peer',
  context: ({ input }) => ({ peer: input.peer, evidence: null, questions: 0 }),
  type: 'parallel',
  states: {
    life: {
      initial: 'unheard',
      states: {
        unheard: {
          on: {
            'peer.heard': {
              target: 'reachable',
              actions: ['forgetEvidence', 'reportReturned'],
            },
            'peer.idle': 'left',
          },
        },
        reachable: {
          on: {
            'peer.delayed': { target: 'suspected', actions: 'lookAtPower' },
            'peer.lost': { target: 'gone', actions: 'reportLost' },
          },
        },
        suspected: {
          on: {
            'peer.heard': 'reachable',
            'peer.delayed': { actions: 'lookAtPower' },
            'peer.lost': { target: 'gone', actions: 'reportLost' },
          },
        },
        gone: {
          on: {
            'peer.heard': { target: 'reachable', actions: ['forgetEvidence', 'reportReturned'] },
            'fence.ordered': 'fencing',
          },
        },
        fencing: {
          initial: 'delayed',
          states: {
            delayed: {
              on: {
                'fence.due': { target: 'cutting', actions: 'cutPower' },
                'power.off': { target: '#peer.life.gone', actions: 'reportFenced' },
              },
            },
            cutting: {
              on: {
                'power.cut': { target: '#peer.life.gone', actions: 'reportFenced' },
                'fence.failed': {
                  target: 'delayed',
                  actions: {
                    type: 'reportFenceFailed',
                    params: ({ event }) => ({ message: event.message }),
                  },
                },
              },
            },
          },
          on: {
            'peer.heard': { target: 'reachable', actions: ['forgetEvidence', 'reportReturned'] },
          },
        },
        left: {
          on: {
            'peer.heard': { target: 'reachable', actions: ['forgetEvidence', 'reportReturned'] },
            // A forced stop that was under way when its last word came.
            'power.cut': { actions: 'reportFenced' },
          },
        },
      },
      on: {
        'peer.left': { target: '.left', actions: 'reportLeft' },
        'peer.suspended': { target: '.left', actions: ['forgetEvidence', 'reportSuspended'] },
      },
    },
    doubt: {
      initial: 'quiet',
      states: {
        quiet: {
          on: {
            'evidence.wanted': { target: 'asking', actions: ['openQuestions', 'askForEvidence'] },
          },
        },
        asking: {
          on: {
            'question.answered': [
              {
                guard: 'isLastAnswer',
                target: 'quiet',
                actions: ['closeQuestion', 'reportAnswered'],
              },
              { actions: 'closeQuestion' },
            ],
          },
        },
      },
    },
  },
  on: {
    'evidence.found': { guard: 'isNews', actions: ['keepEvidence', 'reportEvidence'] },
  },
});
