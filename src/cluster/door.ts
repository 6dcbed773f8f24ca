/**
 * A cluster whose servers answer over a Wire: its four faces, put together.
 * (src/ports/cluster.ts says what each of them is for, the port of each what its calls promise.)
 */
import type { Json } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Capabilities, ClusterDoor } from '../ports/cluster.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Asking, Looking } from './ask.ts';
import { createCommands } from './commands.ts';
import { collectDocuments, putDocument } from './documents.ts';
import { breakGlass, glassOf } from './glass.ts';
import { createLeases } from './leases.ts';
import { ASK_TIMEOUT_MS, statusCollector } from './status.ts';

const PAPERS_TIMEOUT_MS = 2000;

/** Such servers have a host and a management controller each, and those can all of it. */
const ABLE: Capabilities = { lease: null, documents: null, power: null, physicalActs: null };

export interface DoorOptions {
  wire: Looking;
  /** The servers that stand in the rack, in their order, whichever of them the configuration names. */
  machines: readonly string[];
  /** As it lies on the servers now: asked anew for every look, since a run may change it. */
  config: () => ClusterConfiguration;
  clock: Clock;
}

async function clockOf(wire: Asking, server: string): Promise<number | null> {
  const answer = await wire.request({ server, part: 'host' }, { do: 'status' }, ASK_TIMEOUT_MS);
  const { now } = (answer ?? {}) as { now?: Json };
  return typeof now === 'number' ? now : null;
}

export function createDoor({ wire, machines, config, clock }: DoorOptions): ClusterDoor {
  const leases = createLeases({ wire, servers: machines, clock });
  const servers = machines.map((server) => ({
    server,
    timeoutMs: PAPERS_TIMEOUT_MS,
  }));
  return {
    commands: createCommands({ wire, clock, leases }),
    observation: {
      status: statusCollector(wire, { machines, config }, clock),
      clockOf: (server) => clockOf(wire, server),
    },
    lease: leases,
    documents: {
      held: () => collectDocuments({ wire, clock, servers }),
      put: (document) => putDocument({ wire, clock, servers }, document),
      glass: (server) => glassOf(wire, server),
      breakGlass: (server, reason, login) => breakGlass(wire, server, reason, login),
    },
    capabilities: () => ABLE,
  };
}
