/** Acts before the judge: what is asked, and the whole answer. */
import test from 'ava';
import { basisOf, workEndsAt } from '../../src/change/judge.ts';
import type { Act, ChangeWindow, DecisionBasis } from '../../src/change/types.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import {
  goodPapers,
  minute,
  PLAN,
  POLICY,
  policyPaper,
  REQUEST,
  stamp,
} from '../support/signed-papers.ts';
import {
  ALARM,
  AMEND,
  alarmed,
  all,
  asked,
  bench,
  byHand,
  byRun,
  COLD,
  close,
  FREEZE,
  first,
  GLASS,
  glass,
  LAX,
  MOVE,
  opened,
  second,
  step,
  told,
  undoing,
  window,
  YES,
} from './acts-judged.ts';

const TABLE: [string, Act, DecisionBasis, string][] = [
  [
    'a command without a policy',
    byHand(MOVE),
    bench(70, [], null),
    'yes: the cluster holds no policy',
  ],
  [
    'a command that no window is demanded for',
    byHand(MOVE),
    bench(70, [], LAX),
    'yes: the policy demands no window',
  ],
  [
    'a window that was named without need, and is no good',
    byRun({}, { who: 'otto@control' }),
    opened(70, LAX),
    'window.person: window W-1 is for ines (login ines), not for otto@control; ' +
      'let ines do it, or hand it over: `drydock handover`',
  ],
  [
    'anything under a policy that cannot be believed',
    byHand(MOVE),
    { ...bench(70, [], null), untrusted: 'a forgery' },
    'policy.untrusted: the cluster’s policy cannot be believed: a forgery; ' +
      'push a policy signed by whom the version before it names: `drydock window policy push`',
  ],
  [
    'a command while no window is open',
    byHand(MOVE),
    bench(70, []),
    'window.none: the cluster’s policy demands a change window, and none is open; ' +
      `request one: \`drydock window request\`; ${GLASS}`,
  ],
  [
    'a command while a window is approved, and not open',
    byHand(MOVE),
    bench(70, [window([asked, first, second], 70)]),
    'window.none: the cluster’s policy demands a change window, and none is open; ' +
      'its implementer opens it: `drydock window open W-1`',
  ],
  [
    'a window that nobody knows',
    byRun({}, { window: 'W-9' }),
    opened(70),
    'window.none: the cluster holds no window W-9; push its documents: `drydock window open` does it',
  ],
  [
    'a window of another cluster',
    { ...byRun(), cluster: 'uuid-2' },
    opened(70),
    'window.server: window W-1 is for one, not for this one; name a window of this cluster, or request one',
  ],
  [
    'a window that waits for approvals',
    byRun(),
    bench(70, [window([asked], 70)]),
    `window.notOpen: window W-1 is requested, not open; get it approved (\`drydock window show W-1\`); ${GLASS}`,
  ],
  [
    'a window that is closed',
    byRun(),
    bench(95, [window([...all, close], 95)]),
    `window.notOpen: window W-1 is closed, not open; request another one; ${GLASS}`,
  ],
  [
    'a window opened before it starts',
    byRun(),
    bench(59, [{ ...window(all, 62), state: 'open' }]),
    `window.notYet: window W-1 starts at 2026-03-02T21:00:00Z, and it is 2026-03-02T20:59:00Z; wait until then; ${GLASS}`,
  ],
  ['an approved run in its window', byRun(), opened(70), YES],
  ['an approved run in the window’s last instant', byRun(), opened(180), YES],
  [
    'an approved run after the end',
    byRun(),
    opened(181),
    'window.over: window W-1 ended at 2026-03-02T23:00:00Z, and it is 2026-03-02T23:01:00Z; ' +
      `back out, or request another one; ${GLASS}`,
  ],
  ['what backs out after the end', byRun({}, { backingOut: true }), opened(181), YES],
  [
    'what backs out with another plan',
    byRun({ parameters: { ...PLAN.parameters, to: 'server3' } }, { backingOut: true }),
    opened(181),
    `window.parameters: parameters of move differ: to is "server3", approved: "server2"; ${AMEND}`,
  ],
  [
    'what backs out onto another server',
    step('server3'),
    opened(170),
    'window.server: the approved plan acts on server1, server2, not on server3; ' +
      'work on those, or request a window with server3',
  ],
  [
    'what backs out of a window that is closed',
    byRun({}, { backingOut: true }),
    bench(95, [window([...all, close], 95)]),
    `window.notOpen: window W-1 is closed, not open; request another one; ${GLASS}`,
  ],
  [
    'a run where only an undo was approved',
    byRun(),
    undoing,
    `window.runbook: window W-1 approves nothing but that move-1 is undone; ${AMEND}`,
  ],
  ['the undo that was approved', byRun({ undoes: 'move-1' }), undoing, YES],
  ['an undo where the run was approved', byRun({ undoes: 'move-1' }), opened(70), YES],
  [
    'a run of another runbook',
    byRun({ runbook: { id: 'wipe', hash: 'a'.repeat(64) } }),
    opened(70),
    `window.runbook: window W-1 approves move, not wipe; ${AMEND}`,
  ],
  [
    'a run of a runbook that has changed',
    byRun({ runbook: { id: 'move', hash: 'e'.repeat(64) } }),
    opened(70),
    `window.runbook: runbook move has changed since it was approved; ${AMEND}`,
  ],
  [
    'a run that calls a runbook that has changed',
    byRun({ called: [{ id: 'look', hash: 'e'.repeat(64) }] }),
    opened(70),
    `window.runbook: called by move, and not as approved: look; ${AMEND}`,
  ],
  [
    'a run that calls nothing',
    byRun({ called: [] }),
    opened(70),
    `window.runbook: called by move, and not as approved: look; ${AMEND}`,
  ],
  [
    'a run with other parameters',
    byRun({ parameters: { group: 'web', force: true } }),
    opened(70),
    'window.parameters: parameters of move differ: force is true, approved: not set; ' +
      `to is not set, approved: "server2"; ${AMEND}`,
  ],
  [
    'a run with a parameter that every object seems to have',
    byRun({ parameters: { ...PLAN.parameters, constructor: 'x' } }),
    opened(70),
    `window.parameters: parameters of move differ: constructor is "x", approved: not set; ${AMEND}`,
  ],
  [
    'a run on a topology that has changed',
    { ...byRun(), topology: 'd'.repeat(64) },
    opened(70),
    'window.topology: the configuration of one is not the one that window W-1 is for; ' +
      'look at what has changed since, rehearse again, and request a window for that',
  ],
  [
    'what backs out, on a topology that the run changed',
    { ...byRun({}, { backingOut: true }), topology: 'd'.repeat(64) },
    opened(70),
    YES,
  ],
  [
    'a command typed on a topology that has changed',
    { ...byHand(MOVE), topology: 'd'.repeat(64) },
    opened(70),
    'window.topology: the configuration of one is not the one that window W-1 is for; ' +
      'look at what has changed since, rehearse again, and request a window for that',
  ],
  ['a run whose topology nobody knows here', { ...byRun(), topology: null }, opened(70), YES],
  ['a run’s own command, after the run changed the topology', step('server2'), opened(70), YES],
  [
    'a run’s command on a server of the window, and not of the plan',
    step('server3'),
    opened(70),
    'window.server: the approved plan acts on server1, server2, not on server3; ' +
      'work on those, or request a window with server3',
  ],
  [
    'a run’s command on a server outside the window',
    step('server9'),
    opened(70),
    'window.server: window W-1 is for server1, server2, server3, not for server9; ' +
      'work on those, or request a window with server9',
  ],
  ['a command of the plan, typed by the implementer', byHand(MOVE), opened(70), YES],
  [
    'the same command with one argument more',
    byHand([...MOVE, '-f']),
    opened(70),
    'window.command: `clpgrp -m web -a server2 -f` is no command of a plan that window W-1 approves; ' +
      'type it as the plan has it (`drydock window show W-1`), or amend the plan',
  ],
  [
    'the same words, split otherwise',
    byHand(['clpgrp', '-m', 'web -a', 'server2']),
    opened(70),
    'window.command: `clpgrp -m web -a server2` is no command of a plan that window W-1 approves; ' +
      'type it as the plan has it (`drydock window show W-1`), or amend the plan',
  ],
  [
    'a command typed by somebody else',
    byHand(MOVE, { who: 'root@server1' }),
    opened(70),
    'window.person: window W-1 is for ines (login ines), not for root@server1; ' +
      'let ines do it, or hand it over: `drydock handover`',
  ],
  [
    'a command typed on a server of the window, and not of the plan',
    byHand(MOVE, {}, 'server3'),
    opened(70),
    'window.server: the approved plan acts on server1, server2, not on server3; ' +
      'work on those, or request a window with server3',
  ],
  [
    'a run in a freeze',
    byRun(),
    opened(70, COLD),
    `window.frozen: nothing is changed until 2026-03-02T21:40:00Z: Year end; wait until then; ${GLASS}`,
  ],
  ['a run after the freeze', byRun(), opened(100, COLD), YES],
  ['what backs out in a freeze', byRun({}, { backingOut: true }), opened(70, COLD), YES],
  [
    'a command in a freeze, where no window is demanded',
    byHand(MOVE),
    bench(70, [], { ...LAX, freezes: FREEZE }),
    `window.frozen: nothing is changed until 2026-03-02T21:40:00Z: Year end; wait until then; ${GLASS}`,
  ],
  [
    'a calendar that cannot be read',
    byRun(),
    opened(70, { ...POLICY, freezes: [{ name: 'Year end', ics: 'none' }] }),
    'window.frozen: the calendar Year end cannot be read: it does not begin with BEGIN:VCALENDAR ' +
      `(line 1); export the calendar again, and sign a policy with that; ${GLASS}`,
  ],
  ['break-glass before the start, without approvals', byHand(MOVE), alarmed(10), ALARM],
  ['break-glass in a freeze', byHand(MOVE), alarmed(10, REQUEST, COLD), ALARM],
  [
    'break-glass in a freeze, where no window is demanded',
    byHand(MOVE),
    alarmed(10, REQUEST, { ...LAX, freezes: FREEZE }),
    ALARM,
  ],
  [
    'break-glass with another command than its plan has',
    byHand(['clpcl', '-t']),
    alarmed(10),
    'window.command: `clpcl -t` is no command of a plan that window E-1 approves; ' +
      'type it as the plan has it (`drydock window show E-1`), or amend the plan',
  ],
  [
    'break-glass without any plan',
    byHand(['clpcl', '-t']),
    alarmed(10, { ...REQUEST, plans: [] }),
    ALARM,
  ],
  [
    'break-glass without any plan, by somebody else',
    byHand(['clpcl', '-t'], { who: 'otto@server1' }),
    alarmed(10, { ...REQUEST, plans: [] }),
    'window.person: window E-1 is for ines (login ines), not for otto@server1; ' +
      'let ines do it, or hand it over: `drydock handover`',
  ],
  [
    'break-glass without any plan, on a server outside',
    byHand(['clpcl', '-t'], {}, 'server9'),
    alarmed(10, { ...REQUEST, plans: [] }),
    'window.server: window E-1 is for server1, server2, server3, not for server9; ' +
      'work on those, or request a window with server9',
  ],
  [
    'break-glass after the time it lasts',
    byHand(MOVE),
    alarmed(70, REQUEST, { ...POLICY, emergencyMinutes: 30 }),
    'window.over: window E-1 ended at 2026-03-02T20:35:00Z, and it is 2026-03-02T21:10:00Z; ' +
      `back out, or request another one; ${GLASS}`,
  ],
  [
    'a window without plans that was opened in order',
    byHand(MOVE),
    bench(70, [window(goodPapers({ ...REQUEST, plans: [] }).all, 70)]),
    'window.command: `clpgrp -m web -a server2` is no command of a plan that window W-1 approves; ' +
      'type it as the plan has it (`drydock window show W-1`), or amend the plan',
  ],
  [
    'two open windows, the second of which covers it',
    byHand(MOVE),
    bench(70, [
      window(goodPapers({ ...REQUEST, servers: ['server3'] }, 'W-0').all, 70),
      window(all, 70),
    ]),
    YES,
  ],
  [
    'two open windows that cover it, one by break-glass',
    byHand(MOVE),
    bench(70, [window(glass(REQUEST), 70), window(all, 70)]),
    YES,
  ],
];

for (const [title, act, held, expected] of TABLE) {
  test(`the judge is asked about ${title}`, (t) => t.is(told(act, held), expected));
}

test('a bench is what the held papers say', (t) => {
  const papers = [policyPaper(POLICY), ...all];
  t.is(told(byRun(), basisOf(papers, 'uuid-1', minute(70))), YES);
  const forged = policyPaper({ ...POLICY, version: 2, demandsWindow: false }, 'rita');
  t.is(told(byRun(), basisOf([...papers, forged], 'uuid-1', minute(70))), YES, 'passed over');
  t.regex(
    told(byRun(), basisOf([...all, forged], 'uuid-1', minute(70))),
    /^policy\.untrusted: .* rita/,
  );
  t.regex(
    told(byRun(), basisOf(papers, 'uuid-2', minute(70))),
    /^policy\.untrusted: .* for the cluster uuid-1/,
  );
  t.is(told(byHand(MOVE), basisOf([], 'uuid-1', minute(70))), 'yes: the cluster holds no policy');
});

test('work fits until the window ends, or until a freeze begins', (t) => {
  const later = { ...REQUEST, start: stamp(-60) };
  const before = (policy: Policy, papers = goodPapers(later).all) => {
    const held = bench(-10, [window(papers, 70, policy)], policy);
    return (workEndsAt(held.windows[0] as ChangeWindow, held) - minute(0)) / 60_000;
  };
  t.is(before(POLICY), 180);
  t.is(before(COLD), 0);
  t.is(before(COLD, glass(REQUEST)), 180);
  const within = bench(70, [window(goodPapers().all, 70, COLD)], COLD);
  t.is(workEndsAt(within.windows[0] as ChangeWindow, within), minute(70), 'a freeze is on');
});
