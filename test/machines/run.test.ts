import test from 'ava';
import { placeOf, type RunContext, type RunEvent, runMachine } from '../../machines/run.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import type { Plan, PlannedStep } from '../../src/core/plan.ts';

const machine = runMachine({ steps: [{ id: 'one' }, { id: 'two@srv.1' }] as PlannedStep[] });

const lease = { holder: 'r', token: 1 };
const intended = (step: string): RunEvent => ({
  type: 'step.intended',
  step,
  attempt: 1,
  operation: `r/${step}/1`,
  before: {},
  bootIds: {},
});
const ended = (step: string, outcome: 'done' | 'skipped' | 'failed' | 'unknown'): RunEvent => ({
  type: 'step.ended',
  step,
  outcome,
  why: null,
});

const adopted = (step: string): RunEvent => ({ type: 'step.adopted', step, why: 'w', word: null });
const undoStarted: RunEvent = { type: 'undo.started', undo: 'u' };
const rolledBack: RunEvent = { type: 'run.rolledBack', undo: 'u', undone: ['one'], why: 'w' };
const stuck: RunEvent = { type: 'run.stuck', undo: 'u', undone: [], why: 'w' };
const amended: RunEvent = { type: 'run.amended', plan: {} as Plan, at: 1, why: 'w' };
const handedOver: RunEvent = { type: 'run.handedOver', from: 'ann', to: 'bob', why: 'w' };

const EVENTS: RunEvent[] = [
  { type: 'run.started', lease },
  { type: 'run.refused', why: 'w', exit: 4 },
  ...['one', 'two@srv.1'].flatMap((step) => [
    intended(step),
    ended(step, 'done'),
    ended(step, 'skipped'),
    ended(step, 'failed'),
    ended(step, 'unknown'),
    { type: 'choice.made', step, option: 'a' } as RunEvent,
    { type: 'confirmation.given', step } as RunEvent,
    adopted(step),
  ]),
  { type: 'run.parked', why: 'w' },
  { type: 'run.stopped', why: 'w', exit: 6 },
  { type: 'run.failed', why: 'w' },
  { type: 'run.resumed', lease },
  { type: 'abort.requested' },
  { type: 'run.aborted', why: 'w' },
  { type: 'run.finished' },
  undoStarted,
  rolledBack,
  stuck,
  amended,
  handedOver,
];

type Chart = ReturnType<typeof start>;
const start = () => startChart(machine, undefined as never).chart;

function walk(): { reached: Set<string>; effects: Set<string>; dead: string[] } {
  const seen = new Map<string, Chart>();
  const effects = new Set<string>();
  const dead: string[] = [];
  const queue = [start()];
  while (queue.length > 0) {
    const chart = queue.pop()!;
    const name = JSON.stringify(chart.value);
    if (seen.has(name)) continue;
    seen.set(name, chart);
    const moves = EVENTS.filter((event) => chart.can(event as never));
    if (moves.length === 0 && chart.status !== 'done') dead.push(name);
    for (const event of moves) {
      const moved = moveChart(machine, chart, event as never);
      for (const effect of moved.effects) effects.add(effect.type);
      queue.push(moved.chart);
    }
  }
  return { reached: new Set(seen.keys()), effects, dead };
}

test('every state is reachable, and no state that is not final is a dead end', (t) => {
  const { reached, effects, dead } = walk();
  const inner = ['ready', 'intended', 'settling', 'parked', 'stopped', 'failed', 'doubt'];
  const expected = ['s0', 's1'].flatMap((step) =>
    inner.map((name) => JSON.stringify({ [step]: name })),
  );
  for (const name of ['ready', 'parked', 'stopped'])
    expected.push(JSON.stringify({ finishing: name }));
  const over = ['done', 'aborted', 'refused', 'undoing', 'rolledBack', 'stuck'];
  for (const name of ['created', ...over]) expected.push(JSON.stringify(name));
  t.deepEqual([...reached].sort(), expected.sort());
  t.deepEqual(dead, []);
  t.deepEqual([...effects].sort(), ['carryOutStep', 'finishRun', 'prepareStep', 'settleStep']);
});

function after(events: RunEvent[]) {
  let move = startChart(machine, undefined as never);
  for (const event of events) {
    if (!move.chart.can(event as never)) return `impossible: ${event.type}`;
    move = moveChart(machine, move.chart, event as never);
  }
  const { phase, index } = placeOf(move.chart.value);
  return `${phase} ${index ?? '-'} ${move.effects.map((effect) => effect.type).join()}`;
}

const started: RunEvent = { type: 'run.started', lease };
const resumed: RunEvent = { type: 'run.resumed', lease };
const failed = [started, intended('one'), ended('one', 'failed')];
const doubt = [started, intended('one'), ended('one', 'unknown')];
const finished: RunEvent[] = [
  started,
  ended('one', 'skipped'),
  ended('two@srv.1', 'skipped'),
  { type: 'run.finished' },
];
const TABLE: [string, RunEvent[], string][] = [
  ['a started run prepares its first step', [started], 'ready 0 prepareStep'],
  ['an intent is carried out', [started, intended('one')], 'intended 0 carryOutStep'],
  [
    'a run resumed with an intent open settles it',
    [started, intended('one'), resumed],
    'settling 0 settleStep',
  ],
  [
    'a doubt is settled when resumed',
    [started, intended('one'), ended('one', 'unknown'), resumed],
    'settling 0 settleStep',
  ],
  [
    'a failed step is prepared anew when resumed',
    [started, intended('one'), ended('one', 'failed'), resumed],
    'ready 0 prepareStep',
  ],
  [
    'a stop for drift stands before the next step',
    [started, intended('one'), ended('one', 'done'), { type: 'run.stopped', why: 'd', exit: 6 }],
    'stopped 1 ',
  ],
  [
    'after the last step the run finishes',
    [started, intended('one'), ended('one', 'done'), ended('two@srv.1', 'skipped')],
    'finishing - finishRun',
  ],
  [
    'an outcome without its intent is impossible',
    [started, ended('one', 'done')],
    'impossible: step.ended',
  ],
  [
    'an intent of another step is impossible',
    [started, intended('two@srv.1')],
    'impossible: step.intended',
  ],
  ['a second start is impossible', [started, started], 'impossible: run.started'],
  ['an adopted step needs no intent', [started, adopted('one')], 'ready 1 prepareStep'],
  [
    'a step is not adopted out of turn',
    [started, adopted('two@srv.1')],
    'impossible: step.adopted',
  ],
  [
    'nothing is adopted that is under way',
    [started, intended('one'), adopted('one')],
    'impossible: step.adopted',
  ],
  ['a run that is under way is not amended', [started, amended], 'impossible: run.amended'],
  ['a failed run is amended', [...failed, amended], 'parked 0 '],
  [
    'a step in doubt is settled before it is amended',
    [...doubt, amended],
    'impossible: run.amended',
  ],
  ['a failed run is undone', [...failed, undoStarted, rolledBack], 'rolledBack - '],
  ['what is in doubt is not undone', [...doubt, undoStarted], 'impossible: undo.started'],
  ['a finished run is undone', [...finished, undoStarted, rolledBack], 'rolledBack - '],
  ['a failed undo leaves it stuck', [...finished, undoStarted, stuck], 'stuck - '],
  [
    'a stuck run is not resumed',
    [...finished, undoStarted, stuck, resumed],
    'impossible: run.resumed',
  ],
  ['an undo is tried again', [...finished, undoStarted, stuck, undoStarted], 'undoing - '],
  [
    'a person may put right by hand what is stuck',
    [...finished, undoStarted, stuck, { type: 'run.aborted', why: 'w' }],
    'aborted - ',
  ],
  [
    'nothing is rolled back without an undo',
    [...finished, rolledBack],
    'impossible: run.rolledBack',
  ],
  ['a run in doubt is handed over', [...doubt, handedOver], 'doubt 0 '],
  [
    'a run that is over is not handed over',
    [...finished, handedOver],
    'impossible: run.handedOver',
  ],
];

function contextAfter(events: RunEvent[]): RunContext {
  const chart = events.reduce(
    (at, event) => moveChart(machine, at, event as never).chart,
    startChart(machine, undefined as never).chart,
  );
  return chart.context as RunContext;
}

test('what undos have taken back adds up', (t) => {
  const more: RunEvent = { type: 'run.rolledBack', undo: 'v', undone: ['two@srv.1'], why: 'w' };
  const context = contextAfter([...finished, undoStarted, rolledBack, undoStarted, more]);
  t.like(context, { undone: ['one', 'two@srv.1'], undo: 'v', halt: { why: 'w', exit: 8 } });
});

test('a run is held by whoever acted last, and by whom it was handed to', (t) => {
  const byAnn: RunEvent = { type: 'run.started', lease, by: 'ann@desk' };
  t.like(contextAfter([byAnn]), { heldBy: 'ann@desk', handedTo: null });
  t.like(contextAfter([byAnn, { ...resumed, by: 'eve@desk' } as RunEvent]), {
    heldBy: 'eve@desk',
    handedTo: null,
  });
  t.like(contextAfter([byAnn, handedOver]), { heldBy: 'bob', handedTo: 'bob' });
});

test('an undo knows what the run that it undoes remembered and chose', (t) => {
  const undoing = {
    steps: [],
    stays: [],
    barrier: null,
    before: { boot: 'b' },
    choices: { way: 'a' },
  };
  const { chart } = startChart(runMachine({ steps: [], undoing }), undefined as never);
  t.like(chart.context, { before: { boot: 'b' }, choices: { way: 'a' } });
});

for (const [title, events, expected] of TABLE) {
  test(title, (t) => t.is(after(events), expected));
}
