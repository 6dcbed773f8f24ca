import test from 'ava';
import { placeOf, type RunEvent, runMachine } from '../../machines/run.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import type { PlannedStep } from '../../src/core/plan.ts';

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
  ]),
  { type: 'run.parked', why: 'w' },
  { type: 'run.stopped', why: 'w', exit: 6 },
  { type: 'run.failed', why: 'w' },
  { type: 'run.resumed', lease },
  { type: 'abort.requested' },
  { type: 'run.aborted', why: 'w' },
  { type: 'run.finished' },
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
  for (const name of ['created', 'done', 'aborted', 'refused']) expected.push(JSON.stringify(name));
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
];

for (const [title, events, expected] of TABLE) {
  test(title, (t) => t.is(after(events), expected));
}
