/** What earlier versions wrote still verifies, is shown, and is gone on with: test/old/README.md. */
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { buildPrograms } from '../scripts/build.ts';
import { openSqliteJournal } from '../src/adapters/sqlite-journal.ts';
import { rehearse } from '../src/runbook/rehearsal/rehearse.ts';
import { foldRun } from '../src/runbook/run/fold.ts';
import { listRuns } from '../src/runbook/run/heads.ts';
import { memoryJournal } from '../src/sim/memory-journal.ts';
import { buildTwin } from '../src/sim/twin.ts';
import { documentOf, start } from './cli/support.ts';
import { type OldRecord, oldFile, oldHome, oldStatus } from './support/old-records.ts';

test.before(() => buildPrograms());

/** The program on a state folder of an old record. */
async function drydock(record: OldRecord, ...words: string[]) {
  const home = oldHome(record);
  try {
    return await start(home, words).ended;
  } finally {
    rmSync(home, { recursive: true });
  }
}

const UNDONE = 'v3-5.2.deactivate rolledBack';
const PHASES: Record<OldRecord, string[]> = {
  killed: [UNDONE, 'undo-v3-5.2.deactivate done', 'v3-11.10.4 intended'],
  parked: [UNDONE, 'undo-v3-5.2.deactivate done', 'v3-11.10.4 done', 'v3-5.2.deactivate parked'],
  window: [
    UNDONE,
    'undo-v3-5.2.deactivate done',
    'v3-11.10.4 done',
    'v3-5.2.deactivate aborted',
    'v3-5.1 done',
  ],
  secret: ['x5-2.99 parked'],
};

for (const [record, phases] of Object.entries(PHASES) as [OldRecord, string[]][]) {
  test(`${record}: verifies, and its runs fold to where they stood`, async (t) => {
    const verdict = await drydock(record, 'audit', 'verify');
    t.is(verdict.exit, 0, verdict.out);
    t.regex(verdict.out, /^integrity {5}good /m);
    t.regex(verdict.out, /^completeness {2}unknown {2}entries 1 to \d+, none missing/m);
    const { runs } = documentOf(await drydock(record, 'runs', '--json')) as {
      runs: { run: string; phase: string }[];
    };
    const told = runs.map(({ run, phase }) => `${run.replace(/-[0-9a-f]{8}$/, '')} ${phase}`);
    t.deepEqual(told, phases);
    for (const { run } of runs) {
      for (const way of [[], ['--paper']]) {
        const log = await drydock(record, 'run-log', run, ...way);
        t.is(log.exit, 0, log.err);
        t.true(log.out.includes(run), log.out);
      }
    }
  });
}

test('window: the papers fold to a reviewed window', async (t) => {
  const shown = await drydock('window', 'window', 'show', 'CHG-4711', '--json');
  t.is(shown.exit, 0, shown.err);
  t.like(documentOf(shown), { id: 'CHG-4711', state: 'reviewed' });
});

test('window: record, evidence and export hold to the anchor kept elsewhere', async (t) => {
  const anchor = ['--anchor', `file:${oldFile('window', 'anchors.txt')}`];
  const signers = ['--signers', oldFile('window', 'evidence/allowed_signers')];
  const files = [[], [oldFile('window', 'evidence/record.ndjson')]];
  for (const file of files) {
    const verdict = await drydock('window', 'audit', 'verify', ...file, ...anchor, ...signers);
    t.is(verdict.exit, 0, verdict.out);
    t.regex(verdict.out, /^anchoring {5}good .*signed by ines@example\.com/m);
    const counts =
      /^completeness {2}unknown .*its checkpoint is of a form that counts no window’s entries/m;
    t.is(counts.test(verdict.out), file.length > 0, verdict.out);
  }
  const home = oldHome('window');
  const whole = await start(home, ['audit', 'verify', `${home}/whole.ndjson`, ...anchor]).ended;
  rmSync(home, { recursive: true });
  t.is(whole.exit, 0, whole.out);
});

function configText(name: string): string {
  const file = fileURLToPath(new URL(`../fixtures/clusters/${name}.clp.conf`, import.meta.url));
  return readFileSync(file, 'utf8').replace(
    '<autorecovery>1</autorecovery>',
    '<autorecovery>0</autorecovery>',
  );
}

const OPEN: { record: OldRecord; cluster: string; secrets: Record<string, string> }[] = [
  { record: 'killed', cluster: 'v3le', secrets: {} },
  { record: 'parked', cluster: 'v3le', secrets: {} },
  { record: 'secret', cluster: 'x5mirror', secrets: { pin: 'quaint-46-otter' } },
];

for (const { record, cluster, secrets } of OPEN) {
  test(`${record}: its open run is gone on with to its end, on a twin of then`, async (t) => {
    const home = oldHome(record);
    const clock = { now: () => 0 };
    const journal = openSqliteJournal({ file: `${home}/journal.sqlite`, clock, who: 'root@desk' });
    const { run } = (await listRuns(journal)).at(-1)!;
    const own = await journal.entries(run);
    await journal.close();
    rmSync(home, { recursive: true });
    const from = oldStatus(record);
    const rehearsal = await rehearse({
      plan: foldRun(own).plan,
      who: 'root@desk',
      options: { yes: true, noInput: false, choices: {}, answers: {}, confirmed: [] },
      openJournal: memoryJournal,
      from,
      begun: { run, entries: own, secrets: new Map(Object.entries(secrets)) },
      twinFactory: async () => {
        const twin = await buildTwin({ configText: configText(cluster), seed: 'old', from });
        return {
          door: twin.door(),
          operator: { ...twin.operator(), confirm: async (_s, _q, name) => name ?? 'yes' },
          clock: twin.clock,
          random: twin.random,
          run: (promise) => twin.run(promise),
          unknowns: twin.unknowns,
        };
      },
    });
    t.is(rehearsal.exit, 0, rehearsal.words);
    t.is(rehearsal.outcome, 'done');
    t.true(rehearsal.steps.length > 0);
  });
}
