/**
 * One mirror connection between two agents, over a Link: questions with answers, in order, plus a
 * heartbeat that notices silence.
 *
 *     ask ──► { t: 'ask', id, do, … } payload        the other side's handler
 *     ◄────── { t: 'answer', id, ok | error, … }     one a question, in any order
 *     ◄─────► { t: 'ping' }                          when nothing else was sent for an interval
 *
 * A closed or silent link ends the session once; every question that waits is rejected with
 * LinkLost, which means: not known whether the other side did it. A malformed frame ends it too.
 */
import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';
import { type Link, RemoteError } from '../../ports/wire.ts';
import { type Bytes, isWhole, lengthOf, whole } from '../copy/bytes.ts';
import { MirrorLink } from './mirror-link.ts';

export class LinkLost extends Error {
  constructor(why: string) {
    super(`mirror connection lost: ${why}`);
    this.name = 'LinkLost';
  }
}

export interface Frame {
  header: JsonObject;
  payload: Uint8Array;
  /** The payload as it came; `payload` is joined when it is asked for. */
  bytes?: Bytes;
}

/** A frame whose bytes are used again after `done`. */
class Arrived implements Frame {
  readonly header: JsonObject;
  readonly bytes: Bytes;
  readonly done: () => void;

  constructor(header: JsonObject, bytes: Bytes, done: () => void) {
    this.header = header;
    this.bytes = bytes;
    this.done = done;
  }

  get payload(): Uint8Array {
    return whole(this.bytes);
  }
}

/** A question that is answered by `reply`. */
export type Question = Frame & { reply: (header: JsonObject, payload?: Uint8Array) => void };

/** The bytes of the frame are there until it has resolved. */
export type Handler = (frame: Frame) => Promise<{ header: JsonObject; payload?: Uint8Array }>;

export interface SessionLimits {
  ackTimeoutMs: number;
  heartbeatIntervalMs: number;
  silenceTimeoutMs: number;
  /** The transport took no frame for this long although some wait; default: it may take for ever. */
  sendTimeoutMs?: number;
}

/** For statistics. */
export interface SessionObserver {
  /** A question goes out. */
  asked(what: string, bytes: number): void;
  /** It was answered after `ms`; null: it was not. */
  answered(what: string, bytes: number, ms: number | null): void;
}

interface Waiting {
  resolve: (frame: Frame) => void;
  reject: (error: Error) => void;
  cancel: () => void;
  /** Tells who counts whether it was answered well. */
  ended?: (isGood: boolean) => void;
}

const EMPTY = new Uint8Array(0);
/** Questions that came before their handlers: as many as a full queue of large writes. */
const MOST_EARLY = 64;
const MOST_EARLY_BYTES = 32 * 1024 * 1024;
const NOTHING = (): void => {};

export class Session {
  readonly link: Link;
  readonly #clock: Clock;
  readonly #limits: SessionLimits;
  readonly #waiting = new Map<number, Waiting>();
  readonly #handlers = new Map<string, Handler>();
  readonly #early: Arrived[] = [];
  #observer: SessionObserver | null = null;
  #onLost: (why: string) => void = () => {};
  #lost: string | null = null;
  #sequence = 0;
  #heardAt: number;
  #sentAt: number;
  /** Frames that the transport has not taken, and since when it took none. */
  #untaken = 0;
  #untakenSince = 0;
  #cancelTick: () => void = () => {};

  constructor(link: Link, clock: Clock, limits: SessionLimits) {
    this.link = link;
    this.#clock = clock;
    this.#limits = limits;
    this.#heardAt = clock.now();
    this.#sentAt = clock.now();
    const take = (header: JsonObject, bytes: Bytes, done: () => void) =>
      this.#receive(new Arrived(header, bytes, done));
    if (link instanceof MirrorLink) link.onBytes(take);
    else link.onFrame((header, payload) => take(header, payload, NOTHING));
    link.onClose((why) => this.close(why));
    this.#tick();
  }

  observe(observer: SessionObserver): void {
    this.#observer = observer;
  }

  get isLost(): boolean {
    return this.#lost !== null;
  }

  /** Number of questions that wait for an answer. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Called once, when the session ends for whatever reason; at once when it already has. */
  onLost(fn: (why: string) => void): void {
    if (this.#lost !== null) fn(this.#lost);
    else this.#onLost = fn;
  }

  /** Answers questions `what`; those that came before the handler are answered now. */
  handle(what: string, handler: Handler): void {
    this.#handlers.set(what, handler);
    const early = this.#early.filter(({ header }) => header.do === what);
    for (const frame of early) {
      this.#early.splice(this.#early.indexOf(frame), 1);
      void this.#answer(handler, frame);
    }
  }

  /** The next question `what`, once; `reply` answers it. Rejects with LinkLost. */
  async expect(what: string, timeoutMs: number): Promise<Question> {
    const id = -1 - this.#sequence++;
    return await new Promise((resolve, reject) => {
      if (this.#lost !== null) {
        reject(new LinkLost(this.#lost));
        return;
      }
      const cancel = this.#clock.at(this.#clock.now() + timeoutMs, () => {
        reject(new LinkLost(`no ${what} within ${timeoutMs} ms`));
        this.close(`no ${what}`);
      });
      this.#waiting.set(id, { resolve: () => {}, reject, cancel });
      this.handle(what, (frame) => {
        cancel();
        this.#waiting.delete(id);
        this.#handlers.delete(what);
        return new Promise((answer) => {
          resolve({
            header: frame.header,
            payload: frame.payload,
            reply: (header, payload) => answer(payload ? { header, payload } : { header }),
          });
        });
      });
    });
  }

  /**
   * Asks the other side. Rejects with RemoteError (it said no), or with LinkLost when the answer
   * does not come within `timeoutMs`; the session has then ended.
   */
  async ask(
    what: string,
    header: JsonObject,
    payload: Bytes = EMPTY,
    timeoutMs = this.#limits.ackTimeoutMs,
  ): Promise<Frame> {
    if (this.#lost !== null) throw new LinkLost(this.#lost);
    const id = ++this.#sequence;
    return await new Promise<Frame>((resolve, reject) => {
      const cancel = this.#clock.at(this.#clock.now() + timeoutMs, () =>
        this.close(`no answer to ${what} within ${timeoutMs} ms`),
      );
      this.#waiting.set(id, { resolve, reject, cancel, ...this.#counted(what, lengthOf(payload)) });
      this.#send({ ...header, t: 'ask', id, do: what }, payload);
    });
  }

  #counted(what: string, bytes: number): Pick<Waiting, 'ended'> {
    const observer = this.#observer;
    if (!observer) return {};
    const from = this.#clock.now();
    observer.asked(what, bytes);
    return {
      ended: (isGood) => observer.answered(what, bytes, isGood ? this.#clock.now() - from : null),
    };
  }

  /** Tells without asking for an answer. */
  tell(what: string, header: JsonObject): void {
    if (this.#lost === null) this.#send({ ...header, t: 'ask', id: 0, do: what }, EMPTY);
  }

  close(why: string): void {
    if (this.#lost !== null) return;
    this.#lost = why;
    this.#cancelTick();
    this.link.close();
    // The owner learns of it first, so that it can freeze before a waiting write goes on.
    this.#onLost(why);
    for (const { reject, cancel, ended } of this.#waiting.values()) {
      cancel();
      ended?.(false);
      reject(new LinkLost(why));
    }
    this.#waiting.clear();
  }

  #send(header: JsonObject, payload: Bytes): void {
    this.#sentAt = this.#clock.now();
    if (this.#untaken++ === 0) this.#untakenSince = this.#sentAt;
    const { link } = this;
    const isOne = isWhole(payload) || !link.sendPieces;
    const sent = isOne ? link.send(header, whole(payload)) : link.sendPieces!(header, payload);
    sent.then(
      () => {
        this.#untaken -= 1;
        this.#untakenSince = this.#clock.now();
      },
      () => this.close('the connection takes no more frames'),
    );
  }

  #receive(frame: Arrived): void {
    if (this.#lost !== null) return;
    this.#heardAt = this.#clock.now();
    const { t, id } = frame.header;
    if (t === 'ping') {
      frame.done();
      return;
    }
    if (typeof id !== 'number') {
      this.close('a frame without an id');
      return;
    }
    if (t === 'answer') this.#resolve(id, frame);
    else if (t === 'ask') this.#dispatch(frame);
    else this.close('a frame of unknown kind');
  }

  #resolve(id: number, { header, payload, done }: Arrived): void {
    // Who asked may keep the answer.
    const frame = { header, payload: payload.length > 0 ? payload.slice() : payload };
    done();
    // Whoever expects a question waits under an id below zero: no answer may end that.
    const waiting = id > 0 ? this.#waiting.get(id) : undefined;
    if (!waiting) return;
    this.#waiting.delete(id);
    waiting.cancel();
    const { error, code } = header;
    waiting.ended?.(typeof error !== 'string');
    if (typeof error === 'string') waiting.reject(new RemoteError(String(code), error));
    else waiting.resolve(frame);
  }

  #dispatch(frame: Arrived): void {
    const handler = this.#handlers.get(String(frame.header.do));
    if (handler) void this.#answer(handler, frame);
    else if (this.#hasRoom(frame)) this.#early.push(frame);
    else this.close('too many unexpected frames');
  }

  #hasRoom({ bytes }: Arrived): boolean {
    const held = this.#early.reduce((sum, early) => sum + lengthOf(early.bytes), 0);
    return this.#early.length < MOST_EARLY && held + lengthOf(bytes) <= MOST_EARLY_BYTES;
  }

  async #answer(handler: Handler, frame: Arrived): Promise<void> {
    const id = frame.header.id as number;
    try {
      const { header, payload } = await handler(frame);
      if (id !== 0 && this.#lost === null)
        this.#send({ ...header, t: 'answer', id }, payload ?? EMPTY);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'mirror.failed';
      const words = error instanceof Error ? error.message : String(error);
      if (id !== 0 && this.#lost === null) {
        this.#send({ t: 'answer', id, code, error: words }, EMPTY);
      }
    } finally {
      frame.done();
    }
  }

  #tick(): void {
    const now = this.#clock.now();
    const { heartbeatIntervalMs, silenceTimeoutMs } = this.#limits;
    const sendTimeoutMs = this.#limits.sendTimeoutMs ?? Number.POSITIVE_INFINITY;
    if (now - this.#heardAt >= silenceTimeoutMs) {
      this.close(`nothing heard for ${now - this.#heardAt} ms`);
      return;
    }
    if (this.#untaken > 0 && now - this.#untakenSince >= sendTimeoutMs) {
      this.close(`nothing could be sent for ${now - this.#untakenSince} ms`);
      return;
    }
    if (now - this.#sentAt >= heartbeatIntervalMs) this.#send({ t: 'ping' }, EMPTY);
    const next = Math.min(this.#sentAt + heartbeatIntervalMs, this.#heardAt + silenceTimeoutMs);
    this.#cancelTick = this.#clock.at(Math.max(next, now + 1), () => this.#tick());
  }
}
