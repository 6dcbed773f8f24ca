/** Writes of a twin's mirror without a flush, as a page cache writes them. */
import test from 'ava';
import { BLOCK_BYTES } from '../../src/cluster/pattern.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { twinOptionsOf, worldFrom } from '../simulation/worlds.ts';

const WORLD = 'cluster v3le servers=2 groups=1 mirrors=1 powerloss=drop seed=1';

test('a power loss drops what was not flushed, and nothing of it counts as acknowledged', async (t) => {
  const twin = await buildTwin(twinOptionsOf(worldFrom(WORLD)));
  await twin.up();
  await twin.run(twin.io.write('md1', 'server1', 0, 1));
  const written = await twin.run(twin.io.write('md1', 'server1', 1, 1, false));
  t.deepEqual(written, { acknowledged: 1, failed: 0, why: null });
  const device = String(
    twin.config.resources.find(({ name }) => name === 'md1')?.parameters['diskdev/dppath'],
  );
  const isThere = (server: string, block: number) => {
    const bytes = twin.server(server).devices.peek(device, block * BLOCK_BYTES, BLOCK_BYTES);
    return bytes?.some((byte) => byte !== 0) === true;
  };
  t.deepEqual([isThere('server2', 0), isThere('server2', 1)], [true, true]);
  await twin.run(twin.faults.killServer('server2'));
  t.deepEqual([isThere('server2', 0), isThere('server2', 1)], [true, false]);
  const bytes = twin.server('server2').devices.peek(device, BLOCK_BYTES, BLOCK_BYTES)!;
  t.is(twin.io.judge('md1', 1, bytes), null);
  await twin.advance(3000);
  await twin.run(twin.faults.powerOn('server2'));
  await twin.advance(20_000);
  t.deepEqual([isThere('server1', 1), isThere('server2', 1)], [true, true], 'sent again');
});
