import test from 'ava';
import { type GroupEvent, groupMachine } from '../../machines/group.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const start: GroupEvent = { type: 'start.ordered', queue: ['fip1', 'md1'] };
const stop: GroupEvent = { type: 'stop.ordered', queue: ['md1', 'fip1'], remains: false };
const reduce: GroupEvent = { type: 'stop.ordered', queue: ['md1'], remains: true };

function play(events: GroupEvent[]): { value: unknown; effects: string[] } {
  let { chart } = startChart(groupMachine, { group: 'failover1' });
  const effects: string[] = [];
  for (const event of events) {
    const move = moveChart(groupMachine, chart, event);
    chart = move.chart;
    for (const { type, params } of move.effects) {
      const { resource } = (params ?? {}) as { resource?: string };
      effects.push(resource ? `${type} ${resource}` : type);
    }
  }
  return { value: chart.value, effects };
}

test('every state of a group is reached and no event throws', (t) => {
  const found = walk(groupMachine, { group: 'failover1' }, [
    start,
    stop,
    reduce,
    { type: 'resource.started' },
    { type: 'resource.failed' },
    { type: 'resource.stopped' },
    { type: 'resource.stuck' },
  ]);
  t.deepEqual(found.states, [
    'activating.working',
    'deactivating.working',
    'failed',
    'offline',
    'online',
    'stuck',
    'turning',
  ]);
});

test('resources start in the order of the queue, one at a time', (t) => {
  t.deepEqual(play([start, { type: 'resource.started' }, { type: 'resource.started' }]), {
    value: 'online',
    effects: ['startResource fip1', 'startResource md1', 'reportStarted'],
  });
});

test('a stop during the start waits for the attempt at work', (t) => {
  t.deepEqual(
    play([
      start,
      stop,
      { type: 'resource.started' },
      { type: 'resource.stopped' },
      { type: 'resource.stopped' },
    ]),
    {
      value: 'offline',
      effects: ['startResource fip1', 'stopResource md1', 'stopResource fip1', 'reportStopped'],
    },
  );
});

test('a resource that fails leaves the group in failure with the rest as it is', (t) => {
  t.deepEqual(play([start, { type: 'resource.started' }, { type: 'resource.failed' }]), {
    value: 'failed',
    effects: ['startResource fip1', 'startResource md1', 'reportStartFailed md1'],
  });
});

test('stopping one resource leaves the group online', (t) => {
  t.deepEqual(
    play([
      start,
      { type: 'resource.started' },
      { type: 'resource.started' },
      reduce,
      { type: 'resource.stopped' },
    ]).value,
    'online',
  );
});

test('a resource that does not stop leaves the group stuck', (t) => {
  t.deepEqual(
    play([
      start,
      { type: 'resource.started' },
      { type: 'resource.started' },
      stop,
      { type: 'resource.stuck' },
    ]).value,
    'stuck',
  );
});
