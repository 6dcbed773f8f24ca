/** What is told to the chart of a mirror, and what the chart wants done. */
import type { Judgement, PeerFacts } from './mirror-pair.ts';

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
  | { type: 'disk.failed' }
  | { type: 'disk.replaced' }
  | { type: 'copy.created' }
  | { type: 'latest.proved' }
  | { type: 'latest.lost' }
  | { type: 'sides.met'; judgement: Judgement; peer: PeerFacts }
  | { type: 'peer.learned'; facts: Partial<PeerFacts> }
  /** The other agent said that it ends. */
  | { type: 'peer.leaving' }
  | { type: 'link.lost' }
  /** What the loss means is durable. */
  | { type: 'loss.recorded' }
  | { type: 'copies.matched' }
  /** The mirror was broken by order: whose copy is the newer one from here. */
  | { type: 'copies.differed'; newer: 'mine' | 'theirs' }
  /** Every block counts as out of sync. */
  | { type: 'outOfSync.complete' }
  /** An operator named the copy of the other server as the one that dies. */
  | { type: 'victim.named'; victim: string }
  | { type: 'break.began' }
  | { type: 'break.ended' }
  | { type: 'writes.released' }
  | { type: 'recovery.ordered' }
  | { type: 'recovery.started'; side: 'source' | 'target' }
  | { type: 'recovery.finishing' }
  | { type: 'recovery.ended' }
  | { type: 'recovery.aborted' }
  | { type: 'recovery.cancelled' }
  | { type: 'activation.began' }
  | { type: 'mirror.opened' }
  | { type: 'activation.ended' }
  | { type: 'mirror.closing' }
  | { type: 'mirror.deactivated' }
  | { type: 'autoRecovery.held' }
  | { type: 'autoRecovery.released' };

/** What the chart wants done. Each is done once the chart has moved, in this order of their names. */
export type MirrorEffect =
  /** Make the loss durable, in turn. */
  | 'recordLoss'
  /** Look for the other side again. */
  | 'reconnect'
  /** Answer the other side's questions on the session. */
  | 'serveSession'
  /** A recovery that stopped the writes for its end is over. */
  | 'resumeWrites'
  /** Tell the daemon that the mirror broke. */
  | 'announceBreak'
  /** Ask the four conditions of an automatic recovery again. */
  | 'considerRecovery'
  /** This copy is the latest, and alone: look at the other server's power. */
  | 'watchPeer';
