/** Acts, and benches of windows to judge them by. */
import { foldWindow } from '../../src/change/fold.ts';
import { judge } from '../../src/change/judge.ts';
import { trustOf } from '../../src/change/policies.ts';
import type { Act, Authority, ChangeWindow, DecisionBasis } from '../../src/change/types.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { WindowRequest } from '../../src/schema/generated/window-document.ts';
import {
  goodPapers,
  hash,
  minute,
  PLAN,
  POLICY,
  paper,
  REQUEST,
  stamp,
} from '../support/signed-papers.ts';

export const RUN = {
  runbook: { id: 'move', hash: 'a'.repeat(64) },
  called: PLAN.called,
  parameters: PLAN.parameters,
};

export const byHand = (argv: string[], more: Partial<Authority> = {}, server = 'server1'): Act => ({
  cluster: 'uuid-1',
  topology: 'c'.repeat(64),
  server,
  authority: { who: 'ines@server1', window: null, run: null, plan: null, ...more },
  command: { name: argv[0] as string, args: argv.slice(1) },
});

export interface More extends Partial<Authority> {
  backingOut?: boolean;
}

export const byRun = (plan: object = {}, { backingOut, ...more }: More = {}): Act => ({
  cluster: 'uuid-1',
  topology: 'c'.repeat(64),
  server: null,
  authority: { who: 'ines@control', window: 'W-1', run: 'r', plan: { ...RUN, ...plan }, ...more },
  command: null,
  ...(backingOut === undefined ? {} : { backingOut }),
});

export const step = (server: string, more: Partial<Authority> = {}): Act => ({
  ...byRun({}, more),
  server,
  topology: 'd'.repeat(64),
  command: { name: 'clpgrp', args: ['-m', 'web', '-a', 'server2'] },
});

export const { all, asked, first, second, of } = goodPapers();
export const window = (papers: typeof all, now: number, policy: Policy = POLICY): ChangeWindow =>
  foldWindow(papers, policy, trustOf(policy), minute(now));
export const glass = (request: WindowRequest, id = 'E-1') => {
  const alarm = paper('request', 'rita', 0, request, id);
  const body = { of: hash(alarm), approvals: [], differences: [], emergency: 'the array burns' };
  return [alarm, paper('opening', 'ines', 5, body, id)];
};
export const close = paper('closing', 'ines', 90, {
  of,
  outcome: 'successful',
  notes: '',
  runs: [],
  accepted: [],
});

export const FREEZE = [
  {
    name: 'Year end',
    ics: [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'BEGIN:VEVENT',
      'UID:1',
      `DTSTART:${stamp(0).replace(/[-:]|\.000/g, '')}`,
      `DTEND:${stamp(100).replace(/[-:]|\.000/g, '')}`,
      'END:VEVENT',
      'END:VCALENDAR',
    ].join('\r\n'),
  },
];
export const COLD: Policy = { ...POLICY, freezes: FREEZE };
export const LAX: Policy = { ...POLICY, demandsWindow: false };

export const bench = (
  now: number,
  windows: ChangeWindow[],
  policy: Policy | null = POLICY,
): DecisionBasis => ({
  policy,
  untrusted: null,
  windows,
  now: minute(now),
});
export const opened = (now: number, policy: Policy = POLICY) =>
  bench(now, [window(all, now, policy)], policy);
export const alarmed = (now: number, request: WindowRequest = REQUEST, policy = POLICY) =>
  bench(now, [window(glass(request), now, policy)], policy);
/** What was approved is that the run move-1 is undone. */
export const undoing = bench(70, [
  window(goodPapers({ ...REQUEST, plans: [{ ...PLAN, undoes: 'move-1' }] }).all, 70),
]);

export function told(act: Act, held: DecisionBasis): string {
  const found = judge(act, held);
  if (!found.allowed) return `${found.code}: ${found.why}; ${found.remedy}`;
  return `yes${found.emergency ? ', by break-glass' : ''}: ${found.why}`;
}

export const MOVE = ['clpgrp', '-m', 'web', '-a', 'server2'];
export const YES = 'yes: window W-1, CHG-7: Move web';
export const ALARM =
  'yes, by break-glass: window E-1, CHG-7: Move web; opened by break-glass: the array burns';
export const AMEND = 'run what was approved, or have an amendment approved: `drydock amend`';
export const GLASS = 'if it cannot wait: --emergency REASON';
