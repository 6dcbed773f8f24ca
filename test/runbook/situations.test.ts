/**
 * Every runbook in the situations that it names: nothing keeps it from starting there, its
 * rehearsal ends as it says, and leaves the cluster at rest as it was before, unless another end is
 * its purpose.
 */
import test from 'ava';
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
  return { before, rehearsal, began, left: restOf(await twin.look()) };
}

for (const made of CASES) {
  test(made.title ?? made.id, async (t) => {
    const live = await liveTwin(made);
    const { before, rehearsal, began, left } = await rehearsedIn(live, made);
    const held = before.items.filter(({ state, remedy }) => state !== 'ok' && remedy);
    t.deepEqual(held, [], 'what keeps it from starting');
    t.is(rehearsal.outcome, made.ends ?? 'done', rehearsal.transcript);
    if (made.ends === 'refused') t.is(rehearsal.exit, 4);
    if (made.leaves === undefined) t.deepEqual(left, began, 'what it leaves behind');
    else t.notDeepEqual(left, began, `it is as before: drop \`leaves: ${made.leaves}\``);
  });
}

test('every runbook names the situations that it is for', (t) => {
  const without = [...loadRunbooks().values()]
    .map(({ runbook }) => runbook)
    .filter(({ kind, situations }) => kind !== 'part' && !situations);
  t.deepEqual(
    without.map(({ id }) => id),
    [],
  );
});
