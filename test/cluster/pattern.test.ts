import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { BLOCK_BYTES, makeBlock, problemOf, readBlock } from '../../src/cluster/pattern.ts';
import { IoRecord } from '../../src/lab/io-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-io-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('a block says what it is', (t) => {
  t.deepEqual(readBlock(makeBlock('md1', 7, 42)), {
    is: 'block',
    mirror: 'md1',
    number: 7,
    sequence: 42,
  });
  t.deepEqual(readBlock(new Uint8Array(BLOCK_BYTES)), { is: 'blank' });
});

test('any changed byte is damage', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: BLOCK_BYTES - 1 }),
      fc.integer({ min: 1, max: 255 }),
      (at, change) => {
        const block = makeBlock('md1', 1, 1);
        block[at] = block[at]! ^ change;
        t.is(readBlock(block).is, 'damaged');
      },
    ),
    { numRuns: 50 },
  );
});

test('half of one write and half of another is damage', (t) => {
  const torn = Buffer.concat([
    makeBlock('md1', 1, 1).subarray(0, 2048),
    makeBlock('md1', 1, 2).subarray(2048),
  ]);
  t.is(readBlock(torn).is, 'damaged');
});

test('a torn write is no fault while its fate is unknown, and one once another is acknowledged', (t) => {
  const torn = Buffer.concat([
    makeBlock('md1', 1, 1).subarray(0, 2048),
    makeBlock('md1', 1, 2).subarray(2048),
  ]);
  t.is(problemOf('md1', 1, torn, { acknowledged: 1, sent: [2] }), null);
  t.truthy(problemOf('md1', 1, torn, { acknowledged: 2, sent: [] }));
  t.truthy(problemOf('md1', 1, torn, { acknowledged: 1, sent: [3] }));
  torn[3000] = torn[3000]! ^ 1;
  t.truthy(problemOf('md1', 1, torn, { acknowledged: 1, sent: [2] }), 'a sector is whole or wrong');
});

test('the record is read back, with a half line at its end left out', (t) => {
  const record = new IoRecord(folder, 'md1');
  const first = record.nextSequence();
  record.sent([1, 2], first);
  record.acknowledged([1, 2], first);
  const second = record.nextSequence();
  record.sent([2], second);
  appendFileSync(record.path, '{"b":9,"s"');
  const again = new IoRecord(folder, 'md1');
  t.deepEqual(
    [...again.blocks],
    [
      [1, { acknowledged: 1, sent: [] }],
      [2, { acknowledged: 1, sent: [2] }],
    ],
  );
  t.is(again.nextSequence(), 3);
});
