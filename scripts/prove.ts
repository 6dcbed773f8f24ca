/**
 * `npm run prove -- [--cycles N] [--seed N] [--show] [--wrong N]`: cycles of faults under load against the
 * mirror's agents (test/mirror/proof). One number gives a cycle: what is found wrong names the
 * seed that shows it again, alone, with `--cycles 1`.
 *
 * The same over real processes, cables and disk images of a lab: `npm run bench -- --only storm`.
 */
import { parseArgs } from 'node:util';
import { type Outcome, runCycle } from '../test/mirror/proof/cycle.ts';

const LAST_LINES = 60;

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    show: { type: 'boolean', default: false },
    wrong: { type: 'string', default: '3' },
  },
});
const cycles = Number(values.cycles);
const first = Number(values.seed);

function tell(outcome: Outcome): void {
  const lines = values.show ? outcome.log : outcome.log.slice(-LAST_LINES);
  process.stdout.write(`${lines.map((line) => `  ${line}`).join('\n')}\n`);
  process.stdout.write(`${JSON.stringify(outcome.settings)}\n`);
  if (outcome.violation) process.stdout.write(`seed ${outcome.seed}: ${outcome.violation}\n`);
}

const totals: { [what: string]: number } = {};
const started = performance.now();
let wrong = 0;
for (let seed = first; seed < first + cycles; seed++) {
  const outcome = await runCycle(seed);
  for (const [what, count] of Object.entries(outcome.counts)) {
    totals[what] = (totals[what] ?? 0) + count;
  }
  if (outcome.violation) wrong++;
  if (outcome.violation || values.show) tell(outcome);
  if (wrong >= Number(values.wrong)) break;
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(`${JSON.stringify(totals)}\n`);
process.stdout.write(`seeds ${first} to ${first + cycles - 1}: ${wrong} wrong, ${seconds} s\n`);
process.exitCode = wrong > 0 ? 1 : 0;
