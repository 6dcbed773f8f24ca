/**
 * The fault matrix of a long runbook: all cells by histories that part from one undisturbed run, and
 * some of the same cells each from its beginning to its end, as `--faults STEP:KIND` plays one.
 */
import { type SweepOrder, sweepApart } from '../src/cli/run/sweeping.ts';
import { operatorOn } from '../src/cli/run/twin-person.ts';
import { rehearseFault } from '../src/sim/faulty-rehearsal.ts';
import { readFaults } from '../src/sim/step-faults.ts';
import { buildTwin } from '../src/sim/twin.ts';
import { CASES, configNow, liveTwin, rehearsed } from '../test/support/twin-worlds.ts';
import { type Benchmark, timed } from './figures.ts';

const RUNBOOK = 'v3-11.7.1';
/** One in so many cells is played from its beginning, too: all of them would take minutes. */
const SAMPLED = 20;

async function orderFor(id: string): Promise<SweepOrder> {
  const made = CASES.find((one) => one.id === id)!;
  const live = await liveTwin(made);
  const from = await live.status();
  const { plan } = await rehearsed(live, made);
  const faults = readFaults('sweep', plan.steps, live.config);
  const configText = configNow(live);
  return { configText, seed: 'bench', from, plan, secrets: [], faults, who: 'bench', options: {} };
}

export const faultMatrix: Benchmark = {
  name: 'fault-matrix',
  run: async (say) => {
    const { faults, configText, seed, from, ...rest } = await orderFor(RUNBOOK);
    let struck = 0;
    const swept = await timed(async () => {
      const order = { faults, configText, seed, from, ...rest };
      const cells = await sweepApart(order, () => undefined);
      if (cells === null) throw new Error('a process cannot be copied on this system');
      struck = cells.filter(({ end }) => end !== 'nothing').length;
    });
    say(`${struck} cells in ${swept.toFixed(0)} ms`);
    const sample = faults.filter((_, at) => at % SAMPLED === SAMPLED - 1);
    const replayed = await timed(async () => {
      for (const fault of sample) {
        const twin = await buildTwin({ configText, seed, from });
        const { plan, who, options } = rest;
        await rehearseFault({ plan, who, options, twin, operator: operatorOn(twin) }, fault);
      }
    });
    say(`${sample.length} from their beginning in ${replayed.toFixed(0)} ms`);
    const value = swept / struck;
    const peer = replayed / sample.length;
    return [
      {
        name: `fault matrix of ${RUNBOOK}: a cell`,
        value,
        unit: 'ms',
        goal: peer / 10,
        peer: { name: 'each from its beginning to its end', value: peer },
        note: `${(peer / value).toFixed(1)} times as fast; goal: 10 times`,
      },
    ];
  },
};
