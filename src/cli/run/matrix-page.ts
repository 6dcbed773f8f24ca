/**
 * The fault matrix as one page to read: no script, nothing fetched, every text escaped; light and
 * dark by the reader's setting. A step is a block and a fault a chip in it, so that nothing is wider than a phone.
 */
import { escaped } from '../../audit/evidence-html.ts';
import type {
  FaultMatrixReport,
  FaultOutcome,
} from '../../schema/generated/reports/fault-matrix.ts';
import { faultName } from '../../sim/step-faults.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #d0d7de; --soft: #f3f5f7;
  --good: #176f2c; --rest: #7a5200; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8ea; --paper: #15181c; --line: #3a4149;
  --soft: #1f242a; --good: #63c174; --rest: #e3b341; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 60rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; border-bottom: 1px solid var(--line); }
.verdict { border: 2px solid var(--good); padding: .6rem .8rem; }
.verdict.bad { border-color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem .8rem; }
dd { margin: 0; }
ul.chips { list-style: none; display: flex; flex-wrap: wrap; gap: .35rem; margin: 0; padding: 0; }
ul.chips li { border: 1px solid var(--line); border-radius: .4rem; padding: .1rem .5rem; font-size: .9rem; }
details { margin: .4rem 0; } summary { cursor: pointer; padding: .3rem 0; }
details div { background: var(--soft); padding: .5rem .7rem; margin: .3rem 0; }
code { font: 13px ui-monospace, monospace; }
.good { color: var(--good); } .rest { color: var(--rest); } .bad { color: var(--bad); }
b.bad { font-weight: 700; }
@media print { :root { color-scheme: light; --ink: #000; --paper: #fff; --soft: #fff; } }
`;

const TONES: Record<FaultOutcome['end'], string> = {
  ...{ completed: 'good', resumed: 'good', rolledBack: 'good', parked: 'rest' },
  ...{ stuck: 'rest', waits: 'rest', nothing: '' },
};

function endOf(cell: FaultOutcome): string {
  const [tone, word] = cell.violations.length > 0 ? ['bad', 'UNSAFE'] : [TONES[cell.end], cell.end];
  return `<b class="${tone}">${word}</b>`;
}

const chip = (cell: FaultOutcome) => `<li>${escaped(faultName(cell))} ${endOf(cell)}</li>`;

function reason(cell: FaultOutcome): string {
  const broken = cell.violations.map((words) => `<p class="bad">${escaped(words)}</p>`);
  const next = cell.next === null ? '' : `<p>Next: <code>${escaped(cell.next)}</code></p>`;
  const name = escaped(faultName(cell));
  return `<div>${name} ${endOf(cell)}<p>${escaped(cell.words)}</p>${next}${broken.join('')}</div>`;
}

/** What went on as planned needs no reason. */
function stepBlock(step: string, cells: readonly FaultOutcome[]): string {
  const struck = cells.filter(({ end }) => end !== 'nothing');
  const told = struck.filter(
    ({ end, violations }) => violations.length > 0 || !['completed', 'resumed'].includes(end),
  );
  const isOpen = told.some(({ violations }) => violations.length > 0) ? ' open' : '';
  const why =
    told.length === 0
      ? ''
      : `<details${isOpen}><summary>Why, and what to do (${told.length})</summary>
${told.map(reason).join('\n')}</details>`;
  const chips =
    struck.length === 0
      ? '<p>Nothing to strike: the step is skipped.</p>'
      : `<ul class="chips">${struck.map(chip).join('')}</ul>`;
  return `<section><h2>${escaped(step)}</h2>\n${chips}\n${why}</section>`;
}

export function matrixPage(matrix: FaultMatrixReport): string {
  const { runbook, title, plan, verdict, safe, ends, cells } = matrix;
  const steps = [...new Set(cells.map(({ step }) => step))];
  const legend = ends.map(
    ({ end, count, meaning }) =>
      `<dt class="${TONES[end]}"><b>${end}</b> (${count})</dt><dd>${escaped(meaning)}</dd>`,
  );
  const blocks = steps.map((step) =>
    stepBlock(
      step,
      cells.filter((cell) => cell.step === step),
    ),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Fault matrix of ${escaped(runbook)}</title><style>${STYLE}</style></head><body>
<h1>${escaped(runbook)}: ${escaped(title)}</h1>
<p>What becomes of it when something goes wrong at a step. Plan <code>${escaped(plan)}</code></p>
<p class="verdict${safe ? '' : ' bad'}">${escaped(verdict)}</p>
<dl>${legend.join('\n')}</dl>
${blocks.join('\n')}
</body></html>
`;
}
