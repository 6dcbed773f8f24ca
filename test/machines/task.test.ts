import test from 'ava';
import { type TaskEvent, type TaskKind, taskMachine } from '../../machines/task.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const message = 'no';
const events: Record<string, TaskEvent> = {
  started: { type: 'group.started' },
  startFailed: { type: 'group.startFailed', message },
  stopped: { type: 'group.stopped', stays: false },
  stays: { type: 'group.stopped', stays: true },
  stopFailed: { type: 'group.stopFailed', message },
  taken: { type: 'take.done' },
  takeFailed: { type: 'take.failed', message },
  dropped: { type: 'task.dropped', message },
  waited: { type: 'wait.over' },
  waitFailed: { type: 'wait.failed', message },
};

const goes = (kind: TaskKind): boolean => kind === 'move' || kind === 'failover';

const reached: Record<TaskKind, string[]> = {
  start: ['done', 'failed', 'starting'],
  stop: ['done', 'failed', 'stopping'],
  restart: ['done', 'failed', 'starting', 'stopping'],
  move: ['done', 'failed', 'handing', 'stopping'],
  failover: ['done', 'failed', 'handing', 'stopping'],
};

for (const [kind, states] of Object.entries(reached) as [TaskKind, string[]][]) {
  const first = kind === 'start' ? 'expecting' : 'lingering';
  for (const waits of [false, true]) {
    const all = waits ? [...states, first].sort() : states;
    test(`a ${kind} goes through ${all.join(', ')}, and no event throws`, (t) => {
      const input = { kind, goes: goes(kind), waits };
      t.deepEqual(walk(taskMachine, input, Object.values(events)).states, all);
    });
  }
}

/** The state, and every effect from the beginning. */
function after(kind: TaskKind, names: string, waits: boolean): string {
  let { chart, effects } = startChart(taskMachine, { kind, goes: goes(kind), waits });
  const seen = effects.map(({ type }) => type);
  for (const name of names.split(' ').filter(Boolean)) {
    ({ chart, effects } = moveChart(taskMachine, chart, events[name]!));
    seen.push(...effects.map(({ type }) => type));
  }
  return [chart.value, ...seen].join(' ');
}

const table: [TaskKind, string, string][] = [
  ['start', '', 'starting startHere'],
  ['start', 'started', 'done startHere reportDone'],
  ['start', 'startFailed', 'failed startHere reportFailed'],
  ['start', 'taken', 'starting startHere'],
  ['stop', 'stopped', 'done stopHere reportDone'],
  ['stop', 'stopFailed', 'failed stopHere reportFailed'],
  ['restart', 'stopped', 'starting stopHere startHere'],
  ['restart', 'stopped started', 'done stopHere startHere reportDone'],
  ['restart', 'stays', 'done stopHere reportDone'],
  ['move', 'stopped', 'handing stopHere handOver'],
  ['move', 'taken', 'stopping stopHere'],
  ['move', 'stopped taken', 'done stopHere handOver reportDone'],
  ['failover', 'stays', 'handing stopHere handOver'],
  ['failover', 'stopped takeFailed', 'failed stopHere handOver reportFailed'],
  ['failover', 'stopped dropped taken', 'failed stopHere handOver reportFailed'],
];

for (const [kind, given, want] of table) {
  test(`A ${kind} after [${given}] is: ${want}`, (t) => t.is(after(kind, given, false), want));
}

const waiting: [TaskKind, string, string][] = [
  ['start', '', 'expecting'],
  ['start', 'started', 'expecting'],
  ['start', 'waited', 'starting startHere'],
  ['start', 'waited started', 'done startHere reportDone'],
  ['start', 'waitFailed', 'failed reportFailed'],
  ['start', 'dropped', 'failed reportFailed'],
  ['stop', '', 'lingering'],
  ['stop', 'waited stopped', 'done stopHere reportDone'],
  ['stop', 'dropped', 'failed reportFailed'],
  ['failover', 'waited stopped taken', 'done stopHere handOver reportDone'],
];

for (const [kind, given, want] of waiting) {
  test(`A ${kind} that waits is after [${given}]: ${want}`, (t) =>
    t.is(after(kind, given, true), want));
}
