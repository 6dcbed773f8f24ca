/** A recovery of this copy, as source or as target, from its beginning to its end. */
import { Gate } from '../coalesce.ts';
import type { MirrorDisk } from '../disk.ts';
import { Copied } from './copied.ts';
import type { Keeper } from './stored-blocks.ts';

export type RecoveryKind = 'full' | 'difference' | 'construction';

export interface Recovery {
  id: string;
  side: 'source' | 'target';
  from: string;
  to: string;
  kind: RecoveryKind;
  /** ms since the epoch, this server's clock. */
  startedAt: number;
  totalBlocks: number;
  doneBlocks: number;
  /** Bytes of blocks that were sent over the mirror disk connect. */
  bytesSent: number;
  /** The finish is under way: the target may bear the source's generation already. */
  finishing: boolean;
  cancelled: string | null;
  /** Shut while an operator has it paused. */
  pause: Gate;
  /** Bytes that are being copied now; a write there waits for that range only. */
  copying: Set<[number, number]>;
  /** Sent, and not known to be durable on the target. */
  copied: Copied;
  /** Writes that waited so. */
  waitedWrites: number;
  /** When the next range may be sent under a bandwidth limit. */
  nextAt: number;
  /** Target: keeps what it overwrites, where the operator wants it. */
  keeper: Keeper | null;
}

export function begin(
  disk: MirrorDisk,
  side: Recovery['side'],
  id: string,
  kind: RecoveryKind,
  total: number,
): void {
  const { server, clock } = disk.ports;
  disk.phase = 'recovering';
  // What was compared is copied now, or copied over: a verify that runs ends without a word on it.
  disk.verification = null;
  disk.shown.forgetAll();
  disk.recovery = {
    id,
    side,
    kind,
    from: side === 'source' ? server : disk.p.peer,
    to: side === 'source' ? disk.p.peer : server,
    startedAt: clock.now(),
    totalBlocks: total,
    doneBlocks: 0,
    bytesSent: 0,
    finishing: false,
    cancelled: null,
    pause: new Gate(),
    copying: new Set(),
    copied: new Copied(),
    waitedWrites: 0,
    nextAt: 0,
    keeper: null,
  };
  disk.move({ type: 'recovery.started', side });
}

export function ended(disk: MirrorDisk, recovery: Recovery): void {
  disk.recovery = null;
  disk.phase = 'inSync';
  disk.judgement = { verdict: 'same', full: false, why: 'recovered' };
  if (disk.peer) disk.peer.diskError = false;
  disk.entry.open();
  disk.move({ type: 'recovery.ended' });
  if (recovery.side !== 'source') return;
  const first = recovery.kind === 'construction';
  const words = first
    ? `Initial recovery of mirror disk has finished successfully.(Device:${disk.p.device})`
    : `Building of switch mirror disk has finished successfully.(Device: ${disk.p.device})`;
  disk.log('Info', 'mdadmn', first ? 18 : 6, words);
}
