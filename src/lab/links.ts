/**
 * The lab's cables as a table: for every net and direction, up or cut, and how much later things
 * arrive. Nets are made when they are first named; everything is up to begin with.
 *
 * The net `arp` has no cable of its own: it is as up as any interconnect. `local` never leaves a
 * server. A server whose power is off hears and says nothing, but to and from its management
 * controller (parts `host` and `bmc` are one process that outlives the power).
 */
import { legsOf, legsOutside } from '../config/index.ts';
import type { Address } from '../core/part.ts';

export interface LinkChange {
  net: string;
  from: string;
  to: string;
  up?: boolean;
  delayMs?: number;
}

export interface LinkView {
  net: string;
  from: string;
  to: string;
  up: boolean;
  delayMs: number;
}

/** Bytes that a cable has carried one way, as an interface counts them. */
export interface Carried {
  net: string;
  from: string;
  to: string;
  bytes: number;
}

const CHASSIS = new Set(['host', 'bmc']);

export class Links {
  #changed = new Map<string, LinkView>();
  #carried = new Map<string, Carried>();
  #powerOff = new Set<string>();
  /** Cables that are out of an interface, as `net server`. */
  #unplugged = new Set<string>();
  #lans: string[];

  constructor(lans: string[]) {
    this.#lans = lans;
  }

  change({ net, from, to, up, delayMs }: LinkChange): void {
    const now = this.#of(net, from, to);
    this.#changed.set(`${net} ${from} ${to}`, {
      ...now,
      ...(up === undefined ? {} : { up }),
      ...(delayMs === undefined ? {} : { delayMs }),
    });
  }

  setPower(server: string, on: boolean): void {
    if (on) this.#powerOff.delete(server);
    else this.#powerOff.add(server);
  }

  setCable(server: string, net: string, up: boolean): void {
    if (up) this.#unplugged.delete(`${net} ${server}`);
    else this.#unplugged.add(`${net} ${server}`);
  }

  isPowered(server: string): boolean {
    return !this.#powerOff.has(server);
  }

  isUp(net: string, from: Address, to: Address): boolean {
    // Who speaks within a server whose power is off is a person's shell: it is told so.
    if (net === 'local') return true;
    for (const end of [from, to]) {
      if (!this.isPowered(end.server) && !CHASSIS.has(end.part)) return false;
    }
    const isUp = (cable: string) =>
      [from, to].every(({ server }) => !this.#isOut(cable, server)) &&
      legsOf(cable, from.server, to.server).every((leg) => this.#of(cable, ...leg).up);
    return net === 'arp' ? this.#lans.some(isUp) : isUp(net);
  }

  /** Whether something outside the cluster answers a server, over that net. */
  reaches(net: string, server: string, target: string): boolean {
    const isWhole = legsOutside(server, target).every((leg) => this.#of(net, ...leg).up);
    return this.isPowered(server) && !this.#isOut(net, server) && isWhole;
  }

  #isOut(net: string, server: string): boolean {
    return this.#unplugged.has(`${net} ${server}`);
  }

  delayMs(net: string, from: string, to: string): number {
    return this.#of(net === 'arp' ? (this.#lans[0] ?? net) : net, from, to).delayMs;
  }

  /** Only what differs from a sound cable. */
  view(): LinkView[] {
    return [...this.#changed.values()].filter((link) => !link.up || link.delayMs > 0);
  }

  count(net: string, from: string, to: string, bytes: number): void {
    const key = `${net} ${from} ${to}`;
    const known = this.#carried.get(key);
    if (known) known.bytes += bytes;
    else this.#carried.set(key, { net, from, to, bytes });
  }

  /** Since the switch started. */
  carried(): Carried[] {
    return [...this.#carried.values()];
  }

  #of(net: string, from: string, to: string): LinkView {
    return this.#changed.get(`${net} ${from} ${to}`) ?? { net, from, to, up: true, delayMs: 0 };
  }
}
