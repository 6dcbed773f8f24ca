/**
 * A window in words: everything that an approver has to know before signing. Texts that people
 * wrote are shown as they stand, each line of theirs below its title; what was refused is shown as well as what counts.
 */

import type { ChangeWindow } from '../../change/types.ts';
import type { JsonObject } from '../../core/json.ts';
import { inOneLine } from '../../core/visible.ts';
import { estimateWords } from '../../runbook/run/estimate.ts';
import { commandText, duration } from '../../runbook/run/transcript-words.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { ApprovedOrder, ApprovedPlan } from '../../schema/generated/window-document.ts';
import { counted } from '../../service/figures.ts';
import { whoMayApprove } from '../../service/window/windows.ts';
import type { Cli } from '../context.ts';

type Paint = Cli['paintData'];

function indented(text: string, by = '    '): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `${by}${line}`.trimEnd());
}

function parameterWords(parameters: JsonObject): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== null);
  const words = set.map(([name, value]) => {
    return `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`;
  });
  return words.length > 0 ? words.join(' ') : 'none';
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines.map((line) => `    ${line}`)];
}

/** Every command that counts: where, with which answers; of an older document no more than its words. */
function commandLines({ acts, commands }: ApprovedPlan): string[] {
  if (acts === undefined) return commands.map(commandText);
  const lines = acts.flatMap(({ order, undo }) => [
    ...(order ? [orderText('', order)] : []),
    ...(undo ? [orderText('undo ', undo)] : []),
  ]);
  return [...new Set(lines)];
}

function orderText(what: string, { server, argv, answers }: ApprovedOrder): string {
  const said = answers.map(
    ({ prompt, reply }) => `, answers ${JSON.stringify(prompt)} with ${JSON.stringify(reply)}`,
  );
  return `${what}on ${server}: ${commandText(argv)}${said.join('')}`;
}

export function planLines(plan: ApprovedPlan, paint: Paint): string[] {
  const { runbook, rehearsal, called, overlays = [] } = plan;
  const isDone = rehearsal.outcome === 'done';
  const tried = rehearsal.outcome === 'none';
  const result = tried
    ? paint('red', 'it was not rehearsed')
    : [
        paint(isDone ? 'green' : 'red', rehearsal.outcome),
        counted(rehearsal.steps, 'step'),
        estimateWords({
          ms: rehearsal.durationMs,
          atMostMs: rehearsal.durationMs,
          people: rehearsal.people ?? 0,
          isRecorded: false,
        }),
      ].join(', ');
  const calls = called.map(({ id, hash }) => `calls ${id} ${hash.slice(0, 16)}`);
  return [
    paint('bold', `Plan ${runbook.id}: ${runbook.title}`),
    `  parameters  ${parameterWords(plan.parameters as JsonObject)}`,
    `  servers     ${plan.servers.join(', ') || 'none'}`,
    `  hash        ${[runbook.hash.slice(0, 16), ...calls].join(', ')}`,
    ...overlays.map(
      ({ id, of, title, hash }) => `  overlay     ${id} ${hash.slice(0, 16)} of ${of}: ${title}`,
    ),
    ...(plan.undoes ? [`  undoes      run ${plan.undoes}`] : []),
    ...section('commands, of its steps and undos', commandLines(plan)),
    ...section(paint('red', 'dangers'), plan.dangers ?? []),
    ...section(paint('yellow', 'cannot be undone'), plan.cannotUndo ?? []),
    `  rehearsal   ${result}`,
    ...indented(rehearsal.transcript),
  ];
}

function approvalLines(window: ChangeWindow, needed: number): string[] {
  const given = window.approvals.map(
    ({ by, at, note }) => `  ${by} at ${at}${note ? `: ${note}` : ''}`,
  );
  const missing = needed - window.approvals.length;
  const isWaiting = window.state === 'requested' && missing > 0;
  return [
    `Approvals: ${window.approvals.length} of ${needed}`,
    ...given,
    ...(isWaiting ? [`  ${counted(missing, 'approval')} missing`] : []),
  ];
}

function afterwards(window: ChangeWindow): string[] {
  const { opened, closed, review } = window;
  const lines: string[] = [];
  if (opened) {
    lines.push(`Opened by ${opened.by} at ${opened.at}`);
    lines.push(...section('otherwise than approved', opened.differences));
  }
  for (const { by, at, to, reason, summary } of window.handovers) {
    lines.push(`Handed over by ${by} to ${to.principal} at ${at}${reason ? `: ${reason}` : ''}`);
    lines.push(...summary.map((line) => `    ${line}`));
  }
  if (closed) {
    lines.push(`Closed by ${closed.by} at ${closed.at}: ${closed.outcome}`);
    if (closed.notes) lines.push(...indented(closed.notes, '  '));
    lines.push(`  runs: ${closed.runs.join(', ') || 'none'}`);
    lines.push(...closed.accepted.map((debt) => `  left on purpose: ${debt}`));
  }
  if (review)
    lines.push(`Reviewed by ${review.by} at ${review.at}`, ...indented(review.notes, '  '));
  return lines;
}

export function stateWords(window: ChangeWindow): string {
  return window.owesReview ? `${window.state}, owes a review` : window.state;
}

function headLines(window: ChangeWindow, paint: Paint): string[] {
  const { request } = window;
  const rows: [string, string][] = [
    ['state', stateWords(window)],
    ['type', request.type],
    ['ticket', request.ticket || 'none'],
    ['requester', `${window.requester}, ${window.requestedAt}`],
    ['implementer', `${window.implementer.principal} as ${window.implementer.login}`],
    [
      'time',
      `${request.start} to ${request.end}, ${duration(request.reserveMs)} reserved for backing out`,
    ],
    ...request.clusters.map(({ name, uuid, topology, versions }): [string, string] => [
      'cluster',
      `${name} (${uuid}), topology ${topology.slice(0, 16)}, ${Object.entries(versions)
        .map(([what, is]) => `${what} ${is}`)
        .join(', ')}`,
    ]),
    ['servers', request.servers.join(', ') || 'none'],
    ['reason', request.reason],
    ['risk', request.risk || 'not said'],
    ['impact', request.impact || 'not said'],
    ['backout', request.backout || 'not said'],
    ['hash', window.hash],
  ];
  const emergency = window.opened?.emergency;
  return [
    paint('bold', `${window.id}  ${request.title}`),
    ...(emergency ? [paint('red', `BREAK-GLASS: ${emergency}`)] : []),
    ...rows.flatMap(([name, text]) => {
      const [first = '', ...more] = text.split('\n');
      return [`${name.padEnd(11)} ${first}`, ...more.map((line) => `${' '.repeat(12)}${line}`)];
    }),
  ];
}

export function windowWords(window: ChangeWindow, policy: Policy | null, paint: Paint): string {
  const needed = policy?.approvals ?? window.request.approvals;
  const able = whoMayApprove(window, policy);
  const isWaiting = window.state === 'requested';
  const lines = [
    ...headLines(window, paint),
    '',
    ...window.plans.flatMap((plan) => [...planLines(plan, paint), '']),
    ...window.pending.flatMap(({ hash, plan, run, approvals }) => [
      paint(
        'yellow',
        `Amendment ${hash.slice(0, 16)}${run ? ` of run ${run}` : ''}: ` +
          `${counted(approvals.length, 'approval')} of ${needed}`,
      ),
      ...planLines(plan, paint),
      '',
    ]),
    ...approvalLines(window, needed),
    ...(isWaiting && able.length > 0 ? [`  may approve: ${able.join(', ')}`] : []),
    ...afterwards(window),
    ...window.refused.map(({ name, why }) => paint('red', `does not count: ${name}: ${why}`)),
  ];
  return `${lines.map(inOneLine).join('\n').trimEnd()}\n`;
}
