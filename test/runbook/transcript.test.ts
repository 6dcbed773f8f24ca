import test from 'ava';
import { debtsOf } from '../../src/runbook/afterwards/debts.ts';
import { foldRun } from '../../src/runbook/run/fold.ts';
import { listRuns } from '../../src/runbook/run/heads.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import {
  closingLines,
  closingOf,
  remainderOf,
  transcriptOf,
} from '../../src/runbook/run/transcript.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { countingRandom, fakeCluster, jumpingClock } from '../support/fake-cluster.ts';
import { aPlan, aStep, runs } from '../support/plans.ts';
import { allEntries } from '../support/records.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

const plan = aPlan([
  aStep('suspend', runs('clpmonctrl -s'), { source: ['1'] }),
  aStep(
    'force',
    {
      verb: 'run',
      argv: ['clpmdctrl', '--force', 'server1', 'my md'],
      answers: [{ prompt: '(y/n)', reply: 'y' }],
      goesDown: false,
    },
    {
      source: ['2'],
      requires: [{ that: "server('server2').power == 'off'", or: 'cut its power first' }],
      danger: 'the other copy dies',
      undo: { argv: ['clpmdctrl', '-b'], server: 'server1', answers: [], expect: null },
    },
  ),
]);

async function stoppedRun() {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  cluster.programs.clpmonctrl = () => {
    cluster.status.monitors.mdw1!.servers.server1!.state = 'Suspend';
    return { stdout: 'Command succeeded.\n' };
  };
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const { door, operator } = cluster;
  const random = countingRandom();
  const result = await runPlan({ door, operator, journal, clock, random, who: 'ann@desk', plan });
  return { entries: await allEntries(journal), result, cluster };
}

test('the log of a run reads as what was done, by whom, and why it stopped', async (t) => {
  const { entries } = await stoppedRun();
  const text = transcriptOf(entries).replaceAll(/20\d\d-[^ ]+Z/g, 'TIME');
  t.is(
    text,
    `Run v3-0.0-00000001: A test
runbook v3-0.0 (v3 0.0), plan plan-hash
cluster fake (fake-uuid), by ann@desk

TIME  run started  (ann@desk)
TIME  suspend [1] on server1: title of suspend
  suspend: done, 0 ms
    $ clpmonctrl -s
    | Command succeeded.
TIME  run stopped: step force: cut its power first (required: server('server2').power == 'off')  (ann@desk)
`,
  );
});

test('what a person gave up by name for the lease stands in the log of the run', async (t) => {
  const { entries } = await stoppedRun();
  const given = entries.map((entry) =>
    entry.type === 'run.started'
      ? { ...entry, body: { ...entry.body, gaveUp: ['server1', 'v3-5.1-77'] } }
      : entry,
  );
  const at = transcriptOf(given).split('\n').slice(4, 6);
  t.regex(at[0]!, / run started {2}\(ann@desk\)$/);
  t.is(at[1], '  lease: ann@desk gave up server1, v3-5.1-77 by name');
});

test('what is left can be finished by hand', async (t) => {
  const { entries } = await stoppedRun();
  t.is(
    remainderOf(entries),
    `Run v3-0.0-00000001: A test, on fake
1 step is left.

1. title of force [2] on server1
   danger: the other copy dies
   first see that: server('server2').power == 'off' (else: cut its power first)
   do: clpmdctrl --force server1 'my md'
   at "(y/n)" type: y
   undo: clpmdctrl -b on server1
   done ____  at ____  by ____
`,
  );
});

test('a run that stops closes with what is exposed, in flight, next and by when', async (t) => {
  const { result, cluster } = await stoppedRun();
  const { debts } = debtsOf(upgradeStatus(cluster.status), null);
  t.is(
    closingLines(closingOf(result.state, debts)),
    `exposed now: monitor mdw1 is suspended on server1; ahead: the other copy dies
in flight:   nothing
next:        drydock resume v3-0.0-00000001; drydock run-log v3-0.0-00000001 --remainder; drydock abort v3-0.0-00000001
by when:     no time limit is known
`,
  );
});

test('where a run is in a window the lines name its end, and the freeze before it', async (t) => {
  const { result } = await stoppedRun();
  const closesAt = Date.UTC(2026, 2, 2, 23);
  const own = { id: 'W-1', endsAt: closesAt, closesAt, reserveMs: 0, emergency: false, took: {} };
  t.is(closingOf(result.state, [], own).by, '2026-03-02T23:00:00.000Z, the end of window W-1');
  t.is(
    closingOf(result.state, [], { ...own, endsAt: closesAt - 3_600_000 }).by,
    '2026-03-02T22:00:00.000Z, when a freeze begins; 2026-03-02T23:00:00.000Z, the end of window W-1',
  );
});

test('runs are listed with where they stand, and a damaged one is listed as damaged', async (t) => {
  const { entries } = await stoppedRun();
  const journal = memoryJournal({ clock: { now: () => 0 }, who: 'ann@desk' });
  await journal.append([...entries, { ...entries[0]!, run: 'half' }]);
  await journal.append([{ ...entries[2]!, run: 'lost' }]);
  t.like(await listRuns(journal), [
    { runbook: 'v3-0.0', phase: 'stopped', step: 'force' },
    { run: 'half', phase: 'created' },
    { run: 'lost', phase: 'damaged' },
  ]);
  t.is(foldRun(entries).phase, 'stopped');
});
