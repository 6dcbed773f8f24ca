/**
 * The application and the observer: writes of every size, overlapping and at depth, to whichever
 * side serves, and what must hold at every look at the two copies.
 *
 *   never two active · what serves holds every acknowledged write · no sector is half a write
 *   GREEN GREEN, connected and idle: equal bytes · a copy called latest holds every acknowledged
 *   write · no write is left without an answer
 */
import { Buffer } from 'node:buffer';
import type { SeededRandom } from '../../../src/sim/seeded-random.ts';
import { Record, SECTOR, type Write, type Wrong } from './record.ts';
import {
  BLOCK,
  MIRROR,
  NAMES,
  type Name,
  otherOf,
  type ProofWorld,
  type Running,
} from './world.ts';

/** What a copy claims has to hold when it has claimed it for so long. */
const CLAIM_MS = 1000;
/** A connection that is lost or hung is noticed and the break durable long before. */
const ANSWER_MS = 20_000;
/** A queue at its limit, over a slow line, to a slow disk. */
const SENT_MS = 5000;
const SECTORS_PER_BLOCK = BLOCK / SECTOR;

export class Violation extends Error {
  constructor(words: string) {
    super(words);
    this.name = 'Violation';
  }
}

interface UnderWay {
  running: Running;
  name: Name;
  since: number;
}

/** Whether a copy was forced. */
interface Doubt {
  asked: Running;
  /** Whether the other copy was tainted before. */
  wasTainted: boolean;
  /** The order came back without saying so: what the copy claims has to show it. */
  isOpen: boolean;
}

const inWords = (wrong: Wrong[]): string =>
  wrong.map(({ sector, found, expected }) => `${sector}: ${found}, not ${expected}`).join('; ');

export class Application {
  readonly world: ProofWorld;
  readonly record: Record;
  /** Copies that an operator gave up, or may have, or that lie on another disk. */
  readonly #tainted = new Set<Name>();
  /** Of these, the ones on another disk: blank or from an image, whatever else became of them. */
  readonly #strange = new Set<Name>();
  readonly counts = { served: 0, takeovers: 0, refused: 0, equal: 0, flushes: 0 };
  readonly #random: SeededRandom;
  readonly #underWay = new Map<Write, UnderWay>();
  /** The agent that serves and whose copy was found right when it began to. */
  #serving: Running | null = null;
  #lastServer: Name | null = null;
  #claims = new Map<Name, { running: Running; since: number }>();
  /** Copies that were ordered to be forced, until it is known whether they were. */
  readonly #doubts = new Map<Name, Doubt>();
  #durableShare: number;
  #acknowledgedAt = 0;
  #inStepSince = Number.POSITIVE_INFINITY;
  violation: Violation | null = null;

  constructor(world: ProofWorld, random: SeededRandom) {
    this.world = world;
    this.record = new Record(world.sizeBytes);
    this.#random = random;
    this.#durableShare = [0, 0.3, 1][random.below(3)]!;
    world.onPowerLoss = (name) => this.record.lostPower(name);
  }

  get tainted(): ReadonlySet<Name> {
    return this.#tainted;
  }

  get underWay(): number {
    return this.#underWay.size;
  }

  /** Sends a write to the side that serves; its outcome is recorded whenever it comes. */
  write(): void {
    const served = this.#served();
    if (!served) return;
    const { name, running } = served;
    const [first, count] = this.#place();
    const durable = this.#random.next() < this.#durableShare;
    const write = this.record.begin(name, first, count, durable);
    const bytes = this.record.bytesOf(write);
    this.#underWay.set(write, { running, name, since: this.world.clock.exact() });
    const acknowledge = () => {
      this.#underWay.delete(write);
      // Killed before it could say so.
      if (running.process.dead) return;
      this.record.acknowledge(write);
      this.#acknowledgedAt = this.world.clock.exact();
      if (this.world.view(otherOf(name))?.active) {
        this.#fail(`write ${write.id} acknowledged by ${name}, and both sides are active`);
      }
    };
    const refuse = () => {
      this.#underWay.delete(write);
      this.counts.refused++;
    };
    running.process.enter(() => {
      running.agent.write(MIRROR, first * SECTOR, bytes, durable).then(acknowledge, refuse);
    });
    this.world.clock.stir();
  }

  flush(): void {
    const running = this.#served()?.running;
    if (!running) return;
    const begun = this.record.now();
    const end = () => {
      if (running.process.dead) return;
      this.record.flushed(begun);
      this.counts.flushes++;
    };
    running.process.enter(() => running.agent.flush(MIRROR).then(end, () => {}));
    this.world.clock.stir();
  }

  /** Reads some of the mirror through the agent, as an application would. */
  read(): void {
    const served = this.#served();
    if (!served) return;
    const { name, running } = served;
    const [first, count] = this.#place();
    const asked = this.record.now();
    const look = (bytes: Uint8Array) => {
      const wrong = this.record.judge(name, first, bytes, asked);
      if (wrong.length > 0) this.#fail(`a read on ${name}: ${inWords(wrong)}`);
    };
    running.process.enter(() => {
      running.agent.read(MIRROR, first * SECTOR, count * SECTOR).then(look, () => {});
    });
    this.world.clock.stir();
  }

  /** Looks at everything that must hold now. Throws Violation. */
  check(): void {
    const { world } = this;
    for (const [write, { running }] of this.#underWay) {
      if (running.process.dead) this.#underWay.delete(write);
    }
    this.#resolveDoubts();
    const active = NAMES.filter((name) => world.view(name)?.active);
    if (active.length > 1) this.#fail('both sides are active');
    const [name] = active;
    if (name) this.#checkServed(name);
    if (this.#serving && !(name && world.at(name).running === this.#serving)) this.#serving = null;
    this.#checkColours();
    this.#checkClaims();
    this.#checkAnswers();
    if (this.violation) throw this.violation;
  }

  /** No sector of any copy is half a write, however old the copy is. */
  checkSectors(): void {
    for (const name of NAMES) {
      const wrong = this.record.torn(this.world.contents(name));
      if (wrong.length > 0) this.#fail(`torn on ${name}: ${inWords(wrong)}`);
    }
    if (this.violation) throw this.violation;
  }

  /** The copy on that server holds every acknowledged write. */
  isWhole(name: Name): boolean {
    return this.record.judge(name, 0, this.world.contents(name)).length === 0;
  }

  /** On another disk: no agent may serve it before it was copied anew. */
  isStrange(name: Name): boolean {
    return this.#strange.has(name);
  }

  /** Another disk is in the bay. */
  taint(name: Name): void {
    this.#tainted.add(name);
    this.#strange.add(name);
    // Whether it was given up before is of no account any more.
    this.#doubts.delete(otherOf(name));
  }

  whatIsWrong(name: Name): string {
    return inWords(this.record.judge(name, 0, this.world.contents(name)));
  }

  /** An operator names the other copy the one that dies: what this one holds is what counts. */
  giveUp(victim: Name): void {
    const name = otherOf(victim);
    this.#tainted.add(victim);
    this.#trust(name);
    this.#doubts.delete(name);
    this.record.settle(this.world.contents(name), this.#alive(), false);
  }

  /** The copy of `name` is ordered to be forced: until the answer the other one may be given up. */
  askForce(name: Name, asked: Running): void {
    const victim = otherOf(name);
    this.#doubts.set(name, { asked, wasTainted: this.#tainted.has(victim), isOpen: false });
    this.#tainted.add(victim);
  }

  /** What came of that order. */
  hearOfForce(name: Name, came: string): void {
    const doubt = this.#doubts.get(name);
    if (came === 'done') this.giveUp(otherOf(name));
    // Nobody waits for the answer any more: the victim served meanwhile, or lies on another disk.
    if (came === 'done' || !doubt) return;
    const { latest } = this.world.view(name) ?? {};
    const isRefused = !came.startsWith('timeout');
    // A refusal may leave this copy as it was, or not.
    if (isRefused && latest === true) this.giveUp(otherOf(name));
    else if (isRefused && latest === false) this.#dismiss(name, doubt);
    else doubt.isOpen = true;
  }

  /** The copy of `name` was not forced. */
  #dismiss(name: Name, { wasTainted }: Doubt): void {
    this.#doubts.delete(name);
    if (!wasTainted) this.#trust(otherOf(name));
  }

  #trust(name: Name): void {
    this.#tainted.delete(name);
    this.#strange.delete(name);
  }

  #resolveDoubts(): void {
    for (const [name, doubt] of this.#doubts) {
      const view = this.world.view(name);
      if (!doubt.isOpen) continue;
      if (view?.latest === true) this.giveUp(otherOf(name));
      else if (view?.latest === false && this.world.at(name).running !== doubt.asked) {
        this.#dismiss(name, doubt);
      }
    }
  }

  #checkServed(name: Name): void {
    const { world } = this;
    const running = world.at(name).running!;
    if (running !== this.#serving && this.isStrange(name)) {
      this.#fail(`${name} serves a copy that was restored from an image`);
    }
    // One that was given up is told by what it holds: it may have been recovered since.
    const wrong = this.record.judge(name, 0, world.contents(name));
    if (wrong.length > 0) this.#fail(`${name} serves ${inWords(wrong)}`);
    if (running === this.#serving) return;
    if (wrong.length === 0) {
      this.#trust(name);
      // Forced or not, the other copy has served nothing yet: this one is what counts.
      this.#doubts.delete(otherOf(name));
    }
    this.record.settle(world.contents(name), this.#alive());
    this.#serving = running;
    this.counts.served++;
    if (this.#lastServer !== null && this.#lastServer !== name) this.counts.takeovers++;
    this.#lastServer = name;
    world.note(`  ${name} serves, settled`);
  }

  #areInStep(): boolean {
    const views = NAMES.map((name) => this.world.view(name));
    return views.every((view) => view?.color === 'GREEN' && view.connected);
  }

  #checkColours(): void {
    const inStep = this.#areInStep();
    const now = this.world.clock.exact();
    this.#inStepSince = inStep ? Math.min(this.#inStepSince, now) : Number.POSITIVE_INFINITY;
    if (!inStep || this.#underWay.size > 0 || !this.#isSent()) return;
    this.counts.equal++;
    const lastedMs = now - this.#inStepSince;
    if (this.world.areEqual()) {
      if (lastedMs >= CLAIM_MS / 2) {
        for (const name of NAMES) this.#trust(name);
      }
      return;
    }
    // A victim that cannot be reached does not know it yet, until its timeout says so.
    if (this.#tainted.size > 0 && lastedMs < SENT_MS) return;
    const [one, two] = NAMES.map((name) => Buffer.from(this.world.contents(name)));
    const at = one!.findIndex((byte, index) => byte !== two![index]);
    this.#fail(`GREEN GREEN, idle, and sector ${Math.floor(at / SECTOR)} differs`);
  }

  /** Asynchronous mode sends what it acknowledged a little later. */
  #isSent(): boolean {
    const { clock, settings } = this.world;
    if (!settings.parameters['mddriver/syncmode']) return true;
    return clock.exact() - this.#acknowledgedAt > SENT_MS;
  }

  #checkClaims(): void {
    const { world } = this;
    for (const name of NAMES) {
      const view = world.view(name);
      const { running } = world.at(name);
      const claims = view?.latest && !view.active && !view.connected;
      if (!claims || !running || world.isFrozen(name)) {
        this.#claims.delete(name);
        continue;
      }
      const claim = this.#claims.get(name);
      if (claim?.running !== running) {
        this.#claims.set(name, { running, since: world.clock.exact() });
      } else if (world.clock.exact() - claim.since >= CLAIM_MS) {
        const wrong = this.record.judge(name, 0, world.contents(name));
        if (wrong.length > 0) this.#fail(`${name} is called latest and has ${inWords(wrong)}`);
      }
    }
  }

  /** Without fencing no write waits for the other side longer than the timeouts allow. */
  #checkAnswers(): void {
    const { world } = this;
    for (const [write, { name, since }] of this.#underWay) {
      if (world.settings.fencing || world.isFrozen(name) || world.at(name).mood.failing) {
        this.#underWay.get(write)!.since = world.clock.exact();
      } else if (world.clock.exact() - since > ANSWER_MS) {
        this.#fail(`write ${write.id} to ${name} has had no answer for ${ANSWER_MS} ms`);
      }
    }
  }

  /** Sectors: mostly a few, near the edges of blocks and on top of one another. */
  #place(): [number, number] {
    const random = this.#random;
    const counts = [1, 1, 2, 8, 8, 8, 9, 31, SECTORS_PER_BLOCK, 2 * SECTORS_PER_BLOCK + 3];
    const count = counts[random.below(counts.length)]!;
    const edge = random.below(this.world.settings.blocks) * SECTORS_PER_BLOCK;
    const from = random.next() < 0.3 ? random.below(this.record.sectors) : edge - random.below(10);
    return [Math.max(0, Math.min(from, this.record.sectors - count)), count];
  }

  #served(): { name: Name; running: Running } | null {
    const name = this.world.active();
    const running = name && this.world.at(name).running;
    return name && running && running === this.#serving ? { name, running } : null;
  }

  #alive(): Set<Write> {
    const alive = [...this.#underWay].filter(([, { running }]) => !running.process.dead);
    return new Set(alive.map(([write]) => write));
  }

  #fail(words: string): void {
    this.violation ??= new Violation(words);
  }
}
