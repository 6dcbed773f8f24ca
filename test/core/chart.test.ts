/** Charts are moved without XState's own way to do so, and end up where that leads. */
import test from 'ava';
import { type AnyStateMachine, initialTransition, transition } from 'xstate';
import { heartbeatMachine } from '../../machines/heartbeat.machine.ts';
import { peerMachine } from '../../machines/peer.machine.ts';
import { chartToJson, moveChart, startChart } from '../../src/core/chart.ts';

const named = (actions: readonly { type: string; params: unknown }[]) =>
  actions
    .filter(({ type }) => !type.startsWith('xstate.'))
    .map(({ type, params }) => ({ type, params }));

const ways: { machine: AnyStateMachine; input: unknown; events: string[] }[] = [
  {
    machine: heartbeatMachine,
    input: { peer: 'server2', resource: 'lanhb1' },
    events: ['beat.heard', 'beat.delayed', 'beat.missed', 'beat.heard', 'peer.left', 'beat.heard'],
  },
  {
    machine: peerMachine,
    input: { peer: 'server2' },
    events: ['peer.heard', 'peer.delayed', 'peer.lost', 'fence.ordered', 'peer.heard', 'peer.left'],
  },
];

for (const { machine, input, events } of ways) {
  test(`${machine.id} goes the way that XState takes it`, (t) => {
    let ours = startChart(machine, input);
    let [theirs, actions] = initialTransition(machine, input);
    t.deepEqual(chartToJson(ours.chart), chartToJson(theirs));
    const effects = [named(actions)];
    t.deepEqual(ours.effects, effects[0]);
    for (const type of events) {
      ours = moveChart(machine, ours.chart, { type });
      [theirs, actions] = transition(machine, theirs, { type });
      t.deepEqual(chartToJson(ours.chart), chartToJson(theirs), type);
      t.deepEqual(ours.effects, named(actions), type);
      effects.push(named(actions));
    }
    t.true(effects.flat().length > 0);
  });
}
