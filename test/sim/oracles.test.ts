/** The standing oracles can say no, and storms of faults do not make them. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { HELD_MS } from '../../src/core/held-view.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { storm } from '../support/storm.ts';

const clusters = new URL('../../fixtures/clusters/', import.meta.url);
const textOf = (name: string): string =>
  readFileSync(new URL(`${name}.clp.conf`, clusters), 'utf8');

async function written(): Promise<Twin> {
  const twin = await buildTwin({ configText: textOf('v3le'), seed: 'oracle' });
  await twin.up();
  await twin.run(twin.io.write('md1', 'server1', 0, 8));
  return twin;
}

/** Changes a byte of a data partition behind everybody's back. */
function spoil(twin: Twin, name: string, at: number): void {
  const server = twin.server(name);
  const where = server.devices.resolve('/dev/sdb2')!;
  const disk = server.devices.disks.get(where.serial)!;
  const old = disk.read(where.offset + at, 1)[0]!;
  disk.write(where.offset + at, new Uint8Array([old ^ 0xff]));
}

test.serial('nothing is wrong with a cluster in order', async (t) => {
  t.deepEqual(await (await written()).violations(), []);
});

test.serial('an acknowledged write that is gone from the serving copy is noticed', async (t) => {
  const twin = await written();
  spoil(twin, 'server1', 5000);
  const wrong = await twin.violations();
  t.true(wrong.some((words) => words.startsWith('the copy on server1 serves, but md1 block 1')));
});

test.serial('two GREEN copies that differ are noticed, wherever they do', async (t) => {
  const twin = await written();
  spoil(twin, 'server2', 9_000_001);
  t.deepEqual(await twin.violations(), ['md1: both copies are GREEN and differ at byte 8998912']);
});

test.serial('a part that answers with a defect is noticed', async (t) => {
  const twin = await written();
  twin.wire('server1').serve('daemon', async () => {
    throw new TypeError('x is undefined');
  });
  // Until then what it said in its senses stands, for its view is the same.
  await twin.advance(HELD_MS + 1);
  const wrong = await twin.violations();
  t.true(
    wrong.some((words) => words.includes('TypeError: x is undefined')),
    wrong.join('\n'),
  );
});

// Each of these seeds is another order of faults and orders.
for (const cluster of ['v3le', 'x5mirror']) {
  for (const seed of ['105', '107', '122', '314']) {
    test.serial(
      `${cluster}: storm ${seed} loses no write and serves no mirror twice`,
      async (t) => {
        const twin = await buildTwin({
          configText: textOf(cluster),
          seed,
          powerLoss: 'reorder',
          bytesPerMs: 4000,
        });
        await twin.up();
        const { wrong, played } = await storm(twin, seed, 40);
        t.deepEqual(wrong, [], played.join('\n'));
      },
    );
  }
}
