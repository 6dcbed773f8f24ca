/**
 * What carries messages between servers (and from the control host). One `Wire` per process and
 * server; adapters/ has it over UDP and TCP, sim/ over the simulated network.
 *
 * Nets are the field's: `lan0`, `lan1` … (interconnect, by device id), `mdc400` … (mirror disk
 * connect), `com0`, `bmc` (management network), and `control` (control host to servers).
 */

import type { Json, JsonObject } from '../core/json.ts';
import type { Address, Caller, PartName } from '../core/part.ts';

/**
 * What one frame may hold, bytes. A request and its answer are headers: whoever has more to say
 * says it in pages.
 */
export const HEADER_LIMIT_BYTES = 1024 * 1024;
export const PAYLOAD_LIMIT_BYTES = 8 * 1024 * 1024;

/** Code of the refusal that stands for a request, or an answer, above the limit. */
export const TOO_LARGE = 'wire.tooLarge';

/** Why what is sent does not fit into a frame, in words; null when it does. */
export function whyTooLarge(header: string, payloadBytes = 0): string | null {
  // A UTF-16 unit takes three bytes at most: most headers are not worth counting.
  const isLong = header.length * 3 > HEADER_LIMIT_BYTES;
  if (isLong && new TextEncoder().encode(header).length > HEADER_LIMIT_BYTES) {
    return 'header above its limit';
  }
  return payloadBytes > PAYLOAD_LIMIT_BYTES ? 'payload above its limit' : null;
}

/** While an answer is awaited the other side is asked for a sign of life this often. */
export const PING_EVERY_MS = 1000;
/**
 * Silent for longer, it is given up, whatever the request's own limit; a connection that cannot be
 * opened in that time likewise. Long enough for a peer on a machine whose cores are all busy.
 */
export const SILENCE_LIMIT_MS = 10_000;

/** Codes of WireError: nobody answered in time; nobody listens there; the sender has no route. */
export type WireFailure = 'timeout' | 'refused' | 'unreachable';

export class WireError extends Error {
  readonly code: WireFailure;
  constructor(code: WireFailure, message: string) {
    super(message);
    this.name = 'WireError';
    this.code = code;
  }
}

/** The other side answered with a refusal: its own code and words. */
export class RemoteError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'RemoteError';
    this.code = code;
  }
}

/** An ordered, framed connection between two mirror agents. */
export interface Link {
  readonly peer: string;
  readonly net: string;
  /** Resolves when the transport has taken the frame (back-pressure); rejects when closed. */
  send(header: JsonObject, payload?: Uint8Array): Promise<void>;
  /** As `send` of the pieces one after the other, where a link can do that without joining them. */
  sendPieces?(header: JsonObject, pieces: readonly Uint8Array[]): Promise<void>;
  onFrame(fn: (header: JsonObject, payload: Uint8Array) => void): void;
  /**
   * Instead of `onFrame`, with payloads as they came, where a link can do that: their bytes stay
   * as they are until `done` is called, once.
   */
  onPieces?(
    fn: (header: JsonObject, pieces: readonly Uint8Array[], done: () => void) => void,
  ): void;
  /** Called once, also when this side closes. */
  onClose(fn: (reason: string) => void): void;
  close(): void;
}

export interface Wire {
  readonly server: string;
  /**
   * Asks a part. Rejects with WireError (no answer: unknown whether it was carried out) or
   * RemoteError (it said no).
   * Same-server requests never leave the server. Between servers the first usable interconnect
   * is taken; `bmc` requests go over the net `bmc`.
   */
  request(to: Address, body: Json, timeoutMs: number): Promise<Json>;
  /** Serves a part; a handler that throws RemoteError (or DrydockError) sends a refusal. */
  serve(part: PartName, handler: (from: Caller, body: Json) => Promise<Json>): () => void;
  datagram(net: string, to: string, body: Json): void;
  onDatagram(fn: (net: string, from: string, body: Json) => void): () => void;
  /** Whether something that is no part of the cluster answers on a net: what is pinged, a disk. */
  reaches(net: string, target: string, timeoutMs: number): Promise<boolean>;
  /** Mirror connections: agent to agent, on the nets of the mirror disk connects. */
  connect(peer: string, net: string, timeoutMs: number): Promise<Link>;
  listen(fn: (link: Link) => void): () => void;
}
