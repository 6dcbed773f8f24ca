/**
 * One request on the simulated network, as a connection of the real wire carries it:
 *
 *     sent ──► arrived ──► handled ──► answer sent ──► answer arrived
 *      ▲ │        │ nobody serves that part, its system is up ─────► refused
 *      └─┴────────┴── a cut cable, no power: sent again until there is a way
 *
 * What cannot go now is sent again, as TCP does, until the asker's limit is over or nothing was heard
 * of the other side for `SILENCE_LIMIT_MS`. A process that dies with a request in hand closes the
 * connection where its system lives on; after a power cut it is reset once that system is back.
 */
import { DrydockError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Address, Caller } from '../core/part.ts';
import {
  PING_EVERY_MS,
  RemoteError,
  SILENCE_LIMIT_MS,
  TOO_LARGE,
  WireError,
  whyTooLarge,
} from '../ports/wire.ts';
import type { Cables } from './cables.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimProcess } from './sim-process.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What was lost on the way is sent again so much later: the shortest time that TCP waits. */
const AGAIN_MS = 200;

export type Handler = (from: Caller, body: Json) => Promise<Json>;

export interface Served {
  process: SimProcess;
  handler: Handler;
}

export interface RequestWorld {
  clock: VirtualClock;
  cables: Cables;
  /** Whether that server's operating system is up. */
  isUp(server: string): boolean;
  served(to: Address): Served | undefined;
  /** A handler threw something that is no refusal. */
  defect(words: string): void;
}

export interface Asked {
  asker: SimProcess;
  from: Caller;
  to: Address;
  body: Json;
  timeoutMs: number;
  /** How long it takes; left out: by the cable's own chance. */
  random?: SeededRandom | undefined;
}

/** Through JSON, and through a frame: what would not fit on the real wire does not here either. */
function copied(body: Json): Json {
  const text = JSON.stringify(body ?? null);
  const why = whyTooLarge(`{"q":0,"b":${text}}`);
  if (why !== null) throw new RemoteError(TOO_LARGE, why);
  return JSON.parse(text) as Json;
}

class Unsent extends WireError {}

/** An answer that does not fit was given all the same: to whoever asked it is lost. */
function copiedAnswer(answer: Json): Json {
  try {
    return copied(answer);
  } catch (error) {
    const words = `it answered, and the answer cannot be sent: ${(error as Error).message}`;
    throw new Unsent('timeout', words);
  }
}

/** A handler that throws at once is refused like one that rejects. */
async function called(handler: Handler, from: Caller, body: Json): Promise<Json> {
  return handler(from, body);
}

function describe(body: Json): string {
  if (body === null || typeof body !== 'object' || Array.isArray(body)) return '';
  return [body.do, body.op, body.argv].flat().filter(Boolean).join(' ');
}

export class SimRequest {
  readonly words: string;
  readonly answer: Promise<Json>;
  readonly asker: SimProcess;
  /** Who has it in hand. */
  target: SimProcess | null = null;
  readonly #world: RequestWorld;
  readonly #asked: Asked;
  readonly #over: () => void;
  readonly #resolve: (answer: Json) => void;
  readonly #reject: (error: Error) => void;
  readonly #cancelLimit: () => void;
  #cancelTick: () => void = () => undefined;
  #isOpen = true;
  #net: string | null = null;
  /** Who took it, also after the answer. */
  #taker: SimProcess | null = null;
  /** What goes on once there is a way again. */
  #stuck: (() => void) | null = null;
  #heardAt: number;

  /** `over`: it has its end. */
  constructor(world: RequestWorld, asked: Asked, over: () => void) {
    const { asker, from, to, body, timeoutMs } = asked;
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    this.#world = world;
    this.#asked = asked;
    this.#over = over;
    this.asker = asker;
    this.answer = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.words = `${from.server}/${from.part} → ${to.server}/${to.part} ${describe(body)}`;
    const { clock } = world;
    this.#heardAt = clock.exact();
    this.#cancelLimit = clock.at(clock.exact() + timeoutMs, () =>
      this.fail(`no answer within ${timeoutMs} ms: ${this.words}`),
    );
  }

  begin(): void {
    let message: Json;
    try {
      message = copied(this.#asked.body);
    } catch (error) {
      this.#end(() => this.#reject(error as Error));
      return;
    }
    this.#arm(PING_EVERY_MS);
    this.#send(message);
  }

  /** Its outcome is unknown. */
  fail(words: string): void {
    this.#end(() => this.#reject(new WireError('timeout', words)));
  }

  /** Nobody waits for it any more. */
  drop(): void {
    this.#isOpen = false;
    this.#cancelLimit();
    this.#cancelTick();
    this.#over();
  }

  #end(settle: () => void): void {
    if (!this.#isOpen) return;
    this.drop();
    this.asker.enter(() => {
      this.#world.clock.stir();
      settle();
    });
  }

  #arm(afterMs: number): void {
    const { clock } = this.#world;
    this.#cancelTick();
    this.#cancelTick = clock.atQuietly(clock.exact() + afterMs, () => this.#tick());
  }

  #wait(goOn: () => void): void {
    if (!this.#isOpen) return;
    this.#stuck = goOn;
    this.#arm(AGAIN_MS);
  }

  #tick(): void {
    const { clock, isUp } = this.#world;
    const { server } = this.#asked.to;
    const goOn = this.#stuck;
    this.#stuck = null;
    goOn?.();
    const isGone = this.#taker?.dead === true;
    if (isGone && isUp(server))
      this.fail(`${server} came back and knows nothing of: ${this.words}`);
    else if (this.#stuck === null && !isGone && this.#isHeard()) this.#heardAt = clock.exact();
    else if (clock.exact() - this.#heardAt > SILENCE_LIMIT_MS)
      this.fail(`${server} fell silent: ${this.words}`);
    if (this.#isOpen) this.#arm(this.#stuck === null ? PING_EVERY_MS : AGAIN_MS);
  }

  #isHeard(): boolean {
    const { from, to } = this.#asked;
    const { cables } = this.#world;
    const net = this.#net;
    if (net === null || this.#taker?.frozen) return false;
    return cables.isUp(net, from.server, to.server) && cables.isUp(net, to.server, from.server);
  }

  #send(message: Json): void {
    const { clock, cables } = this.#world;
    const { from, to, random } = this.#asked;
    const net = cables.route(from.server, to.server, to.part);
    this.#net = net;
    if (net === null) {
      this.#wait(() => this.#send(message));
      return;
    }
    const at = clock.exact() + cables.latency(net, from.server, to.server, random);
    clock.atQuietly(at, () => {
      if (!cables.refuses(net, from.server, to.server)) this.#deliver(message);
      else this.#back(this.#refused(`${to.server} refuses to be asked over ${net}`));
    });
  }

  /** To a system that was not up. */
  #sendAgain(message: Json): void {
    const { served, isUp } = this.#world;
    const { to } = this.#asked;
    if (served(to) || isUp(to.server)) this.#send(message);
    else this.#wait(() => this.#sendAgain(message));
  }

  #deliver(message: Json): void {
    const { clock, served, isUp } = this.#world;
    const { from, to } = this.#asked;
    const found = served(to);
    if (!found) {
      // Whoever stands at the machine needs no cable to see that nobody is there.
      if (isUp(to.server) || this.#net === 'local') {
        this.#back(this.#refused(`nobody serves ${to.part} on ${to.server}`));
      } else this.#wait(() => this.#sendAgain(message));
      return;
    }
    const { process, handler } = found;
    this.target = process;
    this.#taker = process;
    const answered = (settle: () => void) => {
      clock.stir();
      process.enter(() => {
        // On its way: the death of who answered no longer matters.
        this.target = null;
        this.#back(settle);
      });
    };
    process.enter(() => {
      clock.stir();
      called(handler, from, message)
        .then(copiedAnswer)
        .then(
          (copy) => answered(() => this.#resolve(copy)),
          (error: unknown) => {
            const refusal = error instanceof Unsent ? error : this.#refusal(error);
            answered(() => this.#reject(refusal));
          },
        );
    });
  }

  #refused(words: string): () => void {
    return () => this.#reject(new WireError('refused', words));
  }

  #back(settle: () => void): void {
    const { clock, cables, isUp } = this.#world;
    const { from, to, random } = this.#asked;
    const net = this.#net as string;
    // What its system had still to send went with it.
    if (this.#taker?.dead && !isUp(to.server)) return;
    if (!cables.isUp(net, to.server, from.server)) {
      this.#wait(() => this.#back(settle));
      return;
    }
    // Once it is sent, whoever sent it may die.
    this.#taker = null;
    const at = clock.exact() + cables.latency(net, to.server, from.server, random);
    clock.atQuietly(at, () => this.#end(settle));
  }

  #refusal(error: unknown): Error {
    const { to } = this.#asked;
    if (error instanceof RemoteError || error instanceof DrydockError) {
      return new RemoteError(error.code, error.message);
    }
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#world.defect(`${to.server}/${to.part}: ${words}`);
    return new RemoteError('defect', words.split('\n')[0] ?? '');
  }
}
