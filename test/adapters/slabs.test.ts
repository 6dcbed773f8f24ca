/** Memory that is read into again, and never while something in it is still used. */
import test from 'ava';
import fc from 'fast-check';
import { Slabs } from '../../src/adapters/slabs.ts';

test('what was read stays as it was until it is released, however it is released', (t) => {
  const step = fc.record({ count: fc.integer({ min: 1, max: 300_000 }), keep: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const slabs = new Slabs();
      const held: { bytes: Buffer; tag: number; from: number }[] = [];
      let position = 0;
      for (const [turn, { count, keep }] of steps.entries()) {
        const room = slabs.next();
        const length = Math.min(count, room.length);
        const tag = (turn % 250) + 1;
        room.fill(tag, 0, length);
        held.push({ bytes: slabs.take(length), tag, from: position });
        position += length;
        while (held.length > keep) held.shift();
        slabs.release(held[0]?.from ?? position);
        for (const { bytes, tag: own } of held) {
          if (!bytes.every((byte) => byte === own)) throw new Error(`overwritten in turn ${turn}`);
        }
      }
    }),
    { numRuns: 40 },
  );
  t.pass();
});

test('memory is used again once it is released, and not kept when it never is', (t) => {
  const slabs = new Slabs();
  const seen = new Set<ArrayBufferLike>();
  let position = 0;
  for (let turn = 0; turn < 400; turn++) {
    const room = slabs.next();
    seen.add(room.buffer);
    position += slabs.take(room.length).length;
    slabs.release(position);
  }
  t.true(seen.size <= 3, `${seen.size}`);
  for (let turn = 0; turn < 400; turn++) slabs.take(slabs.next().length);
  slabs.release(Number.MAX_SAFE_INTEGER);
  t.pass();
});
