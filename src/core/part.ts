/**
 * What the reacting parts of a server have in common. A part (the host supervisor, the cluster
 * daemon) is a pure step: `(state, event, now) → (next state, effects)`. Its driver
 * (src/core/drive.ts) turns port callbacks into events and effects into port calls, and is the
 * same in twin and lab.
 */
import type { Destination } from '../ports/log.ts';
import type { Json } from './json.ts';

/** `bmc` answers even while the server's power is off, as a management controller does. */
export type PartName = 'host' | 'bmc' | 'daemon' | 'agent';

export interface Address {
  /** Server name; `control` is the control host, where runbooks are run from. */
  server: string;
  part: PartName | 'control';
}

/** Who asks, as the wire that carried the question knows it. */
export interface Caller extends Address {
  /** login@host of the person, by the word of the system under the wire; left out: not known. */
  who?: string;
}

/** Events every part may receive. */
export type CommonEvent =
  | { type: 'part.started'; bootId: string }
  | { type: 'timer.fired'; id: string }
  | { type: 'datagram.received'; net: string; from: string; body: Json }
  /** `to`: which of its parts was asked, where a step serves several. */
  | { type: 'request.received'; id: string; from: Caller; to?: PartName; body: Json }
  | { type: 'request.answered'; id: string; body: Json }
  | { type: 'request.failed'; id: string; code: string; message: string };

/** Effects every part may have. */
export type CommonEffect =
  | { type: 'armTimer'; id: string; at: number }
  | { type: 'cancelTimer'; id: string }
  | { type: 'sendDatagram'; net: string; to: string; body: Json }
  | { type: 'sendRequest'; id: string; to: Address; body: Json; timeoutMs: number }
  | { type: 'sendReply'; id: string; body: Json }
  | { type: 'refuseRequest'; id: string; code: string; message: string }
  | {
      type: 'log';
      module: string;
      level: 'Info' | 'Warning' | 'Error';
      id: number;
      to: readonly Destination[];
      text: string;
    };

export interface Moved<S, F> {
  state: S;
  effects: F[];
}

export type Step<S, E, F> = (state: S, event: E, now: number) => Moved<S, F>;
