/** Groups that should run and run nowhere, as far as one server knows. */
import { perObject } from '../core/per-object.ts';
import { hasLastingHome, isBusy, isHere, otherHome } from './queries.ts';
import type { DaemonState } from './state.ts';

/** Groups that are orphans of any peer. */
export const orphansIn = perObject(
  (orphans: DaemonState['orphans']): ReadonlySet<string> => new Set(Object.values(orphans).flat()),
);

export function orphansOf(state: DaemonState, peer: string): readonly string[] {
  return state.orphans[peer] ?? [];
}

/** Nothing of it is here, and nobody has decided that it should not run. */
function isWanting(state: DaemonState, group: string): boolean {
  const run = state.groups[group];
  return Boolean(run && !isHere(run) && !run.held && !run.blocked && !isBusy(state, group));
}

/** Runs nowhere that is known, and nobody has decided that it should not. */
export function isOrphan(state: DaemonState, group: string): boolean {
  return isWanting(state, group) && otherHome(state, group) === null;
}

/**
 * Nobody has it for good. A server that ends, or lets go of it, may count on another one that does so
 * too, or that counts on it, and the group was nobody's: such a home is none.
 */
export function isUnclaimed(state: DaemonState, group: string): boolean {
  return isWanting(state, group) && !hasLastingHome(state, group);
}

/** It should run, and as far as is known here it runs nowhere: an orphan, or left by this server. */
export function isUnowned(state: DaemonState, group: string): boolean {
  const { stopping, orphans } = state;
  const isLeft = stopping?.failOver === true && stopping.leaves.includes(group);
  const isKnown = isLeft || orphansIn(orphans).has(group);
  return isKnown && isUnclaimed(state, group);
}
