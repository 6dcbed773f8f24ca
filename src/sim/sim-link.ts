/**
 * A connection between two mirror agents on the simulated network: ordered frames, one at a time
 * at the speed of the line, with a window after which `send` waits. What it lives through:
 *
 *     cut         frames stay on the line and go on when it is healed, as TCP sends again
 *     killed      its system closes the connection: the other side hears of it at once
 *     power off   silence; the other side learns by its own heartbeat, or when it sends to a
 *                 server that came back and knows nothing of the connection
 */
import type { JsonObject } from '../core/json.ts';
import { type Link, WireError, whyTooLarge } from '../ports/wire.ts';
import type { Cables } from './cables.ts';
import type { SimProcess } from './sim-process.ts';
import type { VirtualClock } from './virtual-clock.ts';

const WINDOW_BYTES = 256 * 1024;
const FRAME_OVERHEAD_BYTES = 64;

export interface LinkWorld {
  clock: VirtualClock;
  cables: Cables;
  bytesPerMs: number;
  /** Whether that server's operating system runs, so that it can reset a connection. */
  isUp(server: string): boolean;
}

interface Frame {
  /** null: the end of the connection. */
  header: JsonObject | null;
  payload: Uint8Array;
  bytes: number;
  taken: () => void;
}

class LinkEnd implements Link {
  readonly peer: string;
  readonly net: string;
  readonly process: SimProcess;
  readonly #world: LinkWorld;
  other!: LinkEnd;
  #queue: Frame[] = [];
  #queuedBytes = 0;
  #moving = false;
  /** Frames keep their order, whatever the chance in their latency. */
  #lastArrival = 0;
  #closed: string | null = null;
  #onFrame: ((header: JsonObject, payload: Uint8Array) => void) | null = null;
  #early: Frame[] = [];
  #onClose: (() => void)[] = [];
  #unlisten: () => void;

  constructor(world: LinkWorld, process: SimProcess, peer: string, net: string) {
    this.#world = world;
    this.process = process;
    this.peer = peer;
    this.net = net;
    this.#unlisten = world.cables.onHeal(() => this.#move());
  }

  send(header: JsonObject, payload: Uint8Array = new Uint8Array(0)): Promise<void> {
    if (this.#closed !== null) {
      return Promise.reject(new WireError('refused', `the connection is closed: ${this.#closed}`));
    }
    const text = JSON.stringify(header);
    const why = whyTooLarge(text, payload.length);
    if (why !== null) return Promise.reject(new Error(why));
    const bytes = FRAME_OVERHEAD_BYTES + text.length + payload.length;
    const frame = { header: JSON.parse(text) as JsonObject, payload: payload.slice(), bytes };
    this.#world.clock.stir();
    return new Promise((resolve, reject) => {
      const taken = () => {
        if (this.#closed === null) this.process.enter(resolve);
        else reject(new WireError('refused', `the connection is closed: ${this.#closed}`));
      };
      this.#enqueue({ ...frame, taken });
    });
  }

  onFrame(fn: (header: JsonObject, payload: Uint8Array) => void): void {
    this.#onFrame = fn;
    for (const frame of this.#early.splice(0)) this.arrive(frame);
  }

  onClose(fn: (reason: string) => void): void {
    if (this.#closed !== null) fn(this.#closed);
    else this.#onClose.push(() => fn(this.#closed ?? ''));
  }

  close(): void {
    if (this.#closed !== null) return;
    this.#enqueue({ header: null, payload: new Uint8Array(0), bytes: 1, taken: () => undefined });
    this.end('closed on this side', false);
  }

  /** Ends this side; without `silently` the callbacks hear of it. */
  end(reason: string, silently: boolean): void {
    if (this.#closed !== null) return;
    this.#closed = reason;
    this.#world.clock.stir();
    const waiting = this.#queue.filter((frame) => frame.header !== null);
    if (silently) this.#queue = [];
    for (const frame of waiting) if (!silently) frame.taken();
    for (const fn of this.#onClose.splice(0)) if (!silently) this.process.enter(fn);
    if (this.#queue.length === 0) this.#unlisten();
  }

  /** A frame came off the line at this end. */
  arrive(frame: Frame): void {
    if (this.#closed !== null) return;
    this.process.enter(() => {
      if (this.#closed !== null) return;
      this.#world.clock.stir();
      if (frame.header === null) this.end(`closed by ${this.peer}`, false);
      else if (this.#onFrame) this.#onFrame(frame.header, frame.payload);
      else this.#early.push(frame);
    });
  }

  #enqueue(frame: Frame): void {
    const { clock } = this.#world;
    this.#queue.push(frame);
    this.#queuedBytes += frame.bytes;
    if (this.#queuedBytes <= WINDOW_BYTES) {
      const { taken } = frame;
      frame.taken = () => undefined;
      clock.at(clock.exact(), taken);
    }
    this.#move();
  }

  /** Puts the first waiting frame on the line, if the line is there and free. */
  #move(): void {
    const frame = this.#queue[0];
    const { clock, cables, bytesPerMs } = this.#world;
    const server = this.process.server;
    if (!frame || this.#moving || !cables.isUp(this.net, server, this.peer)) return;
    this.#moving = true;
    clock.at(clock.exact() + frame.bytes / bytesPerMs, () => {
      this.#moving = false;
      if (this.#queue[0] !== frame) return;
      if (!cables.isUp(this.net, server, this.peer)) return;
      this.#queue.shift();
      this.#queuedBytes -= frame.bytes;
      frame.taken();
      const latency = cables.latency(this.net, server, this.peer);
      this.#lastArrival = Math.max(this.#lastArrival, clock.exact() + latency);
      clock.at(this.#lastArrival, () => this.#deliver(frame));
      if (this.#queue.length === 0 && this.#closed !== null) this.#unlisten();
      this.#move();
    });
  }

  #deliver(frame: Frame): void {
    if (!this.other.process.dead) this.other.arrive(frame);
    else if (this.#world.isUp(this.peer)) this.end(`reset by ${this.peer}`, false);
  }
}

/** A connected pair. A process that dies closes its end; with its whole server gone, silently. */
export function linkPair(
  world: LinkWorld,
  caller: SimProcess,
  called: SimProcess,
  net: string,
): { near: Link; far: Link } {
  const near = new LinkEnd(world, caller, called.server, net);
  const far = new LinkEnd(world, called, caller.server, net);
  near.other = far;
  far.other = near;
  for (const end of [near, far]) {
    end.process.onDeath(() => {
      if (world.isUp(end.process.server)) end.close();
      end.end('the process is gone', true);
    });
  }
  return { near, far };
}
