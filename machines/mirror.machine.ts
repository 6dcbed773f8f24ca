/**
 * One side of a mirror disk: the state of the pair as this side knows it, and what follows from it.
 * What is done (saved, sent, asked) is told here, and the chart decides what that means: which
 * writes wait, who counts as the newest, whether a break is announced, when a recovery is looked
 * for. Block writes never pass through here; only edges do.
 *
 *   copy     partition.read(worth): gray ──► green, red or blank      copy.created: any ──► blank
 *            latest.proved: red, blank ──► green                      latest.lost: green ──► red
 *            green ── recovery.started(source) ──► yellow.source ── ended, aborted, loss ──► green
 *            red, blank, green ── started(target) ──► yellow.target ── ended ──► green, else red
 *
 *   link     disconnected ── sides.met ──► connected ── link.lost ──► lost ── loss.recorded ──► disconnected
 *            connected   behind ── recovery.started ──► recovering ── ended ──► inSync
 *                           ▲                               │ aborted            │ copies.differed
 *                           └───────────────────────────────┴────────────────────┘
 *            lost, disconnected   inStep: from inSync, or while a recovery finished; else outOfStep
 *
 *   role     inactive ── mirror.opened ──► active.serving ── mirror.closing ──► active.closing
 *               ▲                               mirror.deactivated │
 *               └───────────────────────────────────────────────────┘
 *   writes   flowing ── break.began ──► breaking ── break.ended ──► flowing
 *            flowing ── loss.recorded, active and in step ──► releasing, or held where fencing is
 *            configured and the other side did not end in order ── writes.released ──► flowing
 *
 * Writes are frozen while the disk failed, while `writes` is not flowing, and while an active side
 * that lost the other one in step has not made that durable: a level, no edge that can be missed.
 *
 * Colours (v3 11.10.2, 11.10.3): GREEN newest and provably so; RED not provably newest, or blank;
 * YELLOW a recovery runs, on both sides of it; GRAY cannot be read. A yellow state is left by every
 * way a recovery can end, a lost link included: no side stays YELLOW.
 *
 * Sources: v3 10.8, 11.10.1 to 11.10.6, 12.2, 12.4.4; x5 2.3. The generations behind `green` are
 * ours (src/mirror/copy/generations.ts).
 */
import { and, assign, not, or, type SnapshotFrom, setup, stateIn } from 'xstate';
import type { MirrorEvent } from './mirror-events.ts';
import type { Judgement, PeerFacts } from './mirror-pair.ts';

interface Context {
  /** Fencing is configured: a break waits until the other side knows of it or is off. */
  fencing: boolean;
  judgement: Judgement | null;
  peer: PeerFacts | null;
  /** The other agent said that it ends, and that its copy is not the latest. */
  leaving: boolean;
  /** Times that writes were held: tells one hold from another. */
  holds: number;
}

const judged = (verdict: Judgement['verdict'], full: boolean, why: string): Judgement => ({
  verdict,
  full,
  why,
});

const inSync = stateIn({ link: { connected: 'inSync' } });
const isActive = stateIn({ role: 'active' });
const isWorking = stateIn({ disk: 'working' });

export const mirrorMachine = setup({
  types: {
    context: {} as Context,
    events: {} as MirrorEvent,
    input: {} as { fencing: boolean },
  },
  guards: {
    isLatest: ({ event }) => event.type === 'partition.read' && event.worth === 'latest',
    isBehind: ({ event }) => event.type === 'partition.read' && event.worth === 'behind',
    isSource: ({ event }) => event.type === 'recovery.started' && event.side === 'source',
    areSame: ({ event }) => event.type === 'sides.met' && event.judgement.verdict === 'same',
    mayLeavePeerUntold: ({ context }) => !context.fencing || context.leaving,
    /** Whoever is in step, or not active, cannot vouch for a copy whose disk failed. */
    losesItsClaim: or([inSync, not(isActive)]),
    goesOnAlone: and([isActive, isWorking, stateIn({ link: { lost: 'inStep' } })]),
    isOpen: isActive,
  },
  actions: {
    recordLoss: () => {},
    reconnect: () => {},
    serveSession: () => {},
    resumeWrites: () => {},
    announceBreak: () => {},
    considerRecovery: () => {},
    watchPeer: () => {},
    meet: assign(({ event, context }) =>
      event.type === 'sides.met'
        ? { judgement: event.judgement, peer: event.peer, leaving: false }
        : context,
    ),
    part: assign({ judgement: null, peer: null }),
    learn: assign(({ event, context }) =>
      event.type === 'peer.learned' && context.peer
        ? { peer: { ...context.peer, ...event.facts } }
        : context,
    ),
    hold: assign({ holds: ({ context }) => context.holds + 1 }),
    judgeMatched: assign({ judgement: judged('same', false, 'verified') }),
    judgeRecovered: assign(({ context }) => ({
      judgement: judged('same', false, 'recovered'),
      peer: context.peer && { ...context.peer, diskError: false },
    })),
    judgeBroken: assign(({ event, context }) => {
      if (event.type !== 'copies.differed') return context;
      const verdict = event.newer === 'mine' ? 'sourceMe' : 'sourcePeer';
      return { judgement: judged(verdict, false, 'broken by order') };
    }),
    judgeForced: assign(({ event, context }) => {
      if (event.type !== 'victim.named') return context;
      return { judgement: judged('sourceMe', true, `${event.victim} was named as the victim`) };
    }),
    judgeComplete: assign(({ context }) => ({
      judgement: context.judgement && { ...context.judgement, full: true },
    })),
  },
}).createMachine({
  id: 'mirror',
  context: ({ input }) => ({
    fencing: input.fencing,
    judgement: null,
    peer: null,
    leaving: false,
    holds: 0,
  }),
  type: 'parallel',
  on: {
    'peer.learned': { actions: 'learn' },
    'peer.leaving': { actions: assign({ leaving: true }) },
  },
  states: {
    copy: {
      initial: 'gray',
      on: { 'partition.failed': '.gray', 'copy.created': '.blank' },
      states: {
        gray: {
          on: {
            'partition.read': [
              { guard: 'isLatest', target: 'green' },
              { guard: 'isBehind', target: 'red' },
              { target: 'blank' },
            ],
          },
        },
        blank: {
          on: {
            'latest.proved': { guard: isWorking, target: 'green', actions: 'watchPeer' },
            'recovery.started': { target: 'yellow.target' },
          },
        },
        red: {
          on: {
            'latest.proved': { guard: isWorking, target: 'green', actions: 'watchPeer' },
            'recovery.started': { target: 'yellow.target' },
          },
        },
        green: {
          on: {
            'latest.proved': { actions: 'watchPeer' },
            'latest.lost': 'red',
            'disk.failed': { guard: 'losesItsClaim', target: 'red' },
            'loss.recorded': { actions: 'watchPeer' },
            'recovery.started': [
              { guard: 'isSource', target: 'yellow.source' },
              { target: 'yellow.target' },
            ],
          },
        },
        yellow: {
          initial: 'source',
          on: {
            'recovery.ended': 'green',
            'latest.lost': 'red',
            'disk.failed': { guard: 'losesItsClaim', target: 'red' },
          },
          states: {
            source: {
              on: {
                'recovery.aborted': '#mirror.copy.green',
                'loss.recorded': { target: '#mirror.copy.green', actions: 'watchPeer' },
              },
            },
            target: {
              on: {
                'recovery.aborted': '#mirror.copy.red',
                'loss.recorded': '#mirror.copy.red',
              },
            },
          },
        },
      },
    },
    disk: {
      initial: 'working',
      states: {
        working: { on: { 'disk.failed': 'failed' } },
        failed: { on: { 'disk.replaced': 'working' } },
      },
    },
    link: {
      initial: 'disconnected',
      on: { 'copy.created': { target: '.disconnected', actions: ['part', 'resumeWrites'] } },
      states: {
        disconnected: {
          initial: 'outOfStep',
          on: {
            'sides.met': [
              { guard: 'areSame', target: 'connected.inSync', actions: 'meet' },
              { target: 'connected.behind', actions: ['meet', 'considerRecovery'] },
            ],
          },
          states: { outOfStep: {}, inStep: {} },
        },
        connected: {
          initial: 'behind',
          entry: ['serveSession', 'resumeWrites'],
          on: {
            'link.lost': 'lost.outOfStep',
            'victim.named': { actions: 'judgeForced' },
            'outOfSync.complete': { actions: 'judgeComplete' },
          },
          states: {
            behind: {
              on: {
                'copies.matched': { target: 'inSync', actions: 'judgeMatched' },
                'recovery.started': [
                  { guard: 'isSource', target: 'recovering.source' },
                  { target: 'recovering.target' },
                ],
                'activation.ended': { guard: 'isOpen', actions: 'considerRecovery' },
                'autoRecovery.released': { actions: 'considerRecovery' },
              },
            },
            recovering: {
              initial: 'source',
              on: {
                'recovery.ended': { target: 'inSync', actions: 'judgeRecovered' },
                'recovery.aborted': 'behind',
              },
              states: {
                source: { on: { 'recovery.finishing': 'finishing' } },
                finishing: { on: { 'link.lost': '#mirror.link.lost.inStep' } },
                target: {},
              },
            },
            inSync: {
              on: {
                'copies.differed': { target: 'behind', actions: 'judgeBroken' },
                'link.lost': '#mirror.link.lost.inStep',
              },
            },
          },
        },
        lost: {
          initial: 'outOfStep',
          entry: ['part', 'recordLoss', 'reconnect'],
          exit: 'resumeWrites',
          states: {
            outOfStep: { on: { 'loss.recorded': '#mirror.link.disconnected.outOfStep' } },
            inStep: { on: { 'loss.recorded': '#mirror.link.disconnected.inStep' } },
          },
        },
      },
    },
    role: {
      initial: 'inactive',
      states: {
        inactive: { on: { 'mirror.opened': { target: 'active', actions: 'resumeWrites' } } },
        active: {
          initial: 'serving',
          on: {
            'mirror.deactivated': 'inactive',
            'loss.recorded': { actions: 'announceBreak' },
            'copies.differed': { actions: 'announceBreak' },
          },
          states: { serving: { on: { 'mirror.closing': 'closing' } }, closing: {} },
        },
      },
    },
    activation: {
      initial: 'none',
      states: {
        none: { on: { 'activation.began': 'underWay' } },
        underWay: { on: { 'activation.ended': 'none' } },
      },
    },
    writes: {
      initial: 'flowing',
      states: {
        flowing: {
          on: {
            'break.began': 'breaking',
            'loss.recorded': [
              { guard: and(['goesOnAlone', 'mayLeavePeerUntold']), target: 'releasing' },
              { guard: 'goesOnAlone', target: 'held' },
            ],
          },
        },
        breaking: { on: { 'break.ended': 'flowing' } },
        releasing: { on: { 'writes.released': 'flowing' } },
        held: {
          entry: 'hold',
          on: {
            'writes.released': 'flowing',
            'sides.met': 'flowing',
            'mirror.opened': 'flowing',
            'mirror.deactivated': 'flowing',
          },
        },
      },
    },
    operator: {
      initial: 'content',
      states: {
        content: { on: { 'copies.differed': 'stopped', 'recovery.cancelled': 'stopped' } },
        stopped: { on: { 'recovery.ordered': 'content', 'sides.met': 'content' } },
      },
    },
    holding: {
      initial: 'free',
      states: {
        free: { on: { 'autoRecovery.held': 'held' } },
        held: { on: { 'autoRecovery.released': 'free' } },
      },
    },
  },
});

export type MirrorChart = SnapshotFrom<typeof mirrorMachine>;
