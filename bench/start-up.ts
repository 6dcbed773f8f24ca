/** How long a person waits for `clpstat` in the lab and for `drydock --help`. */
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { type Benchmark, type Figure, median, timed } from './figures.ts';
import { withLab } from './lab.ts';

const ROUNDS = 15;

async function wall(program: string, args: string[]): Promise<number> {
  const run = () => execa(program, args, { stdin: 'ignore' });
  await run();
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) took.push(await timed(run));
  return median(took);
}

export const startUp: Benchmark = {
  name: 'start-up',
  run: () =>
    withLab({ fixture: 'v3le' }, async (lab) => {
      const node = await wall(process.execPath, ['-e', '0']);
      const note = `Node alone: ${node.toFixed(0)} ms`;
      const drydock = fileURLToPath(new URL('../bin/drydock', import.meta.url));
      const figures: Figure[] = [
        {
          name: 'clpstat in the lab',
          value: await wall(`${lab.path('server1')}/clpstat`, []),
          unit: 'ms',
          goal: 150,
          peer: null,
          note,
        },
        {
          name: 'drydock --help',
          value: await wall(drydock, ['--help']),
          unit: 'ms',
          goal: 120,
          peer: null,
          note,
        },
      ];
      return figures;
    }),
};
