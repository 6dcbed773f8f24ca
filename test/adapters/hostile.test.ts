/**
 * Strangers at both doors of a server, over and over: clients of NBD on a real Unix socket, callers
 * of the cluster's wire on streams. They say the right words changed, cut, or left off half-way,
 * hang up or fall silent. The doors stay open to an honest caller, and keep nothing of the others.
 */
import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { encodeFrame } from '../../src/adapters/frames.ts';
import { greet } from '../../src/adapters/handshake.ts';
import { serveNbd } from '../../src/adapters/nbd-server.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { tcpWire } from '../../src/adapters/tcp-wire.ts';
import type { Transport } from '../../src/adapters/transport.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import { growthOver } from '../support/memory.ts';

const MOST_GROWTH = 1024 * 1024;
const ROUNDS = 80;
const CALLERS = 16;
const SIZE = 256 * 1024;
const PATIENCE_MS = 20_000;

/** What it is, changed in one of the ways in which a stranger may change it. */
function spoilt(bytes: Buffer, random: SeededRandom): Buffer {
  const at = random.below(bytes.length);
  const rest = bytes.subarray(at);
  switch (random.below(6)) {
    case 0:
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), rest.subarray(random.below(rest.length))]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.alloc(random.below(3000), at), rest]);
    case 4:
      return Buffer.concat([bytes, rest, rest]);
    default: {
      const changed = Buffer.from(bytes);
      for (let left = random.below(6); left >= 0; left--) {
        changed[random.below(changed.length)] = [0, 1, 0x7f, 0xff][random.below(4)]!;
      }
      return changed;
    }
  }
}

/** Says it in pieces of some size; then hangs up in order, or without a word, or says no more. */
async function say(stream: Duplex, bytes: Buffer, random: SeededRandom): Promise<void> {
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('error', () => {});
  stream.resume();
  const size = [50 + random.below(400), 4096, bytes.length + 1][random.below(3)]!;
  for (let at = 0; at < bytes.length && !stream.destroyed; at += size) {
    stream.write(bytes.subarray(at, at + size));
    if (random.below(8) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (random.below(2) === 0) stream.end();
  await new Promise((resolve) => setImmediate(resolve));
  stream.destroy();
  await closed;
}

function head(command: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32BE(0x25609513);
  bytes.writeUInt16BE(command, 6);
  bytes.writeBigUInt64BE(BigInt(offset), 16);
  bytes.writeUInt32BE(length, 24);
  return bytes;
}

/** A whole life of a client of NBD: flags, GO, writes, reads, flush, trim, zeroes, goodbye. */
const NBD_LIFE = Buffer.concat([
  Buffer.from([0, 0, 0, 3]),
  Buffer.from('IHAVEOPT\0\0\0\x07\0\0\0\x06\0\0\0\0\0\0', 'latin1'),
  head(1, 4096, 9000),
  Buffer.alloc(9000, 5),
  head(0, 4096, 70_000),
  head(3, 0, 0),
  head(4, 0, 4096),
  head(6, 8192, 4096),
  head(0, 0, SIZE),
  head(2, 0, 0),
]);

interface Door {
  /** Where a caller comes to; he is the caller's end. `peer`: where from. */
  call(peer?: string): Duplex;
  close(): Promise<void> | void;
}

async function nbdDoor(): Promise<Door & { path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-hostile-'));
  const bytes = Buffer.alloc(SIZE);
  const server = await serveNbd(join(folder, 's'), {
    name: 'NMP1',
    sizeBytes: SIZE,
    readOnly: false,
    read: async (offset, length) => Uint8Array.from(bytes.subarray(offset, offset + length)),
    write: async (offset, pieces) => void Buffer.concat(pieces).copy(bytes, offset),
    writeZeroes: async (offset, length) => void bytes.fill(0, offset, offset + length),
    flush: async () => {},
  });
  return {
    path: server.path,
    call: () => connect(server.path),
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** All callers of a round at once; a stranger who is never hung up on would hold it up. */
async function inTime(t: ExecutionContext, callers: Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), PATIENCE_MS);
  });
  t.not(await Promise.race([Promise.all(callers), late]), 'late');
  clearTimeout(timer);
}

test.serial('strangers at the socket of a device leave nothing behind', async (t) => {
  const door = await nbdDoor();
  t.teardown(() => door.close());
  const random = new SeededRandom(1);
  const grown = await growthOver(ROUNDS, async () => {
    const callers = Array.from({ length: CALLERS }, () =>
      say(door.call(), spoilt(spoilt(NBD_LIFE, random), random), random),
    );
    await inTime(t, callers);
  });
  t.log(`${grown} bytes after ${ROUNDS * CALLERS} callers`);
  t.true(grown < MOST_GROWTH, `${grown}`);
  const honest = door.call();
  const said: Buffer[] = [];
  honest.on('data', (chunk: Buffer) => said.push(chunk));
  honest.end(NBD_LIFE);
  await inTime(t, [new Promise((resolve) => honest.once('end', resolve))]);
  // Greeting, description, acknowledgement, seven replies, and the bytes of two reads.
  t.is(Buffer.concat(said).length, 18 + 32 + 20 + 6 * 16 + 70_000 + SIZE);
});

const KEY = Buffer.alloc(32, 9);
const TO = { server: 'server1', part: 'agent' } as const;

interface Hall extends Door {
  heard: () => number;
}

/** A server's wire on streams in memory: an agent that answers requests and listens for links. */
function wireDoor(): Hall {
  let arrive: (stream: Duplex, peer: string) => void = () => {};
  const transport: Transport = {
    dial: () => Promise.reject(new Error('calls nobody')),
    onConnection: (fn) => {
      arrive = fn;
    },
    sendDatagram: () => {},
    onDatagram: () => {},
    reaches: async () => true,
    close: () => {},
  };
  const options = { ...TO, key: KEY, transport, lans: ['lan0'], clock: systemClock() };
  const wire = tcpWire(options);
  let heard = 0;
  wire.serve('agent', async (_from, body) => {
    heard++;
    return body;
  });
  wire.listen((link) =>
    link.onFrame(() => {
      heard++;
    }),
  );
  return {
    call: (peer = '192.0.2.7') => {
      const [here, there] = duplexPair();
      arrive(there, peer);
      return here;
    },
    close: () => wire.close(),
    heard: () => heard,
  };
}

/** Somebody who holds the key, and then says what nobody says. */
async function greeted(stream: Duplex, random: SeededRandom): Promise<Buffer> {
  const kind = random.below(2) === 0 ? ('requests' as const) : ('link' as const);
  const from = { server: 'server2', part: 'agent' } as const;
  const session = await greet(stream, KEY, { from, to: TO, net: 'mdc400', kind }, PATIENCE_MS);
  const headers = [{ q: 1, b: { do: 'x' } }, { p: 5 }, { q: 2, b: null }, { q: 'x' }, { o: 1 }];
  const frames = headers.slice(0, 1 + random.below(headers.length)).map((header, number) => {
    const payload = new Uint8Array(random.below(20_000));
    return Buffer.concat(encodeFrame(session.sendKey, number, header, payload));
  });
  return Buffer.concat(frames);
}

const HELLO = Buffer.from(
  `${JSON.stringify({
    version: 1,
    from: TO,
    to: TO,
    net: 'lan0',
    kind: 'link',
    nonce: 'ab'.repeat(32),
  })}\n{"mac":"${'00'.repeat(32)}"}\n`,
);

async function stranger(door: Door, random: SeededRandom): Promise<void> {
  const stream = door.call();
  const knowsKey = random.below(2) === 0;
  const bytes = knowsKey ? await greeted(stream, random) : HELLO;
  await say(stream, spoilt(bytes, random), random);
}

test.serial('strangers at the wire of a server leave nothing behind', async (t) => {
  const door = wireDoor();
  t.teardown(() => door.close());
  const random = new SeededRandom(2);
  const grown = await growthOver(ROUNDS, async () => {
    await inTime(
      t,
      Array.from({ length: CALLERS }, () => stranger(door, random)),
    );
  });
  t.log(`${grown} bytes after ${ROUNDS * CALLERS} callers`);
  t.true(grown < MOST_GROWTH, `${grown}`);
  // So the changed words reached those who listen, and did not all end at the door.
  t.true(door.heard() > ROUNDS);
});

test.serial('a crowd that says nothing keeps nobody out', async (t) => {
  const door = wireDoor();
  t.teardown(() => door.close());
  const crowd: Duplex[] = [];
  for (let caller = 0; caller < 600; caller++) {
    const stream = door.call(`192.0.2.${caller % 3}`);
    stream.on('error', () => {});
    crowd.push(stream);
  }
  const from = { server: 'server2', part: 'agent' } as const;
  for (const peer of ['192.0.2.0', '192.0.2.9']) {
    const who = { from, to: TO, net: 'lan0', kind: 'requests' } as const;
    const session = await greet(door.call(peer), KEY, who, PATIENCE_MS);
    t.is(session.hello.to.server, 'server1', peer);
  }
  t.true(crowd.filter(({ destroyed, readableEnded }) => !destroyed && !readableEnded).length > 0);
});

test.serial('the measure notices who keeps a little of every caller', async (t) => {
  const keptHere: Buffer[] = [];
  const grown = await growthOver(ROUNDS, async () => {
    for (let caller = 0; caller < CALLERS; caller++) keptHere.push(Buffer.alloc(1500));
  });
  t.true(grown > MOST_GROWTH, `${grown}`);
  t.true(keptHere.length > 0);
});
