import { randomBytes } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { encodeFrame, FrameError, FrameReader, HEAD_BYTES } from '../../src/adapters/frames.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { HEADER_LIMIT_BYTES, PAYLOAD_LIMIT_BYTES } from '../../src/ports/wire.ts';

const key = randomBytes(32);

test('frames survive any cutting of the stream', (t) => {
  const frames = fc.array(fc.tuple(fc.dictionary(fc.string(), fc.jsonValue()), fc.uint8Array()), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 97 }), (sent, step) => {
      const bytes = Buffer.concat(
        sent.flatMap(([header, payload], at) =>
          encodeFrame(key, at, header as JsonObject, payload),
        ),
      );
      const reader = new FrameReader(key);
      const got = [];
      for (let at = 0; at < bytes.length; at += step) {
        got.push(...reader.push(bytes.subarray(at, at + step)));
      }
      t.deepEqual(
        got.map(({ header, payload }) => [JSON.stringify(header), Buffer.from(payload)]),
        sent.map(([header, payload]) => [JSON.stringify(header), Buffer.from(payload)]),
      );
    }),
    { numRuns: 60 },
  );
});

test('any changed bit of a frame is noticed', (t) => {
  const [bytes] = encodeFrame(key, 0, { a: 1, b: 'two' });
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: bytes!.length - 1 }),
      fc.integer({ min: 0, max: 7 }),
      (at, bit) => {
        const changed = Buffer.from(bytes!);
        changed[at] = changed[at]! ^ (1 << bit);
        // A changed length may only make the reader wait for more; then more is not a frame.
        const reader = new FrameReader(key);
        t.throws(
          () => {
            const got = reader.push(changed);
            if (got.length > 0) return;
            reader.push(Buffer.alloc(HEADER_LIMIT_BYTES + PAYLOAD_LIMIT_BYTES));
          },
          { instanceOf: FrameError },
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('frames can be neither repeated nor left out nor swapped', (t) => {
  const frames = [0, 1, 2].map((number) => Buffer.concat(encodeFrame(key, number, { number })));
  const [a, b, c] = frames as [Buffer, Buffer, Buffer];
  const orders: Buffer[][] = [[a, a], [b], [a, c], [b, a]];
  for (const order of orders) {
    const reader = new FrameReader(key);
    t.throws(() => order.map((frame) => reader.push(frame)), { instanceOf: FrameError });
  }
});

test('a length above its limit ends the reading before anything is kept', (t) => {
  for (const [header, payload] of [
    [HEADER_LIMIT_BYTES + 1, 0],
    [2, PAYLOAD_LIMIT_BYTES + 1],
    [0xffffffff, 0xffffffff],
  ] as const) {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32BE(header, 0);
    head.writeUInt32BE(payload, 4);
    t.throws(() => new FrameReader(key).push(head), { message: /above its limit/ });
  }
});

test('a header that is no JSON object is refused', (t) => {
  for (const value of [[1], null, 'x', 7, true]) {
    const header = { toJSON: () => value } as never;
    const bytes = Buffer.concat(encodeFrame(key, 0, header));
    t.throws(() => new FrameReader(key).push(bytes), { message: 'header is not an object' });
  }
});

test('random bytes never do worse than a FrameError', (t) => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (chunks) => {
      const reader = new FrameReader(key);
      try {
        for (const chunk of chunks) t.deepEqual(reader.push(Buffer.from(chunk)), []);
      } catch (error) {
        t.true(error instanceof FrameError);
      }
    }),
    { numRuns: 200 },
  );
});
