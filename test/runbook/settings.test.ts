/**
 * Settings that a person makes in a Web page are changes of the configuration: after the run each
 * server has them, and where a daemon heeds one it acts by it.
 */
import test from 'ava';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { CASES, type Case, configNow, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

/** By runbook: elements below the root, and what they are afterwards. */
const SETTINGS: Record<string, Record<string, string>> = {
  'x5-2.4-enable': { 'cluster/statistics/system': '1' },
  'x5-2.5-enable': { 'cluster/statistics/system': '1' },
  'x5-2.6-enable': { 'cluster/statistics/cluster/use': '1' },
  'x5-2.6.1': {
    'cluster/statistics/cluster/size/heartbeat': '50',
    'cluster/statistics/cluster/size/group': '1',
    'cluster/statistics/cluster/size/resource': '3',
    'cluster/statistics/cluster/size/monitor': '10',
  },
  'x5-2.7-enable': { 'webmgr/operationlog/use': '1' },
  'x5-2.8-enable': { 'api/operationlog/use': '1' },
  'x5-2.9': { 'webalert/investigation/use': '1' },
  'x5-2.13-activation-recovery-disable': { 'rc/errordetect/rscact/norecovery': '1' },
  'x5-2.13-activation-recovery-enable': { 'rc/errordetect/rscact/norecovery': '0' },
  'x5-2.13-monitor-recovery-disable': { 'rm/errordetect/norecovery': '1' },
  'x5-2.13-monitor-recovery-enable': { 'rm/errordetect/norecovery': '0' },
};

const caseOf = (id: string): Case => CASES.find((made) => made.id === id) as Case;

/** Nobody is asked anything. */
async function run(twin: Twin, made: Case) {
  const plan = await planFor(twin, made);
  const journal = memoryJournal({ clock: twin.controlClock(), who: 'ann@desk' });
  const nobody = async () => {
    throw new Error('a setting asks a person');
  };
  const operator = { perform: nobody, confirm: nobody, choose: nobody };
  const world = { ...worldOf(twin, made), operator };
  return twin.run(runPlan({ ...world, plan, journal, who: 'ann@desk' }));
}

for (const [id, elements] of Object.entries(SETTINGS)) {
  test(`${id} sets its elements on every server`, async (t) => {
    const made = caseOf(id);
    const twin = await liveTwin(made);
    const before = configNow(twin);
    const result = await run(twin, made);
    t.is(result.outcome, 'done', result.words);
    t.not(configNow(twin), before);
    for (const { name } of twin.servers) {
      for (const [path, value] of Object.entries(elements)) {
        const { stdout } = await twin.exec(name, ['clpcfget', '-g', `/root/${path}`]);
        t.is(stdout.trim(), value, `${path} of ${name}`);
      }
    }
  });
}

const said = (twin: Twin, module: string, id: number): boolean =>
  twin.log.some((entry) => entry.module === module && entry.id === id);

for (const [id, isOff] of [
  ['x5-2.13-activation-recovery-disable', true],
  ['x5-2.13-activation-recovery-enable', false],
] as const) {
  test(`after ${id} a failed start ${isOff ? 'moves nothing' : 'is recovered from'}`, async (t) => {
    const twin = await liveTwin(caseOf(id));
    await run(twin, caseOf(id));
    await twin.exec('server1', ['clpgrp', '-t', 'failover2']);
    twin.scripts.faults.set('server1 exec2/start.sh', { code: 1 });
    await twin.exec('server1', ['clpgrp', '-s', 'failover2', '-h', 'server1']);
    await twin.atRest();
    const { groups } = await twin.look();
    t.is(groups.failover2?.current === 'server2', !isOff);
    t.is(said(twin, 'rc', 512), isOff);
  });
}
