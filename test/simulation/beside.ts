/**
 * Nobody starts a group that runs on another server whom he hears: one that has waited at its start,
 * or is told to start it, knows of it, also where the other one is suspended. Judged as a resource
 * begins to start, since that an address is in use may keep the group from running twice.
 */
import { isOsUp } from '../../src/host/turn.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';
import type { Twin } from '../../src/sim/twin.ts';

/** Module rc: a resource begins to start. */
const RESOURCE_STARTS = 30;
/** Module nm: a server that starts has heard all others. */
const HAS_HEARD_ALL = 6;
/** So long it was heard, and it has run there: what was under way before has been given up by then. */
const FIRM_MS = 2000;

export class Beside {
  readonly #twin: Twin;
  readonly #lans: readonly string[];
  readonly #runs: (server: SimServer, group: string) => boolean;
  /** By `from to`: since when both daemons run and what one of them says reaches the other. */
  #heardSince = new Map<string, number>();
  /** By `group server`: since when it runs there. */
  #ranSince = new Map<string, number>();
  /** By server: when it had heard all others, since its daemon runs. */
  #informedAt = new Map<string, number>();

  constructor(twin: Twin, runs: (server: SimServer, group: string) => boolean) {
    this.#twin = twin;
    this.#lans = twin.network.cables.nets.filter((net) => net.startsWith('lan'));
    this.#runs = runs;
  }

  look(now: number): void {
    const { servers, config } = this.#twin;
    for (const one of servers) {
      if (!one.isRunning('daemon')) this.#informedAt.delete(one.name);
      for (const { name } of config.groups) {
        note(this.#ranSince, `${name} ${one.name}`, this.#holds(one, name), now);
      }
      for (const other of servers) {
        if (one === other) continue;
        note(this.#heardSince, `${one.name} ${other.name}`, this.#reaches(one, other), now);
      }
    }
  }

  /** What a line of the log says that may not be; null: nothing. */
  take({ server, module, id, text }: LogEntry, now: number): string | null {
    if (module === 'nm' && id === HAS_HEARD_ALL) this.#informedAt.set(server, now);
    if (module !== 'rc' || id !== RESOURCE_STARTS) return null;
    const group = this.#groupIn(text);
    if (group === undefined) return null;
    const isFirm = (since: number | undefined) => since !== undefined && now - since > FIRM_MS;
    const isKnown = (name: string) => {
      const since = this.#heardSince.get(`${name} ${server}`);
      // A cable that was mended since carries the next heartbeat only, whatever was heard before.
      const informedAt = this.#informedAt.get(server) ?? Number.NEGATIVE_INFINITY;
      return isFirm(since) || (since !== undefined && since <= informedAt);
    };
    const home = this.#twin.servers.find(
      ({ name }) =>
        name !== server && isFirm(this.#ranSince.get(`${group} ${name}`)) && isKnown(name),
    );
    return home ? `${server} starts ${group}, which runs on ${home.name}, whom it hears` : null;
  }

  #groupIn(text: string): string | undefined {
    const words = text.split(/[^\w-]+/);
    const { groups } = this.#twin.config;
    return groups.find(({ resources }) => resources.some((one) => words.includes(one)))?.name;
  }

  #holds(server: SimServer, group: string): boolean {
    return isOsUp(server.state()) && server.isRunning('daemon') && this.#runs(server, group);
  }

  /** Where partitions are resolved, what is heard one way only counts as lost. */
  #reaches(from: SimServer, to: SimServer): boolean {
    const { config, network } = this.#twin;
    const isAwake = (server: SimServer) => server.isRunning('daemon') && !server.state().frozen;
    if (!isAwake(from) || !isAwake(to)) return false;
    const isBothWays = config.networkPartition.length > 0;
    return this.#lans.some((lan) =>
      isBothWays
        ? network.cables.isSound(lan, from.name, to.name)
        : network.cables.isSoundFrom(lan, from.name, to.name),
    );
  }
}

function note(since: Map<string, number>, key: string, is: boolean, now: number): void {
  if (!is) since.delete(key);
  else if (!since.has(key)) since.set(key, now);
}
