/** Who hears whom, and over what: questions to the daemon's state that change nothing. */
import { heartbeatKind } from '../config/index.ts';
import { beatTimeoutMs, isUp, lifeOf, partitionResources } from './queries.ts';
import type { DaemonState, Peer } from './state.ts';

/** Over a LAN: all else only carries heartbeats. True where no heartbeat goes over one. */
export function canTalk({ config, peers }: DaemonState, peer: string): boolean {
  const lans = config.heartbeats.filter(({ type }) => heartbeatKind(type)?.devices.includes('lan'));
  const beats = lans.flatMap(({ name }) => peers[peer]!.beats[name] ?? []);
  return beats.length === 0 || beats.some(({ value }) => value === 'up' || value === 'late');
}

/** Nothing of it is heard, or it left in order; who was never heard by now counts, too. */
function isSilent(peer: Peer): boolean {
  if (lifeOf(peer) === 'left') return peer.reported?.phase !== 'suspended';
  return Object.values(peer.beats).every(({ value }) => value === 'lost' || value === 'unused');
}

/** What a server tells the others of whom it hears. */
export interface Unheard {
  /** Servers of which nothing comes. */
  away: string[];
  /** Those that are not known here to run: these, the suspended, and those that do not hear this one. */
  apart: string[];
}

/**
 * Null where everybody is heard, and where no partition is resolved. A server that waits for the
 * others at its start says nothing of it: it runs nothing, and who serves is not to end for it. Whom
 * it did not hear by the end of its wait it says then (our choice).
 */
export function unheardBy({ phase, config, peers }: DaemonState): Unheard | null {
  if (phase !== 'online' || partitionResources(config).length === 0) return null;
  const isApart = (peer: Peer) => !isUp(peer);
  const namesOf = (is: (peer: Peer) => boolean) =>
    Object.values(peers)
      .filter(is)
      .map(({ name }) => name);
  const apart = namesOf(isApart);
  return apart.length === 0 ? null : { away: namesOf(isSilent), apart };
}

/** A server that is heard, and resolves partitions as this one does, hears that one. */
function isSeenElsewhere({ peers }: DaemonState, lost: string): boolean {
  return Object.values(peers).some(({ name, reported }) => {
    if (name === lost || !isUp(peers[name]) || reported?.phase !== 'online') return false;
    return !(reported.unheard?.apart ?? []).includes(lost);
  });
}

/**
 * It says that it does not hear this server, which has sent for longer than the timeout: they are
 * connected one way only. Where no partition is resolved nobody says so.
 */
export function isDeaf(state: DaemonState, { reported }: Peer, now: number): boolean {
  const isSettled =
    ['online', 'stopping'].includes(state.phase) &&
    now - Math.max(state.born, state.speaksSince) >= beatTimeoutMs(state, now);
  return isSettled && (reported?.unheard?.away ?? []).includes(state.server);
}

/** How a server that is lost here is known to run all the same. */
export function sightOf(state: DaemonState, name: string, now: number): Peer['seen'] {
  if (isSeenElsewhere(state, name)) return 'elsewhere';
  const peer = state.peers[name]!;
  return isDeaf(state, peer, now) && !isSilent(peer) ? 'oneWay' : 'no';
}
