/**
 * Whole runs with a secret, on a twin, with a runner that dies and is resumed: whatever the secret
 * is, record, servers and output are the same as with any other, and hold no value.
 */
import test from 'ava';
import fc from 'fast-check';
import { DrydockError } from '../../src/core/errors.ts';
import type { PlannedStep } from '../../src/core/plan.ts';
import { makeUndoPlan } from '../../src/runbook/afterwards/undo-plan.ts';
import { loadRunbook } from '../../src/runbook/language/load.ts';
import { type PlanRequest, planWithSecrets } from '../../src/runbook/plan/plan.ts';
import { rehearse } from '../../src/runbook/rehearsal/rehearse.ts';
import { foldRun, isFinal } from '../../src/runbook/run/fold.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { remainderOf, transcriptOf } from '../../src/runbook/run/transcript.ts';
import type { JournalEntry } from '../../src/schema/generated/journal-entry.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { Crash, deadlyJournal, type When } from '../support/deadly-runner.ts';
import { allEntries } from '../support/records.ts';
import { type Case, liveTwin, worldOf } from '../support/twin-worlds.ts';

const HEAD = `source: { manual: x5, section: '2.99' }
editions: [X]
kind: procedure
summary: none
`;

const STEP = `
    source: ["1"]
    probe: "false"
    expect: "true"
    safe: true
`;

const SAYING = `id: x5-2.98
title: Say
${HEAD}parameters:
  what: { type: string, description: said }
steps:
  - id: inner
    title: Say {what} within
    on: server2
    run: [echo, "{what}", "in={what}"]
    undo: none${STEP}`;

const RUNBOOK = `id: x5-2.99
title: Say something
${HEAD}parameters:
  word: { type: string, default: x, description: said }
  pin: { type: string, description: never shown, secret: true }
steps:
  - id: say
    title: Say {word} and {pin}
    danger: "{pin} may be heard"
    on: server1
    run: [echo, "{word}", "-", "0755", "{pin}", "pin={pin}", "{{secret:pin}}"]
    undo: { run: [echo, "not {pin}"], expect: "false" }${STEP}
  - id: call
    title: Call
    source: ["2"]
    undo: none
    call: { runbook: x5-2.98, with: { what: "{pin}" } }
`;

const library = new Map(
  [SAYING, RUNBOOK].map((text) => {
    const loaded = loadRunbook(text, 'a.yaml');
    return [loaded.runbook.id, loaded] as const;
  }),
);
const made: Case = { id: 'x5-2.99', given: {}, cluster: 'x5mirror' };

async function planned(twin: Twin, pin: string, text = RUNBOOK) {
  const runbook = loadRunbook(text, 'a.yaml');
  const request: PlanRequest = { runbook, library, parameters: { pin }, status: await twin.look() };
  return planWithSecrets(request);
}

interface Seen {
  entries: JournalEntry[];
  hosts: unknown[];
  shown: unknown[];
  words: string[];
  got: number;
}

/** From plan to end, by runners that die at every boundary. */
async function wholeRun(pin: string, when: When): Promise<Seen> {
  const twin = await liveTwin(made);
  const { plan, secrets } = await planned(twin, pin);
  const { door, operator, clock, random } = worldOf(twin, made);
  const kept = memoryJournal({ clock, who: 'ann@desk' });
  const survived = new Set<string>();
  const shown: unknown[] = [];
  for (let lives = 1; lives < 100; lives += 1) {
    const journal = deadlyJournal(kept, when, survived);
    const onEvent = (event: unknown) => void shown.push(event);
    const deps = { door, operator, clock, random, who: 'ann@desk', journal, onEvent, secrets };
    const run = (await allEntries(kept))[0]?.run;
    try {
      if (!run) await twin.run(runPlan({ ...deps, plan }));
      else if (!isFinal(foldRun(await allEntries(kept)).phase))
        await twin.run(resumeRun({ ...deps, run }));
      break;
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }
  await twin.atRest();
  const entries = await allEntries(kept);
  const hosts = ['server1', 'server2'].map((name) => twin.server(name).state());
  return {
    entries,
    hosts,
    shown,
    words: [transcriptOf(entries), remainderOf(entries)],
    got: hosts.length,
  };
}

/** Also what names, types, hashes and words of the record are made of. */
const COLLIDING = [
  'b',
  '7',
  'a',
  '-1x',
  'say',
  'done',
  'server1',
  'server2',
  'step.ended',
  'echo',
  'run',
  'x5-2.99',
  'pin',
  'secret',
  '{secret:pin}',
  'lighthouse',
  'true',
  'Say something',
  '"',
  '\\',
  '$&',
  '__proto__',
].filter((value) => !value.startsWith('-'));

const secret = fc
  .oneof(
    fc.constantFrom(...COLLIDING),
    fc.stringMatching(/^[0-9]{4}$/),
    fc.stringMatching(/^[a-z]$/),
    fc.string({ minLength: 1, maxLength: 24 }),
  )
  .filter((value) => value.trim() !== '' && !/^[-]|\0/.test(value));

function ended({ body }: { body: object }) {
  return body as { step?: string; outcome?: string; output?: object };
}

const REFERENCE = 'Zq9!reference#Zq9';
/** Words that the commands print without any secret. */
const PRINTED = new Set(['x', '-', '0755', 'pin', 'in', 'secret', '{secret:pin}']);

test('record, servers and output are those of any other secret', async (t) => {
  const reference = new Map<When, Seen>();
  for (const when of ['never', 'before', 'after'] as const) {
    reference.set(when, await wholeRun(REFERENCE, when));
  }
  const { entries } = reference.get('never')!;
  t.is(entries.at(-1)?.type, 'run.finished');
  const said = entries.filter(({ type }) => type === 'step.ended').map((one) => ended(one).output);
  t.like(said, [
    { stdout: 'x - 0755 {secret:pin} pin={secret:pin} {secret:pin}\n', exitCode: 0 },
    { stdout: '{secret:pin} in={secret:pin}\n' },
  ]);
  await fc.assert(
    fc.asyncProperty(
      secret,
      fc.constantFrom<When>('never', 'before', 'after'),
      async (pin, when) => {
        const seen = await wholeRun(pin, when);
        const same = reference.get(when)!;
        if (PRINTED.has(pin)) {
          const types = (one: Seen) =>
            one.entries.map(({ type, body }) => [
              type,
              ended({ body }).step,
              ended({ body }).outcome,
            ]);
          t.deepEqual(types(seen), types(same));
        } else t.deepEqual(seen, same);
      },
    ),
    { numRuns: 40 },
  );
});

test('a long secret is nowhere, and reaches the program', async (t) => {
  const seen = await wholeRun('quaint 46 "otter"', 'after');
  const all = JSON.stringify(seen);
  for (const form of ['quaint 46', '46 "otter"', '46 \\\\"otter', 'otter']) {
    t.false(all.includes(form), form);
  }
});

test('neither plan nor rehearsal nor undo holds it, and the hash does not tell', async (t) => {
  const twin = await liveTwin(made);
  const one = await planned(twin, 'quaint-46-otter');
  const other = await planned(twin, '0000');
  t.deepEqual(one.plan, other.plan);
  t.deepEqual([...one.secrets], [['pin', 'quaint-46-otter']]);
  t.is(one.plan.steps[0]?.title, 'Say x and {secret:pin}');
  const rehearsal = await rehearse({
    ...one,
    who: 'ann@desk',
    openJournal: memoryJournal,
    twinFactory: async () => worldOf(await liveTwin(made), made),
  });
  t.is(rehearsal.outcome, 'done', rehearsal.words);
  t.false(JSON.stringify(rehearsal).includes('otter'));
  const { door, operator, clock, random } = worldOf(twin, made);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const deps = { door, operator, clock, random, who: 'ann@desk', journal };
  const { state } = await twin.run(runPlan({ ...deps, ...one }));
  // As if it had changed something: an echo leaves nothing to take back.
  const [say] = state.plan.steps as [PlannedStep];
  const action = { ...say.action, argv: ['clpgrp', '-s'] } as PlannedStep['action'];
  const undone = { ...state, plan: { ...state.plan, steps: [{ ...say, action }] } };
  const undo = makeUndoPlan({ state: undone, status: await twin.look() });
  t.like(undo.steps[0]?.action, {
    argv: ['echo', 'not {secret:pin}'],
    secrets: [{ in: 'argv', index: 1, offset: 4, name: 'pin' }],
  });
});

const MISUSED: [string, string, string, RegExp][] = [
  ['a condition', 'expect: "true"', `expect: "pin == '1'"`, /decides nothing/],
  ['a server', 'on: server1', 'on: "{pin}"', /has no place here/],
  ['a program', 'run: [echo,', 'run: ["{pin}",', /has no place here/],
  ['an expression', '"pin={pin}"', `"{pin + '1'}"`, /is used whole/],
  ['a title', '{word} and {pin}', '{size(pin)}', /is used whole/],
];

for (const [what, from, to, words] of MISUSED) {
  test(`a secret in ${what} is refused when it is planned`, async (t) => {
    const twin = await liveTwin(made);
    const error = await t.throwsAsync(() => planned(twin, 'hunter2', RUNBOOK.replace(from, to)));
    t.true(error instanceof DrydockError);
    t.like(error, { code: 'secret.use', exit: 2 });
    t.regex(error?.message ?? '', words);
  });
}

test('what is wrong with a secret is said without it', async (t) => {
  const twin = await liveTwin(made);
  const strict = RUNBOOK.replace('never shown, secret', 'never shown, pattern: "^[0-9]+$", secret');
  for (const [pin, text] of [
    ['hunter2', strict],
    ['-hunter2', RUNBOOK],
  ] as const) {
    const error = await t.throwsAsync(() => planned(twin, pin, text));
    t.false(
      `${error?.message}${(error as DrydockError).remedy}`.includes('hunter2'),
      error?.message,
    );
  }
});
