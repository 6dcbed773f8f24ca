/**
 * What the files of servers hold after procedures that change them (x5 2.2, 2.29): no status shows
 * it, so no other test of runbooks does.
 */
import test from 'ava';
import { runPlan } from '../../src/runbook/run/run.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { CASES, type Case, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

const ALERTS = '/opt/nec/clusterpro/alert/log/alertlog.alt';

function caseOf(id: string, title: string): Case {
  return CASES.find((made) => made.title === `${id}: ${title}`) as Case;
}

async function run(twin: Twin, made: Case) {
  const plan = await planFor(twin, made);
  const journal = memoryJournal({ clock: twin.controlClock(), who: 'ann@desk' });
  return twin.run(runPlan({ ...worldOf(twin, made), plan, journal, who: 'ann@desk' }));
}

const alertsOf = (twin: Twin, server: string): string[] =>
  (twin.server(server).files.get(ALERTS) ?? '').split('\n').filter((line) => line !== '');

/** Alerts of before that the server has still. */
function left(twin: Twin, server: string, before: readonly string[]): number {
  const words = (line: string) => line.split('\t').slice(2).join(' ');
  const now = new Set(alertsOf(twin, server).map(words));
  return before.filter((line) => now.has(words(line))).length;
}

test('x5-2.2 leaves no alert of before on any server, and new ones are written', async (t) => {
  const made = caseOf('x5-2.2', 'logs and alerts of all servers are to be gone');
  const twin = await liveTwin(made);
  for (const { files } of twin.servers) files.put('/opt/nec/clusterpro/log/ecap/old.tar.gz', 'old');
  const before = new Map(twin.servers.map(({ name }) => [name, alertsOf(twin, name)]));
  t.is((await run(twin, made)).outcome, 'done');
  await twin.atRest();
  for (const { name, files } of twin.servers) {
    t.true(before.get(name)!.length > 0);
    t.is(left(twin, name, before.get(name)!), 0);
    t.true(alertsOf(twin, name).length > 0, 'since it was started again');
    t.is(files.get('/opt/nec/clusterpro/log/ecap/old.tar.gz'), null);
  }
});

test('x5-2.2 of one server deletes nothing on another one', async (t) => {
  const made = caseOf('x5-2.2', 'the logs of one server are to be gone');
  const twin = await liveTwin(made);
  for (const { files } of twin.servers) files.put('/opt/nec/clusterpro/log/rc.log.cur', 'old');
  t.is((await run(twin, made)).outcome, 'done');
  const kept = twin.servers.map(({ files }) => files.get('/opt/nec/clusterpro/log/rc.log.cur'));
  t.deepEqual(kept, ['old', null]);
});

test('x5-2.29 puts one new key on both servers, keeps the old one, and the mirror goes on', async (t) => {
  const made = caseOf('x5-2.29', "the key of a mirror's line has been in use for long enough");
  const twin = await liveTwin(made);
  await twin.run(twin.io.write('md1', 'server1', 0, 8, true));
  const old = twin.server('server1').files.get('/root/md1.key');
  t.is((await run(twin, made)).outcome, 'done');
  const keys = twin.servers.map(({ files }) => files.get('/root/md1.key'));
  t.is(new Set(keys).size, 1);
  t.not(keys[0], old);
  t.deepEqual(
    twin.servers.map(({ files }) => files.get('/root/md1.key.before')),
    [old, old],
  );
  const loaded = await twin.exec('server2', ['clpmdctrl', '--updatekey', 'md1']);
  t.is(loaded.exitCode, 0, 'both know the new key');
  await twin.run(twin.io.write('md1', 'server1', 8, 8, true));
  t.is((await twin.exec('server1', ['clpgrp', '-m', 'failover1'])).exitCode, 0);
  t.deepEqual(await twin.run(twin.io.verify('md1', 'server2')), []);
});
