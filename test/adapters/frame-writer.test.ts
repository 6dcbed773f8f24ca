/** What goes out together comes in one by one, as it was, and in its order. */
import { createSecretKey, randomBytes } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { FrameWriter } from '../../src/adapters/frame-writer.ts';
import { encodeFrame, FrameError, FrameReader, SEAL_BYTES } from '../../src/adapters/frames.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { HEADER_LIMIT_BYTES, PAYLOAD_LIMIT_BYTES } from '../../src/ports/wire.ts';

const key = createSecretKey(randomBytes(32));

const bytesOf = (writer: FrameWriter): Buffer => {
  const { pieces, free } = writer.take();
  const bytes = Buffer.concat(pieces);
  free();
  return bytes;
};

test('frames added in any turns, of any length, arrive as they were', (t) => {
  const length = fc.oneof(fc.nat(40), fc.nat(5000), fc.integer({ min: 60_000, max: 200_000 }));
  const frame = fc.record({
    header: fc.dictionary(fc.string(), fc.jsonValue()),
    lengths: fc.array(length, { maxLength: 3 }),
    endsTurn: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 30 }),
      fc.integer({ min: 1, max: 70_000 }),
      (all, cut) => {
        const writer = new FrameWriter(key);
        const sent: Buffer[] = [];
        const expected = all.map(({ header, lengths, endsTurn }, at) => {
          const pieces = lengths.map((bytes) => Buffer.alloc(bytes, at + 1));
          writer.add(header as JsonObject, pieces);
          if (endsTurn) sent.push(bytesOf(writer));
          return [JSON.stringify(header), Buffer.concat(pieces).toString('hex')];
        });
        sent.push(bytesOf(writer));
        const stream = Buffer.concat(sent);
        const reader = new FrameReader(key);
        const got = [];
        for (let at = 0; at < stream.length; at += cut) {
          got.push(...reader.push(stream.subarray(at, at + cut)));
        }
        t.deepEqual(
          got.map(({ header, payload }) => [
            JSON.stringify(header),
            Buffer.from(payload).toString('hex'),
          ]),
          expected,
        );
        t.is(reader.position, stream.length);
      },
    ),
    { numRuns: 40 },
  );
});

test('small frames of a turn share one seal, and a frame alone is what it always was', (t) => {
  const writer = new FrameWriter(key);
  writer.add({ alone: true }, [Buffer.from('payload')]);
  const alone = encodeFrame(key, 0, { alone: true }, Buffer.from('payload'));
  t.deepEqual(bytesOf(writer), Buffer.concat(alone));
  for (let id = 0; id < 16; id++) writer.add({ id }, [Buffer.alloc(100, id)]);
  const together = bytesOf(writer);
  t.true(together.length < 16 * (100 + SEAL_BYTES));
  const reader = new FrameReader(key);
  reader.push(Buffer.concat(alone));
  t.deepEqual(
    reader.push(together).map(({ header, payload }) => [header.id, payload[99], payload.length]),
    Array.from({ length: 16 }, (_, id) => [id, id, 100]),
  );
});

test('memory that still goes out is not written over', (t) => {
  const writer = new FrameWriter(key);
  writer.add({ first: 1 }, [Buffer.alloc(1000, 1)]);
  const first = writer.take();
  const before = Buffer.concat(first.pieces);
  writer.add({ second: 2 }, [Buffer.alloc(1000, 2)]);
  const second = writer.take();
  t.deepEqual(Buffer.concat(first.pieces), before);
  first.free();
  second.free();
  writer.add({ third: 3 }, [Buffer.alloc(1000, 3)]);
  const again = writer.take().pieces[0]!.buffer;
  t.true(again === first.pieces[0]!.buffer || again === second.pieces[0]!.buffer);
});

test('a frame above a limit is refused and leaves the others as they are', (t) => {
  const writer = new FrameWriter(key);
  writer.add({ good: 1 }, []);
  const long = [Buffer.alloc(PAYLOAD_LIMIT_BYTES), Buffer.alloc(1)];
  t.throws(() => writer.add({ bad: 1 }, long), { instanceOf: FrameError });
  writer.add({ good: 2 }, []);
  const got = new FrameReader(key).push(bytesOf(writer));
  t.deepEqual(
    got.map(({ header }) => header),
    [{ good: 1 }, { good: 2 }],
  );
});

test('several in one that do not add up are refused, whatever they say', (t) => {
  const rows: [unknown, number][] = [
    [[{}, 5], 4],
    [[{}, -1, {}, 6], 5],
    [[{}, 'x'], 0],
    [[{}], 0],
    [[{}, 2], 3],
    [[7, 0], 0],
    [[[], 0], 0],
    [[{}, Number.MAX_VALUE], 1],
    [[{}, 0.5, {}, 0.5], 1],
  ];
  for (const [value, bytes] of rows) {
    const header = { toJSON: () => value } as never;
    const sent = Buffer.concat(encodeFrame(key, 0, header, Buffer.alloc(bytes)));
    t.throws(() => new FrameReader(key).push(sent), { instanceOf: FrameError }, String(value));
  }
  const none = { toJSON: () => [] } as never;
  t.deepEqual(new FrameReader(key).push(Buffer.concat(encodeFrame(key, 0, none))), []);
});

test('a header is measured in bytes: one of 400,000 letters of three bytes each does not fit', (t) => {
  const writer = new FrameWriter(key);
  const words = '‚'.repeat(400_000);
  t.true(words.length < HEADER_LIMIT_BYTES);
  t.throws(() => writer.add({ words }, []), { instanceOf: FrameError });
  writer.add({ words: 'short' }, []);
  t.is(new FrameReader(key).push(bytesOf(writer)).length, 1, 'what came before goes out');
});
