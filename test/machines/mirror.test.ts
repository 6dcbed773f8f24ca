/**
 * The chart of a mirror side: colours, that every state is reached, that none is a trap, and what it
 * decides: which writes wait, what a loss means, when a recovery is looked for.
 */
import test from 'ava';
import fc from 'fast-check';
import { type MirrorChart, mirrorMachine } from '../../machines/mirror.machine.ts';
import type { MirrorEvent } from '../../machines/mirror-events.ts';
import {
  type Judgement,
  type PeerFacts,
  pairState,
  type SideFacts,
} from '../../machines/mirror-pair.ts';
import {
  colorOf,
  type RecoveryFacts,
  readingsOf,
  whyNoAutomaticRecovery,
} from '../../machines/mirror-readings.ts';
import { chartFromJson, chartToJson, moveChart, startChart } from '../../src/core/chart.ts';

const judged = (verdict: Judgement['verdict']): Judgement => ({ verdict, full: false, why: '' });
const peer: PeerFacts = { active: false, diskError: false, victim: null, sizeBytes: 1 };
const met = (verdict: Judgement['verdict']): MirrorEvent => ({
  type: 'sides.met',
  judgement: judged(verdict),
  peer,
});

const EVENTS: MirrorEvent[] = [
  { type: 'partition.read', worth: 'latest' },
  { type: 'partition.read', worth: 'behind' },
  { type: 'partition.read', worth: 'blank' },
  { type: 'partition.failed' },
  { type: 'disk.failed' },
  { type: 'disk.replaced' },
  { type: 'copy.created' },
  { type: 'latest.proved' },
  { type: 'latest.lost' },
  met('same'),
  met('sourceMe'),
  { type: 'peer.learned', facts: { active: true } },
  { type: 'peer.leaving' },
  { type: 'link.lost' },
  { type: 'loss.recorded' },
  { type: 'copies.matched' },
  { type: 'copies.differed', newer: 'mine' },
  { type: 'copies.differed', newer: 'theirs' },
  { type: 'outOfSync.complete' },
  { type: 'victim.named', victim: 'server2' },
  { type: 'break.began' },
  { type: 'break.ended' },
  { type: 'writes.released' },
  { type: 'recovery.ordered' },
  { type: 'recovery.started', side: 'source' },
  { type: 'recovery.started', side: 'target' },
  { type: 'recovery.finishing' },
  { type: 'recovery.ended' },
  { type: 'recovery.aborted' },
  { type: 'recovery.cancelled' },
  { type: 'activation.began' },
  { type: 'mirror.opened' },
  { type: 'activation.ended' },
  { type: 'mirror.closing' },
  { type: 'mirror.deactivated' },
  { type: 'autoRecovery.held' },
  { type: 'autoRecovery.released' },
];

const start = (fencing = false): MirrorChart => startChart(mirrorMachine, { fencing }).chart;

/** The chart after those events, and the effects of the last one. */
function after(events: MirrorEvent[], fencing = false): { chart: MirrorChart; effects: string[] } {
  let chart = start(fencing);
  let effects: string[] = [];
  for (const event of events) {
    const moved = moveChart(mirrorMachine, chart, event);
    chart = moved.chart;
    effects = moved.effects.map(({ type }) => type);
  }
  return { chart, effects };
}

/** What happens most, so that random stories come to every state. */
const COMMON: MirrorEvent[] = [
  met('same'),
  { type: 'mirror.opened' },
  { type: 'link.lost' },
  { type: 'loss.recorded' },
  { type: 'disk.replaced' },
  { type: 'recovery.started', side: 'source' },
];

/** Charts of random stories: the states are too many to walk through them all. */
const CHARTS: MirrorChart[] = Array.from({ length: 60 }, (_, seed) => {
  const next = fc.constantFrom(...EVENTS, ...COMMON, ...COMMON, ...COMMON);
  const events = fc.sample(next, { numRuns: 100, seed });
  let chart = start(seed % 2 === 0);
  return events.map((event) => {
    chart = moveChart(mirrorMachine, chart, event).chart;
    return chart;
  });
}).flat();

const move = (chart: MirrorChart, event: MirrorEvent): MirrorChart =>
  moveChart(mirrorMachine, chart, event).chart;

test('every state is reached', (t) => {
  const states = [
    { copy: 'gray' },
    { copy: 'blank' },
    { copy: 'red' },
    { copy: 'green' },
    { copy: { yellow: 'source' } },
    { copy: { yellow: 'target' } },
    { disk: 'working' },
    { disk: 'failed' },
    { link: { disconnected: 'outOfStep' } },
    { link: { disconnected: 'inStep' } },
    { link: { connected: 'behind' } },
    { link: { connected: { recovering: 'source' } } },
    { link: { connected: { recovering: 'finishing' } } },
    { link: { connected: { recovering: 'target' } } },
    { link: { connected: 'inSync' } },
    { link: { lost: 'outOfStep' } },
    { link: { lost: 'inStep' } },
    { role: 'inactive' },
    { role: { active: 'serving' } },
    { role: { active: 'closing' } },
    { activation: 'underWay' },
    { writes: 'flowing' },
    { writes: 'breaking' },
    { writes: 'releasing' },
    { writes: 'held' },
    { operator: 'stopped' },
    { holding: 'free' },
    { holding: 'held' },
  ] as const;
  t.deepEqual(
    states.filter((state) => !CHARTS.some((chart) => chart.matches(state))),
    [],
  );
});

test('no side stays YELLOW: a recorded loss ends it in every state, RED for a target', (t) => {
  const yellow = CHARTS.filter((chart) => colorOf(chart) === 'YELLOW');
  t.true(yellow.length > 50, `${yellow.length}`);
  const wrong = yellow.filter((chart) => {
    const end = chart.matches({ copy: { yellow: 'target' } }) ? 'RED' : 'GREEN';
    return (
      colorOf(move(chart, { type: 'loss.recorded' })) !== end ||
      colorOf(move(chart, { type: 'recovery.aborted' })) !== end ||
      colorOf(move(chart, { type: 'recovery.ended' })) !== 'GREEN'
    );
  });
  t.deepEqual(
    wrong.map(({ value }) => value),
    [],
  );
});

test('a lost link is left by what is recorded of it, and from there the two may meet, in every state', (t) => {
  const wrong = CHARTS.filter((chart) => {
    const { phase, loss } = readingsOf(chart);
    const lost = readingsOf(move(chart, { type: 'link.lost' }));
    const apart = move(move(chart, { type: 'link.lost' }), { type: 'loss.recorded' });
    return (
      (lost.loss !== null) !== (phase !== 'none' || loss !== null) ||
      lost.phase !== 'none' ||
      readingsOf(apart).loss !== null ||
      readingsOf(move(apart, met('same'))).phase !== 'inSync'
    );
  });
  t.deepEqual(
    wrong.map(({ value }) => value),
    [],
  );
});

test('no sequence of events throws, and a chart survives JSON at every point', (t) => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...EVENTS), { maxLength: 40 }), (events) => {
      let chart = start();
      for (const event of events) {
        const kept = JSON.parse(JSON.stringify(chartToJson(chart)));
        t.deepEqual(readingsOf(chartFromJson(mirrorMachine, kept)), readingsOf(chart));
        chart = moveChart(mirrorMachine, chartFromJson(mirrorMachine, kept), event).chart;
        t.true(['GREEN', 'YELLOW', 'RED', 'GRAY'].includes(colorOf(chart)));
      }
    }),
    { numRuns: 200 },
  );
});

const ACTIVE: MirrorEvent[] = [met('same'), { type: 'mirror.opened' }];
const LOST: MirrorEvent[] = [{ type: 'link.lost' }, { type: 'loss.recorded' }];

test('a break is announced by the active side only, once it is recorded', (t) => {
  t.true(after([...ACTIVE, ...LOST]).effects.includes('announceBreak'));
  t.false(after([...ACTIVE, { type: 'link.lost' }]).effects.includes('announceBreak'));
  t.false(after([met('same'), ...LOST]).effects.includes('announceBreak'));
});

test('writes of an active side that lost the other in step wait until that is recorded, or known', (t) => {
  const table: [string, MirrorEvent[], boolean, boolean, 'releasing' | 'held' | null][] = [
    ['in step, to be recorded', [...ACTIVE, { type: 'link.lost' }], false, true, null],
    ['in step, recorded', [...ACTIVE, ...LOST], false, true, 'releasing'],
    ['in step, recorded, fencing', [...ACTIVE, ...LOST], true, true, 'held'],
    [
      'fencing, and the other side ends in order',
      [...ACTIVE, { type: 'peer.leaving' }, ...LOST],
      true,
      true,
      'releasing',
    ],
    ['released', [...ACTIVE, ...LOST, { type: 'writes.released' }], true, false, null],
    ['held, and met again', [...ACTIVE, ...LOST, met('sourceMe')], true, false, null],
    ['not active', [met('same'), ...LOST], true, false, null],
    [
      'active only after the loss, before it is recorded',
      [met('same'), { type: 'link.lost' }, { type: 'mirror.opened' }],
      true,
      true,
      null,
    ],
    ['out of step', [met('sourceMe'), { type: 'mirror.opened' }, ...LOST], true, false, null],
    [
      'while a recovery finishes',
      [
        met('sourceMe'),
        { type: 'mirror.opened' },
        { type: 'recovery.started', side: 'source' },
        { type: 'recovery.finishing' },
        ...LOST,
      ],
      true,
      true,
      'held',
    ],
    ['the disk failed', [...ACTIVE, { type: 'disk.failed' }, ...LOST], true, true, null],
    ['a break by order', [...ACTIVE, { type: 'break.began' }], false, true, null],
    [
      'a break that was refused',
      [...ACTIVE, { type: 'break.began' }, { type: 'break.ended' }],
      false,
      false,
      null,
    ],
  ];
  for (const [what, events, fencing, isFrozen, alone] of table) {
    const { chart } = after(events, fencing);
    t.like(readingsOf(chart), { isFrozen, alone }, what);
  }
});

test('a disk that fails takes the claim of a copy that was in step, or served nobody', (t) => {
  const green: MirrorEvent = { type: 'partition.read', worth: 'latest' };
  const failed: MirrorEvent = { type: 'disk.failed' };
  t.is(colorOf(after([green, ...ACTIVE, failed]).chart), 'RED');
  t.is(colorOf(after([green, failed]).chart), 'RED');
  t.is(colorOf(after([green, ...ACTIVE, ...LOST, failed]).chart), 'GREEN');
  t.is(colorOf(after([green, failed, { type: 'latest.proved' }]).chart), 'RED');
});

test('what is known of the other side goes with the connection, and orders judge anew', (t) => {
  const context = (events: MirrorEvent[]) => after(events).chart.context;
  t.like(context([met('same')]), { judgement: judged('same'), peer });
  t.like(context([met('same'), { type: 'link.lost' }]), { judgement: null, peer: null });
  t.is(
    context([met('same'), { type: 'peer.learned', facts: { active: true } }]).peer?.active,
    true,
  );
  t.is(context([{ type: 'peer.learned', facts: { active: true } }]).peer, null);
  const broken = (newer: 'mine' | 'theirs') =>
    context([met('same'), { type: 'copies.differed', newer }]).judgement?.verdict;
  t.is(broken('mine'), 'sourceMe');
  t.is(broken('theirs'), 'sourcePeer');
  const named = context([met('bothChanged'), { type: 'victim.named', victim: 'server2' }]);
  t.like(named.judgement, { verdict: 'sourceMe', full: true });
  t.true(context([met('sourceMe'), { type: 'outOfSync.complete' }]).judgement?.full);
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
