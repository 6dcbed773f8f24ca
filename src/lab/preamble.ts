/**
 * How a program tells the switch where a connection or a datagram is bound for. It is the address
 * on the envelope: nobody trusts it, for the ends greet and seal for themselves.
 */
import type { Socket } from 'node:net';
import type { Address, PartName } from '../core/part.ts';

export interface Envelope {
  from: Address;
  to: Address;
  net: string;
}

export const CONNECTED = 0x2b; // +
export const REFUSED = 0x2d; // -
const LINE_LIMIT_BYTES = 512;
const NAME = /^[\w.-]{1,63}$/;
const PARTS = new Set(['host', 'bmc', 'daemon', 'agent', 'control']);

export function writeEnvelope({ from, to, net }: Envelope): string {
  return `${[from.server, from.part, to.server, to.part, net].join('|')}\n`;
}

/** null: not an envelope. */
export function readEnvelope(line: string): Envelope | null {
  const fields = line.split('|');
  const [fromServer, fromPart, toServer, toPart, net] = fields as [
    string,
    PartName,
    string,
    PartName,
    string,
  ];
  const right =
    fields.length === 5 &&
    [fromServer, toServer, net].every((name) => NAME.test(name)) &&
    PARTS.has(fromPart) &&
    PARTS.has(toPart);
  if (!right) return null;
  return {
    from: { server: fromServer, part: fromPart },
    to: { server: toServer, part: toPart },
    net,
  };
}

/** The first line of a connection; what follows it stays in the socket. null: none came. */
export function readFirstLine(socket: Socket, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let stored = Buffer.alloc(0);
    const end = (line: string | null) => {
      clearTimeout(limit);
      socket.off('readable', onReadable).off('end', onEnd).off('close', onEnd);
      resolve(line);
    };
    const onEnd = () => end(null);
    const onReadable = () => {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      stored = Buffer.concat([stored, chunk]);
      const at = stored.indexOf(10);
      if (at < 0) {
        if (stored.length > LINE_LIMIT_BYTES) end(null);
        return;
      }
      end(stored.subarray(0, at).toString('utf8'));
      if (at + 1 < stored.length) socket.unshift(stored.subarray(at + 1));
    };
    const limit = setTimeout(() => end(null), timeoutMs);
    socket.on('readable', onReadable).on('end', onEnd).on('close', onEnd);
    onReadable();
  });
}
