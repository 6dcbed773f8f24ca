/**
 * One side of a mirror disk: what its copy is worth, whether the other side is in reach, whether
 * it is active, and whether automatic recovery may start. Block writes never pass through here;
 * only edges do.
 *
 *   copy                 partition.read(worth)
 *     gray ─────────────────────────────────────┬──────────► green ◄────────────┐
 *      ▲  partition.failed (from anywhere)      ├──────────► red                │
 *      │                                        └──────────► blank              │
 *      │      copy.created ──► blank            latest.proved: red, blank ──► green
 *      │                                        latest.lost:   green ──► red    │
 *      │   green ── recovery.started(source) ──► yellow.source ── ended/aborted ┘
 *      │   red, blank, green ── recovery.started(target) ──► yellow.target
 *      │                      ended ──► green      aborted, link.lost ──► red
 *
 *   link    disconnected ── link.connected ──► connected.{behind ⇄ inSync} ── link.lost ──► disconnected
 *   role    inactive ── mirror.activated ──► active ── mirror.deactivated ──► inactive
 *   holding free ── autoRecovery.held ──► held ── autoRecovery.released ──► free
 *
 * Colours (v3 11.10.2, 11.10.3): GREEN newest and provably so; RED not provably newest, or blank;
 * YELLOW a recovery runs, on both sides of it; GRAY cannot be read. A yellow state is left by every
 * way a recovery can end, a lost link included: no side stays YELLOW.
 *
 * Sources: v3 10.8, 11.10.1 to 11.10.6, 12.2, 12.4.4; x5 2.3. The generations behind `green` are
 * ours (src/mirror/copy/generations.ts).
 */
import { type SnapshotFrom, setup } from 'xstate';
import type { Color } from './mirror-pair.ts';

export { type Color, type PairState, pairState, type SideFacts } from './mirror-pair.ts';

/** How the standby side learned that the active side stopped first (ARCHITECTURE: takeover). */
export type Evidence =
  | { by: 'notice'; from: string; at: number }
  | { by: 'fence'; from: string; at: number }
  | { by: 'operatingSystem'; from: string; at: number };

/** What the cluster partition says of the copy when it is read. */
export type Worth = 'latest' | 'behind' | 'blank';

export type MirrorEvent =
  | { type: 'partition.read'; worth: Worth }
  | { type: 'partition.failed' }
  | { type: 'copy.created' }
  | { type: 'latest.proved' }
  | { type: 'latest.lost' }
  | { type: 'link.connected' }
  | { type: 'link.lost' }
  | { type: 'copies.matched' }
  | { type: 'copies.differed' }
  | { type: 'recovery.started'; side: 'source' | 'target' }
  | { type: 'recovery.ended' }
  | { type: 'recovery.aborted' }
  | { type: 'mirror.activated' }
  | { type: 'mirror.deactivated' }
  | { type: 'autoRecovery.held' }
  | { type: 'autoRecovery.released' };

/** The effects: `announceBreak` tells the daemon, `considerRecovery` asks the four conditions again. */
export const mirrorMachine = setup({
  types: {
    context: {} as Record<string, never>,
    events: {} as MirrorEvent,
  },
  guards: {
    isLatest: ({ event }) => event.type === 'partition.read' && event.worth === 'latest',
    isBehind: ({ event }) => event.type === 'partition.read' && event.worth === 'behind',
    isSource: ({ event }) => event.type === 'recovery.started' && event.side === 'source',
  },
  actions: { announceBreak: () => {}, considerRecovery: () => {} },
}).createMachine({
  id: 'mirror',
  context: {},
  type: 'parallel',
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
            'latest.proved': 'green',
            'recovery.started': { target: 'yellow.target' },
          },
        },
        red: {
          on: {
            'latest.proved': 'green',
            'recovery.started': { target: 'yellow.target' },
          },
        },
        green: {
          on: {
            'latest.lost': 'red',
            'recovery.started': [
              { guard: 'isSource', target: 'yellow.source' },
              { target: 'yellow.target' },
            ],
          },
        },
        yellow: {
          initial: 'source',
          on: { 'recovery.ended': 'green' },
          states: {
            source: {
              on: {
                'recovery.aborted': '#mirror.copy.green',
                'link.lost': '#mirror.copy.green',
                'latest.lost': '#mirror.copy.red',
              },
            },
            target: {
              on: {
                'recovery.aborted': '#mirror.copy.red',
                'link.lost': '#mirror.copy.red',
                'latest.lost': '#mirror.copy.red',
              },
            },
          },
        },
      },
    },
    link: {
      initial: 'disconnected',
      states: {
        disconnected: { on: { 'link.connected': 'connected' } },
        connected: {
          initial: 'behind',
          on: { 'link.lost': 'disconnected' },
          states: {
            behind: {
              entry: 'considerRecovery',
              on: {
                'copies.matched': 'inSync',
                'recovery.ended': 'inSync',
                'mirror.activated': { actions: 'considerRecovery' },
                'autoRecovery.released': { actions: 'considerRecovery' },
              },
            },
            inSync: { on: { 'copies.differed': 'behind' } },
          },
        },
      },
    },
    role: {
      initial: 'inactive',
      states: {
        inactive: { on: { 'mirror.activated': 'active' } },
        active: {
          on: {
            'mirror.deactivated': 'inactive',
            'link.lost': { actions: 'announceBreak' },
            'copies.differed': { actions: 'announceBreak' },
          },
        },
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

/** The colour that clpmdstat prints for this side (v3 11.10.2). */
export function colorOf(chart: MirrorChart): Color {
  if (chart.matches({ copy: 'green' })) return 'GREEN';
  if (chart.matches({ copy: 'yellow' })) return 'YELLOW';
  return chart.matches({ copy: 'gray' }) ? 'GRAY' : 'RED';
}

/** What v3 11.10.1 asks before an automatic recovery. `null`: not known. */
export interface RecoveryFacts {
  configured: boolean;
  held: boolean;
  active: boolean;
  latest: boolean;
  connected: boolean;
  peerStatusKnown: boolean;
  peerDiskError: boolean;
  peerActive: boolean;
  differs: boolean;
  peerIsBehind: boolean;
}

/**
 * The four conditions and three prohibitions of v3 11.10.1 as one table. Answers why not, or null
 * when an automatic recovery from this side may start.
 */
export function whyNoAutomaticRecovery(facts: RecoveryFacts): string | null {
  const table: [boolean, string][] = [
    [!facts.configured, 'automatic mirror recovery is not configured'],
    [facts.held, 'automatic mirror recovery is held'],
    [!facts.active, 'the mirror disk resource is not active here'],
    [!facts.latest, 'this side does not hold the latest data'],
    [!facts.connected, 'the other server is not connected'],
    [!facts.peerStatusKnown, 'the mirroring status of the other server cannot be confirmed'],
    [facts.peerDiskError, 'the disk of the other server has an error'],
    [facts.peerActive, 'the mirror is active on both servers'],
    [!facts.peerIsBehind, 'which side holds the latest data cannot be judged'],
    [!facts.differs, 'there is no difference'],
  ];
  return table.find(([forbids]) => forbids)?.[1] ?? null;
}
