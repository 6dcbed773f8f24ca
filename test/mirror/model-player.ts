/** Who plays against the agents in the model (model.test.ts), and what may be read afterwards. */
import type { JsonObject } from '../../src/core/json.ts';
import { BLOCK, MIRROR, pattern, type World } from './harness.ts';

export const NAMES = ['server1', 'server2'] as const;
export type Name = (typeof NAMES)[number];
export const SLOTS = 6;
const LENGTH = 700;

const offsetOf = (slot: number): number => slot * BLOCK + (slot % 2 === 1 ? BLOCK - 300 : 1000);
export const otherOf = (name: Name): Name => (name === 'server1' ? 'server2' : 'server1');

function must(condition: boolean, words: string): void {
  if (!condition) throw new Error(words);
}

/** Waits until it ended or its agent is gone; true when it ended well. */
export async function attempt(
  world: World,
  name: Name,
  body: JsonObject & { do: string },
): Promise<boolean> {
  const { agent, handler } = world.at(name);
  if (!agent || !handler) return false;
  const from = { server: name, part: 'control' as const };
  const done = await world.orDead(name, async () => {
    if (body.do === 'close') await agent.close();
    else await handler(from, { mirror: MIRROR, ...body });
    return true;
  });
  return done === true && world.at(name).agent === agent;
}

interface Written {
  tag: number;
  /** `loose`: acknowledged and not flushed before a server lost power. */
  fate: 'underWay' | 'acknowledged' | 'durable' | 'loose';
}

/** What may be read of one place: the last acknowledged write, or one begun after it. */
class Place {
  #written: Written[] = [{ tag: 0, fate: 'durable' }];

  begin(tag: number, durable: boolean): () => void {
    const write: Written = { tag, fate: 'underWay' };
    this.#written.push(write);
    return () => {
      write.fate = durable ? 'durable' : 'acknowledged';
    };
  }

  /** A flush begins; what it answers says that these are durable. */
  flushing(): () => void {
    const mine = this.#written.filter(({ fate }) => fate === 'acknowledged' || fate === 'loose');
    return () => {
      for (const write of mine) write.fate = 'durable';
    };
  }

  powerLost(): void {
    for (const write of this.#written) if (write.fate === 'acknowledged') write.fate = 'loose';
  }

  get admissible(): number[] {
    const last = this.#written.findLastIndex(
      ({ fate }) => fate === 'acknowledged' || fate === 'durable',
    );
    return this.#written.slice(last).map(({ tag }) => tag);
  }

  /** What a copy served from its start stays: nothing older or other comes back. */
  observed(tag: number, fresh: boolean): void {
    const loose = this.#written.some(({ fate }) => fate === 'acknowledged' || fate === 'loose');
    if (fresh || !loose) this.#written = [{ tag, fate: 'durable' }];
  }
}

export interface Counts {
  activations: number;
  takeovers: number;
  recoveries: number;
  flushes: number;
  acknowledged: number;
  forced: number;
}

export class Player {
  readonly world: World;
  readonly #places = Array.from({ length: SLOTS }, () => new Place());
  readonly #counts: Counts;
  #tag = 0;
  /** Agents with a write under way; one that was killed ends nothing any more. */
  #running: object[] = [];
  #lastActive: Name | null = null;

  constructor(world: World, counts: Counts) {
    this.world = world;
    this.#counts = counts;
  }

  write(slot: number, durable: boolean): void {
    const { world } = this;
    const name = NAMES.find((each) => world.at(each).agent && world.view(each).active);
    const agent = name ? world.at(name).agent : null;
    if (!agent) return;
    const tag = (this.#tag++ % 250) + 1;
    const acknowledge = this.#places[slot]!.begin(tag, durable);
    this.#running.push(agent);
    const ended = (): void => {
      this.#running.splice(this.#running.indexOf(agent), 1);
    };
    agent.write(MIRROR, offsetOf(slot), pattern(LENGTH, tag), durable).then(() => {
      ended();
      // Nobody hears what an agent would have said after its end.
      if (world.at(name!).agent !== agent) return;
      this.#counts.acknowledged++;
      acknowledge();
    }, ended);
  }

  flush(): void {
    const { world } = this;
    const name = NAMES.find((each) => world.at(each).agent && world.view(each).active);
    if (!name) return;
    const { agent } = world.at(name);
    const durable = this.#places.map((place) => place.flushing());
    agent!.flush(MIRROR).then(
      () => {
        if (world.at(name).agent !== agent) return;
        this.#counts.flushes++;
        for (const mark of durable) mark();
      },
      () => {},
    );
  }

  powerOff(name: Name): void {
    this.world.powerOff(name);
    for (const place of this.#places) place.powerLost();
  }

  async activate(name: Name, evidence: boolean): Promise<void> {
    const other = otherOf(name);
    const { world } = this;
    if (!world.at(name).agent) return;
    const proof = evidence ? await this.#evidence(other) : null;
    const order = { do: 'activate', mount: false, force: false, evidence: proof };
    const fresh = world.at(name).agent !== null && !world.view(name).active;
    if (!(await attempt(world, name, order))) return;
    this.#counts.activations++;
    if (this.#lastActive !== null && this.#lastActive !== name) this.#counts.takeovers++;
    this.#lastActive = name;
    await this.verify(name, fresh);
  }

  /** Only what is so: a fence cuts the power, a dead agent is one whose host says so. */
  async #evidence(other: Name): Promise<{ by: string; from: string; at: number } | null> {
    const { world } = this;
    if (world.options.fencing) {
      this.powerOff(other);
      return { by: 'fence', from: other, at: 1 };
    }
    const { agent, power } = world.at(other);
    const dead = power === 'on' && agent === null && world.lan === 'up';
    return dead ? { by: 'operatingSystem', from: other, at: 1 } : null;
  }

  /** The other server is away: its copy is given up, and what this one holds is what counts. */
  async force(name: Name): Promise<void> {
    const { world } = this;
    const { agent, cp, dp } = world.at(name);
    const other = otherOf(name);
    if (!agent || world.at(other).agent || world.view(name).active) return;
    // Nobody could say what became of a force that was cut off.
    for (const part of [cp, dp]) part.onOperation = () => {};
    const order = { do: 'force', latest: name, victim: other };
    await attempt(world, name, order);
    // Refused after it was done: the recovery that goes with it could not begin.
    const record = world.at(name).agent === agent ? agent.disks[0]!.copy.record : null;
    if (record?.victim !== other || !record.latest) return;
    this.#counts.forced++;
    for (const [slot, place] of this.#places.entries()) {
      const [tag = 0] = dp.cache.subarray(offsetOf(slot), offsetOf(slot) + LENGTH);
      place.observed(tag, true);
    }
  }

  async verify(name: Name, fresh: boolean): Promise<void> {
    for (const [slot, place] of this.#places.entries()) {
      const { agent } = this.world.at(name);
      if (!agent) return;
      const read = (): Promise<Uint8Array> => agent.read(MIRROR, offsetOf(slot), LENGTH);
      const bytes = await this.world.orDead(name, read);
      if (!bytes) return;
      const [tag = 0] = bytes;
      must(
        place.admissible.includes(tag),
        `${name} serves ${tag} in ${slot}, not ${place.admissible}`,
      );
      const alive = NAMES.map((each) => this.world.at(each).agent as object | null);
      if (!this.#running.some((agent) => alive.includes(agent))) place.observed(tag, fresh);
    }
  }

  check(): void {
    const { world } = this;
    const active = NAMES.filter((name) => world.at(name).agent && world.view(name).active);
    must(active.length < 2, 'both sides are active');
    const up = NAMES.every((name) => world.at(name).agent !== null);
    if (!up || world.mdc === 'cut' || world.colors() !== 'GREEN GREEN') return;
    const inStep = NAMES.every(
      (name) => world.at(name).agent!.disks[0]!.pair.now.phase === 'inSync',
    );
    const busy = NAMES.some((name) => world.at(name).agent!.disks[0]!.writes.inFlight > 0);
    if (inStep && !busy) must(world.areEqual(), 'GREEN GREEN and different');
  }
}
