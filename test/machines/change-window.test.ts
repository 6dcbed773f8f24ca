import test from 'ava';
import {
  type ChangeWindowEvent,
  changeWindowMachine,
} from '../../machines/change-window.machine.ts';
import { moveChart, startChart } from '../../src/core/chart.ts';
import { walk } from './walk.ts';

const made: ChangeWindowEvent = { type: 'request.made', hash: 'r', implementer: 'ines' };
const given = (hash: string): ChangeWindowEvent => ({ type: 'approval.given', hash });
const opened = (approvals: number, emergency = false): ChangeWindowEvent => ({
  type: 'window.opened',
  hash: 'o',
  by: 'ines',
  approvals,
  emergency,
});
const proposed: ChangeWindowEvent = { type: 'amendment.proposed', hash: 'm' };
const agreed = (hash: string): ChangeWindowEvent => ({ type: 'amendment.approved', hash, of: 'm' });
const handed: ChangeWindowEvent = { type: 'window.handedOver', to: 'otto' };
const rejected: ChangeWindowEvent = { type: 'request.rejected' };
const withdrawn: ChangeWindowEvent = { type: 'request.withdrawn' };
const passed: ChangeWindowEvent = { type: 'end.passed' };
const closed: ChangeWindowEvent = { type: 'window.closed' };
const reviewed: ChangeWindowEvent = { type: 'review.written' };

test('every state is reached by some papers', (t) => {
  const events = [made, given('a'), rejected, withdrawn, opened(2), opened(0, true), handed];
  const { states, effects } = walk(
    changeWindowMachine,
    { needed: 2 },
    [...events, passed, closed, reviewed],
    600,
  );
  t.deepEqual(states, [
    'approved',
    'awaited',
    'closed',
    'expired.unclosed',
    'expired.unopened',
    'open',
    'rejected',
    'requested',
    'reviewed',
    'withdrawn',
  ]);
  t.deepEqual(effects, []);
});

/** Where the events lead with two approvals needed; the first that is impossible is named. */
function after(events: ChangeWindowEvent[]): string {
  let { chart } = startChart(changeWindowMachine, { needed: 2 });
  for (const event of events) {
    if (!chart.can(event)) return `impossible: ${event.type}`;
    chart = moveChart(changeWindowMachine, chart, event).chart;
  }
  const { value, context } = chart;
  const { approvals, pending, amended, implementer, acted } = context;
  const state = typeof value === 'string' ? value : `expired.${value.expired}`;
  const plans = `${pending.length} pending, ${amended.length} amended`;
  return `${state}; ${approvals.length} approvals; ${plans}; ${implementer} of ${acted.join()}`;
}

const running = [made, given('a'), given('b'), opened(2)];
const demand = (needed: number): ChangeWindowEvent => ({ type: 'demand.changed', needed });
const TABLE: [string, ChangeWindowEvent[], string][] = [
  [
    'one approval of two is not enough',
    [made, given('a')],
    'requested; 1 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'the second approval is enough, and a third is kept too',
    [made, given('a'), given('b'), given('c')],
    'approved; 3 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'one approval is enough when no more are demanded any longer',
    [made, given('a'), demand(1)],
    'approved; 1 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'two approvals are not enough any more when three are demanded',
    [made, given('a'), given('b'), demand(3)],
    'requested; 2 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'what is open stays open, whatever is demanded later',
    [made, given('a'), given('b'), opened(2), demand(3)],
    'open; 2 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'nothing opens before it is approved',
    [made, given('a'), opened(1)],
    'impossible: window.opened',
  ],
  [
    'an opening that names fewer approvals than are needed opens nothing',
    [made, given('a'), given('b'), opened(1)],
    'impossible: window.opened',
  ],
  [
    'break-glass opens what nobody approved',
    [made, opened(0, true)],
    'open; 0 approvals; 0 pending, 0 amended; ines of ines',
  ],
  ['nothing is approved before it is requested', [given('a')], 'impossible: approval.given'],
  ['a window has one request', [made, made], 'impossible: request.made'],
  [
    'an open window is not rejected any more',
    [...running, rejected],
    'impossible: request.rejected',
  ],
  [
    'an approved request can still be rejected',
    [made, given('a'), given('b'), rejected],
    'rejected; 2 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'what was withdrawn cannot be opened',
    [made, withdrawn, opened(2, true)],
    'impossible: window.opened',
  ],
  [
    'what expired before it was opened cannot be opened',
    [made, passed, opened(2, true)],
    'impossible: window.opened',
  ],
  [
    'an amendment waits for as many approvals as a request',
    [...running, proposed, agreed('x')],
    'open; 2 approvals; 1 pending, 0 amended; ines of ines',
  ],
  [
    'an amendment with enough approvals counts',
    [...running, proposed, agreed('x'), agreed('y')],
    'open; 2 approvals; 0 pending, 1 amended; ines of ines',
  ],
  [
    'after break-glass an amendment counts at once',
    [made, opened(0, true), proposed],
    'open; 0 approvals; 0 pending, 1 amended; ines of ines',
  ],
  [
    'an amendment that was dropped is not approved later',
    [...running, proposed, { type: 'amendment.dropped', of: 'm' }, agreed('x')],
    'impossible: amendment.approved',
  ],
  [
    'whoever takes over is the implementer, and both have acted',
    [...running, handed],
    'open; 2 approvals; 0 pending, 0 amended; otto of ines,otto',
  ],
  [
    'a window whose end has passed can be handed over and closed',
    [...running, passed, handed, closed],
    'closed; 2 approvals; 0 pending, 0 amended; otto of ines,otto',
  ],
  [
    'nothing is amended after the end',
    [...running, passed, proposed],
    'impossible: amendment.proposed',
  ],
  ['what is not closed is not reviewed', [...running, reviewed], 'impossible: review.written'],
  [
    'a closed window is reviewed',
    [...running, closed, reviewed],
    'reviewed; 2 approvals; 0 pending, 0 amended; ines of ines',
  ],
  [
    'a closed window is not closed again',
    [...running, closed, closed],
    'impossible: window.closed',
  ],
];

for (const [title, events, expected] of TABLE) test(title, (t) => t.is(after(events), expected));
