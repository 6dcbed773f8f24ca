/** The lease of a run: taken by its runner, and let go by the servers' word when that is gone. */
import { DrydockError } from '../core/errors.ts';
import type { ClusterDoor, LeaseHeld, LeaseView } from '../ports/cluster.ts';
import type { RunContext } from './run-context.ts';

export type LeaseDoor = Pick<ClusterDoor, 'leases' | 'releaseLease'>;

/**
 * By the servers' word, because a run that died while it began has not recorded its lease. The
 * answer says why it could not be let go.
 */
export async function letLeaseGo(door: LeaseDoor | null, run: string): Promise<string | null> {
  if (door === null) return 'the cluster was not asked';
  try {
    const held = Object.values(await door.leases()).filter(
      (lease) => 'holder' in lease && lease.holder === run,
    ) as LeaseView[];
    const token = Math.max(0, ...held.map((lease) => lease.token));
    if (held.length > 0) await door.releaseLease({ holder: run, token });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Takes the lease, or the words of who has it. An undo takes it over from the run it undoes. */
export async function takeLease(
  context: Pick<RunContext, 'door' | 'run' | 'who' | 'plan'>,
): Promise<{ lease: LeaseHeld } | { why: string; exit: number }> {
  const { undoes, runbook } = context.plan;
  if (undoes !== undefined) await letLeaseGo(context.door, undoes);
  try {
    return { lease: await context.door.acquireLease(context.run, `${runbook.id}, ${context.who}`) };
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    return { why: error.message, exit: error.exit };
  }
}
