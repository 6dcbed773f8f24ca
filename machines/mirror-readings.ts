/** What the chart of a mirror says, in the words of those who ask. Pure. */
import type { MirrorChart } from './mirror.machine.ts';
import type { Color } from './mirror-pair.ts';

/** The connection as seen from here: none; out of step; a recovery runs; every write goes to both. */
export type Phase = 'none' | 'idle' | 'recovering' | 'inSync';

/** What the chart says, in the words of those who ask. */
export interface PairReadings {
  phase: Phase;
  isActive: boolean;
  /** Deactivation has begun: no new write is taken. */
  isClosing: boolean;
  isActivating: boolean;
  /** The disk failed in the life of this process. */
  isFailed: boolean;
  /** No write goes on. */
  isFrozen: boolean;
  /** The target of this side's recovery may be in step by now. */
  isFinishing: boolean;
  /** What was lost with the connection is not durable yet; `inStep`: the other copy may hold everything. */
  loss: { inStep: boolean } | null;
  /** Lost while in step, in the life of this process: only then does a fence prove anything. */
  partedInStep: boolean;
  /** How writes go on after a loss: once that is durable, or once the other side knows of it or is off. */
  alone: 'releasing' | 'held' | null;
  /** An operator broke the mirror or cancelled: no automatic recovery until the next meeting. */
  isStopped: boolean;
}

const phaseOf = (chart: MirrorChart): Phase => {
  if (chart.matches({ link: { connected: 'inSync' } })) return 'inSync';
  if (chart.matches({ link: { connected: 'recovering' } })) return 'recovering';
  return chart.matches({ link: 'connected' }) ? 'idle' : 'none';
};

export function readingsOf(chart: MirrorChart): PairReadings {
  const isActive = chart.matches({ role: 'active' });
  const isFailed = chart.matches({ disk: 'failed' });
  const isLost = chart.matches({ link: 'lost' });
  const lostInStep = chart.matches({ link: { lost: 'inStep' } });
  const { writes } = chart.value;
  return {
    phase: phaseOf(chart),
    isActive,
    isClosing: chart.matches({ role: { active: 'closing' } }),
    isActivating: chart.matches({ activation: 'underWay' }),
    isFailed,
    isFrozen: isFailed || writes !== 'flowing' || (isActive && lostInStep),
    isFinishing: chart.matches({ link: { connected: { recovering: 'finishing' } } }),
    loss: isLost ? { inStep: lostInStep } : null,
    partedInStep: chart.matches({ link: { disconnected: 'inStep' } }),
    alone: writes === 'releasing' || writes === 'held' ? writes : null,
    isStopped: chart.matches({ operator: 'stopped' }),
  };
}

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
