/** What the agent says of its copies: AgentView (src/ports/views.ts), as clpmdstat shows it. */
import type { AgentView } from '../../ports/views.ts';
import type { RecoveryStatus } from '../../schema/generated/status-1.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Recovery } from '../recovery/recovery.ts';
import { dirtyBytes } from '../writes/replicate.ts';

function recoveryView(recovery: Recovery, now: number): RecoveryStatus {
  const { id, from, to, kind, totalBlocks, startedAt } = recovery.start;
  const { doneBlocks } = recovery;
  const part = totalBlocks === 0 ? 0 : Math.min(1, doneBlocks / totalBlocks);
  const usedMs = now - startedAt;
  return {
    id,
    from,
    to,
    kind,
    percent: Math.floor(part * 100),
    usedMs,
    remainMs: part === 0 ? null : Math.round((usedMs * (1 - part)) / part),
    ...(recovery.pause.isShut ? { paused: true as const } : {}),
  };
}

function differencePercent(dirty: number, size: number): number {
  return size === 0 || dirty === 0 ? 0 : Math.max(1, Math.round((dirty / size) * 100));
}

/**
 * Null where it is not known: a claim from before this agent's start, which nobody has vouched for,
 * and a disk that failed, where what was to be saved last may be there or not.
 */
function isLatest({ copy, pair }: MirrorDisk): boolean | null {
  const { state, latest } = copy.stored ?? {};
  if (pair.now.isFailed || latest === undefined || state === 'unknown') return null;
  return latest && !copy.isVouched ? null : latest;
}

/** Sizes in bytes, times in ms since the epoch on this server; null where nothing is known. */
export function viewOf(disk: MirrorDisk): AgentView['mirrors'][string] {
  const record = disk.copy.stored;
  const known = record !== null && record.state !== 'unknown' ? record : null;
  const sizeBytes = disk.copy.sizeBytes || null;
  const counts = known?.state === 'constructed' && disk.pair.now.phase !== 'inSync';
  const differing = counts && known.bases.length > 0 ? dirtyBytes(disk) : 0;
  // Asynchronous: what is on its way is difference, too.
  const dirty = known ? differing + disk.writes.queue.bytes : null;
  return {
    color: disk.pair.color,
    active: disk.pair.now.isActive,
    mounted: disk.device.isMounted,
    generation: known?.generation ?? null,
    latest: isLatest(disk),
    apartSince: disk.pair.apartSince,
    lastUpdate: disk.copy.lastUpdate,
    breakTime: known?.breakTime ?? null,
    dirtyBytes: dirty,
    differencePercent: dirty === null ? null : differencePercent(dirty, sizeBytes ?? 0),
    diskError: disk.pair.now.isFailed || disk.copy.isUnreadable || (record?.diskError ?? false),
    connected: disk.pair.session !== null,
    autoRecoveryHeld: known ? known.autoRecoveryHeld !== null : null,
    serial: disk.copy.serial,
    sizeBytes,
    constructed: known?.state === 'constructed',
    recovery: disk.recovery.current
      ? recoveryView(disk.recovery.current, disk.ports.clock.now())
      : null,
  };
}
