/**
 * Binds a pure step to its ports. One loop, one event at a time:
 *
 *     Clock ─ timer.fired ───────┐                      ┌─► armTimer, cancelTimer ─► Clock
 *     Wire ── datagram.received ─┤   queue   step(s,e,t) ├─► sendDatagram, sendRequest,
 *             request.received ──┼─► ▢▢▢▢ ─► new state ──┤   sendReply, refuseRequest ─► Wire
 *             request.answered ──┤           effects     ├─► log ─► Log
 *     dispatch(own event) ───────┘                      └─► own effects ─► onEffect
 *
 * Effects of one step are carried out in their order and before the next event is taken. An effect
 * that saves (`saves`) comes first: the state is the new one only when its save did not throw, so
 * what memory says is never more than what a restart would find. A request whose step cannot be
 * saved is refused, and nothing of it happened; any other event is a fact, and is tried again until
 * it can be. What an effect causes at once only joins the queue. The cost of one event is the
 * step's own.
 *
 * `stop` is a kill: no callback enters afterwards, requests in hand are never answered.
 */

import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { RemoteError, type Wire } from '../ports/wire.ts';
import type { Json } from './json.ts';
import type { Caller, CommonEffect, CommonEvent, PartName, Step } from './part.ts';

/** What is left for `onEffect`: the effects that only this part has. */
export type OwnEffect<F> = Exclude<F, CommonEffect>;

export interface DriveOptions<S, E, F> {
  step: Step<S, E | CommonEvent, F | CommonEffect>;
  initial: S;
  clock: Clock;
  wire: Wire;
  /** The parts served, e.g. `['host', 'bmc']`; `request.received` says in `to` which was asked. */
  parts: readonly PartName[];
  server: string;
  /** Carries out one effect of the part's own. Asynchronous results come back by `dispatch`. */
  onEffect(effect: OwnEffect<F>): void;
  /** The type of effect that makes the new state durable; throws when it cannot. */
  saves?: string;
  /** The state is a new one; nothing that the step wants done is done yet. */
  onMoved?(): void;
  log: Log;
}

const SAVE_AGAIN_MS = 1_000;
/** Id of the message that the state cannot be saved; from 9000 on ids are Drydock's in any module. */
const UNSAVED_ID = 9000;
const UNSAVED_TO = ['alert', 'syslog'] as const;

export interface Driven<S, E> {
  dispatch(event: E | CommonEvent): void;
  state(): S;
  /** As killed: timers are gone, nothing is served, nothing enters. */
  stop(): void;
}

interface Waiting {
  resolve(body: Json): void;
  reject(error: Error): void;
}

/** What the driver remembers between events. */
interface Driver {
  timers: Map<string, () => void>;
  waiting: Map<string, Waiting>;
  stopped: boolean;
  dispatch(event: CommonEvent): void;
}

type Ports = Pick<DriveOptions<unknown, unknown, unknown>, 'clock' | 'wire' | 'log' | 'server'>;

function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'failed', message: String(error) };
  const code = (error as { code?: unknown }).code;
  return { code: typeof code === 'string' ? code : 'failed', message: error.message };
}

function armTimer(driver: Driver, clock: Clock, id: string, at: number): void {
  driver.timers.get(id)?.();
  const cancel = clock.at(at, () => {
    if (driver.stopped || driver.timers.get(id) !== cancel) return;
    driver.timers.delete(id);
    driver.dispatch({ type: 'timer.fired', id });
  });
  driver.timers.set(id, cancel);
}

function sendRequest(
  driver: Driver,
  wire: Wire,
  { id, to, body, timeoutMs }: Extract<CommonEffect, { type: 'sendRequest' }>,
): void {
  wire.request(to, body, timeoutMs).then(
    (answer) => driver.dispatch({ type: 'request.answered', id, body: answer }),
    (error: unknown) => driver.dispatch({ type: 'request.failed', id, ...failureOf(error) }),
  );
}

/** Carries out an effect that every part may have; false when it is the part's own. */
function carryOut(driver: Driver, ports: Ports, effect: CommonEffect): boolean {
  switch (effect.type) {
    case 'armTimer':
      armTimer(driver, ports.clock, effect.id, effect.at);
      return true;
    case 'cancelTimer':
      driver.timers.get(effect.id)?.();
      driver.timers.delete(effect.id);
      return true;
    case 'sendDatagram':
      ports.wire.datagram(effect.net, effect.to, effect.body);
      return true;
    case 'sendRequest':
      sendRequest(driver, ports.wire, effect);
      return true;
    case 'sendReply':
      driver.waiting.get(effect.id)?.resolve(effect.body);
      driver.waiting.delete(effect.id);
      return true;
    case 'refuseRequest':
      driver.waiting.get(effect.id)?.reject(new RemoteError(effect.code, effect.message));
      driver.waiting.delete(effect.id);
      return true;
    case 'log': {
      const { module, level, id, to, text } = effect;
      ports.log({ at: ports.clock.now(), server: ports.server, module, level, id, to, text });
      return true;
    }
    default:
      return false;
  }
}

/** Serves the parts and listens to datagrams; the answer ends both. */
function attach(driver: Driver, wire: Wire, parts: readonly PartName[]): () => void {
  let requests = 0;
  const take = (part: PartName) => (from: Caller, body: Json) =>
    new Promise<Json>((resolve, reject) => {
      if (driver.stopped) return;
      requests += 1;
      const id = `in${requests}`;
      driver.waiting.set(id, { resolve, reject });
      driver.dispatch({ type: 'request.received', id, from, to: part, body });
    });
  const undo = parts.map((part) => wire.serve(part, take(part)));
  undo.push(
    wire.onDatagram((net, from, body) =>
      driver.dispatch({ type: 'datagram.received', net, from, body }),
    ),
  );
  return () => {
    for (const end of undo) end();
  };
}

/** Saves before a step counts, and keeps what could not be saved, in its order, to try it again. */
function saverOf<S, E, F extends { type: string }>(options: DriveOptions<S, E, F>, driver: Driver) {
  const { clock, saves, onEffect } = options;
  const unsaved: CommonEvent[] = [];

  function keepTrying(event: CommonEvent, why: string): void {
    if (unsaved.length === 0) {
      const text = `The state cannot be saved and is tried again: ${why}`;
      const module = options.parts[0] ?? 'part';
      const about = { module, level: 'Error', id: UNSAVED_ID, to: UNSAVED_TO } as const;
      carryOut(driver, options, { type: 'log', ...about, text });
      clock.at(clock.now() + SAVE_AGAIN_MS, () => {
        for (const again of unsaved.splice(0)) driver.dispatch(again);
      });
    }
    unsaved.push(event);
  }

  /** False when the step could not be saved: then nothing of it happened. */
  function save(event: E | CommonEvent, effects: readonly { type: string }[]): boolean {
    try {
      for (const effect of effects) {
        if (effect.type === saves) onEffect(effect as OwnEffect<F>);
      }
      return true;
    } catch (error) {
      const failed = event as CommonEvent;
      // A part that cannot save that it started has nothing to go on from.
      if (failed.type === 'part.started') throw error;
      const { message } = failureOf(error);
      if (failed.type !== 'request.received') keepTrying(failed, message);
      else {
        const words = `nothing was done: the state cannot be saved (${message})`;
        const refusal = { code: 'state.unsaved', message: words };
        carryOut(driver, options, { type: 'refuseRequest', id: failed.id, ...refusal });
      }
      return false;
    }
  }

  return { save };
}

export function drive<S, E, F extends { type: string }>(
  options: DriveOptions<S, E, F>,
): Driven<S, E> {
  const { step, clock, wire, onEffect } = options;
  let state = options.initial;
  let busy = false;
  const queue: (E | CommonEvent)[] = [];

  function takeOne(event: E | CommonEvent): void {
    const moved = step(state, event, clock.now());
    if (!saver.save(event, moved.effects)) return;
    state = moved.state;
    options.onMoved?.();
    for (const effect of moved.effects) {
      if (driver.stopped) return;
      if (effect.type === options.saves) continue;
      if (!carryOut(driver, options, effect as CommonEffect)) onEffect(effect as OwnEffect<F>);
    }
  }

  function dispatch(event: E | CommonEvent): void {
    if (driver.stopped) return;
    queue.push(event);
    if (busy) return;
    busy = true;
    try {
      for (let next = queue.shift(); next && !driver.stopped; next = queue.shift()) takeOne(next);
    } finally {
      busy = false;
      // What one event's effect broke does not take the events behind it along.
      const [next] = queue;
      if (next && !driver.stopped) dispatch(queue.shift()!);
    }
  }

  const driver: Driver = { timers: new Map(), waiting: new Map(), stopped: false, dispatch };
  const saver = saverOf(options, driver);
  const detach = attach(driver, wire, options.parts);

  function stop(): void {
    if (driver.stopped) return;
    driver.stopped = true;
    detach();
    for (const cancel of driver.timers.values()) cancel();
    driver.timers.clear();
    driver.waiting.clear();
  }

  return { dispatch, state: () => state, stop };
}
