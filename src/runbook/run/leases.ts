/** The lease of a run: taken by its runner, and let go by the servers' word when that is gone. */
import { DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { type Lease, type LeaseHeld, LeaseShort, type LeaseView } from '../../ports/lease.ts';
import type { RunContext } from './context.ts';
import { foldRun } from './fold.ts';

/**
 * By the servers' word, because a run that died while it began has not recorded its lease. The
 * answer says why it could not be let go.
 */
export async function letLeaseGo(
  lease: Pick<Lease, 'show' | 'release'> | null,
  run: string,
): Promise<string | null> {
  if (lease === null) return 'the cluster was not asked';
  try {
    const held = Object.values(await lease.show()).filter(
      (view) => 'holder' in view && view.holder === run,
    ) as LeaseView[];
    const token = Math.max(0, ...held.map((view) => view.token));
    if (held.length > 0) await lease.release({ holder: run, token });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** What the record says of a lease that was taken. */
export function leaseBody(taken: { lease: LeaseHeld; gaveUp: string[] }): JsonObject {
  const { holder, token } = taken.lease;
  const { gaveUp } = taken;
  return { lease: { holder, token }, ...(gaveUp.length > 0 ? { gaveUp } : {}) };
}

type Taker = Pick<RunContext, 'door' | 'run' | 'who' | 'plan'> &
  Partial<Pick<RunContext, 'operator' | 'options' | 'state' | 'journal'>>;

/** `gaveUp`: what a person gave up by name for it, for the record. */
type Taken = { lease: LeaseHeld; gaveUp: string[] } | { why: string; exit: number };

/** The lease that the run, or the one it undoes, was given and has not given back. */
async function leaseBefore(taker: Taker): Promise<LeaseHeld | null> {
  const { state, journal, plan } = taker;
  const { undoes } = plan;
  if (state?.context.lease) return state.context.lease;
  if (undoes === undefined || !journal) return null;
  const entries = await journal.entries(undoes);
  return entries.length > 0 ? foldRun(entries).context.lease : null;
}

/** Servers that a person gives up, by typing their names; null when somebody does not. */
async function askToGiveUp(taker: Taker, short: LeaseShort): Promise<string[] | null> {
  if (!taker.operator || short.missing.length === 0) return null;
  for (const name of short.missing) {
    const question =
      `${short.message}.\nIf another run may hold the cluster through ${name}, stop here. ` +
      `Going on gives up what ${name} says of it.`;
    const typed = await taker.operator.confirm('lease', question, name);
    if (typed?.trim() !== name) return null;
  }
  return [...short.missing];
}

/** What a person gave up so that a restarted server serves on; null: nobody did. */
export async function vouchFor(
  taker: Taker,
  server: string,
  lease: LeaseHeld,
): Promise<string[] | null> {
  const vouch = async (giveUp: string[]) => {
    await taker.door.lease.vouch(server, lease, giveUp);
    return giveUp;
  };
  try {
    return await vouch([]);
  } catch (error) {
    if (!(error instanceof LeaseShort)) throw error;
    const given = taker.options?.giveUp ?? [];
    const isGiven = error.missing.length > 0 && error.missing.every((name) => given.includes(name));
    const named = isGiven ? [...error.missing] : await askToGiveUp(taker, error);
    return named === null ? null : vouch(named);
  }
}

/**
 * Takes the lease, or the words of who has it. An undo takes it over from the run it undoes. Where
 * too few servers are there a person is asked to give up the others by name.
 */
export async function takeLease(taker: Taker): Promise<Taken> {
  const { undoes, runbook } = taker.plan;
  const about = `${runbook.id}, ${taker.who}`;
  const over = undoes === undefined ? [] : [undoes];
  const take = async (giveUp: string[]): Promise<Taken> => {
    const wish = { giveUp, over, before: await leaseBefore(taker) };
    return { lease: await taker.door.lease.acquire(taker.run, about, wish), gaveUp: giveUp };
  };
  try {
    const given = [...(taker.options?.giveUp ?? [])];
    return await take(given).catch(async (error: unknown) => {
      const named = error instanceof LeaseShort ? await askToGiveUp(taker, error) : null;
      if (named === null) throw error;
      return take([...new Set([...given, ...named])]);
    });
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    const why = error.remedy ? `${error.message}; ${error.remedy}` : error.message;
    return { why, exit: error.exit };
  }
}
