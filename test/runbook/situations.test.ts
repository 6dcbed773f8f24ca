/**
 * Every runbook in the situations that it names: nothing keeps it from starting there, its
 * rehearsal ends as it says, and leaves the cluster at rest as it was before, unless another end is
 * its purpose. And it is the one that is advised there.
 */
import test from 'ava';
import { topologyOf } from '../../src/change/topology.ts';
import { propose } from '../../src/runbook/advice/propose.ts';
import { findingsOf, loadSymptoms } from '../../src/runbook/advice/symptoms.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import { preflight } from '../../src/runbook/rehearsal/preflight.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { CASES, type Case, configNow, liveTwin, planFor, worldOf } from '../support/twin-worlds.ts';

const HOST = { name: 'desk', addresses: [], stateFolder: '/var/lib/drydock' };

/** What a person would have to bring back by hand after a procedure that forgot it. */
function restOf(status: Status): Record<string, unknown> {
  const { servers, groups, mirrors, monitors, cluster } = viewOf(status);
  const facts = Object.values(servers).map((server) => {
    const { power, daemon, agent, services, medium, state, interfaces } = server;
    const enabled = Object.entries(services ?? {}).map(([name, one]) => [name, one.enabled]);
    return [server.name, { power, daemon, agent, medium, state, enabled, interfaces }];
  });
  return {
    ...Object.fromEntries(facts),
    groups: Object.values(groups).map(({ name, state }) => `${name} ${state}`),
    mirrors: Object.values(mirrors).map(({ name, state, servers: sides }) => {
      const active = Object.entries(sides).filter(([, side]) => side.active);
      return `${name} ${state}, active on ${active.map(([server]) => server)}`;
    }),
    suspended: Object.values(monitors).flatMap(({ name, servers: sides }) =>
      Object.entries(sides).flatMap(([server, { state }]) =>
        state === 'Suspend' ? [`${name} on ${server}`] : [],
      ),
    ),
    timeoutRatio: cluster.timeoutRatio,
  };
}

/** A server that is away is given up by name, as the person at the desk would. */
const awayIn = (status: Status): string[] =>
  Object.entries(status.leases).flatMap(([server, { observed }]) =>
    observed.unknown === null ? [] : [server],
  );

async function rehearsedIn(live: Twin, made: Case) {
  const from = await live.status();
  const plan = await planFor(live, made);
  const giveUp = awayIn(from);
  const twin = await buildTwin({ configText: configNow(live), seed: 11, from });
  const door = live.door();
  const clock = live.controlClock();
  const before = await live.run(preflight({ plan, door, clock, controlHost: HOST, giveUp }));
  // As the twin has it: a script that fails is not seen in a status.
  const began = restOf(await twin.look());
  const rehearsal = await rehearse({
    plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    options: { giveUp },
    twinFactory: async () => worldOf(twin, made),
  });
  await twin.atRest();
  return { from, before, rehearsal, began, left: restOf(await twin.look()) };
}

/**
 * Situations that a status shows by itself: nobody has to say what the matter is. Those of the same
 * state that only a person can tell apart (is the disk a RAID? is Web Manager at hand?) are left out.
 */
const AT_SIGHT = new Set([
  'v3-11.1: the daemon of a server is stopped, and does not start at boot',
  'v3-11.10.4: a copy is behind, and the servers see each other again',
  'v3-11.10.5: both copies are RED, and a command tells which is newer',
  'v3-11.10.5: both copies are RED, and only the data tells which is newer',
  'v3-11.10.6: the other server cannot be started, and the copy of this one is old',
  'v3-11.2: an application does not start on any server',
  'v3-11.3: the mirror disk connect is cut, and its monitor says so',
  'v3-11.4: a heartbeat is not heard, because a cable is out',
  'v3-11.5: every way between the servers is cut, and both run the groups',
  'v3-11.6: the machine of a server is defective',
  'v3-11.7.2: the machine of a server is defective, and its mirror disks are not',
  'v3-11.7.2: the machine of a server is defective, its mirror disks are not, and mirrors recover by themselves',
  'v3-5.2.activate: a server was kept outside the cluster',
  'v3-6.7.1: the disk of the server that served failed, and the other one took over',
  'v3-6.7.2: the disk of the server that does not serve failed',
  'x5-2.13-monitor-resume: monitors were suspended for planned work that is over',
  'x5-2.13-timeout-release: the load that stretched the time-outs is over',
  'x5-2.14.1: the disk of the standby failed, and the business is to go on',
  'x5-2.14.1: the disk of the standby failed, and the business may rest',
  'x5-2.15: the machine of a server is defective',
  'x5-2.15: the machine of the server that had the groups is defective, and its licences have a term',
]);

const { symptoms } = loadSymptoms();
const library = loadRunbooks();

/** The procedure that is advised first; nothing is rehearsed for it. */
function advised(live: Twin, status: Status, wish: string | null): string | undefined {
  const topology = topologyOf(live.atHand().config);
  const findings = findingsOf(symptoms, status, topology);
  const matter = { library, status, topology, symptoms, findings, wish };
  return propose(matter).proposals[0]?.loaded.runbook.id;
}

for (const made of CASES) {
  test(made.title ?? made.id, async (t) => {
    const live = await liveTwin(made);
    const { from, before, rehearsal, began, left } = await rehearsedIn(live, made);
    const held = before.items.filter(({ state, remedy }) => state !== 'ok' && remedy);
    t.deepEqual(held, [], 'what keeps it from starting');
    t.is(rehearsal.outcome, made.ends ?? 'done', rehearsal.transcript);
    if (made.ends === 'refused') t.is(rehearsal.exit, 4);
    if (made.leaves === undefined) t.deepEqual(left, began, 'what it leaves behind');
    else t.notDeepEqual(left, began, `it is as before: drop \`leaves: ${made.leaves}\``);
    const title = made.title ?? '';
    const wish = title.replace(`${made.id}: `, '');
    t.is(advised(live, from, wish), made.id, 'advised first, asked in the words of its situation');
    if (AT_SIGHT.has(title)) t.is(advised(live, from, null), made.id, 'advised first, unasked');
  });
}

test('what shows at sight is a situation of a runbook', (t) => {
  const titles = new Set(CASES.map(({ title }) => title));
  t.deepEqual(
    [...AT_SIGHT].filter((title) => !titles.has(title)),
    [],
  );
});

test('every runbook names the situations that it is for', (t) => {
  const without = [...loadRunbooks().values()]
    .map(({ runbook }) => runbook)
    .filter(({ kind, situations }) => kind !== 'part' && !situations);
  t.deepEqual(
    without.map(({ id }) => id),
    [],
  );
});
