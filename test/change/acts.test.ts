/**
 * A run before the judge, command by command: what was approved act by act, and what the servers'
 * records have to show of it when it is late.
 */
import test from 'ava';
import { foldWindow } from '../../src/change/fold.ts';
import { judge } from '../../src/change/judge.ts';
import { trustOf } from '../../src/change/policies.ts';
import type { Act, DoneBefore } from '../../src/change/types.ts';
import type { ApprovedAct, ApprovedPlan } from '../../src/schema/generated/window-document.ts';
import {
  goodPapers,
  hash,
  minute,
  PLAN,
  POLICY,
  paper,
  REQUEST,
} from '../support/signed-papers.ts';

const order = (server: string, line: string, answers: ApprovedOrder['answers'] = []) => ({
  server,
  argv: line.split(' '),
  answers,
});
type ApprovedOrder = NonNullable<ApprovedAct['order']>;
const act = (step: string, more: Partial<ApprovedAct>): ApprovedAct => ({
  ...{ step, verb: 'run', order: null, undo: null, safe: false },
  ...more,
});

const ACTS: ApprovedAct[] = [
  act('hold', {
    order: order('server1', 'clpmonctrl -s'),
    undo: order('server1', 'clpmonctrl -r'),
  }),
  act('stop', {
    order: order('server1', 'clpgrp -t web'),
    undo: order('server1', 'clpgrp -s web'),
  }),
  act('table', {
    order: order('server2', 'fdisk /dev/sdb', [
      { prompt: 'Command', reply: 'n' },
      { prompt: 'Password', reply: '{secret:password}' },
    ]),
    safe: true,
  }),
  act('key', { order: order('server2', 'clpmdctrl --key={secret:key} md1') }),
  act('word', { order: order('server2', 'clpmdctrl {secret:word} md1') }),
  act('disk', { verb: 'operator' }),
  act('start', { order: order('server1', 'clpgrp -s web') }),
];
const COMMANDS = ACTS.flatMap(({ order: one, undo }) => [one?.argv ?? [], undo?.argv ?? []]);
const plan = (more: Partial<ApprovedPlan> = {}): ApprovedPlan => ({
  ...PLAN,
  acts: ACTS,
  commands: COMMANDS.filter(({ length }) => length > 0),
  ...more,
});
/** As a program before acts wrote it. */
const { acts: _none, ...OLD } = plan();

const RUN = { runbook: { id: 'move', hash: 'a'.repeat(64) }, called: PLAN.called };
const authority = (more: object = {}) => ({
  ...{ who: 'ines@desk', window: 'W-1', run: 'move-1' },
  plan: { ...RUN, parameters: PLAN.parameters as Record<string, string> },
  ...more,
});
const UNDO = authority({
  run: 'undo-1',
  plan: { ...RUN, parameters: PLAN.parameters, undoes: 'move-1' },
});

function given(
  line: string,
  server = 'server1',
  more: Partial<Act> = {},
  replies: string[] = [],
): Act {
  const [name = '', ...args] = line.split(' ');
  const prompts = ['Command', 'Password'];
  const answers = replies.map((reply, at) => ({ prompt: prompts[at] ?? '?', reply }));
  const command = { name, args, answers };
  return { cluster: 'uuid-1', topology: null, server, authority: authority(), command, ...more };
}

const done = (line: string, at: number, more: Partial<DoneBefore> = {}): DoneBefore => ({
  ...{ server: 'server1', argv: line.split(' '), answers: [], startedAt: minute(at) },
  ...{ authority: authority(), refused: false },
  ...more,
});

function told(one: Act, at = 70, approved: ApprovedPlan = plan()): string {
  const { all } = goodPapers({ ...REQUEST, plans: [approved] });
  const now = minute(at);
  const windows = [foldWindow(all, POLICY, trustOf(POLICY), now)];
  const judged = judge(one, { policy: POLICY, untrusted: null, windows, now });
  return judged.allowed ? 'yes' : `${judged.code}: ${judged.why}`;
}

const TABLE: [string, Act, string][] = [
  ['a command of the plan', given('clpmonctrl -s'), 'yes'],
  [
    'another command, in the approved plan’s name',
    given('clpgrp -t failover1'),
    'window.command: `clpgrp -t failover1` is no command of a plan that window W-1 approves',
  ],
  [
    'a command of the plan on another of its servers',
    given('clpgrp -t web', 'server2'),
    'window.server: window W-1 approves `clpgrp -t web` on server1, not on server2',
  ],
  [
    'an undo’s command, given by the run itself',
    given('clpmonctrl -r'),
    'window.command: `clpmonctrl -r` is no command of a plan that window W-1 approves',
  ],
  [
    'an undo’s command, given by an undo',
    given('clpmonctrl -r', 'server1', { authority: UNDO }),
    'yes',
  ],
  [
    'a step’s command, given by an undo',
    given('clpmonctrl -s', 'server1', { authority: UNDO }),
    'window.command: `clpmonctrl -s` is no undo of a plan that window W-1 approves',
  ],
  [
    'answers as approved, the secret unshown',
    given('fdisk /dev/sdb', 'server2', {}, ['n', '[secret]']),
    'yes',
  ],
  [
    'the same command answered otherwise',
    given('fdisk /dev/sdb', 'server2', {}, ['d', '[secret]']),
    'window.command: window W-1 approves `fdisk /dev/sdb` with other answers to its prompts',
  ],
  [
    'the same command answered less',
    given('fdisk /dev/sdb', 'server2', {}, ['n']),
    'window.command: window W-1 approves `fdisk /dev/sdb` with other answers to its prompts',
  ],
  ['a secret in its place', given('clpmdctrl --key=tulip md1', 'server2'), 'yes'],
  [
    'an option in the place of a secret',
    given('clpmdctrl --break md1', 'server2'),
    'window.command: `clpmdctrl --break md1` is no command of a plan that window W-1 approves',
  ],
  [
    'a secret and something else',
    given('clpmdctrl --key=tulip md2', 'server2'),
    'window.command: `clpmdctrl --key=tulip md2` is no command of a plan that window W-1 approves',
  ],
];

for (const [title, one, expected] of TABLE) {
  test(`in its window: ${title}`, (t) => t.is(told(one), expected));
}

test('What an approver is not shown, nobody has approved', (t) => {
  const folded = (commands: string[][], servers = plan().servers) => {
    const { all } = goodPapers({ ...REQUEST, plans: [plan({ commands, servers })] });
    return foldWindow(all, POLICY, trustOf(POLICY), minute(70));
  };
  t.is(folded(COMMANDS.filter(({ length }) => length > 0)).state, 'open');
  const hidden = folded([['clpstat']]);
  t.is(hidden.state, 'requested');
  t.regex(
    hidden.refused[0]?.why ?? '',
    /^its plan move does not list what its steps do: `clpmonctrl -s`$/,
  );
  t.regex(
    folded(plan().commands, ['server1']).refused[0]?.why ?? '',
    /^its plan move does not list the server of one of its steps: server2$/,
  );
});

test('A whole run is held to the plan before its first step', (t) => {
  const whole = (...orders: NonNullable<Act['orders']>) =>
    told({ ...given(''), server: null, command: null, orders });
  t.is(whole(...ACTS.flatMap(({ order: one }) => one ?? [])), 'yes');
  t.regex(whole(order('server1', 'clpcl -t')), /^window\.command: `clpcl -t` is no command/);
  t.regex(
    whole(order('server2', 'clpgrp -t web')),
    /^window\.server: .* on server1, not on server2/,
  );
});

test('What an older program wrote down counts by its commands', (t) => {
  t.is(told(given('clpmonctrl -s', 'server2'), 70, OLD), 'yes', 'on every server of the plan');
  t.is(told(given('clpmonctrl -r', 'server1', { authority: UNDO }), 70, OLD), 'yes');
  t.regex(told(given('clpcl -t'), 70, OLD), /^window\.command/);
  t.regex(told(given('clpmonctrl -s', 'server3'), 70, OLD), /^window\.server/);
});

const OVER =
  'window.over: window W-1 ended at 2026-03-02T23:00:00Z, and it is 2026-03-02T23:20:00Z';
const late = (line: string, records: DoneBefore[], more: Partial<Act> = {}, approved = plan()) =>
  told(given(line, 'server1', { done: records, ...more }), 200, approved);

test('After the end nobody’s word counts', (t) => {
  t.is(late('clpgrp -t web', []), OVER);
  t.is(late('clpgrp -t web', [], { backingOut: true }), OVER);
  const claimed = { ...authority(), backingOut: true } as Act['authority'];
  t.is(late('clpgrp -t web', [], { authority: claimed }), OVER);
});

test('A run goes on to its next safe point when a server saw it begin that stretch in time', (t) => {
  const begun = [done('clpmonctrl -s', 170)];
  t.is(late('clpgrp -t web', begun), 'yes');
  t.is(late('clpgrp -t web', [done('clpmonctrl -s', 181)]), OVER, 'too late itself');
  t.is(late('clpgrp -t web', [done('clpmonctrl -s', 60)]), OVER, 'before it was opened');
  t.is(late('clpgrp -t web', [done('clpmonctrl -s', 170, { refused: true })]), OVER);
  t.is(late('clpgrp -t web', [done('clpcl -s', 170)]), OVER, 'no command of the plan');
  t.is(late('clpgrp -t web', [done('clpmonctrl -s', 170, { server: 'server2' })]), OVER);
  const by = (more: object) => [done('clpmonctrl -s', 170, { authority: authority(more) })];
  t.is(late('clpgrp -t web', by({ run: 'move-2' })), OVER, 'another run');
  t.is(late('clpgrp -t web', by({ who: 'bob@desk' })), OVER, 'another person');
  t.is(late('clpgrp -t web', by({ window: 'W-2' })), OVER, 'another window');
  t.is(late('clpgrp -t web', by({ plan: null })), OVER, 'typed');
  const key = given('clpmdctrl --key=a md1', 'server2', { done: begun });
  t.is(told(key, 200), OVER, 'beyond the safe point');
  t.is(late('clpgrp -s web', begun), 'yes', 'what a person does between leaves no record');
  t.regex(late('clpcl -t', begun), /^window\.over/, 'and nothing that was not approved');
});

test('An undo takes back after the end what its run was seen to do in time', (t) => {
  const begun = [done('clpmonctrl -s', 170)];
  const undo = { authority: UNDO };
  t.is(late('clpmonctrl -r', begun, undo), 'yes');
  t.is(late('clpgrp -s web', begun, undo), OVER, 'its step was never done');
  t.is(late('clpmonctrl -r', [], undo), OVER);
  t.is(late('clpmonctrl -r', begun), OVER, 'the run itself takes nothing back');
  const other = authority({ ...UNDO, plan: { ...UNDO.plan, undoes: 'move-2' } });
  t.is(late('clpmonctrl -r', begun, { authority: other }), OVER, 'another run’s');
});

test('Late in break-glass without a plan a run is refused before it starts, and told how to go on', (t) => {
  const request = { ...REQUEST, type: 'emergency' as const, plans: [], approvals: 0 };
  const asked = paper('request', 'ines', 60, request);
  const opening = { of: hash(asked), approvals: [], differences: [], emergency: 'fire' };
  const all = [asked, paper('opening', 'ines', 61, opening)];
  const judgedAt = (at: number, one: Act) => {
    const now = minute(at);
    const windows = [foldWindow(all, POLICY, trustOf(POLICY), now)];
    return judge(one, { policy: POLICY, untrusted: null, windows, now });
  };
  for (const backingOut of [false, true]) {
    for (const held of [authority(), UNDO]) {
      const whole = { ...given('any'), authority: held, command: null, server: null, backingOut };
      t.true(judgedAt(170, whole).allowed);
      const late = judgedAt(200, whole);
      t.like(late, {
        code: 'window.over',
        remedy: 'go on in another one, which names its plan: --emergency REASON',
      });
    }
  }
});

test('Of an older paper a run goes on when a server saw it begin in time', (t) => {
  t.is(late('clpgrp -t web', [done('clpmonctrl -s', 170)], {}, OLD), 'yes');
  t.is(late('clpgrp -t web', [], {}, OLD), OVER);
  t.is(late('clpmonctrl -r', [done('clpmonctrl -s', 170)], { authority: UNDO }, OLD), 'yes');
});
