/**
 * Who is there: mutual challenge and response with the cluster's key, before anything else is said.
 *
 *     client                                        server
 *       │── hello: who, to whom, net, nonce ──────────►│
 *       │◄── nonce, HMAC(key, "server", both) ─────────│   proves the key to the client
 *       │── HMAC(key, "client", both) ────────────────►│   proves the key to the server
 *
 * Each message is one line of JSON of at most 4 KiB. Both nonces go into the session's two keys
 * (one per direction), so that nothing recorded in one session says anything in another.
 */
import {
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { Address } from '../core/part.ts';
import { WireError } from '../ports/wire.ts';

export const LINE_LIMIT_BYTES = 4096;

export interface Hello {
  version: 1;
  from: Address;
  to: Address;
  net: string;
  /** `requests`: questions and answers; `link`: a mirror's own frames. */
  kind: 'requests' | 'link';
  nonce: string;
  /** Which process calls: where to look, and nothing that is believed. */
  pid?: number;
}

export interface Session {
  hello: Hello;
  sendKey: KeyObject;
  receiveKey: KeyObject;
}

const PARTS = new Set(['host', 'bmc', 'daemon', 'agent', 'control']);
const NONCE = /^[0-9a-f]{64}$/;

function hmac(key: Buffer, label: string, ...texts: string[]): Buffer {
  const mac = createHmac('sha256', key).update(label);
  for (const text of texts) mac.update('\0').update(text);
  return mac.digest();
}

function same(mine: Buffer, theirs: unknown): boolean {
  if (typeof theirs !== 'string') return false;
  const bytes = Buffer.from(theirs, 'hex');
  return bytes.length === mine.length && timingSafeEqual(mine, bytes);
}

/** One line, or a refusal when it is too long, too late, or the other side hung up. */
function readLine(stream: Duplex, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let stored = Buffer.alloc(0);
    const end = (act: () => void) => {
      clearTimeout(limit);
      stream.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onEnd);
      act();
    };
    const onEnd = () => end(() => reject(new WireError('refused', 'the other side hung up')));
    const onReadable = () => {
      const chunk: Buffer | null = stream.read();
      if (chunk === null) return;
      stored = Buffer.concat([stored, chunk]);
      const at = stored.indexOf(10);
      if (at >= 0) {
        const rest = stored.subarray(at + 1);
        end(() => resolve(stored.subarray(0, at).toString('utf8')));
        if (rest.length > 0) stream.unshift(rest);
      } else if (stored.length > LINE_LIMIT_BYTES) {
        end(() => reject(new WireError('refused', 'the greeting is too long')));
      }
    };
    const limit = setTimeout(
      () => end(() => reject(new WireError('timeout', 'no greeting in time'))),
      timeoutMs,
    );
    stream.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onEnd);
    onReadable();
  });
}

function parseObject(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below: what is no JSON is as bad as JSON of another shape.
  }
  throw new WireError('refused', 'the greeting is not understood');
}

function isAddress(value: unknown): value is Address {
  const { server, part } = (value ?? {}) as Record<string, unknown>;
  return typeof server === 'string' && server.length <= 255 && PARTS.has(part as string);
}

function parseHello(line: string): Hello {
  const { version, from, to, net, kind, nonce, pid } = parseObject(line);
  const right =
    version === 1 &&
    isAddress(from) &&
    isAddress(to) &&
    typeof net === 'string' &&
    (kind === 'requests' || kind === 'link') &&
    typeof nonce === 'string' &&
    NONCE.test(nonce);
  if (!right) throw new WireError('refused', 'the greeting is not understood');
  const bare = ({ server, part }: Address): Address => ({ server, part });
  const known = { version, from: bare(from), to: bare(to), net, kind, nonce } as Hello;
  return Number.isSafeInteger(pid) ? { ...known, pid: pid as number } : known;
}

function keysOf(key: Buffer, hello: string, answer: string): { up: KeyObject; down: KeyObject } {
  return {
    up: createSecretKey(hmac(key, 'client to server', hello, answer)),
    down: createSecretKey(hmac(key, 'server to client', hello, answer)),
  };
}

/** The calling side. Rejects with WireError; the caller then destroys the stream. */
export async function greet(
  stream: Duplex,
  key: Buffer,
  who: Omit<Hello, 'version' | 'nonce'>,
  timeoutMs: number,
): Promise<Session> {
  const hello: Hello = { version: 1, ...who, nonce: randomBytes(32).toString('hex') };
  const line = JSON.stringify(hello);
  stream.write(`${line}\n`);
  const answer = parseObject(await readLine(stream, timeoutMs));
  const nonce = String(answer.nonce);
  if (!NONCE.test(nonce) || !same(hmac(key, 'server', line, nonce), answer.mac)) {
    throw new WireError('refused', `${who.to.server} does not hold this cluster’s key`);
  }
  stream.write(`${JSON.stringify({ mac: hmac(key, 'client', line, nonce).toString('hex') })}\n`);
  const { up, down } = keysOf(key, line, nonce);
  return { hello, sendKey: up, receiveKey: down };
}

/** The called side. `accepts` looks at the hello before anything is answered. */
export async function receiveGreeting(
  stream: Duplex,
  key: Buffer,
  accepts: (hello: Hello) => boolean,
  timeoutMs: number,
): Promise<Session> {
  const line = await readLine(stream, timeoutMs);
  const hello = parseHello(line);
  if (!accepts(hello)) throw new WireError('refused', 'nobody listens there');
  const nonce = randomBytes(32).toString('hex');
  const mac = hmac(key, 'server', line, nonce).toString('hex');
  stream.write(`${JSON.stringify({ nonce, mac })}\n`);
  const proof = parseObject(await readLine(stream, timeoutMs));
  if (!same(hmac(key, 'client', line, nonce), proof.mac)) {
    throw new WireError('refused', 'the caller does not hold this cluster’s key');
  }
  const { up, down } = keysOf(key, line, nonce);
  return { hello, sendKey: down, receiveKey: up };
}
