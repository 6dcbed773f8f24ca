import test from 'ava';
import { heartbeatMachine } from '../../machines/heartbeat.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const input = { peer: 'server2', resource: 'lanhb1' };

test('every state of a heartbeat is reached and no event throws', (t) => {
  const found = walk(heartbeatMachine, input, [
    { type: 'beat.heard' },
    { type: 'beat.delayed' },
    { type: 'beat.missed' },
    { type: 'peer.left' },
  ]);
  t.deepEqual(found.states, ['late', 'lost', 'unknown', 'unused', 'up']);
  t.deepEqual(found.effects, ['reportLost', 'reportUp']);
});

test('a heartbeat that was never heard is lost without a word', (t) => {
  const { chart } = startChart(heartbeatMachine, input);
  const lost = moveChart(heartbeatMachine, chart, { type: 'beat.missed' });
  t.is(lost.chart.value, 'lost');
  t.deepEqual(lost.effects, []);
});

test('a late heartbeat that is heard again was never lost', (t) => {
  let { chart } = startChart(heartbeatMachine, input);
  const effects: string[] = [];
  for (const type of ['beat.heard', 'beat.delayed', 'beat.heard'] as const) {
    const move = moveChart(heartbeatMachine, chart, { type });
    chart = move.chart;
    effects.push(...move.effects.map((effect) => effect.type));
  }
  t.is(chart.value, 'up');
  t.deepEqual(effects, ['reportUp']);
});
