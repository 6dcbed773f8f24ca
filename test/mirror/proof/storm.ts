/**
 * What happens to the two servers, at random: faults, repairs and orders, begun one after the other
 * and not waited for. Orders are those of an honest operator: evidence that is so, a copy named as
 * the victim only when the other one may serve, an old image only beside a whole copy.
 */
import type { JsonObject } from '../../../src/core/json.ts';
import type { Cables } from '../../../src/sim/cables.ts';
import type { SeededRandom } from '../../../src/sim/seeded-random.ts';
import type { Application } from './application.ts';
import { NAMES, type Name, otherOf, type ProofWorld } from './world.ts';

export const ACTIVATE = { do: 'activate', mount: false, force: false, evidence: null };
export const CHANGE_DISK = { do: 'change-disk', device: '/dev/sdb' };
const MOST_STRIKE = 40;

type Act = (name: Name) => void;

export class Storm {
  readonly world: ProofWorld;
  readonly app: Application;
  readonly #random: SeededRandom;
  readonly #images = new Map<Name, Uint8Array>();
  readonly #acts: [number, string, Act][];
  #pending = 0;
  /** Nothing that was begun does harm any more. */
  isOver = false;

  constructor(world: ProofWorld, app: Application, random: SeededRandom) {
    this.world = world;
    this.app = app;
    this.#random = random;
    this.#acts = [
      [3, 'kill the agent of', (name) => world.kill(name)],
      [3, 'power off', (name) => world.powerOff(name)],
      [8, 'start', (name) => world.start(name)],
      [3, 'start both', () => this.#each((each) => world.start(each))],
      [2, 'freeze', (name) => world.freeze(name)],
      [4, 'thaw', () => this.#each((each) => world.thaw(each))],
      [3, 'strike at a disk operation of', (name) => this.#strike(name)],
      [6, 'activate', (name) => this.#activate(name)],
      [3, 'take over on', (name) => this.#takeOver(name)],
      [2, 'take over under writes on', (name) => this.#takeOverUnderWrites(name)],
      [3, 'break under writes, and die', () => this.#breakAndDie()],
      [2, 'deactivate', (name) => this.order(name, { do: 'deactivate' })],
      [2, 'close', (name) => this.#close(name)],
      [4, 'recover', (name) => this.order(name, { do: 'recover', full: false })],
      [4, 'recover under writes on', (name) => this.#recoverUnderWrites(name)],
      [1, 'recover fully', (name) => this.order(name, { do: 'recover', full: true })],
      [1, 'break', (name) => this.order(name, { do: 'break' })],
      [1, 'cancel', (name) => this.order(name, { do: 'cancel' })],
      [1, 'pause a recovery on', (name) => this.order(name, { do: 'pause', on: true })],
      [1, 'go on with a recovery on', (name) => this.order(name, { do: 'pause', on: false })],
      [1, 'verify on', (name) => this.order(name, { do: 'verify', mark: random.next() < 0.5 })],
      [1, 'switch the connect on', (name) => this.order(name, { do: 'switch-connect' })],
      [1, 'stop sending on', (name) => this.#option(name, 'sync', false)],
      [1, 'send again on', (name) => this.#option(name, 'sync', true)],
      [1, 'compress on', (name) => this.#option(name, 'compress', random.next() < 0.5)],
      [1, 'begin a backup on', (name) => this.order(name, { do: 'backup', op: 'begin' })],
      [2, 'end the backup on', (name) => this.order(name, { do: 'backup', op: 'end' })],
      [1, 'force', (name) => this.force(name)],
      [3, 'give up the copy of the other side of', (name) => this.#giveUpOther(name)],
      [2, 'cut the mirror connects', () => this.#cutAll()],
      [1, 'cut a mirror connect', () => this.#cables.cut(this.#net(), 'server1', 'server2')],
      [2, 'cut one way from', (name) => this.#cutOneWay(name)],
      [1, 'cut the interconnect', () => this.#cables.cut('lan0', 'server1', 'server2')],
      [2, 'delay', () => this.#delay()],
      [7, 'heal the cables', () => this.healCables()],
      [1, 'fail the disk of', (name) => this.#failDisk(name)],
      [3, 'heal the disks', () => this.healDisks()],
      [1, 'take an image of', (name) => this.#images.set(name, world.image(name))],
      [1, 'restore the image of', (name) => this.#restore(name)],
      [1, 'put a blank disk into', (name) => this.#replace(name)],
    ];
  }

  /** One thing, and how long to let it be. */
  step(): void {
    const random = this.#random;
    const deck = this.#acts.flatMap((act) => Array.from({ length: act[0] }, () => act));
    const [, words, act] = deck[random.below(deck.length)]!;
    const name = NAMES[random.below(2)]!;
    this.world.note(`${words} ${name}`);
    act(name);
    this.world.clock.stir();
  }

  healCables(): void {
    const { cables } = this.world.network;
    for (const net of ['lan0', ...this.world.settings.connects]) {
      cables.delay(net, 'server1', 'server2', 0);
      cables.heal(net, 'server1', 'server2');
    }
  }

  healDisks(): void {
    for (const name of NAMES) {
      const { mood } = this.world.at(name);
      mood.failing = null;
      mood.strike = () => {};
    }
  }

  /** Gives an order without waiting for it; what came of it is noted. */
  order(name: Name, body: JsonObject & { do: string }): void {
    this.#pending++;
    void this.world.ask(name, body).then((came) => {
      this.#pending--;
      this.world.note(`  ${body.do} ${name}: ${came}`);
    });
  }

  /** Back to what the configuration says, wherever an agent runs. */
  endOptions(): void {
    for (const name of NAMES) {
      this.order(name, { do: 'backup', op: 'end' });
      this.order(name, { do: 'pause', on: false });
      this.#option(name, 'sync', true);
    }
  }

  #option(name: Name, option: 'sync' | 'compress', on: boolean): void {
    this.order(name, { do: 'set-option', option, on });
  }

  /** Orders that nobody has answered yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Names the other copy as the one that dies; not while that side may serve. */
  force(name: Name): void {
    const other = otherOf(name);
    const { world, app } = this;
    const view = world.view(name);
    const { running } = world.at(name);
    // Whoever cannot be told is off: an operator sees to that (v3 11.10.6).
    const isAway = !world.at(other).running || !this.#isLanCut();
    const isHidden = world.isFrozen(other) || this.#pending > 0 || !isAway;
    if (!view || !running || view.latest || app.tainted.has(name) || world.active() || isHidden)
      return;
    if (view.constructed !== true || view.recovery) return;
    const body = { do: 'force', latest: name, victim: other };
    this.#pending++;
    app.askForce(name, running);
    void world.ask(name, body).then((came) => {
      this.#pending--;
      world.note(`  force ${name}: ${came}`);
      app.hearOfForce(name, came);
    });
  }

  /** A copy that was given up is not kept from serving here: its agent has to refuse. */
  #mayServe(name: Name): boolean {
    return !this.app.isStrange(name) && !(this.app.tainted.has(name) && this.#pending > 0);
  }

  #isLanCut(): boolean {
    return this.#cables.route('server1', 'server2', 'agent') === null;
  }

  /**
   * One server dies under load, perhaps after it went on alone. The other copy is forced and serves;
   * then the first server boots over cut cables, over none, or in the moment they are healed, and
   * somebody orders its copy to serve.
   */
  #giveUpOther(name: Name): void {
    const { world, app } = this;
    const random = this.#random;
    const other = otherOf(name);
    const later = (ms: number, act: () => void) =>
      world.clock.at(world.clock.exact() + ms, () => {
        if (!this.isOver) act();
      });
    for (const each of NAMES) world.thaw(each);
    if (random.next() < 0.5) this.#cutAll();
    later(2500 + random.below(500), () => {
      for (let at = random.below(4); at >= 0; at--) app.write();
      later(20, () => world.powerOff(other));
    });
    later(6000, () => this.force(name));
    later(7500, () => this.#activate(name));
    later(8500, () => {
      for (let at = random.below(4); at >= 0; at--) app.write();
    });
    const cut = random.below(3);
    later(9500, () => {
      if (cut > 0) this.#cutAll();
      if (cut > 1) this.#cables.cut('lan0', 'server1', 'server2');
      if (random.next() < 0.4) world.powerOff(name);
      if (world.at(other).power === 'off') world.start(other);
      if (random.next() < 0.3) world.freeze(other);
      later(random.below(50), () => this.order(other, ACTIVATE));
      if (random.next() < 0.3) later(random.below(50), () => this.healCables());
      later(1500, () => world.thaw(other));
    });
  }

  #each(act: Act): void {
    for (const name of NAMES) act(name);
  }

  #activate(name: Name): void {
    if (!this.#mayServe(name)) return;
    this.order(name, { ...ACTIVATE, evidence: this.#evidence(name) });
  }

  #takeOver(name: Name): void {
    const { world } = this;
    const other = otherOf(name);
    if (!this.#mayServe(name)) return;
    if (this.#random.next() < 0.5) world.powerOff(other);
    else world.kill(other);
    this.#activate(name);
  }

  /**
   * A fair day: all is healed, the mirror is broken by order and recovered while the application
   * goes on. Then somebody may die, or the recovery is cancelled.
   */
  #recoverUnderWrites(name: Name): void {
    const { world, app } = this;
    const random = this.#random;
    const later = (ms: number, act: () => void) => world.clock.at(world.clock.exact() + ms, act);
    this.healCables();
    this.healDisks();
    for (const each of NAMES) {
      world.thaw(each);
      world.start(each);
    }
    later(300, () => {
      if (world.active()) this.order(name, { do: 'recover', full: false });
      else this.#activate(name);
    });
    later(900, () => this.order(name, { do: 'break' }));
    const fromMs = 1000;
    const lastMs = [1, 5, 30][random.below(3)]!;
    const during = () => fromMs + random.next() * lastMs;
    for (let at = random.below(8); at >= 0; at--) later(fromMs - 20, () => app.write());
    later(fromMs, () => this.order(name, { do: 'recover', full: random.next() < 0.7 }));
    for (let at = random.below(60); at >= 0; at--) later(during(), () => app.write());
    const end = random.below(4);
    if (end === 0) later(during(), () => world.powerOff(name));
    else if (end === 1) later(during(), () => this.order(name, { do: 'cancel' }));
  }

  /** The active side dies while writes are on their way. */
  #takeOverUnderWrites(name: Name): void {
    const { world, app } = this;
    const other = otherOf(name);
    if (world.active() !== other) return;
    for (let at = this.#random.below(8); at >= 0; at--) app.write();
    const ms = world.settings.latencyMs * 4 * this.#random.next();
    world.clock.at(world.clock.exact() + ms, () => {
      if (world.active() === other) this.#takeOver(name);
    });
  }

  /** The active side loses the other one under load, dies soon, and the other one takes over. */
  #breakAndDie(): void {
    const { world, app } = this;
    const name = world.active();
    if (!name) return;
    for (let at = this.#random.below(12); at >= 0; at--) app.write();
    const { mood } = world.at(name);
    let left = this.#random.below(16);
    mood.strike = () => {
      if (left-- > 0) return;
      mood.strike = () => {};
      world.note(`  struck ${name}`);
      world.kill(name);
    };
    const other = otherOf(name);
    world.kill(other);
    const later = (ms: number, fn: () => void) => world.clock.at(world.clock.exact() + ms, fn);
    later(50, () => world.start(other));
    later(300 + this.#random.below(500), () => {
      world.kill(name);
      this.#activate(other);
    });
  }

  /** Only what is so: a fence cuts the power, a dead agent is one whose host says so. */
  #evidence(name: Name): JsonObject | null {
    const { world } = this;
    const other = otherOf(name);
    if (this.#random.next() < 0.3) return null;
    if (world.settings.fencing) {
      world.powerOff(other);
      return { by: 'fence', from: other, at: 1 };
    }
    const { power, running } = world.at(other);
    return power === 'on' && !running ? { by: 'operatingSystem', from: other, at: 1 } : null;
  }

  #close(name: Name): void {
    const { running } = this.world.at(name);
    if (!running) return;
    // The agent alone, or with its system; then its power goes off.
    const isSystem = this.#random.next() < 0.5;
    this.world.at(name).goingDown ||= isSystem;
    const end = (came: string) => {
      this.world.note(`  close ${name}: ${came}${isSystem ? ', with its system' : ''}`);
      if (this.world.at(name).running !== running) return;
      if (isSystem) this.world.powerOff(name);
      else if (came === 'done') this.world.kill(name);
    };
    running.process.enter(() => {
      running.agent.close().then(
        () => end('done'),
        (error: Error) => end(error.message),
      );
    });
  }

  #strike(name: Name): void {
    const { mood } = this.world.at(name);
    const how = this.#random.below(3);
    let left = this.#random.below(MOST_STRIKE);
    mood.strike = () => {
      if (left-- > 0) return;
      mood.strike = () => {};
      this.world.note(`  struck ${name}`);
      if (how === 0) this.world.kill(name);
      else if (how === 1) this.world.powerOff(name);
      else mood.failing = 'write';
    };
  }

  #cutOneWay(name: Name): void {
    for (const net of this.world.settings.connects) {
      this.#cables.cut(net, name, otherOf(name), true);
    }
  }

  #cutAll(): void {
    for (const net of this.world.settings.connects) this.#cables.cut(net, 'server1', 'server2');
  }

  get #cables(): Cables {
    return this.world.network.cables;
  }

  #net(): string {
    const { connects } = this.world.settings;
    return connects[this.#random.below(connects.length)]!;
  }

  #delay(): void {
    const ms = [2, 30, 400][this.#random.below(3)]!;
    this.#cables.delay(this.#net(), 'server1', 'server2', ms);
  }

  #failDisk(name: Name): void {
    this.world.at(name).mood.failing = (['all', 'read', 'write'] as const)[this.#random.below(3)]!;
  }

  /** An old image of the copy; only beside a whole one that counts as the latest. */
  #restore(name: Name): void {
    const image = this.#images.get(name);
    if (!image || !this.#mayLose(name)) return;
    this.world.powerOff(name);
    this.world.insertDisk(name, image);
    this.app.taint(name);
  }

  #replace(name: Name): void {
    if (!this.#mayLose(name)) return;
    this.world.powerOff(name);
    this.world.insertDisk(name, null);
    this.app.taint(name);
    this.world.start(name);
    this.order(name, CHANGE_DISK);
  }

  /** The other copy serves, or counts as the latest and is whole. */
  #mayLose(name: Name): boolean {
    const other = otherOf(name);
    const view = this.world.view(other);
    const isSafe = view?.latest === true && !this.app.tainted.has(other);
    return isSafe && !this.world.view(name)?.active && this.app.isWhole(other);
  }
}
