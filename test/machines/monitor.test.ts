import test from 'ava';
import { type MonitorEvent, monitorMachine } from '../../machines/monitor.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const input = { monitor: 'genw1', retry: 1, restart: 1, failover: 1 };
const failure: MonitorEvent = { type: 'check.failed', code: 1, text: 'bad' };
const ended: MonitorEvent = { type: 'recovery.ended' };

function play(events: MonitorEvent[]): { value: unknown; effects: string[] } {
  let { chart } = startChart(monitorMachine, input);
  const effects: string[] = [];
  for (const event of events) {
    const move = moveChart(monitorMachine, chart, event);
    chart = move.chart;
    effects.push(...move.effects.map((effect) => effect.type));
  }
  return { value: chart.value, effects };
}

test('every state of a monitor is reached and no event throws', (t) => {
  const found = walk(monitorMachine, input, [
    { type: 'watch.started' },
    { type: 'watch.stopped' },
    { type: 'watch.suspended' },
    { type: 'watch.resumed' },
    { type: 'check.passed' },
    { type: 'check.warned', code: 100, text: 'recovering' },
    failure,
    ended,
  ]);
  t.deepEqual(found.states, ['error', 'idle', 'normal', 'recovery', 'suspended', 'warning']);
});

test('recovery restarts, then fails over, then takes the final action, once', (t) => {
  const { value, effects } = play([
    { type: 'watch.started' },
    failure,
    failure,
    ended,
    failure,
    failure,
    ended,
    failure,
    failure,
    ended,
    failure,
    failure,
    failure,
  ]);
  t.is(value, 'error');
  t.deepEqual(effects, ['reportError', 'restartTarget', 'failOverTarget', 'takeFinalAction']);
});

test('a passed check forgets the steps taken', (t) => {
  const { effects } = play([
    { type: 'watch.started' },
    failure,
    failure,
    ended,
    { type: 'check.passed' },
    failure,
    failure,
  ]);
  t.deepEqual(effects, [
    'reportError',
    'restartTarget',
    'reportNormal',
    'reportError',
    'restartTarget',
  ]);
});

test('steps taken stay while the target is elsewhere, until a check passes here', (t) => {
  const elsewhere: MonitorEvent[] = [{ type: 'watch.stopped' }, { type: 'watch.started' }];
  const fails = [failure, failure, ended];
  const { effects } = play([{ type: 'watch.started' }, ...fails, ...fails, ...elsewhere, ...fails]);
  t.deepEqual(effects.slice(-2), ['reportError', 'takeFinalAction']);
  const passed = play([
    { type: 'watch.started' },
    ...fails,
    ...elsewhere,
    { type: 'check.passed' },
    ...fails,
  ]);
  t.deepEqual(passed.effects.slice(-2), ['reportError', 'restartTarget']);
});

test('a check that only warns never acts', (t) => {
  const warned: MonitorEvent = { type: 'check.warned', code: 100, text: 'recovering' };
  const { value, effects } = play([{ type: 'watch.started' }, warned, warned, warned]);
  t.is(value, 'warning');
  t.deepEqual(effects, ['reportWarning']);
});

test('a suspended monitor hears no check', (t) => {
  const { value, effects } = play([
    { type: 'watch.started' },
    { type: 'watch.suspended' },
    failure,
    failure,
  ]);
  t.is(value, 'suspended');
  t.deepEqual(effects, []);
});
