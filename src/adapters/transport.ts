/**
 * What lies under the wire: byte streams and datagrams between parts, with no idea of who may
 * speak. The lab's goes through its switch; one over plain sockets would dial host names.
 */
import type { Duplex } from 'node:stream';
import type { Address } from '../core/part.ts';

export interface Transport {
  /** Rejects with WireError: `refused` when nobody listens there, else `timeout`. */
  dial(to: Address, net: string, timeoutMs: number): Promise<Duplex>;
  /**
   * login@host of whoever runs the program at the other end, by the word of the system underneath;
   * null: it cannot tell. `pid`: which process says that it is.
   */
  callerOf?(stream: Duplex, pid: number | undefined): Promise<string | null>;
  /** `peer`: whose share of strangers it takes until it has proved the key, as an address. */
  onConnection(fn: (stream: Duplex, peer: string) => void): void;
  /** To the part of the same name on another server. May be lost, as datagrams are. */
  sendDatagram(net: string, to: string, bytes: Buffer): void;
  /** Whether something outside the cluster answers; no answer within the limit is none. */
  reaches(net: string, target: string, timeoutMs: number): Promise<boolean>;
  onDatagram(fn: (bytes: Buffer) => void): void;
  close(): void;
}
