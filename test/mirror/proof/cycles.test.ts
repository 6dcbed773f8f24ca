/** Twenty cycles of the proof, the same each time; `npm run prove` runs as many as one likes. */
import test from 'ava';
import { runCycle } from './cycle.ts';
import { Record, SECTOR } from './record.ts';

const CYCLES = 20;
const FIRST = 1;

test('twenty storms lose nothing that was acknowledged, and every one of them calms down', async (t) => {
  const totals: { [what: string]: number } = {};
  for (let seed = FIRST; seed < FIRST + CYCLES; seed++) {
    const { violation, counts, log } = await runCycle(seed);
    t.is(violation, null, `seed ${seed}: ${log.slice(-20).join('\n')}`);
    for (const [what, count] of Object.entries(counts)) totals[what] = (totals[what] ?? 0) + count;
  }
  t.log(JSON.stringify(totals));
  t.true(totals.takeovers! >= 5);
  t.true(totals.acknowledged! >= 400);
  t.true(totals.equal! >= 60);
});

test('a seed gives the same cycle twice', async (t) => {
  const [one, two] = [await runCycle(7), await runCycle(7)];
  t.deepEqual(one, two);
  t.notDeepEqual(one.log, (await runCycle(8)).log);
});

const SERVER = 'server1';

/** A record of one sector with writes 1 and 2, acknowledged in that order. */
function written(durable: boolean) {
  const record = new Record(SECTOR);
  const writes = [1, 2].map(() => {
    const write = record.begin(SERVER, 0, 1, durable);
    record.acknowledge(write);
    return write;
  });
  const [first, second] = writes.map((write) => record.bytesOf(write));
  return {
    record,
    first: first!,
    second: second!,
    isRight: (bytes: Uint8Array) => record.judge(SERVER, 0, bytes).length === 0,
  };
}

test('the record demands the newest acknowledged write, and no older one', (t) => {
  const { first, second, isRight } = written(true);
  t.deepEqual([new Uint8Array(SECTOR), first, second].map(isRight), [false, false, true]);
});

test('the record lets go with the power what was not flushed, and nothing else', (t) => {
  const loose = written(false);
  loose.record.lostPower('server2');
  t.false(loose.isRight(loose.first));
  loose.record.lostPower(SERVER);
  t.true(loose.isRight(loose.first));
  const flushed = written(false);
  flushed.record.flushed(flushed.record.now());
  flushed.record.lostPower(SERVER);
  t.false(flushed.isRight(flushed.first));
});

test('the record takes a write without an answer for there or not, until one side serves', (t) => {
  const { record, second, isRight } = written(true);
  const third = record.bytesOf(record.begin(SERVER, 0, 1, true));
  t.deepEqual([second, third].map(isRight), [true, true]);
  record.settle(third, new Set());
  t.deepEqual([second, third].map(isRight), [false, true]);
});

test('the record knows half a sector, a foreign one and a misplaced one', (t) => {
  const record = new Record(2 * SECTOR);
  const write = record.begin(SERVER, 0, 1, true);
  const bytes = record.bytesOf(write);
  const half = Uint8Array.from(bytes).fill(0, SECTOR / 2);
  const blank = new Uint8Array(SECTOR);
  t.is(record.torn(Buffer.concat([half, blank])).length, 1);
  t.is(record.torn(Buffer.concat([blank.map(() => 9), blank])).length, 1);
  t.is(record.torn(Buffer.concat([blank, bytes])).length, 1);
  t.is(record.torn(Buffer.concat([bytes, blank])).length, 0);
});
