/**
 * Questions and answers over a channel. Frames: `{q: id, b: body}` asks, `{r: id, b: body}`
 * answers, `{e: id, c: code, m: words}` refuses, `{p: n}` and `{o: n}` are ping and pong.
 * `{u: id, m: words}`: it was carried out, and the answer cannot be sent. That is no refusal: to
 * whoever asked it is as if the answer had been lost.
 *
 * A cable pulled in the middle says nothing, so while an answer is awaited the asking side pings:
 * a peer that is silent for too long is given up, whatever the request's own limit.
 */
import { DrydockError } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import {
  PING_EVERY_MS,
  RemoteError,
  SILENCE_LIMIT_MS,
  TOO_LARGE,
  WireError,
} from '../ports/wire.ts';
import type { Channel } from './channel.ts';
import { FrameError } from './frames.ts';

const OPEN_REQUESTS_LIMIT = 1024;

interface Waiting {
  resolve(value: Json): void;
  reject(error: Error): void;
  limit: NodeJS.Timeout;
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

export class Requester {
  readonly channel: Channel;
  #waiting = new Map<number, Waiting>();
  #pongs = new Map<number, () => void>();
  #lastId = 0;
  #lastHeardAt = performance.now();
  #pinging: NodeJS.Timeout | null = null;

  constructor(channel: Channel) {
    this.channel = channel;
    channel.onFrame((header) => this.#take(header));
    channel.onClose((reason) => this.#fail(reason));
  }

  /** Since anything was heard from the other side, ms. */
  get silentMs(): number {
    return performance.now() - this.#lastHeardAt;
  }

  ask(body: Json, timeoutMs: number): Promise<Json> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        this.#settle(id)?.reject(new WireError('timeout', `no answer in ${timeoutMs} ms`));
        // The answer may never come: a fresh connection tells a dead cable from a slow peer.
        if (this.#waiting.size === 0 && this.silentMs > PING_EVERY_MS)
          this.channel.close('no answer in time');
      }, timeoutMs);
      this.#waiting.set(id, { resolve, reject, limit });
      this.#keepPinging();
      this.#send({ q: id, b: body }).catch((error: Error) => this.#settle(id)?.reject(error));
    });
  }

  /** What is too large was not sent: nobody has carried it out. */
  async #send(frame: JsonObject): Promise<void> {
    try {
      await this.channel.send(frame);
    } catch (error) {
      throw error instanceof FrameError ? new RemoteError(TOO_LARGE, error.message) : error;
    }
  }

  /** Whether the other side answers at all; used before a connection is trusted again. */
  async ping(timeoutMs: number): Promise<boolean> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const limit = setTimeout(() => resolve(false), timeoutMs);
    this.#pongs.set(id, () => resolve(true));
    this.channel.send({ p: id }).catch(() => resolve(false));
    const received = await promise;
    clearTimeout(limit);
    this.#pongs.delete(id);
    return received;
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!waiting) return undefined;
    clearTimeout(waiting.limit);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0 && this.#pinging) {
      clearInterval(this.#pinging);
      this.#pinging = null;
    }
    return waiting;
  }

  #keepPinging(): void {
    if (this.#pinging) return;
    this.#lastHeardAt = performance.now();
    this.#pinging = setInterval(() => {
      if (this.silentMs > SILENCE_LIMIT_MS) this.channel.close('the other side fell silent');
      else this.channel.send({ p: 0 }).catch(() => undefined);
    }, PING_EVERY_MS);
  }

  #take(header: JsonObject): void {
    this.#lastHeardAt = performance.now();
    if (isId(header.o)) this.#pongs.get(header.o)?.();
    else if (isId(header.r)) this.#settle(header.r)?.resolve(header.b ?? null);
    else if (isId(header.e)) {
      const error = new RemoteError(String(header.c), String(header.m));
      this.#settle(header.e)?.reject(error);
    } else if (isId(header.u)) {
      const words = `it answered, and the answer cannot be sent: ${String(header.m)}`;
      this.#settle(header.u)?.reject(new WireError('timeout', words));
    } else this.channel.close('a frame of no known kind');
  }

  #fail(reason: string): void {
    for (const id of [...this.#waiting.keys()]) {
      const words = `the connection ended before the answer came (${reason})`;
      this.#settle(id)?.reject(new WireError('timeout', words));
    }
  }
}

/** What of an error crosses to the asking side. */
function refusalOf(error: unknown): { c: string; m: string } {
  if (error instanceof RemoteError || error instanceof DrydockError) {
    return { c: error.code, m: error.message };
  }
  if (error instanceof WireError) return { c: `wire.${error.code}`, m: error.message };
  return { c: 'defect', m: error instanceof Error ? error.message : String(error) };
}

/** Answers what comes over the channel; a handler that throws sends a refusal. */
export function answerRequests(channel: Channel, handler: (body: Json) => Promise<Json>): void {
  let open = 0;
  const reply = async (frame: JsonObject, id?: number): Promise<void> => {
    try {
      await channel.send(frame);
    } catch (error) {
      if (id !== undefined && error instanceof FrameError) await reply({ u: id, m: error.message });
    }
  };
  const answer = async (id: number, body: Json): Promise<void> => {
    open += 1;
    const said = await handler(body).then(
      (value) => ({ r: id, b: value ?? null }),
      (error: unknown) => ({ e: id, ...refusalOf(error) }),
    );
    await reply(said, id);
    open -= 1;
  };
  channel.onFrame((header) => {
    if (isId(header.p)) void reply({ o: header.p });
    else if (isId(header.q) && open < OPEN_REQUESTS_LIMIT) void answer(header.q, header.b ?? null);
    else channel.close('a frame of no known kind');
  });
}
