/** A site's overlays: where their steps stand, what is said of one that does not fit, what they count for. */
import test from 'ava';
import { DrydockError, describeProblem } from '../../src/core/errors.ts';
import { loadLibrary, readLibrary } from '../../src/runbook/language/library.ts';
import { lintFiles, lintSite } from '../../src/runbook/language/lint/lint.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { buildTwin } from '../../src/sim/twin.ts';
import { CASES, configNow, liveTwin, worldOf } from '../support/twin-worlds.ts';
import { breakMirror, handMadeStatus } from './hand-made-status.ts';

const QUIESCE = `overlay: v3-11.10.4
id: orders
title: The order database writes nothing while the mirror is copied
parameters:
  minutes: { type: integer, default: 10, minimum: 1, description: how long the shop is shut }
requires:
  - { that: "servers.all(s, s.power == 'on')", or: switch every server on }
insert:
  - at: begin
    steps:
      - id: shut
        title: Shut the shop for {minutes} minutes
        choose: { question: "Is the shop shut for {minutes} minutes?", options: [shut, open] }
        undo: none
  - before: recover
    steps:
      - id: look
        title: Look at {md} once more
        on: "{server}"
        when: chosen('shut') == 'shut'
        run: clpmdstat --mirror {md}
        expect-output: "{md}"
        undo: none
  - at: end
    steps:
      - id: told
        title: The shop knows that both copies are equal
        confirm: { question: Does the shop know? }
        undo: none
        safe: true
`;

const FIRST = `overlay: v3-11.10.4
id: early
title: Somebody looks first
insert:
  - at: begin
    steps: [{ id: seen, title: Somebody looked, confirm: { question: Have you looked? }, undo: none }]
`;

const file = (text: string, name = 'site/orders.overlay.yaml') => ({ file: name, text });

test('its steps stand at the points that it names, under its name, and others by their ids', (t) => {
  const library = loadLibrary([file(QUIESCE), file(FIRST, 'site/early.overlay.yaml')]);
  const { runbook } = library.get('v3-11.10.4')!;
  t.deepEqual(
    runbook.steps.map(({ id, when, added }) => [id, when ?? null, added ?? null]),
    [
      ['early/seen', null, 'Somebody looks first'],
      ['orders/shut', null, 'The order database writes nothing while the mirror is copied'],
      ...loadLibrary([])
        .get('v3-11.10.4')!
        .runbook.steps.slice(0, 2)
        .map(({ id, when, added }) => [id, when ?? null, added ?? null]),
      [
        'orders/look',
        "(servers.all(s, !mirror(md).on(s.name).autoRecoveryHeld)) && (chosen('orders/shut') == 'shut')",
        'The order database writes nothing while the mirror is copied',
      ],
      ['recover', 'servers.all(s, !mirror(md).on(s.name).autoRecoveryHeld)', null],
      ['watch', null, null],
      ['orders/told', null, 'The order database writes nothing while the mirror is copied'],
    ],
  );
  t.deepEqual(lintSite([file(QUIESCE)]).map(describeProblem), []);
});

const plain = loadLibrary([]);
const planned = (text: string | null) => {
  const library = text === null ? plain : loadLibrary([file(text)]);
  const runbook = library.get('v3-11.10.4')!;
  return makePlan({ runbook, library, parameters: {}, status: handMadeStatus(breakMirror) });
};

test('a plan is pinned to the overlays that were put into it, and names them', (t) => {
  const [without, whole] = [planned(null), planned(QUIESCE)];
  const changed = planned(QUIESCE.replace('default: 10', 'default: 20'));
  t.false('overlays' in without);
  t.deepEqual(
    whole.overlays?.map(({ id, of }) => [id, of]),
    [['orders', 'v3-11.10.4']],
  );
  t.is(new Set([without, whole, changed].map(({ hash }) => hash)).size, 3);
  t.is(new Set([without, whole, changed].map(({ runbook }) => runbook.hash)).size, 3);
});

test('what a runbook calls brings its overlay along, hashed with it', (t) => {
  const text = QUIESCE.replace('overlay: v3-11.10.4', 'overlay: v3-11.10.3').replace(
    / {2}- before: recover[\s\S]*? {2}- at: end/,
    '  - at: end',
  );
  const plan = planned(text);
  t.deepEqual(
    plan.overlays?.map(({ id, of }) => [id, of]),
    [['orders', 'v3-11.10.3']],
  );
  t.true(plan.steps.some(({ id }) => id === 'watch/orders/shut'));
  t.not(plan.called[0]?.hash, planned(null).called[0]?.hash);
});

const wrong: [name: string, from: string, to: string, problem: string][] = [
  [
    'a runbook that is not there',
    'overlay: v3-11.10.4',
    'overlay: v3-11.10.44',
    "site/orders.overlay.yaml:1:10: overlay: there is no runbook 'v3-11.10.44' to put steps into; did you mean 'v3-11.10.4'?",
  ],
  [
    'a step that is not there',
    'before: recover',
    'before: recovr',
    "site/orders.overlay.yaml:15:13: insert[1].before: v3-11.10.4 has no step 'recovr'; did you mean 'recover'?",
  ],
  [
    'several points at once',
    'before: recover',
    'before: recover\n    after: watch',
    'site/orders.overlay.yaml:15:5: insert[1]: it names several points; write one of at: begin, at: end, before: STEP, after: STEP',
  ],
  [
    'no point at all',
    '  - before: recover\n    steps:',
    '  - steps:',
    'site/orders.overlay.yaml:15:5: insert[1]: it says nowhere where; write one of at: begin, at: end, before: STEP, after: STEP',
  ],
  [
    'a parameter that the runbook has',
    '  minutes: {',
    '  md: { type: string, description: twice }\n  minutes: {',
    "site/orders.overlay.yaml:5:7: parameters.md: v3-11.10.4 has a 'md' already; use the one of the runbook, or take another name",
  ],
  [
    'a name that a step has',
    'id: orders',
    'id: watch',
    "site/orders.overlay.yaml:2:5: id: v3-11.10.4 has a step 'watch'; call the overlay otherwise",
  ],
  [
    'a label of the manual',
    'id: look\n',
    'id: look\n        source: [u1]\n',
    "site/orders.overlay.yaml:18:17: insert[1].steps[0].source: a site's step has no 'source': no manual has it; drop source; the overlay's title says why it is there",
  ],
  [
    'a program that no server has',
    'run: clpmdstat --mirror {md}',
    'run: quiesce --now {md}',
    "site/orders.overlay.yaml:21:14: insert[1].steps[0].run: no server has a program 'quiesce'",
  ],
  [
    'an expression that asks for what is not there',
    '"{md}"',
    '"{mirrr}"',
    "site/orders.overlay.yaml:22:26: insert[1].steps[0].expect-output: unknown name 'mirrr'",
  ],
];

for (const [name, from, to, problem] of wrong) {
  test(`an overlay with ${name} is refused with its place`, (t) => {
    const text = QUIESCE.replace(from, to);
    t.not(text, QUIESCE);
    const found = lintFiles([file(text)], []).map(describeProblem);
    t.true(
      found.some((line) => line.startsWith(problem)),
      found.join('\n'),
    );
  });
}

test('nothing is planned while a file of the site cannot be read: it may be an overlay for it', (t) => {
  const error = t.throws(() => loadLibrary([file(QUIESCE.replace('insert:', 'insrt:'))]), {
    instanceOf: DrydockError,
  });
  t.regex(error?.message ?? '', /lacks the field 'insert'/);
  t.is(readLibrary([file('overlay: v3-5.1\nid: [')]).errors.length > 0, true);
});

test('it is rehearsed with its runbook, and said in the transcript', async (t) => {
  const made = CASES.find(({ id }) => id === 'v3-11.10.4')!;
  const live = await liveTwin(made);
  const from = await live.status();
  const library = loadLibrary([file(QUIESCE)]);
  const runbook = library.get('v3-11.10.4')!;
  const plan = makePlan({ runbook, library, parameters: made.given, status: from });
  const rehearsal = await rehearse({
    plan,
    who: 'ann@desk',
    openJournal: memoryJournal,
    from,
    options: { yes: true, choices: { 'orders/shut': 'shut' } },
    twinFactory: async () =>
      worldOf(await buildTwin({ configText: configNow(live), seed: 11, from }), {
        ...made,
        choices: { 'orders/shut': 'shut' },
      }),
  });
  t.is(rehearsal.outcome, 'done', rehearsal.words);
  const lines = rehearsal.transcript.split('\n');
  t.is(
    lines[1],
    `overlay orders ${plan.overlays![0]!.hash.slice(0, 16)} of v3-11.10.4: The order database writes nothing while the mirror is copied`,
  );
  t.deepEqual(
    rehearsal.steps.map(({ id, outcome }) => `${outcome} ${id}`),
    [
      'done orders/shut',
      'done orders/look',
      'done recover',
      'done watch/progress',
      'done watch/completed',
      'done watch/in-order',
      'done orders/told',
    ],
  );
});
