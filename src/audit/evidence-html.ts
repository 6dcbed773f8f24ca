/**
 * The evidence of a window as one page to read: no script, nothing fetched, every text escaped;
 * light and dark by the reader's setting, and plain on document.
 */
import type { JsonObject } from '../core/json.ts';
import { visible } from '../core/visible.ts';
import type { Evidence, EvidenceRun } from './evidence.ts';

/** Text that cannot become markup, whoever wrote it; control characters are shown as such. */
export function escaped(text: string): string {
  const marks: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return visible(text).replace(/[&<>"']/g, (mark) => marks[mark] as string);
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #f3f5f7;
  --good: #176f2c; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --paper: #15181c; --line: #3a4149;
  --soft: #1f242a; --good: #63c174; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; background: var(--paper);
  color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p.sub { margin: 0 0 1rem; opacity: .8; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; white-space: nowrap; width: 11rem; }
thead th { width: auto; }
pre { background: var(--soft); padding: .75rem; overflow-x: auto; font: 13px/1.45 ui-monospace,
  monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; }
.alarm { border: 2px solid var(--bad); padding: .6rem .8rem; }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #999; --soft: #fff;
  --good: #000; --bad: #000; } body { padding: 0; max-width: none; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; } tr, pre { break-inside: avoid; } pre { border: 1px solid #999; } }
`;

type Cell = string | { html: string };

const cellHtml = (cell: Cell) =>
  typeof cell === 'string' ? escaped(cell).replaceAll('\n', '<br>') : cell.html;

/** Name and value, one a row. */
function facts(rows: readonly [string, Cell][]): string {
  const lines = rows.map(([name, value]) => {
    return `<tr><th scope="row">${escaped(name)}</th><td>${cellHtml(value)}</td></tr>`;
  });
  return `<table><tbody>\n${lines.join('\n')}\n</tbody></table>`;
}

function grid(heads: readonly string[], rows: readonly Cell[][]): string {
  if (rows.length === 0) return '<p>none</p>';
  const head = heads.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const body = rows.map(
    (row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>`;
}

const code = (text: string): Cell => ({ html: `<code>${escaped(text)}</code>` });
const preHtml = (text: string) => `<pre>${escaped(text.trimEnd())}</pre>`;

function resultCell(outcome: string): Cell {
  const isGood = outcome === 'successful' || outcome === 'done';
  return { html: `<span class="${isGood ? 'good' : 'bad'}">${escaped(outcome)}</span>` };
}

function summary(evidence: Evidence): string {
  const { requester, implementer, planned, actual, result, review } = evidence;
  const span = (from: string | null, to: string | null) => `${from ?? 'never'} to ${to ?? 'never'}`;
  return facts([
    ['Number', evidence.number],
    ['Ticket', evidence.ticket || 'none'],
    ['Type', evidence.type],
    ['State', evidence.state],
    ['Requested by', `${requester.principal}, ${requester.at}`],
    ['Implementer', `${implementer.principal}, acting as ${implementer.login}`],
    ['Clusters', evidence.clusters.map(({ name, uuid }) => `${name} (${uuid})`).join('\n')],
    ['Planned', span(planned.start, planned.end)],
    ['Opened and closed', span(actual.opened, actual.closed)],
    ['Work began and ended', span(actual.began, actual.ended)],
    ['Result', resultCell(result.outcome)],
    ['Notes', result.notes || 'none'],
    ['Left on purpose', result.debtsAccepted.join('\n') || 'nothing'],
    ['Review', review ? `${review.by}, ${review.at}\n${review.notes}` : 'none'],
    ['Reason', evidence.reason],
    ['Risk', evidence.risk || 'not said'],
    ['Impact', evidence.impact || 'not said'],
    ['Backout', evidence.backout || 'not said'],
  ]);
}

function planHtml(plan: Evidence['plan'][number]): string {
  const parameters = Object.entries(plan.parameters as JsonObject).filter(
    ([, value]) => value !== null,
  );
  const words = parameters.map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const site = (plan.overlays ?? []).map(
    ({ id, of, title, hash }) => `${id} ${hash} of ${of}: ${title}`,
  );
  return [
    `<h3>${escaped(plan.runbook.id)}: ${escaped(plan.runbook.title)}</h3>`,
    facts([
      ['Hash', code(plan.runbook.hash)],
      ...(site.length > 0 ? [['Overlays', site.join('\n')] as [string, string]] : []),
      ['Parameters', words.join(' ') || 'none'],
      ['Servers', plan.servers.join(', ') || 'none'],
      ['Dangers', (plan.dangers ?? []).join('\n') || 'none named'],
      ['Cannot be undone', (plan.cannotUndo ?? []).join('\n') || 'nothing named'],
      ['Rehearsed', resultCell(plan.rehearsal.outcome)],
    ]),
    plan.rehearsal.transcript ? preHtml(plan.rehearsal.transcript) : '',
  ].join('\n');
}

function runHtml(run: EvidenceRun): string {
  const { runbook, title, who, startedAt, endedAt, outcome, steps } = run;
  return [
    `<h3>${escaped(run.run)}</h3>`,
    facts([
      ['Runbook', `${runbook}: ${title}`],
      ['By', who],
      ['Time', `${startedAt} to ${endedAt ?? 'never'}`],
      ['Ended', resultCell(outcome)],
    ]),
    grid(
      ['Step', 'Outcome', 'At', 'Why'],
      steps.map((step) => [step.step, step.outcome, step.at, step.why ?? '']),
    ),
  ].join('\n');
}

function proofHtml({
  record,
  papers: documents,
  papersRefused: refusedDocuments,
}: Evidence): string {
  return [
    '<h2>Proof</h2>',
    '<p>README.txt says how to check all of this without the program that wrote it.</p>',
    facts([
      ['Entries of the record', `${record.entries.length} of this window, among ${record.size}`],
      ['Root over those', code(record.root)],
      ['Last entry', code(record.head ?? 'none')],
      [
        'Checkpoint',
        record.checkpoint ? `entry ${record.checkpoint.seq}, ${record.checkpoint.at}` : 'none',
      ],
    ]),
    '<h3>Signed documents</h3>',
    grid(
      ['Document', 'By', 'At', 'SHA-256 of its text'],
      documents.map(({ name, text, by, version }) => {
        const { kind, at } = JSON.parse(text) as { kind?: string; at?: string };
        const hash = name.split('/')[2];
        return [kind ?? `policy ${version}`, by, String(at), code(hash ?? 'see bundle.json')];
      }),
    ),
    ...(refusedDocuments.length > 0 ? ['<h3>Documents that do not count</h3>'] : []),
    ...(refusedDocuments.length > 0
      ? [
          grid(
            ['Document', 'Why'],
            refusedDocuments.map(({ name, why }) => [code(name), why]),
          ),
        ]
      : []),
  ].join('\n');
}

function alarms({ emergency, owesReview }: Evidence): string {
  const lines = [
    ...(emergency ? [`Opened by break-glass, without approvals: ${emergency}`] : []),
    ...(owesReview ? ['A review is owed.'] : []),
  ];
  return lines.map((line) => `<p class="alarm bad">${escaped(line)}</p>`).join('\n');
}

export function evidenceHtml(evidence: Evidence): string {
  const title = `${evidence.number}: ${evidence.title}`;
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${escaped(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${escaped(evidence.title)}</h1>`,
    `<p class="sub">Change ${escaped(evidence.number)}</p>`,
    alarms(evidence),
    summary(evidence),
    `<h2>Approvals (${evidence.approvers.length} of ${evidence.approvalsNeeded})</h2>`,
    grid(
      ['Person', 'At', 'Note', 'Document'],
      evidence.approvers.map(({ principal, at, note, paper: document }) => [
        principal,
        at,
        note,
        code(document.slice(0, 16)),
      ]),
    ),
    ...(evidence.handovers.length > 0
      ? [
          '<h2>Handed over</h2>',
          grid(
            ['From', 'To', 'At', 'Reason'],
            evidence.handovers.map(({ from, to, at, reason }) => [from, to, at, reason]),
          ),
        ]
      : []),
    '<h2>Items changed</h2>',
    grid(
      ['Item', 'What changed'],
      evidence.itemsChanged.map(({ item, changes }) => [item, changes.join('\n')]),
    ),
    '<h2>Plan, as approved</h2>',
    ...evidence.plan.map(planHtml),
    ...(evidence.differencesAtOpening.length > 0
      ? [
          '<h3>Otherwise than approved, when opened</h3>',
          preHtml(evidence.differencesAtOpening.join('\n')),
        ]
      : []),
    '<h2>Runs</h2>',
    ...(evidence.runs.length > 0 ? evidence.runs.map(runHtml) : ['<p>none</p>']),
    '<h2>Commands typed by hand</h2>',
    grid(
      ['At', 'Server', 'Who', 'Command', 'Exit'],
      evidence.byHand.map(({ at, server, who, command, exitCode, refused }) => [
        at,
        server,
        who,
        code(command),
        refused ? `refused: ${refused}` : String(exitCode ?? 'unknown'),
      ]),
    ),
    proofHtml(evidence),
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}
