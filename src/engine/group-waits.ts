/**
 * Whom a group waits for before it starts or stops (startAfter, stopAfter): questions to the state.
 * A start waits until the others are online, on whatever server; a stop, which waits only while a
 * server or the cluster stops, until they are offline.
 */
import { perObject } from '../core/per-object.ts';
import type { GroupState } from '../ports/views.ts';
import { firstCandidate } from './placement.ts';
import { groupConfig, groupState, isBusy, isHere, isPresent, otherHome } from './queries.ts';
import type { DaemonState, Task } from './state.ts';

export function isWaiting({ chart }: Task): boolean {
  return chart.value === 'expecting' || chart.value === 'lingering';
}

/** The groups whose task waits for others. */
export const waitingGroups = perObject((groups: DaemonState['groups']): string[] =>
  Object.keys(groups).filter((group) => {
    const { task } = groups[group]!;
    return task !== null && isWaiting(task);
  }),
);

/** What is said of a group here and on every server that is there. */
function statesOf(state: DaemonState, group: string): GroupState[] {
  const peers = Object.values(state.peers).filter(isPresent);
  const said = peers.map((peer) => peer.reported?.groups[group]?.state ?? 'Offline');
  return [groupState(state.groups[group]!), ...said];
}

/** It runs here, or is about to start here by itself. */
function isOfThisServer(state: DaemonState, group: string): boolean {
  const run = state.groups[group]!;
  if (isHere(run) || isBusy(state, group)) return true;
  const config = groupConfig(state, group);
  const isComing = config.startup === 'auto' && !run.held && otherHome(state, group) === null;
  return isComing && firstCandidate(state, config) === state.server;
}

export function awaitedToStart(state: DaemonState, group: string): string[] {
  const { startAfter } = groupConfig(state, group);
  return (startAfter?.groups ?? [])
    .filter(({ name, sameServer }) => !sameServer || isOfThisServer(state, name))
    .map(({ name }) => name)
    .filter((name) => !statesOf(state, name).includes('Online'));
}

/** Null: the daemon does not stop, or this is not the kind of stop that waits. */
export function awaitedToStop(state: DaemonState, group: string): string[] {
  const { stopAfter } = groupConfig(state, group);
  const { stopping } = state;
  if (!stopAfter || !stopping) return [];
  if (!(stopping.failOver ? stopAfter.onServerStop : stopAfter.onClusterStop)) return [];
  return stopAfter.groups.filter((name) => {
    const states = statesOf(state, name);
    const asked = stopping.failOver ? states.slice(0, 1) : states;
    return asked.some((one) => one !== 'Offline');
  });
}

/** Whether what a group waits for will not come by itself any more. */
export function hasFailed(state: DaemonState, group: string, kind: 'start' | 'stop'): boolean {
  const word = kind === 'start' ? 'Online Failure' : 'Offline Failure';
  return statesOf(state, group).includes(word);
}
