/**
 * Where partitions are resolved by majority or by a shared disk, servers that split cleanly do not go on
 * running the same group: those that are cut off end. Clean is a split in which each two servers
 * either hear each other or do not at all, and whoever hears the same server hears each other. In any
 * other no resolution of x5 2.12.10 promises that one side alone goes on; nor does one by ping, where
 * both sides still get an answer.
 */
import { markNetOf, netOf } from '../../src/config/index.ts';
import type { HostState } from '../../src/host/state.ts';
import type { Cables } from '../../src/sim/cables.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';
import type { Twin } from '../../src/sim/twin.ts';

const RESOLVING = new Set(['majonp', 'disknp']);
/** clptoratio of the histories stretches the heartbeat timeout so much at most. */
const MOST_RATIO = 3;
/** So long a server that is cut off takes to end, with scripts that do not hang. */
const ENDING_MS = 5000;

type Between = 'heard' | 'cut' | 'unclear';

export class Split {
  readonly #twin: Twin;
  readonly #nets: string[];
  /** The shared disks over which servers that do not hear each other see that they run. */
  readonly #marks: string[];
  readonly isResolved: boolean;
  #parts: string | null = null;
  #since = 0;

  constructor(twin: Twin) {
    const { config } = twin;
    this.#twin = twin;
    this.isResolved = config.networkPartition.some(({ type }) => RESOLVING.has(type));
    const nets = config.heartbeats.map((resource) => netOf(config, resource));
    this.#nets = nets.filter((net) => net !== null);
    const marks = config.networkPartition.map((resource) => markNetOf(config, resource));
    this.#marks = marks.filter((net) => net !== null);
  }

  look(now: number): void {
    if (!this.isResolved) return;
    const there = this.#twin.servers.filter((server) => server.isRunning('daemon'));
    const parts = this.#partsOf(there);
    if (parts !== null && parts === this.#parts) return;
    this.#parts = parts;
    this.#since = now;
  }

  /** Two have run a group since then: whether one of them should have ended by now. */
  isOverdue(since: number, now: number): boolean {
    if (!this.isResolved || this.#parts === null || this.#twin.scripts.faults.size > 0)
      return false;
    const { timeoutMs } = this.#twin.config.heartbeat;
    return now - Math.max(since, this.#since) > MOST_RATIO * timeoutMs + ENDING_MS;
  }

  /** As a text; null: it is no clean split. */
  #partsOf(there: readonly SimServer[]): string | null {
    const { cables } = this.#twin.network;
    const parts: SimServer[][] = [];
    for (const server of there) {
      const between = parts.map((part) => part.map((one) => this.#between(cables, one, server)));
      const isClear = between.every((all) => {
        return !all.includes('unclear') && new Set(all).size === 1;
      });
      const own = parts.filter((_, at) => between[at]![0] === 'heard');
      if (!isClear || own.length > 1) return null;
      if (own[0]) own[0].push(server);
      else parts.push([server]);
    }
    return parts.map((part) => part.map(({ name }) => name).join(' ')).join(' | ');
  }

  #between(cables: Cables, one: SimServer, other: SimServer): Between {
    // Who hangs, or is suspended, listens to nobody and resolves nothing.
    const isDeaf = ({ frozen, node }: HostState) => frozen || node.value === 'suspended';
    if (isDeaf(one.state()) || isDeaf(other.state())) return 'unclear';
    if (this.#nets.some((net) => cables.isSound(net, one.name, other.name))) return 'heard';
    const isUp = (net: string) =>
      cables.isUp(net, one.name, other.name) || cables.isUp(net, other.name, one.name);
    const areMarked = this.#marks.every((net) => cables.isUp(net, one.name, other.name));
    return this.#nets.some(isUp) || !areMarked ? 'unclear' : 'cut';
  }
}
