/** A disk image made and restored on live servers, by the runbooks of x5 2.18, with data checked. */

import test from 'ava';
import { systemRandom } from '../../src/adapters/system-random.ts';
import { topologyOf } from '../../src/change/topology.ts';
import type { Json } from '../../src/core/json.ts';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { type RunResult, runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { makePlace, startLab, untilStatus } from './support.ts';

const place = makePlace();
const library = loadRunbooks();
let lab: Lab;

test.before(async () => {
  lab = await startLab(place.lab, 'x5mirror', { autoRecovery: false });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

async function runOf(id: string, parameters: Record<string, Json>): Promise<RunResult> {
  const status = await lab.status();
  const plan = makePlan({
    runbook: library.get(id)!,
    library,
    parameters,
    status,
    topology: topologyOf(lab.config),
  });
  return runPlan({
    plan,
    door: lab.door(),
    operator: { ...lab.operator(), confirm: async () => null, choose: async () => null },
    journal: memoryJournal({ clock: lab.clock, who: 'bob@desk' }),
    clock: lab.clock,
    random: systemRandom(),
    who: 'bob@desk',
  });
}

test.serial('an image is made of the standby while the business goes on', async (t) => {
  await lab.io.write('md1', { blocks: 20 });
  const result = await runOf('x5-2.18-backup', { image: 'weekly' });
  t.is(result.outcome, 'done', result.words);
  const { images } = viewOf(await lab.status()).servers.server2!;
  t.like(images, { weekly: { devices: ['/dev/sdb'], system: true } });
  t.false(images!.weekly!.enabledServices!.includes('clusterpro'));
});

test.serial('restored from it, the standby has everything that was written since', async (t) => {
  await lab.io.write('md1', { blocks: 30, from: 10 });
  const result = await runOf('x5-2.18', { image: 'weekly' });
  t.is(result.outcome, 'done', result.words);
  t.like(await lab.io.verify('md1'), { checked: 40, wrong: [] });
  t.like(await lab.io.compareCopies('md1'), { identical: true, differingBlocks: 0 });
});

test.serial('an image put back without a word is not taken for what it was', async (t) => {
  const perform = lab.operator().perform;
  const server = 'server2';
  await lab.io.write('md1', { blocks: 10 });
  await lab.exec(server, ['shutdown', '-h', 'now']);
  await untilStatus(lab, 'server2 is off', ({ servers }) => servers.server2?.power === 'off');
  t.true((await perform({ act: 'restoreDiskImage', server, image: 'weekly' }, '')).done);
  await perform({ act: 'powerOn', server }, '');
  await untilStatus(lab, 'server2 is up', ({ servers }) => servers.server2?.node === 'stopped');
  await lab.exec(server, ['clpsvcctrl.sh', '--enable', 'core', 'md']);
  await lab.exec(server, ['systemctl', 'start', 'clusterpro_md']);
  const { mirrors } = await untilStatus(
    lab,
    'its agent answers',
    ({ servers, mirrors: seen }) =>
      servers.server2?.agent === 'running' && seen.md1?.servers.server2?.color === 'RED',
  );
  t.is(mirrors.md1!.servers.server1!.color, 'GREEN');
  t.regex((await lab.exec(server, ['clpmdctrl', '--getreplace', 'md1'])).stdout, /: replaced/);
});
