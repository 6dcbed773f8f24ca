/**
 * A model against the agents: random writes, cuts, kills, power losses, activations with honest
 * evidence, recoveries, and an operator who gives up the copy of a server that is away. Whoever is
 * activated without force serves every acknowledged write of the copy that was not given up; never
 * two sides are active; two GREEN copies in step are equal.
 */
import test from 'ava';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import { BLOCK, MIRROR, pattern, World } from './harness.ts';

const NAMES = ['server1', 'server2'] as const;
type Name = (typeof NAMES)[number];
const SLOTS = 6;
const LENGTH = 700;

const offsetOf = (slot: number): number => slot * BLOCK + (slot % 2 === 1 ? BLOCK - 300 : 1000);
const otherOf = (name: Name): Name => (name === 'server1' ? 'server2' : 'server1');

function must(condition: boolean, words: string): void {
  if (!condition) throw new Error(words);
}

/** Waits until it ended or its agent is gone; true when it ended well. */
async function attempt(
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

interface Counts {
  activations: number;
  takeovers: number;
  recoveries: number;
  flushes: number;
  acknowledged: number;
  forced: number;
}

class Player {
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

type Move =
  | { do: 'write'; slot: number; durable: boolean }
  | { do: 'flush' }
  | { do: 'activate'; name: Name; evidence: boolean }
  | { do: 'deactivate' | 'kill' | 'power' | 'start' | 'close' | 'recover' | 'break'; name: Name }
  | { do: 'crashAt'; name: Name; count: number }
  | { do: 'cut'; how: 'silent' | 'closed' }
  | { do: 'heal' | 'lan' | 'mdc' | 'allUp' }
  | { do: 'takeover'; name: Name; how: 'kill' | 'power' }
  | { do: 'force' | 'recoverFully'; name: Name }
  | { do: 'giveUp'; name: Name; cut: 'none' | 'mdc' | 'all'; dies: boolean; slot: number }
  | { do: 'pass'; ms: number };

const name = fc.constantFrom(...NAMES);
const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('takeover' as const),
      name,
      how: fc.constantFrom('kill', 'power'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('force' as const, 'recoverFully' as const), name }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('giveUp' as const),
      name,
      cut: fc.constantFrom('none', 'mdc', 'all'),
      dies: fc.boolean(),
      slot: fc.nat(SLOTS - 1),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      slot: fc.nat(SLOTS - 1),
      durable: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('flush' as const) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('activate' as const), name, evidence: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'deactivate',
        'kill',
        'power',
        'start',
        'start',
        'start',
        'close',
        'recover',
        'recover',
        'break',
      ),
      name,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('crashAt' as const), name, count: fc.nat(12) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      how: fc.constantFrom('silent', 'closed'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('heal', 'lan', 'mdc', 'allUp', 'allUp', 'allUp') }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 2, 5, 60, 3000),
    }),
  },
);

async function play(player: Player, move: Move, counts: Counts): Promise<void> {
  const { world } = player;
  switch (move.do) {
    case 'write':
      return player.write(move.slot, move.durable);
    case 'flush':
      return player.flush();
    case 'activate':
      return await player.activate(move.name, move.evidence);
    case 'kill':
      return world.kill(move.name);
    case 'power':
      return player.powerOff(move.name);
    case 'start':
      if (!world.at(move.name).agent) await world.start(move.name);
      return;
    case 'close':
      if (await attempt(world, move.name, { do: 'close' })) world.kill(move.name);
      return;
    case 'force':
      return await player.force(move.name);
    case 'giveUp':
      return await giveUp(player, move);
    case 'recoverFully':
      await attempt(world, move.name, { do: 'recover', full: true });
      return;
    case 'recover':
      if (await attempt(world, move.name, { do: 'recover' })) counts.recoveries++;
      return;
    case 'break':
    case 'deactivate':
      await attempt(world, move.name, { do: move.do });
      return;
    case 'crashAt':
      return strikeAt(player, move.name, move.count);
    case 'cut':
      return world.cutMirror(move.how);
    case 'allUp':
      return await allUp(world);
    case 'takeover':
      if (move.how === 'kill') world.kill(otherOf(move.name));
      else player.powerOff(otherOf(move.name));
      return await player.activate(move.name, true);
    case 'heal':
      return world.heal();
    case 'lan':
      world.lan = 'cut';
      return;
    case 'mdc':
      world.mdc = 'up';
      return;
    case 'pass':
      return await world.pass(move.ms);
  }
}

async function allUp(world: World): Promise<void> {
  world.heal();
  for (const each of NAMES) {
    for (const part of [world.at(each).cp, world.at(each).dp]) part.onOperation = () => {};
    if (!world.at(each).agent) await world.start(each);
  }
  await world.pass(5000);
}

/** One server dies, the other copy is forced and serves, and the first one comes back and may not. */
async function giveUp(player: Player, move: Extract<Move, { do: 'giveUp' }>): Promise<void> {
  const { world } = player;
  const other = otherOf(move.name);
  player.powerOff(other);
  await world.pass(3000);
  await player.force(move.name);
  await player.activate(move.name, false);
  player.write(move.slot, true);
  await world.pass(60);
  if (move.cut !== 'none') world.cutMirror();
  if (move.cut === 'all') world.lan = 'cut';
  if (move.dies) player.powerOff(move.name);
  if (!world.at(other).agent) await world.start(other);
  await player.activate(other, false);
}

function strikeAt(player: Player, name: Name, count: number): void {
  const { world } = player;
  const server = world.at(name);
  let left = count;
  const strike = (): void => {
    if (left-- !== 0) return;
    server.cp.onOperation = () => {};
    server.dp.onOperation = () => {};
    if (server.agent) player.powerOff(name);
  };
  server.cp.onOperation = strike;
  server.dp.onOperation = strike;
}

const FORMS = [
  { fencing: false, mode: 'synchronous' },
  { fencing: true, mode: 'synchronous' },
  { fencing: true, mode: 'asynchronous' },
] as const;

for (const { fencing, mode } of FORMS) {
  test(`${mode}, whoever serves ${fencing ? 'with' : 'without'} fencing has every acknowledged write`, async (t) => {
    const counts: Counts = {
      activations: 0,
      takeovers: 0,
      recoveries: 0,
      flushes: 0,
      acknowledged: 0,
      forced: 0,
    };
    const runs = Number(process.env.DRYDOCK_MODEL_RUNS ?? 150);
    await fc.assert(
      fc.asyncProperty(
        fc.array(moves, { minLength: 20, maxLength: 80, size: 'max' }),
        fc.integer({ min: 1, max: 1e6 }),
        fc.boolean(),
        fc.constantFrom(0, 1),
        fc.constantFrom(1, 2, 1024),
        async (list, seed, autoRecovery, latencyMs, extents) => {
          const parameters = { 'mddriver/syncmode': mode === 'asynchronous' ? 1 : 0 };
          const options = { dataBytes: 8 * BLOCK, seed, autoRecovery, fencing, parameters };
          const world = new World(options);
          await world.up();
          for (const each of NAMES) world.at(each).agent!.disks[0]!.writes.limitExtents(extents);
          world.latencyMs = latencyMs;
          const player = new Player(world, counts);
          await player.activate('server1', false);
          for (const move of list) {
            await play(player, move, counts);
            player.check();
          }
          world.heal();
          await world.pass(10_000);
          player.check();
        },
      ),
      { numRuns: runs, includeErrorInReport: true },
    );
    t.true(counts.takeovers > 8, JSON.stringify(counts));
    t.true(counts.recoveries > 5, JSON.stringify(counts));
    t.true(counts.flushes > 20, JSON.stringify(counts));
    t.true(counts.acknowledged > 200, JSON.stringify(counts));
    t.true(counts.forced > 5, JSON.stringify(counts));
    t.log(JSON.stringify(counts));
  });
}
