/** `npm run bench [-- --json] [-- --only NAME…]`: figures, each against its goal and its peer. */
import { parseArgs } from 'node:util';
import { device } from './device.ts';
import { eight } from './eight.ts';
import { failover } from './failover.ts';
import { faultMatrix } from './fault-matrix.ts';
import { asTable, type Figure, machine } from './figures.ts';
import { memory } from './memory.ts';
import { record } from './record.ts';
import { recovery } from './recovery.ts';
import { scale } from './scale.ts';
import { soak } from './soak.ts';
import { startUp } from './start-up.ts';
import { steps } from './steps.ts';
import { storm } from './storm.ts';
import { twinHour } from './twin-hour.ts';

const all = [
  steps,
  startUp,
  memory,
  twinHour,
  faultMatrix,
  scale,
  eight,
  failover,
  recovery,
  record,
  device,
];
/** Only when named: they take long. */
const named = [soak, storm];

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const wanted = new Set([...(values.only ?? []), ...positionals]);
const known = [...all, ...named];
const unknown = [...wanted].filter((name) => !known.some((one) => one.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `no benchmark ${unknown.join(', ')}; there are ${known.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

const figures: Figure[] = [];
for (const benchmark of wanted.size ? known.filter(({ name }) => wanted.has(name)) : all) {
  process.stderr.write(`${benchmark.name}\n`);
  figures.push(...(await benchmark.run((words) => process.stderr.write(`  ${words}\n`))));
}
process.stdout.write(
  values.json
    ? `${JSON.stringify({ schema: 'drydock.bench/1', machine: machine(), figures })}\n`
    : `${machine()}\n\n${asTable(figures)}`,
);
