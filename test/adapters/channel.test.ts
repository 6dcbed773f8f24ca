/** A mirror's connection over a real socket: its memory is used again, and never too early. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { Channel } from '../../src/adapters/channel.ts';
import type { Session } from '../../src/adapters/handshake.ts';
import { answerRequests, Requester } from '../../src/adapters/requests.ts';
import { HEADER_LIMIT_BYTES, RemoteError, WireError } from '../../src/ports/wire.ts';

const [up, down] = [createSecretKey(randomBytes(32)), createSecretKey(randomBytes(32))];

function sessionOf(sendKey: Session['sendKey'], receiveKey: Session['receiveKey']): Session {
  const [from, to] = [
    { server: 'a', part: 'agent' as const },
    { server: 'b', part: 'agent' as const },
  ];
  const hello = { version: 1 as const, from, to, net: 'mdc400', kind: 'link' as const, nonce: '' };
  return { hello, sendKey, receiveKey };
}

/** Two ends of one connection. */
async function pair(t: ExecutionContext): Promise<[Channel, Channel]> {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
  const [[far]] = (await Promise.all([once(server, 'connection'), once(near, 'connect')])) as [
    [Socket],
    unknown,
  ];
  const ends = [new Channel(near, sessionOf(up, down)), new Channel(far, sessionOf(down, up))];
  t.teardown(() => {
    for (const end of ends) end.close();
    server.close();
  });
  return ends as [Channel, Channel];
}

test('bytes of a frame stay until it is done, however much comes meanwhile', async (t) => {
  const [near, far] = await pair(t);
  const memory = new Set<ArrayBufferLike>();
  const held: { pieces: readonly Uint8Array[]; tag: number; done: () => void }[] = [];
  const count = 400;
  let seen = 0;
  const all = new Promise<void>((resolve) => {
    far.onPieces((header, pieces, done) => {
      for (const { buffer } of pieces) memory.add(buffer);
      held.push({ pieces, tag: Number(header.tag), done });
      // Done late and out of order: every other one from the middle.
      if (held.length > 60) {
        const [one] = held.splice(seen % 2 === 0 ? 0 : 30, 1);
        t.true(one?.pieces.every((piece) => piece.every((byte) => byte === one.tag)));
        one?.done();
      }
      seen += 1;
      if (seen === count) resolve();
    });
  });
  for (let at = 0; at < count; at++) {
    const tag = (at % 250) + 1;
    const length = at % 5 === 0 ? 300_000 : 4096;
    await near.sendSoon({ tag }, new Uint8Array(length).fill(tag));
  }
  await all;
  for (const { pieces, tag } of held) {
    t.true(pieces.every((piece) => piece.every((byte) => byte === tag)));
  }
  // 24 MiB came through a few slabs of one MiB.
  t.true(memory.size <= 20, `${memory.size}`);
});

test('who does not say when it is done may keep the bytes', async (t) => {
  const [near, far] = await pair(t);
  const kept: [number, Uint8Array][] = [];
  const all = new Promise<void>((resolve) => {
    far.onFrame(({ tag }, payload) => {
      kept.push([Number(tag), payload]);
      if (kept.length === 40) resolve();
    });
  });
  for (let tag = 1; tag <= 40; tag++) {
    await near.sendSoon({ tag }, new Uint8Array(200_000).fill(tag));
  }
  await all;
  t.true(kept.every(([tag, payload]) => payload.every((byte) => byte === tag)));
});

test('what came before anybody listened is heard, then the end', async (t) => {
  const [near, far] = await pair(t);
  await near.sendSoon({ last: 'word' }, Buffer.from('bytes'));
  near.close();
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  const got: unknown[] = [];
  await new Promise<void>((resolve) => {
    far.onClose(() => resolve());
    far.onFrame((header, payload) => got.push(header, Buffer.from(payload).toString()));
  });
  t.deepEqual(got, [{ last: 'word' }, 'bytes']);
});

test('the end of a silent connection is noticed although nobody listens', async (t) => {
  const [near, far] = await pair(t);
  const ended = new Promise<string>((resolve) => far.onClose(resolve));
  near.close();
  t.truthy(await ended);
});

test('an answer that cannot be sent is no refusal: whether it was done is unknown', async (t) => {
  const [near, far] = await pair(t);
  answerRequests(far, async (body) => {
    if (body === 'no') throw new RemoteError('lease.held', 'held');
    return body === 'much' ? 'x'.repeat(HEADER_LIMIT_BYTES) : 'little';
  });
  const requester = new Requester(near);
  await t.throwsAsync(requester.ask('much', 20_000), {
    instanceOf: WireError,
    message: /it answered, and the answer cannot be sent/,
  });
  await t.throwsAsync(requester.ask('no', 20_000), { instanceOf: RemoteError, message: 'held' });
  t.is(await requester.ask('little', 20_000), 'little');
});
