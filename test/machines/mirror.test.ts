/** The chart of a mirror side: colours, that every state is reached, and that none is a trap. */
import test from 'ava';
import fc from 'fast-check';
import {
  colorOf,
  type MirrorChart,
  type MirrorEvent,
  mirrorMachine,
  pairState,
  type RecoveryFacts,
  type SideFacts,
  whyNoAutomaticRecovery,
} from '../../machines/mirror.machine.ts';
import { chartFromJson, chartToJson, moveChart, startChart } from '../../src/core/chart.ts';

const EVENTS: MirrorEvent[] = [
  { type: 'partition.read', worth: 'latest' },
  { type: 'partition.read', worth: 'behind' },
  { type: 'partition.read', worth: 'blank' },
  { type: 'partition.failed' },
  { type: 'copy.created' },
  { type: 'latest.proved' },
  { type: 'latest.lost' },
  { type: 'link.connected' },
  { type: 'link.lost' },
  { type: 'copies.matched' },
  { type: 'copies.differed' },
  { type: 'recovery.started', side: 'source' },
  { type: 'recovery.started', side: 'target' },
  { type: 'recovery.ended' },
  { type: 'recovery.aborted' },
  { type: 'mirror.activated' },
  { type: 'mirror.deactivated' },
  { type: 'autoRecovery.held' },
  { type: 'autoRecovery.released' },
];

function reachable(): Map<string, MirrorChart> {
  const seen = new Map<string, MirrorChart>();
  const queue = [startChart(mirrorMachine, undefined).chart];
  while (queue.length > 0) {
    const chart = queue.pop()!;
    const key = JSON.stringify(chart.value);
    if (seen.has(key)) continue;
    seen.set(key, chart);
    for (const event of EVENTS) queue.push(moveChart(mirrorMachine, chart, event).chart);
  }
  return seen;
}

test('every state is reached', (t) => {
  const charts = [...reachable().values()];
  const states = [
    { copy: 'gray' },
    { copy: 'blank' },
    { copy: 'red' },
    { copy: 'green' },
    { copy: { yellow: 'source' } },
    { copy: { yellow: 'target' } },
    { link: 'disconnected' },
    { link: { connected: 'behind' } },
    { link: { connected: 'inSync' } },
    { role: 'inactive' },
    { role: 'active' },
    { holding: 'free' },
    { holding: 'held' },
  ] as const;
  for (const state of states)
    t.true(
      charts.some((chart) => chart.matches(state)),
      JSON.stringify(state),
    );
});

test('no side stays YELLOW: a lost link ends it in every state, RED for a target', (t) => {
  for (const chart of reachable().values()) {
    if (colorOf(chart) !== 'YELLOW') continue;
    const target = chart.matches({ copy: { yellow: 'target' } });
    for (const type of ['link.lost', 'recovery.aborted'] as const) {
      t.is(colorOf(moveChart(mirrorMachine, chart, { type }).chart), target ? 'RED' : 'GREEN');
    }
    t.is(colorOf(moveChart(mirrorMachine, chart, { type: 'recovery.ended' }).chart), 'GREEN');
  }
});

test('no sequence of events throws, and a chart survives JSON at every point', (t) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (events) => {
      let { chart } = startChart(mirrorMachine, undefined);
      for (const event of events) {
        const kept = JSON.parse(JSON.stringify(chartToJson(chart)));
        chart = moveChart(mirrorMachine, chartFromJson(mirrorMachine, kept), event).chart;
        t.true(['GREEN', 'YELLOW', 'RED', 'GRAY'].includes(colorOf(chart)));
      }
    }),
    { numRuns: 200 },
  );
});

test('a break is announced by the active side only', (t) => {
  const announces = (events: MirrorEvent[]): boolean => {
    let { chart } = startChart(mirrorMachine, undefined);
    let last: string[] = [];
    for (const event of events) {
      const move = moveChart(mirrorMachine, chart, event);
      chart = move.chart;
      last = move.effects.map(({ type }) => type);
    }
    return last.includes('announceBreak');
  };
  t.true(
    announces([{ type: 'link.connected' }, { type: 'mirror.activated' }, { type: 'link.lost' }]),
  );
  t.false(announces([{ type: 'link.connected' }, { type: 'link.lost' }]));
});

const side = (color: SideFacts['color'], constructed = true): SideFacts => ({ color, constructed });

test('the state of the pair follows v3 11.10.2', (t) => {
  const table: [(SideFacts | null)[], string][] = [
    [[side('GREEN'), side('GREEN')], 'Normal'],
    [[side('GREEN'), side('RED')], 'Abnormal'],
    [[side('RED'), side('RED')], 'Abnormal'],
    [[side('GREEN'), null], 'Abnormal'],
    [[side('GREEN'), side('GRAY')], 'Abnormal'],
    [[side('YELLOW'), side('YELLOW')], 'Recovering'],
    [[side('RED', false), side('RED', false)], 'No Construction'],
    [[side('GREEN'), side('RED', false)], 'Abnormal'],
    [[null, null], 'Unknown'],
    [[side('GRAY', false), side('GRAY', false)], 'Unknown'],
  ];
  for (const [sides, expected] of table) t.is(pairState(sides), expected as never);
});

test('automatic recovery needs the four conditions and none of the three prohibitions', (t) => {
  const allowed: RecoveryFacts = {
    configured: true,
    held: false,
    active: true,
    latest: true,
    connected: true,
    peerStatusKnown: true,
    peerDiskError: false,
    peerActive: false,
    differs: true,
    peerIsBehind: true,
  };
  t.is(whyNoAutomaticRecovery(allowed), null);
  for (const key of Object.keys(allowed) as (keyof RecoveryFacts)[]) {
    t.is(typeof whyNoAutomaticRecovery({ ...allowed, [key]: !allowed[key] }), 'string', key);
  }
});
