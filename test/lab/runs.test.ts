/** Runs on a live cluster: a killed runner, a lease that was lost, and failures that were foretold. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { systemRandom } from '../../src/adapters/system-random.ts';
import { verifyChain } from '../../src/audit/chain.ts';
import { topologyOf } from '../../src/change/topology.ts';
import { writeClusterConfiguration } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import type { Plan } from '../../src/core/plan.ts';
import { type Lab, labDown, openLab } from '../../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { type Rehearsal, rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { abortRun } from '../../src/runbook/run/resume.ts';
import { type RunResult, runPlan } from '../../src/runbook/run/run.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { allEntries } from '../support/records.ts';
import { worldOf } from '../support/twin-worlds.ts';
import { fixture, makePlace, startLab, untilStatus } from './support.ts';

const place = makePlace();
const runner = fileURLToPath(new URL('../support/runner-process.ts', import.meta.url));
const library = loadRunbooks();
let lab: Lab;

test.before(async () => {
  lab = await startLab(place.lab, 'v3le', { autoRecovery: false });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

const isMet = ({ mirrors }: Status) => mirrors.md1?.servers.server1?.connected === true;
const mdc = { net: 'mdc400', from: 'server1', to: 'server2' } as const;

/** The mirror breaks by a pulled cable while data is written. */
async function breakMirror({ heal }: { heal: boolean }): Promise<void> {
  await lab.fault({ kind: 'cut', ...mdc });
  await lab.io.write('md1', { blocks: 8 });
  await untilStatus(lab, 'broken', ({ mirrors }) => mirrors.md1?.state === 'Abnormal');
  if (!heal) return;
  await lab.fault({ kind: 'heal', ...mdc });
  await untilStatus(lab, 'the sides meet', isMet);
}

async function planOf(id: string, parameters: Record<string, Json> = {}): Promise<Plan> {
  const status = await lab.status();
  const runbook = library.get(id)!;
  return makePlan({ runbook, library, parameters, status, topology: topologyOf(lab.config) });
}

async function rehearsed(plan: Plan): Promise<Rehearsal> {
  const from = await lab.status();
  const configText = writeClusterConfiguration(lab.config, fixture('v3le'));
  return rehearse({
    plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    twinFactory: async () =>
      worldOf(await buildTwin({ configText, seed: 3, from }), { id: plan.runbook.id, given: {} }),
  });
}

/** As on a control host of its own: its own connection, its own record. Given up when it fails. */
async function runHere(plan: Plan): Promise<RunResult> {
  const own = openLab(place.lab);
  const door = own.door();
  const journal = memoryJournal({ clock: own.clock, who: 'bob@desk' });
  try {
    const result = await runPlan({
      plan: { ...plan, predicted: null },
      door,
      operator: { ...own.operator(), confirm: async () => null, choose: async () => null },
      journal,
      clock: own.clock,
      random: systemRandom(),
      who: 'bob@desk',
    });
    if (result.outcome === 'failed') await abortRun({ journal, run: result.run, who: 'bob', door });
    return result;
  } finally {
    own.close();
  }
}

test.serial(
  'a runner that lost its lease is refused by the servers, and nothing is done',
  async (t) => {
    const other = openLab(place.lab);
    try {
      const stale = await lab.door().lease.acquire('run-a', 'the first');
      const request = {
        server: 'server2',
        argv: ['chkconfig', '--del', 'clusterpro_trn'],
        answers: [],
        timeoutMs: 10_000,
      };
      await t.throwsAsync(other.door().lease.acquire('run-b', 'the second'), {
        code: 'lease.held',
        message: /server1: run-a \(the first\)/,
      });
      await other.door().lease.release(stale);
      const fresh = await other.door().lease.acquire('run-b', 'the second');
      t.true(fresh.token > stale.token);
      const late = lab.door().commands.exec({ ...request, operation: 'run-a/late', lease: stale });
      t.like(await t.throwsAsync(late), { code: 'lease.lost', exit: 5 });
      const isEnabled = async () =>
        viewOf(await lab.status()).servers.server2?.services?.clusterpro_trn?.enabled;
      t.is(await isEnabled(), true);
      t.is(await lab.door().commands.operation('server2', 'run-a/late'), null);
      const good = await other
        .door()
        .commands.exec({ ...request, operation: 'run-b/one', lease: fresh });
      t.is(good.exitCode, 0);
      t.is(await isEnabled(), false);
      await other.door().lease.release(fresh);
    } finally {
      other.close();
    }
  },
);

test.serial('of two runs from two control hosts the second is told who is at work', async (t) => {
  const plan = await planOf('v3-5.2.activate', { server: 'server2' });
  const journal = memoryJournal({ clock: lab.clock, who: 'ann@desk' });
  const first = await runPlan({
    plan,
    door: lab.door(),
    operator: { ...lab.operator(), confirm: async () => null, choose: async () => null },
    journal,
    clock: lab.clock,
    random: systemRandom(),
    who: 'ann@desk',
    options: { stopAfter: plan.steps[0]!.id },
  });
  t.is(first.exit, 3, first.words);
  const second = await runHere(plan);
  t.is(second.exit, 5, second.words);
  t.true(second.words.includes(first.run), second.words);
  const abort = await abortRun({ journal, run: first.run, who: 'ann', door: lab.door() });
  t.is(abort.outcome, 'aborted');
  t.like(await runHere(plan), { outcome: 'done' });
});

/** Where the runner of v3-11.10.4 is killed, one life after the other. */
const DEATHS = [
  ['after', 'run.started:'],
  ['after', 'step.intended:recover'],
  ['during', 'recover'],
  ['before', 'step.ended:recover'],
  ['after', 'step.ended:recover'],
  ['before', 'step.ended:watch-watch'],
  ['before', 'run.finished:'],
  ['never', ''],
] as const;

test.serial('a runner killed by SIGKILL again and again does everything once', async (t) => {
  await breakMirror({ heal: true });
  const plan = await planOf('v3-11.10.4');
  const last = plan.steps.at(-1)!.id;
  const [planFile, file, notes] = ['plan', 'journal.db', 'notes'].map((name) =>
    join(place.folder, name),
  ) as [string, string, string];
  writeFileSync(planFile, JSON.stringify(plan));
  for (const [when, where] of DEATHS) {
    const death = where.replace('watch-watch', last);
    const args = [runner, place.lab, file, planFile, notes, when, death];
    const life = await execa(process.execPath, args, { reject: false, stdin: 'ignore' });
    if (when !== 'never') {
      t.is(life.signal, 'SIGKILL', `${when} ${death}: ${life.stdout}${life.stderr}`);
      continue;
    }
    t.like(JSON.parse(life.stdout), { outcome: 'done' }, life.stdout);
  }
  const operations = new Set(
    readFileSync(notes, 'utf8')
      .split('\n')
      .filter((line) => line.includes('clpmdctrl --recovery')),
  );
  t.is(operations.size, 1, [...operations].join('\n'));
  const journal = openSqliteJournal({ file, clock: lab.clock, who: 'ann@desk' });
  t.true(verifyChain(await allEntries(journal)).ok);
  await journal.close();
  const status = await lab.status();
  t.is(viewOf(status).mirrors.md1?.state, 'Normal');
  t.true(Object.values(status.leases).every(({ holder }) => holder === null));
  t.like(await lab.io.verify('md1'), { wrong: [] });
  t.like(await lab.io.compareCopies('md1'), { identical: true });
});

function stepOf(result: RunResult): string | null {
  return result.state.step?.id ?? null;
}

/** The same words, whatever numbers and times stand in them. */
function plain(words: string): string {
  return words.replaceAll(/\d{2,}/g, 'N');
}

/** Fails on the twin, then on the cluster: in the same step, with the same words. */
async function failsAsForetold(t: ExecutionContext): Promise<void> {
  const plan = await planOf('v3-11.10.4');
  const rehearsal = await rehearsed(plan);
  const result = await runHere(plan);
  t.not(rehearsal.outcome, 'done', rehearsal.transcript);
  t.like(result, { outcome: rehearsal.outcome, exit: rehearsal.exit }, result.words);
  t.is(plain(result.words), plain(rehearsal.words));
  t.is(stepOf(result), rehearsal.steps.at(-1)?.id ?? null);
  t.log(result.words);
}

test.serial('a recovery over a cut mirror connect fails as the twin foretells', async (t) => {
  await breakMirror({ heal: false });
  await failsAsForetold(t);
  await lab.fault({ kind: 'heal', ...mdc });
  await untilStatus(lab, 'the sides meet', isMet);
});

test.serial('a recovery onto a bad disk fails as the twin foretells', async (t) => {
  await lab.fault({ kind: 'failDisk', server: 'server2', device: '/dev/sdb' });
  await untilStatus(
    lab,
    'the disk is known to be bad',
    ({ servers }) => servers.server2?.disks?.['/dev/sdb']?.failed === true,
  );
  await failsAsForetold(t);
});
