/**
 * Whether this server is the current one of its side of a hybrid disk (x5): the one that has the
 * copy open, which the others of its server group reach as well. It holds the reservation of the
 * data partition; what anybody else writes there fails, so no two ever write one copy.
 *
 *     nobody holds it        after a moment for each server before this one in the group: taken
 *     another server does    and its agent is known not to run: taken; silent is not known
 *     this one does          the copy is opened; a moment later than that, if ever, it is closed
 *     activation             taken: an agent that answers lets go first, one that is active refuses
 *     the copy cannot be     let go, so that another server of the group, whose own way to the disk
 *     opened here            may be sound, has its turn; whoever's turn comes again keeps it
 *
 * That a silent server keeps what it holds, how long the others wait, and that a server lets go of
 * what it cannot open, are choices.
 */
import { failureOf } from '../../messages/index.ts';
import { RemoteError } from '../../ports/wire.ts';
import type { MirrorPorts } from '../ports.ts';
import { isObject, refused } from '../refused.ts';
import { holderOf } from './other-side.ts';
import type { MirrorParameters } from './parameters.ts';

export const LOOK_MS = 500;
/** How long each server waits for the one before it in the group. */
const TURN_MS = 1500;
const ASK_MS = 300;
const LET_GO_MS = 5000;

export interface CurrentOptions {
  p: MirrorParameters;
  ports: Pick<MirrorPorts, 'server' | 'wire' | 'clock'>;
  /** Opens the copy, or closes it; called in turns. False: it could not be opened. */
  opened: () => Promise<boolean>;
  closed: () => Promise<void>;
}

export class Current {
  readonly #options: CurrentOptions;
  #isCurrent = false;
  #freeSince: number | null = null;
  /** It let go of a copy that it could not open, and was not current since. */
  #gaveWay = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: CurrentOptions) {
    this.#options = options;
  }

  get mirror(): string {
    return this.#options.p.name;
  }

  get isCurrent(): boolean {
    return this.#isCurrent;
  }

  /** Who is current, as far as this server's host can tell. */
  async holder(): Promise<string | null> {
    const { p, ports } = this.#options;
    const request = ports.wire.request.bind(ports.wire);
    return await holderOf(request, ports.server, p.dataDevice);
  }

  /** Resolves when what is being opened or closed is. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  /** One look, and what follows from it. */
  look(): Promise<void> {
    return this.#next(() => this.#look());
  }

  /**
   * Takes the copy over: from an agent that answers, in order. Rejects with RemoteError
   * `mirror.peerActive` when it is active there, `mirror.disk` when it cannot be opened here, unless
   * it is taken all the same (`anyhow`: to make it anew).
   */
  become(anyhow = false): Promise<void> {
    return this.#next(async () => {
      const { p, ports } = this.#options;
      const holder = await this.holder();
      if (holder !== null && holder !== ports.server) {
        const to = { server: holder, part: 'agent' as const };
        const order = { do: 'let-go', mirror: p.name };
        await ports.wire.request(to, order, LET_GO_MS).catch((error: unknown) => {
          if (error instanceof RemoteError && error.code === 'mirror.peerActive') throw error;
        });
      }
      await this.#take(anyhow);
      if (!this.#isCurrent) throw refused(failureOf('md.noPartition').text, 'mirror.disk');
    });
  }

  /** Another server of the group becomes current: this one closes the copy first. */
  giveUp(): Promise<void> {
    return this.#next(async () => {
      await this.#close();
      await this.#ask('release');
    });
  }

  /** In order, at the end: whoever comes next need not wait. */
  async letGo(): Promise<void> {
    if (!this.#isCurrent) return;
    this.#isCurrent = false;
    await this.#ask('release').catch(() => null);
  }

  #next(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #look(): Promise<void> {
    const { ports } = this.#options;
    const holder = await this.holder();
    if (holder !== null) this.#freeSince = null;
    if (holder === ports.server) await this.#open(this.#gaveWay);
    else if (holder !== null) {
      await this.#close();
      if (await this.#isStopped(holder)) await this.#take(this.#gaveWay);
    } else if (this.#isMyTurn()) await this.#take(this.#gaveWay);
  }

  #isMyTurn(): boolean {
    const { p, ports } = this.#options;
    const now = ports.clock.now();
    this.#freeSince ??= now;
    const turn = p.own.indexOf(ports.server) + (this.#gaveWay ? p.own.length : 0);
    return now - this.#freeSince >= TURN_MS * turn;
  }

  async #take(anyhow: boolean): Promise<void> {
    const holder = await this.#ask('take');
    if (holder === this.#options.ports.server) await this.#open(anyhow);
  }

  async #open(anyhow: boolean): Promise<void> {
    if (this.#isCurrent) return;
    this.#isCurrent = true;
    const isOpen = await this.#options.opened();
    this.#gaveWay = !(isOpen || anyhow || this.#options.p.own.length < 2);
    if (!this.#gaveWay) return;
    this.#freeSince = null;
    await this.#close();
    await this.#ask('release');
  }

  async #close(): Promise<void> {
    if (!this.#isCurrent) return;
    this.#isCurrent = false;
    await this.#options.closed();
  }

  async #ask(op: 'take' | 'release'): Promise<string | null> {
    const { p, ports } = this.#options;
    const body = { do: 'outside', op, kind: 'disk', name: p.dataDevice };
    const to = { server: ports.server, part: 'host' as const };
    const reply = await ports.wire.request(to, body, ASK_MS);
    return isObject(reply) && typeof reply.text === 'string' ? reply.text : null;
  }

  /** Its host says that no agent runs there, or that no system does. */
  async #isStopped(server: string): Promise<boolean> {
    const { wire } = this.#options.ports;
    try {
      const reply = await wire.request({ server, part: 'host' }, { do: 'status' }, ASK_MS);
      const services = isObject(reply) && isObject(reply.services) ? reply.services : {};
      const agent = services.clusterpro_md;
      return isObject(agent) && agent.running === false;
    } catch (error) {
      return error instanceof RemoteError && error.code === 'os.off';
    }
  }
}
