/** What the agent says of its copies: AgentView (src/ports/views.ts), as clpmdstat shows it. */
import { colorOf } from '../../../machines/mirror.machine.ts';
import type { AgentView } from '../../ports/views.ts';
import type { RecoveryStatus } from '../../schema/generated/status-1.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Recovery } from '../recovery/recovery.ts';
import { dirtyBytes } from '../writes/replicate.ts';

function recoveryView(recovery: Recovery, now: number): RecoveryStatus {
  const { id, from, to, kind, doneBlocks, totalBlocks, startedAt } = recovery;
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
function isLatest({ part, vouched, failed }: MirrorDisk): boolean | null {
  const { state, latest } = part?.record ?? {};
  if (failed || latest === undefined || state === 'unknown') return null;
  return latest && !vouched ? null : latest;
}

/** Sizes in bytes, times in ms since the epoch on this server; null where nothing is known. */
export function viewOf(disk: MirrorDisk): AgentView['mirrors'][string] {
  const record = disk.part?.record ?? null;
  const known = record !== null && record.state !== 'unknown' ? record : null;
  const sizeBytes = disk.data?.sizeBytes ?? null;
  const counts = known?.state === 'constructed' && disk.phase !== 'inSync';
  const differing = counts && known.bases.length > 0 ? dirtyBytes(disk) : 0;
  // Asynchronous: what is on its way is difference, too.
  const dirty = known ? differing + disk.queue.bytes : null;
  return {
    color: colorOf(disk.chart),
    active: disk.active,
    mounted: disk.mounted,
    generation: known?.generation ?? null,
    latest: isLatest(disk),
    apartSince: disk.apartSince,
    lastUpdate: disk.lastUpdate,
    breakTime: known?.breakTime ?? null,
    dirtyBytes: dirty,
    differencePercent: dirty === null ? null : differencePercent(dirty, sizeBytes ?? 0),
    diskError: disk.failed || disk.diskErrorSeen || (record?.diskError ?? false),
    connected: disk.session !== null,
    autoRecoveryHeld: known ? known.autoRecoveryHeld !== null : null,
    serial: disk.serial,
    sizeBytes,
    constructed: known?.state === 'constructed',
    recovery: disk.recovery ? recoveryView(disk.recovery, disk.ports.clock.now()) : null,
  };
}
