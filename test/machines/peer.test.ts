import test from 'ava';
import { type PeerEvent, peerMachine } from '../../machines/peer.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const input = { peer: 'server2' };
const by = (how: 'fence' | 'notice' | 'operatingSystem'): PeerEvent => ({
  type: 'evidence.found',
  evidence: { by: how, from: 'server2', at: 1 },
});
const events: PeerEvent[] = [
  { type: 'peer.heard' },
  { type: 'peer.delayed' },
  { type: 'peer.lost' },
  { type: 'peer.left' },
  { type: 'peer.suspended' },
  { type: 'peer.idle' },
  { type: 'fence.ordered' },
  { type: 'fence.due' },
  { type: 'fence.failed', message: 'no way there' },
  { type: 'power.off' },
  { type: 'power.cut' },
  { type: 'evidence.wanted', questions: 2 },
  { type: 'question.answered' },
  by('fence'),
  by('notice'),
];

test('every state of a peer is reached, every effect is seen, and no event throws', (t) => {
  const found = walk(peerMachine, input, events);
  const lives = found.states.map((state) => /life\.(.*),doubt/.exec(state)![1]);
  t.deepEqual(
    [...new Set(lives)],
    ['fencing.cutting', 'fencing.delayed', 'gone', 'left', 'reachable', 'suspected', 'unheard'],
  );
  t.is(found.states.length, 14);
  t.deepEqual(found.effects, [
    'askForEvidence',
    'cutPower',
    'lookAtPower',
    'reportAnswered',
    'reportEvidence',
    'reportFenceFailed',
    'reportFenced',
    'reportLeft',
    'reportLost',
    'reportReturned',
    'reportSuspended',
  ]);
});

/** `event event …` → the two states, the evidence, and the effects of the last move. */
function after(names: string): string {
  let { chart } = startChart(peerMachine, input);
  let last: string[] = [];
  for (const name of names.split(' ').filter(Boolean)) {
    const [type, how] = name.split('=');
    const event = how ? by(how as never) : events.find((one) => one.type === type);
    if (!event) throw new Error(`no event ${name}`);
    const move = moveChart(peerMachine, chart, event);
    chart = move.chart;
    last = move.effects.map((effect) => effect.type);
  }
  const { life, doubt } = chart.value as { life: string | object; doubt: string };
  const state = typeof life === 'string' ? life : Object.entries(life)[0]!.join('.');
  return [state, doubt, chart.context.evidence?.by ?? '-', ...last].join(' ');
}

const lost = 'peer.heard peer.lost';
const table: [string, string][] = [
  ['', 'unheard quiet -'],
  ['peer.heard', 'reachable quiet - reportReturned'],
  ['peer.lost', 'unheard quiet -'],
  ['peer.heard peer.delayed', 'suspected quiet - lookAtPower'],
  ['peer.heard peer.delayed peer.delayed', 'suspected quiet - lookAtPower'],
  ['peer.heard peer.delayed peer.heard', 'reachable quiet -'],
  ['peer.heard peer.delayed peer.lost', 'gone quiet - reportLost'],
  [`${lost} peer.lost`, 'gone quiet -'],
  [`${lost} fence.ordered`, 'fencing.delayed quiet -'],
  [`${lost} fence.ordered power.off`, 'gone quiet - reportFenced'],
  [`${lost} fence.ordered power.cut`, 'fencing.delayed quiet -'],
  [`${lost} fence.ordered fence.due`, 'fencing.cutting quiet - cutPower'],
  [`${lost} fence.ordered fence.due fence.due`, 'fencing.cutting quiet -'],
  [`${lost} fence.ordered fence.due power.cut`, 'gone quiet - reportFenced'],
  [`${lost} fence.ordered fence.due fence.failed`, 'fencing.delayed quiet - reportFenceFailed'],
  [`${lost} fence.ordered fence.due peer.heard`, 'reachable quiet - reportReturned'],
  [`${lost} fence.ordered fence.due peer.heard power.cut`, 'reachable quiet -'],
  [`${lost} fence.ordered fence.due peer.left power.cut`, 'left quiet - reportFenced'],
  ['fence.ordered', 'unheard quiet -'],
  ['peer.heard fence.ordered', 'reachable quiet -'],
  ['peer.idle', 'left quiet -'],
  ['peer.heard peer.idle', 'reachable quiet -'],
  [`${lost} peer.idle`, 'gone quiet -'],
  ['evidence.wanted', 'unheard asking - askForEvidence'],
  ['evidence.wanted evidence.wanted', 'unheard asking -'],
  ['evidence.wanted question.answered', 'unheard asking -'],
  ['evidence.wanted question.answered question.answered', 'unheard quiet - reportAnswered'],
  ['evidence.wanted peer.heard', 'reachable asking - reportReturned'],
  [`${lost} evidence.found=notice`, 'gone quiet notice reportEvidence'],
  [`${lost} evidence.found=notice evidence.found=notice`, 'gone quiet notice'],
  [`${lost} evidence.found=notice evidence.found=fence`, 'gone quiet fence reportEvidence'],
  [`${lost} evidence.found=fence evidence.found=operatingSystem`, 'gone quiet fence'],
  [`${lost} evidence.found=fence peer.heard`, 'reachable quiet - reportReturned'],
  ['peer.heard peer.left evidence.found=notice', 'left quiet notice reportEvidence'],
  ['peer.heard peer.left evidence.found=notice peer.suspended', 'left quiet - reportSuspended'],
];

for (const [given, want] of table) {
  test(`After [${given}] the peer is: ${want}`, (t) => t.is(after(given), want));
}
