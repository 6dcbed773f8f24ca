/** The clusters that are simulated come up: two to eight servers, mirrors on two of them. */
import test from 'ava';
import { buildTwin } from '../../src/sim/twin.ts';
import { headOf, twinOptionsOf, worldFrom } from './worlds.ts';

for (const servers of [2, 3, 8]) {
  test(`${servers} servers come up, each mirror on the two servers of its group`, async (t) => {
    const head = `cluster v3le servers=${servers} groups=2 mirrors=2 forcestop=on autorecovery=on`;
    const world = worldFrom(`${head} latency=0.2 powerloss=drop scripts=20 seed=1`);
    t.is(headOf(world), `${head} latency=0.2 powerloss=drop scripts=20 seed=1`);
    const twin = await buildTwin(twinOptionsOf(world));
    const { groups, volumes } = await twin.up();
    t.deepEqual(
      Object.values(groups).map(({ state }) => state),
      ['started', 'started', 'started', 'started'],
    );
    for (const [mirror, { word, copies }] of Object.entries(volumes)) {
      t.is(word, 'Normal', mirror);
      t.is(Object.keys(copies).length, 2, mirror);
    }
    t.deepEqual(await twin.violations(), []);
  });
}
