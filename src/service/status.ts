/** The cluster as far as it can be seen: once, again whenever it changes, or until it is as wanted. */
import { heldIfAble } from '../cluster/index.ts';
import { DrydockError } from '../core/errors.ts';
import { sleep } from '../ports/clock.ts';
import { evaluateCondition } from '../runbook/language/expressions/expressions.ts';
import type { Status } from '../schema/generated/status.ts';
import type { Cluster, Context } from './context.ts';
import { type Report, reportOf } from './report.ts';
import { documentGaps } from './run/permission.ts';

/** Servers that do not hold the documents that others do, in words, beside what is seen. */
export interface Seen extends Report<Status> {
  gaps: string[];
}

export interface Watching {
  /** Whether to ask for the documents as well. */
  isWithGaps: boolean;
  onSeen(seen: Seen): void;
  /** Aborted when nobody wants to see more. */
  over: AbortSignal;
}

async function look(cluster: Cluster, isWithGaps: boolean, data: Status): Promise<Seen> {
  const gaps = isWithGaps ? documentGaps(await heldIfAble(cluster.door)) : [];
  return { ...reportOf(data), gaps };
}

export async function readStatus(
  ctx: Context,
  { isWithGaps }: { isWithGaps: boolean },
): Promise<Seen> {
  const cluster = await ctx.openCluster();
  try {
    return await look(cluster, isWithGaps, await cluster.door.observation.status());
  } finally {
    await cluster.close();
  }
}

/** Everything but the times of looking. */
function essence(status: Status): string {
  return JSON.stringify(status, (key, value) =>
    ['takenAt', 'at', 'usedMs', 'remainMs'].includes(key) ? 0 : value,
  );
}

async function pause({ clock }: Cluster, ms: number, over: AbortSignal): Promise<void> {
  if (over.aborted) return;
  const left = new Promise<void>((resolve) => {
    over.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([sleep(clock, ms), left]);
}

/** Tells whenever something else than a time has changed, until it is over. */
export async function watchStatus(
  ctx: Context,
  { isWithGaps, onSeen, over }: Watching,
): Promise<void> {
  const cluster = await ctx.openCluster();
  try {
    for (let last = ''; ; ) {
      const seen = await cluster.door.observation.status();
      const now = essence(seen);
      if (now !== last) onSeen(await look(cluster, isWithGaps, seen));
      last = now;
      await pause(cluster, 500, over);
      if (over.aborted) return;
    }
  } finally {
    await cluster.close();
  }
}

/** Looks until the condition (CEL) holds; throws `wait.timeout` (exit 1) when the time is over. */
export async function waitForStatus(
  ctx: Context,
  { condition, seconds, over }: { condition: string; seconds: number; over: AbortSignal },
): Promise<Report<Status>> {
  const cluster = await ctx.openCluster();
  try {
    const limit = cluster.clock.now() + seconds * 1000;
    let last = 'it does not hold';
    while (!over.aborted) {
      const status = await cluster.door.observation.status();
      const found = evaluateCondition(condition, { status, names: {}, before: {}, chosen: {} });
      if ('value' in found && found.value) return reportOf(status);
      last = 'unknown' in found ? `not known: ${found.unknown}` : 'it does not hold';
      if (cluster.clock.now() > limit) break;
      await pause(cluster, 100, over);
    }
    throw new DrydockError(`waited ${seconds} s for ${condition}: ${last}`, {
      code: 'wait.timeout',
      remedy: 'look with `drydock status`',
    });
  } finally {
    await cluster.close();
  }
}
