import test from 'ava';
import { type ResourceEvent, resourceMachine } from '../../machines/resource.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const input = { resource: 'exec1', activationRetry: 1, deactivationRetry: 0 };
const failure: ResourceEvent = { type: 'attempt.failed', code: 1, text: 'no' };

function play(events: ResourceEvent[]): { value: unknown; effects: string[] } {
  let { chart } = startChart(resourceMachine, input);
  const effects: string[] = [];
  for (const event of events) {
    const move = moveChart(resourceMachine, chart, event);
    chart = move.chart;
    effects.push(...move.effects.map((effect) => effect.type));
  }
  return { value: chart.value, effects };
}

test('every state of a resource is reached and no event throws', (t) => {
  const found = walk(resourceMachine, input, [
    { type: 'start.ordered' },
    { type: 'stop.ordered' },
    { type: 'attempt.succeeded' },
    failure,
  ]);
  t.deepEqual(found.states, ['activating', 'deactivating', 'failed', 'offline', 'online', 'stuck']);
});

test('an activation is tried once more and then fails', (t) => {
  t.deepEqual(play([{ type: 'start.ordered' }, failure, failure]), {
    value: 'failed',
    effects: ['activate', 'activate', 'reportFailed'],
  });
});

test('a failed resource is stopped like an online one', (t) => {
  t.deepEqual(
    play([
      { type: 'start.ordered' },
      failure,
      failure,
      { type: 'stop.ordered' },
      { type: 'attempt.succeeded' },
    ]),
    {
      value: 'offline',
      effects: ['activate', 'activate', 'reportFailed', 'deactivate', 'reportOffline'],
    },
  );
});

test('a new order starts with all its retries', (t) => {
  t.deepEqual(
    play([{ type: 'start.ordered' }, failure, failure, { type: 'start.ordered' }, failure]).value,
    'activating',
  );
});
