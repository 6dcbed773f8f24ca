/**
 * What no history may show, watched from outside every few milliseconds of virtual time: by the
 * addresses and mounts that the servers' systems really hold, not by what any daemon says.
 *
 *     one home        a group runs on one server, unless the two could lately not hear each other;
 *                     with a forced stop configured, never on two
 *     found out       two that run the same group and hear each other do not go on so
 *     once            no operation id is ever started twice
 *     one at a time   a run does not act between the acts of another one: the lease is one run's
 */
import { isOsUp } from '../../src/host/turn.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';
import type { Twin } from '../../src/sim/twin.ts';

const EVERY_MS = 10;
/** A server that became deaf starts what another one runs within this time, heartbeats lost. */
const RECENT_MS = 90_000;
/** So long two that hear each other may run the same group. */
const FOUND_OUT_MS = 30_000;

interface Doubled {
  since: number;
  isTold: boolean;
}

export class Watch {
  readonly found: string[] = [];
  readonly #twin: Twin;
  readonly #addresses: { group: string; ip: string }[];
  readonly #lans: string[];
  /** By pair `a b`: when they could last not hear each other. */
  #deaf = new Map<string, number>();
  /** Runs in the order in which each began to act. */
  #acting: string[] = [];
  #doubled = new Map<string, Doubled>();
  #isOver = false;

  constructor(twin: Twin) {
    this.#twin = twin;
    this.#addresses = twin.config.groups.flatMap(({ name, resources }) => {
      const fip = twin.config.resources.find(
        (one) => one.type === 'fip' && resources.includes(one.name),
      );
      return fip ? [{ group: name, ip: String(fip.parameters.ip) }] : [];
    });
    this.#lans = twin.network.cables.nets.filter((net) => net.startsWith('lan'));
    this.#watchOperations();
    this.#arm();
  }

  stop(): void {
    this.#isOver = true;
  }

  #arm(): void {
    const { clock } = this.#twin;
    clock.atQuietly(clock.exact() + EVERY_MS, () => {
      if (this.#isOver) return;
      this.#look();
      this.#arm();
    });
  }

  #watchOperations(): void {
    for (const server of this.#twin.servers) {
      const started = new Set<string>();
      const spawn = server.spawnCommand.bind(server);
      server.spawnCommand = (run, on) => {
        const words = `${server.name} starts operation ${run.operation} a second time`;
        if (started.has(run.operation)) this.found.push(words);
        started.add(run.operation);
        this.#lookAtLease(run.operation);
        spawn(run, on);
      };
    }
  }

  /** A run that acts, and another one before it has ended: both believe that the lease is theirs. */
  #lookAtLease(operation: string): void {
    const [run = '', ...step] = operation.split('/');
    if (step.length === 0 || run === this.#acting.at(-1)) return;
    if (this.#acting.includes(run)) {
      this.found.push(`run ${run} acts again after run ${this.#acting.at(-1)} did`);
    }
    this.#acting.push(run);
  }

  #look(): void {
    const { servers, clock } = this.#twin;
    const now = clock.now();
    const up = servers.filter((server) => isOsUp(server.state()));
    for (const [at, one] of servers.entries()) {
      for (const other of servers.slice(at + 1)) {
        const areUp = up.includes(one) && up.includes(other);
        // Frozen, both still run what they ran, and hear nobody.
        if (!areUp || !this.#hear(one, other)) this.#deaf.set(`${one.name} ${other.name}`, now);
        if (areUp) this.#lookAt(one, other, now);
      }
    }
    for (const [key] of this.#doubled) {
      const [group = '', ...names] = key.split(' ');
      const holds = (name: string) => {
        const server = up.find((one) => one.name === name);
        return server !== undefined && this.#runs(server, group);
      };
      if (!names.every(holds)) this.#doubled.delete(key);
    }
  }

  #runs(server: SimServer, group: string): boolean {
    const found = this.#addresses.find((one) => one.group === group);
    return found !== undefined && server.state().addresses[found.ip] !== undefined;
  }

  #lookAt(one: SimServer, other: SimServer, now: number): void {
    const pair = `${one.name} ${other.name}`;
    for (const { group } of this.#addresses) {
      if (!this.#runs(one, group) || !this.#runs(other, group)) continue;
      const key = `${group} ${pair}`;
      const doubled = this.#doubled.get(key) ?? { since: now, isTold: false };
      this.#doubled.set(key, doubled);
      if (doubled.isTold) continue;
      const deafAt = this.#deaf.get(pair) ?? Number.NEGATIVE_INFINITY;
      const words = this.#whyWrong(doubled.since, deafAt, now);
      if (words === null) continue;
      doubled.isTold = true;
      this.found.push(`${group} runs on ${one.name} and ${other.name}, ${words}`);
    }
  }

  #whyWrong(since: number, deafAt: number, now: number): string | null {
    if (this.#twin.config.forceStop !== null) return 'although one is stopped by force first';
    if (deafAt < since - RECENT_MS) return 'and they heard each other all the time';
    const heard = now - Math.max(since, deafAt);
    return heard > FOUND_OUT_MS ? 'and they hear each other again' : null;
  }

  /** Whether each could hear the other, now: by one sound LAN, with both daemons running. */
  #hear(one: SimServer, other: SimServer): boolean {
    const { cables } = this.#twin.network;
    return (
      one.isRunning('daemon') &&
      other.isRunning('daemon') &&
      this.#lans.some((lan) => cables.isSound(lan, one.name, other.name))
    );
  }
}
