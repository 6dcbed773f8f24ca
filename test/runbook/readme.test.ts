/** The complete example of runbooks/README.md, as somebody would copy it. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { describeProblem } from '../../src/core/errors.ts';
import { loadLibrary } from '../../src/runbook/language/library.ts';
import { lintSite } from '../../src/runbook/language/lint/lint.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { type Case, configNow, liveTwin, worldOf } from '../support/twin-worlds.ts';

const readme = readFileSync(new URL('../../runbooks/README.md', import.meta.url), 'utf8');
const texts = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text as string);
const site = texts.map((text, at) => ({ file: `readme-${at}.yaml`, text }));

test('the example has nothing to mend', (t) => {
  t.is(texts.length, 2);
  t.deepEqual(lintSite(site).map(describeProblem), []);
});

test('the example is rehearsed, with what its overlay puts in, and says what it cannot know', async (t) => {
  const library = loadLibrary(site);
  const runbook = library.get('move-orders')!;
  const [situation] = runbook.runbook.situations!;
  const made: Case = { id: 'move-orders', given: situation!.with ?? {}, cluster: 'v3le' };
  const live = await liveTwin(made);
  const from = await live.status();
  const plan = makePlan({ runbook, library, parameters: made.given, status: from });
  const rehearsal = await rehearse({
    plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    options: { yes: true },
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: configNow(live), seed: 11, from }), made),
  });
  t.is(rehearsal.outcome, 'done', rehearsal.words);
  const steps = rehearsal.transcript
    .split('\n')
    .filter((line) => line.startsWith('done '))
    .map((line) => line.replace(/ {2}[\d.]+ m?s$/, ''));
  t.deepEqual(steps, [
    'done    backup-off/hold on server1',
    'done    quiesce on server1',
    'done    move on server1',
    'done    resume on server2',
    'done    answers on server2',
    'done    backup-off/release on server2',
  ]);
  t.deepEqual(rehearsal.cannotUndo, ['backup-off/release: Let the backup begin again']);
  t.is(rehearsal.finalFacts['group.failover1.current'], 'server2');
  t.deepEqual(
    rehearsal.unknowns.filter((one) => one.includes("the site's")),
    [
      "what the site's program of backup-off/hold does (no backup of failover1 begins): it is taken to succeed",
      "what the site's program of quiesce does (the database of failover1 writes nothing): it is taken to succeed",
      "what the site's program of resume does (the database of failover1 writes again): it is taken to succeed",
      "what the site's program of answers does (looks): it is taken to succeed",
      "what the site's program of backup-off/release does (backups of failover1 begin again): it is taken to succeed",
    ],
  );
});

const wrong: [name: string, from: string, to: string, said: string][] = [
  [
    'does not say what its program does',
    '    effect: looks\n',
    '',
    "step 'answers' does not say what the program of the site does; give it `effect`: what changes there, or looks",
  ],
  [
    'says what somebody else’s program does',
    '    danger: the application',
    '    effect: moves it\n    danger: the application',
    "step 'move' runs no program of the site; drop `effect`",
  ],
  [
    'undoes a look',
    '    effect: looks\n    undo: none',
    '    effect: looks\n    undo: { run: site-run x }',
    "step 'answers' only looks, and has an undo; write `undo: none`",
  ],
  [
    'expects words that no rehearsal knows',
    '    effect: looks\n',
    '    effect: looks\n    expect-output: fine\n',
    "what the program of step 'answers' prints no rehearsal knows; let its exit code tell",
  ],
];

for (const [name, from, to, said] of wrong) {
  test(`a step that ${name} is a finding`, (t) => {
    const text = texts[0]!.replace(from, to);
    t.not(text, texts[0]);
    const found = lintSite([{ file: 'x.yaml', text }]).map(describeProblem);
    t.true(
      found.some((line) => line.endsWith(said)),
      found.join('\n'),
    );
  });
}
