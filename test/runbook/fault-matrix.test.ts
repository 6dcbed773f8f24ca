/**
 * The fault matrix of the catalogue, in processes of their own that part from one undisturbed run for
 * each fault: no cell breaks an invariant, each says what a person does next, and a runner that was
 * killed is resumed. By itself a few runbooks, with the faults that last in turn
 * (test/support/matrix-main.ts); all of them, with all faults, with DRYDOCK_MATRIX=whole.
 */
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { FLAGS, SPARING } from '../../src/adapters/process-forks.ts';
import { faultName } from '../../src/sim/step-faults.ts';
import type { Swept } from '../support/matrix-main.ts';

const PROGRAM = fileURLToPath(new URL('../support/matrix-main.ts', import.meta.url));
const IS_WHOLE = process.env.DRYDOCK_MATRIX === 'whole';
/** Of each make: what copies, looks, changes the configuration, mounts, and has three servers. */
const FEW = ['v3-1.1.1', 'v3-11.10.2', 'v3-6.1.3', 'x5-2.13-timeout-release', 'x5-2.22'];

/** A resumed run takes its lease anew, which a person has to help where most servers are off. */
const BY_HAND = /lease needs \d+ servers/;

async function sweep(part: number): Promise<Swept[]> {
  const which = IS_WHOLE ? ['whole'] : FEW;
  const words = [...FLAGS, ...SPARING, PROGRAM, String(part), '2', ...which];
  const ran = await execa(process.execPath, words);
  return ran.stdout.split('\n').map((line) => JSON.parse(line) as Swept);
}

test('whatever fails at a step of a runbook, no invariant does', async (t) => {
  t.timeout(IS_WHOLE ? 3_600_000 : 600_000);
  if (process.platform !== 'linux') {
    t.log('skipped: a process cannot be copied on this system');
    t.pass();
    return;
  }
  const swept = (await Promise.all([sweep(0), sweep(1)])).flat();
  t.true(swept.length >= FEW.length, `${swept.length} runbooks`);
  t.deepEqual(
    swept.flatMap(({ title, defect }) => (defect ? [`${title}: ${defect}`] : [])),
    [],
  );
  const cells = swept.flatMap(({ title, cells: of }) =>
    of.map((cell) => ({ ...cell, where: `${title}: ${cell.step}:${faultName(cell)}` })),
  );
  const broken = cells.filter(({ violations }) => violations.length > 0);
  t.deepEqual(
    broken.map(({ where, violations }) => `${where}: ${violations[0]}`),
    [],
  );
  const speechless = cells.filter(
    ({ end, words, next }) => /stuck|parked|waits/.test(end) && (words === '' || next === null),
  );
  t.deepEqual(
    speechless.map(({ where }) => where),
    [],
  );
  const lost = cells.filter(
    ({ kind, end, words }) =>
      kind.startsWith('kill-') && !/^(resumed|nothing)$/.test(end) && !BY_HAND.test(words),
  );
  t.deepEqual(
    lost.map(({ where, end, words }) => `${where}: ${end}: ${words}`),
    [],
  );
  t.log(`${cells.length} cells of ${swept.length} runbooks`);
});
