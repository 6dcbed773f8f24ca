import test from 'ava';
import fc from 'fast-check';
import { NODE_STATES, type NodeEvent, nodeMachine } from '../../machines/node.machine.ts';
import { chartFromJson, chartToJson, moveChart, startChart } from '../../src/core/chart.ts';

const events: NodeEvent[] = [
  { type: 'power.turnedOn', singleUser: false },
  { type: 'power.turnedOn', singleUser: true },
  { type: 'power.cut' },
  { type: 'os.booted' },
  { type: 'os.died' },
  { type: 'os.stalled' },
  { type: 'os.shutdownOrdered' },
  { type: 'os.rebootOrdered' },
  { type: 'processes.gone' },
  { type: 'daemon.started' },
  { type: 'daemon.waited' },
  { type: 'daemon.joined' },
  { type: 'daemon.suspended' },
  { type: 'daemon.stopping' },
  { type: 'daemon.exited' },
];

/** `state: event event … → state [effects of the last move]`. */
function walk(names: string): string {
  let { chart } = startChart(nodeMachine, undefined);
  let last: string[] = [];
  for (const name of names.split(' ').filter(Boolean)) {
    const event = events.find((known) => known.type === name);
    if (!event) throw new Error(`no event ${name}`);
    const move = moveChart(nodeMachine, chart, event);
    chart = move.chart;
    last = move.effects.map((effect) => `${effect.type}${JSON.stringify(effect.params ?? {})}`);
  }
  return [chart.value, ...last].join(' ');
}

const boot = 'power.turnedOn os.booted';
const table: [string, string][] = [
  ['', 'poweredOff'],
  ['power.turnedOn', 'booting startBoot{"singleUser":false}'],
  [boot, 'stopped startServices{"runLevel":3}'],
  [`${boot} daemon.started`, 'online'],
  [`${boot} daemon.started daemon.waited`, 'waiting'],
  [`${boot} daemon.started daemon.waited daemon.joined`, 'online'],
  [`${boot} daemon.started daemon.suspended`, 'suspended'],
  [`${boot} daemon.started daemon.stopping`, 'stopping'],
  [`${boot} daemon.started daemon.stopping daemon.exited`, 'stopped'],
  [`${boot} os.shutdownOrdered`, 'shuttingDown stopServices{}'],
  [`${boot} os.shutdownOrdered processes.gone`, 'poweredOff'],
  [`${boot} os.shutdownOrdered os.stalled`, 'down killProcesses{}'],
  [`${boot} os.rebootOrdered processes.gone`, 'booting startBoot{"singleUser":false}'],
  [`${boot} os.died`, 'down killProcesses{}'],
  [`${boot} os.died processes.gone`, 'booting startBoot{"singleUser":false}'],
  [`${boot} os.died power.cut processes.gone`, 'poweredOff'],
  [`${boot} power.cut processes.gone`, 'poweredOff'],
  [`${boot} power.cut power.turnedOn processes.gone`, 'booting startBoot{"singleUser":false}'],
  ['power.cut os.booted daemon.started', 'poweredOff'],
];

for (const [given, want] of table) {
  test(`After [${given}] the node is: ${want}`, (t) => t.is(walk(given), want));
}

test('Single user mode holds for one boot', (t) => {
  let move = startChart(nodeMachine, undefined);
  const seen: unknown[] = [];
  const on = events[1] as NodeEvent;
  for (const event of [
    on,
    { type: 'os.booted' },
    { type: 'os.rebootOrdered' },
    { type: 'processes.gone' },
    { type: 'os.booted' },
  ] as NodeEvent[]) {
    move = moveChart(nodeMachine, move.chart, event);
    seen.push(...move.effects.filter((e) => e.type === 'startServices').map((e) => e.params));
  }
  t.deepEqual(seen, [{ runLevel: 1 }, { runLevel: 3 }]);
});

test('Every state is reachable, and the status schema knows each of them', (t) => {
  const seen = new Map<string, ReturnType<typeof chartToJson>>();
  const first = chartToJson(startChart(nodeMachine, undefined).chart);
  const queue = [first];
  while (queue.length > 0) {
    const kept = queue.pop()!;
    const key = JSON.stringify(kept);
    if (seen.has(key)) continue;
    seen.set(key, kept);
    for (const event of events) {
      const chart = chartFromJson(nodeMachine, kept);
      queue.push(chartToJson(moveChart(nodeMachine, chart, event).chart));
    }
  }
  const reached = new Set([...seen.values()].map((kept) => kept.value as string));
  t.deepEqual([...reached].sort(), [...NODE_STATES].sort());
});

test('No order of events throws or leaves the known states', (t) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), (sequence) => {
      let { chart } = startChart(nodeMachine, undefined);
      for (const event of sequence) {
        const move = moveChart(nodeMachine, chart, event);
        if (event.type === 'power.cut') {
          t.true(['down', 'poweredOff'].includes(move.chart.value as string));
        }
        chart = chartFromJson(nodeMachine, chartToJson(move.chart));
      }
      return NODE_STATES.includes(chart.value as never);
    }),
  );
});
