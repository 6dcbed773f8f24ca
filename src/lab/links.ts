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

/** One way of a connection, for as long as it lasts. */
export interface Line {
  isUp(): boolean;
  delayMs(): number;
  count(bytes: number): void;
}

const CHASSIS = new Set(['host', 'bmc']);

export class Links {
  #changed = new Map<string, LinkView>();
  #carried = new Map<string, Carried>();
  #powerOff = new Set<string>();
  /** Cables that are out of an interface, as `net server`. */
  #unplugged = new Set<string>();
  #lans: string[];
  /** How often anything was changed. */
  #changes = 0;

  constructor(lans: string[]) {
    this.#lans = lans;
  }

  change({ net, from, to, up, delayMs }: LinkChange): void {
    const now = this.#of(net, from, to);
    this.#changes += 1;
    this.#changed.set(`${net} ${from} ${to}`, {
      ...now,
      ...(up === undefined ? {} : { up }),
      ...(delayMs === undefined ? {} : { delayMs }),
    });
  }

  setPower(server: string, on: boolean): void {
    this.#changes += 1;
    if (on) this.#powerOff.delete(server);
    else this.#powerOff.add(server);
  }

  setCable(server: string, net: string, up: boolean): void {
    this.#changes += 1;
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
    this.#counterOf(net, from, to).bytes += bytes;
  }

  /** What the table says of it is looked up once, and again when anything was changed. */
  line(net: string, from: Address, to: Address): Line {
    let known = { at: -1, up: false, delayMs: 0 };
    let counter: Carried | null = null;
    const now = () => {
      if (known.at !== this.#changes) {
        const delayMs = this.delayMs(net, from.server, to.server);
        known = { at: this.#changes, up: this.isUp(net, from, to), delayMs };
      }
      return known;
    };
    return {
      isUp: () => now().up,
      delayMs: () => now().delayMs,
      count: (bytes) => {
        counter ??= this.#counterOf(net, from.server, to.server);
        counter.bytes += bytes;
      },
    };
  }

  #counterOf(net: string, from: string, to: string): Carried {
    const key = `${net} ${from} ${to}`;
    const known = this.#carried.get(key) ?? { net, from, to, bytes: 0 };
    this.#carried.set(key, known);
    return known;
  }

  /** Since the switch started. */
  carried(): Carried[] {
    return [...this.#carried.values()];
  }

  #of(net: string, from: string, to: string): LinkView {
    return this.#changed.get(`${net} ${from} ${to}`) ?? { net, from, to, up: true, delayMs: 0 };
  }
}
