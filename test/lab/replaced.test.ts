/** Another machine in the place of a live server, by the runbook of x5 2.16.1, with data checked. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { systemRandom } from '../../src/adapters/system-random.ts';
import { topologyOf } from '../../src/change/topology.ts';
import { type Lab, labDown } from '../../src/lab/lab.ts';
import { layoutOf } from '../../src/lab/layout.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { makePlace, startLab, untilStatus } from './support.ts';

const place = makePlace();
const library = loadRunbooks();
const server = 'server2';
let lab: Lab;

test.before(async () => {
  lab = await startLab(place.lab, 'x5mirror');
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

const rootOf = (name: string) => layoutOf(lab.folder).server(name).root;

test.serial(
  'a new machine has nothing of the old one; a server with power is not replaced',
  async (t) => {
    await lab.io.write('md1', { blocks: 20 });
    const { perform } = lab.operator();
    const act = { act: 'replaceServer', server, keepsDisks: false } as const;
    const refused = await perform(act, '');
    t.regex(refused.done ? '' : refused.why, /its power is on/);
    await perform({ act: 'cutPower', server }, '');
    await untilStatus(lab, 'server1 misses server2', ({ servers }) =>
      Object.values(servers.server1?.heartbeats.server2 ?? {}).every((word) => word === 'Error'),
    );
    t.true((await perform(act, '')).done);
    t.deepEqual(readdirSync(rootOf(server)), []);
    t.true(existsSync(join(rootOf('server1'), 'opt/nec/clusterpro/etc/clp.conf')));
  },
);

test.serial(
  'the runbook brings it into the cluster, with its scripts and every acknowledged write',
  async (t) => {
    await lab.io.write('md1', { blocks: 30, from: 10 });
    const status = await lab.status();
    const topology = topologyOf(lab.config);
    const parameters = { failed: server };
    const runbook = library.get('x5-2.16.1')!;
    const result = await runPlan({
      plan: makePlan({ runbook, library, parameters, status, topology }),
      door: lab.door(),
      operator: {
        ...lab.operator(),
        confirm: async (_step, _question, typeName) => typeName ?? 'yes',
        choose: async () => null,
      },
      journal: memoryJournal({ clock: lab.clock, who: 'bob@desk' }),
      clock: lab.clock,
      random: systemRandom(),
      who: 'bob@desk',
      options: { giveUp: [server] },
    });
    t.is(result.outcome, 'done', result.words);
    t.like(await lab.io.verify('md1'), { checked: 40, wrong: [] });
    t.like(await lab.io.compareCopies('md1'), { identical: true, differingBlocks: 0 });
    const moved = await lab.exec(server, ['clpgrp', '-m', 'failover1']);
    t.is(moved.exitCode, 0, `${moved.stdout}${moved.stderr}`);
  },
);
