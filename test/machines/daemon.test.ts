import test from 'ava';
import { type DaemonPhaseEvent, daemonMachine } from '../../machines/daemon.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const types = [
  'daemon.started',
  'wait.ended',
  'suspend.ordered',
  'resume.ordered',
  'stop.ordered',
  'groups.gone',
] as const;
const events: DaemonPhaseEvent[] = types.map((type) => ({ type }));

test('every phase of a daemon is reached and no event throws', (t) => {
  const found = walk(daemonMachine, undefined, events);
  t.deepEqual(found.states, ['online', 'starting', 'stopped', 'stopping', 'suspended', 'waiting']);
  t.deepEqual(found.effects, ['reportResumed', 'reportWaited', 'tellHost']);
});

/** The phase, and the effects of the last move. */
function after(names: string): string {
  let { chart } = startChart(daemonMachine, undefined);
  let last: string[] = [];
  for (const type of names.split(' ').filter(Boolean)) {
    const move = moveChart(daemonMachine, chart, { type } as DaemonPhaseEvent);
    chart = move.chart;
    last = move.effects.map((effect) => effect.type);
  }
  return [chart.value, ...last].join(' ');
}

const online = 'daemon.started wait.ended';
const table: [string, string][] = [
  ['', 'starting'],
  ['wait.ended', 'starting'],
  ['daemon.started', 'waiting tellHost'],
  ['daemon.started suspend.ordered', 'waiting'],
  [online, 'online reportWaited tellHost'],
  [`${online} wait.ended`, 'online'],
  [`${online} resume.ordered`, 'online'],
  [`${online} suspend.ordered`, 'suspended tellHost'],
  [`${online} suspend.ordered resume.ordered`, 'online reportResumed tellHost'],
  [`${online} groups.gone`, 'online'],
  ['stop.ordered', 'stopping tellHost'],
  [`${online} suspend.ordered stop.ordered`, 'stopping tellHost'],
  [`${online} stop.ordered resume.ordered`, 'stopping'],
  [`${online} stop.ordered stop.ordered`, 'stopping'],
  [`${online} stop.ordered groups.gone`, 'stopped'],
  [`${online} stop.ordered groups.gone stop.ordered`, 'stopped'],
];

for (const [given, want] of table) {
  test(`After [${given}] the daemon is: ${want}`, (t) => t.is(after(given), want));
}
