/** A cluster four times as large as any that is simulated at random. */
import test from 'ava';
import { buildTwin } from '../../src/sim/twin.ts';
import { twinOptionsOf, worldFrom } from '../simulation/worlds.ts';

test('32 servers with 100 groups come online, each group on one server', async (t) => {
  const world = worldFrom('cluster x5mirror servers=32 groups=100 mirrors=0 seed=1');
  const twin = await buildTwin(twinOptionsOf(world));
  const { groups, servers } = await twin.up();
  t.is(Object.values(servers).filter(({ system }) => system.state === 'up').length, 32);
  t.is(Object.keys(groups).length, 100);
  for (const { name, servers: order } of twin.config.groups) {
    t.is(groups[name]?.state, 'started', name);
    const ip = `10.0.0.${100 + Number(name.replace('failover', ''))}`;
    const homes = twin.servers.filter((server) => server.state().addresses[ip] !== undefined);
    t.deepEqual(
      homes.map((server) => server.name),
      [order[0]],
    );
  }
  t.deepEqual(await twin.violations(), []);
});
