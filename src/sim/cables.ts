/**
 * The cables of the simulated world: per net, sender and receiver whether it is cut and how long
 * a message takes. Directions are separate, as faults are. The net `arp` has no cable of its own:
 * it follows the interconnect LANs.
 */
import { legsOf, legsOutside } from '../config/index.ts';
import type { SeededRandom } from './seeded-random.ts';

interface Cable {
  cut: boolean;
  delayMs: number;
  /** Share of the datagrams that get lost, 0 to 1; what is sent over connections is sent again. */
  loss: number;
  /** Connections are refused at its far end, at once. */
  refuses: boolean;
  /** Each has chance of its own: what crosses another one changes nothing here. */
  random: SeededRandom;
}

/** The observer stands beside the machines: no cable lies between. */
const OBSERVER = 'observer';
/** Names every net that servers share, also that of their controllers; not `control`. */
export const ALL_NETS = '*';

export class Cables {
  readonly #nets: string[];
  readonly #lans: string[];
  readonly #latencyMs: number;
  readonly #random: SeededRandom;
  /** By net, sender and receiver: looked up for every message, so no key is put together. */
  #cables = new Map<string, Map<string, Map<string, Cable>>>();
  /** Cables that are out of an interface, as `net server`. */
  #unplugged = new Set<string>();
  #onHeal = new Set<() => void>();

  constructor(nets: string[], latencyMs: number, random: SeededRandom) {
    this.#nets = nets;
    this.#lans = nets.filter((net) => net.startsWith('lan')).sort();
    this.#latencyMs = latencyMs;
    this.#random = random;
  }

  get nets(): readonly string[] {
    return this.#nets;
  }

  /** Cuts a net between two ends, in both directions unless `oneWay` (from → to only). */
  cut(net: string, from: string, to: string, oneWay = false): void {
    for (const cable of this.#chosen(net, from, to, oneWay)) cable.cut = true;
  }

  heal(net: string, from: string, to: string, oneWay = false): void {
    for (const cable of this.#chosen(net, from, to, oneWay)) {
      cable.cut = false;
      cable.refuses = false;
    }
    for (const fn of this.#onHeal) fn();
  }

  /** Of the interface of a server on a net: the cable is put in or taken out. */
  setPlugged(net: string, server: string, up: boolean): void {
    if (!up) this.#unplugged.add(`${net} ${server}`);
    else if (this.#unplugged.delete(`${net} ${server}`)) for (const fn of this.#onHeal) fn();
  }

  /** Adds to what a message takes from `from` to `to` and back. */
  delay(net: string, from: string, to: string, delayMs: number): void {
    for (const cable of this.#chosen(net, from, to, false)) cable.delayMs = delayMs;
  }

  /** Loses that share of the datagrams between two ends, 0 to 1. */
  lose(net: string, from: string, to: string, share: number): void {
    for (const cable of this.#chosen(net, from, to, false)) cable.loss = share;
  }

  /** Requests between two ends are refused at once, until that net is healed. */
  refuse(net: string, from: string, to: string): void {
    for (const cable of this.#chosen(net, from, to, false)) cable.refuses = true;
  }

  refuses(net: string, from: string, to: string): boolean {
    return net !== 'local' && this.#cable(net, from, to).refuses;
  }

  /** Whether the next datagram gets lost. */
  loses(net: string, from: string, to: string): boolean {
    const { loss, random } = this.#cable(net, from, to);
    return loss > 0 && random.next() < loss;
  }

  /** Neither cut nor slow nor lossy, both ways. */
  isSound(net: string, one: string, other: string): boolean {
    return this.isSoundFrom(net, one, other) && this.isSoundFrom(net, other, one);
  }

  /** Likewise, what is sent from `from` to `to` alone. */
  isSoundFrom(net: string, from: string, to: string): boolean {
    const { cut, delayMs, loss } = this.#cable(net, from, to);
    return !cut && delayMs === 0 && loss === 0;
  }

  /** Told after every heal, for what waits on a cut cable. */
  onHeal(fn: () => void): () => void {
    this.#onHeal.add(fn);
    return () => this.#onHeal.delete(fn);
  }

  isUp(net: string, from: string, to: string): boolean {
    if (from === to || net === 'local') return true;
    if (net === 'arp') return this.#lans.some((lan) => this.isUp(lan, from, to));
    if (this.#unplugged.size > 0 && this.#isOut(net, from, to)) return false;
    return legsOf(net, from, to).every(([one, other]) => !this.#cable(net, one, other).cut);
  }

  /** Whether something outside the cluster answers a server, over that net. */
  reaches(net: string, server: string, target: string): boolean {
    if (this.#unplugged.size > 0 && this.#isOut(net, server, target)) return false;
    return legsOutside(server, target).every(([from, to]) => !this.#cable(net, from, to).cut);
  }

  /** How long one message takes: latency, chance of up to a quarter more, and what was added. */
  latency(net: string, from: string, to: string, random?: SeededRandom): number {
    if (from === to || net === 'local') return 0.02;
    const name = net === 'arp' ? (this.#lans.find((lan) => this.isUp(lan, from, to)) ?? net) : net;
    const { delayMs, random: own } = this.#cable(name, from, to);
    return this.#latencyMs + this.#latencyMs * 0.25 * (random ?? own).next() + delayMs;
  }

  /** The net a request takes, or null when no net has both directions. */
  route(from: string, to: string, part: string): string | null {
    if (from === to || from === OBSERVER) return 'local';
    let candidates = this.#lans;
    if (from === 'control' || to === 'control') candidates = ['control'];
    else if (part === 'bmc') candidates = ['bmc'];
    return candidates.find((net) => this.isUp(net, from, to) && this.isUp(net, to, from)) ?? null;
  }

  #isOut(net: string, from: string, to: string): boolean {
    return [from, to].some((end) => this.#unplugged.has(`${net} ${end}`));
  }

  #chosen(net: string, from: string, to: string, oneWay: boolean): Cable[] {
    const nets = net === ALL_NETS ? this.#nets : [net];
    return nets.flatMap((name) => [
      this.#cable(name, from, to),
      ...(oneWay ? [] : [this.#cable(name, to, from)]),
    ]);
  }

  #cable(net: string, from: string, to: string): Cable {
    const known = this.#cables.get(net)?.get(from)?.get(to);
    if (known) return known;
    const random = this.#random.fork(`${net} ${from} ${to}`);
    const cable = { cut: false, delayMs: 0, loss: 0, refuses: false, random };
    const ofNet = this.#cables.get(net) ?? new Map<string, Map<string, Cable>>();
    const ofSender = ofNet.get(from) ?? new Map<string, Cable>();
    this.#cables.set(net, ofNet.set(from, ofSender.set(to, cable)));
    return cable;
  }
}
