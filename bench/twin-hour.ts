/** One hour of an idle two-server cluster in the twin: heartbeats every 3 s, monitors every 10 s. */
import { buildTwin } from '../src/sim/twin.ts';
import { type Benchmark, median, timed } from './figures.ts';
import { fixtureText } from './lab.ts';

const HOUR_MS = 3_600_000;

export const twinHour: Benchmark = {
  name: 'twin-hour',
  run: async (say) => {
    const configText = fixtureText('v3le', (config) => ({
      ...config,
      heartbeat: { intervalMs: 3000, timeoutMs: 90_000 },
      monitors: config.monitors.map((monitor) => ({ ...monitor, intervalMs: 10_000 })),
    }));
    const took: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const twin = await buildTwin({ configText, seed: round });
      await twin.up();
      took.push(await timed(async () => twin.advance(HOUR_MS)));
      const status = await twin.look();
      if (status.groups.failover1?.state !== 'started') throw new Error('the cluster is not well');
      say(`${took.at(-1)?.toFixed(0)} ms`);
    }
    return [
      {
        name: 'twin: an hour of an idle two-server cluster',
        value: median(took) / 1000,
        unit: 's',
        goal: 0.5,
        peer: null,
      },
    ];
  },
};
