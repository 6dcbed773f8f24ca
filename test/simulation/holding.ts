/** The lease of a run, as the servers hold it (src/host/lease.ts). */
import type { SimServer } from '../../src/sim/sim-server.ts';

/**
 * A run that begins to act holds more than half of all servers, also of those that are off: what
 * they hold they still have. Where a person gave servers up by name half of them is enough.
 */
export function whyNotHeld(servers: readonly SimServer[], run: string): string | null {
  const leases = servers.map((server) => server.state().lease);
  const held = leases.filter(({ holder }) => holder === run);
  const isGivenUp = held.some(({ without }) => (without ?? []).length > 0);
  const isEnough = 2 * held.length > servers.length;
  if (isEnough || (isGivenUp && 2 * held.length === servers.length)) return null;
  return `run ${run} acts, and holds ${held.length} of ${servers.length} servers`;
}
