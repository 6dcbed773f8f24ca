/** The fault matrix as words and as a page: what it says, and that no text becomes markup. */
import test from 'ava';
import { matrixPage } from '../../src/cli/run/matrix-page.ts';
import { matrixWords } from '../../src/cli/run/matrix-words.ts';
import type {
  FaultMatrixReport,
  FaultOutcome,
} from '../../src/schema/generated/reports/fault-matrix.ts';
import { countEnds, verdictOf } from '../../src/service/run/verdict.ts';

const cell = (more: Partial<FaultOutcome>): FaultOutcome => ({
  ...{ step: 'stop', kind: 'kill-before', target: null, end: 'resumed', outcome: 'done' },
  ...{ exit: 0, words: 'every step is done', next: null, violations: [] },
  ...more,
});

const CELLS = [
  cell({}),
  cell({ kind: 'crash', target: 'server1', end: 'stuck', outcome: 'stopped', exit: 6 }),
  cell({
    step: 'start',
    kind: 'says-no',
    end: 'parked',
    exit: 3,
    words: 'a; b; c',
    next: 'drydock resume RUN',
  }),
  cell({
    step: 'start',
    kind: 'cut',
    target: '<i>lan0',
    end: 'nothing',
    outcome: null,
    exit: null,
  }),
];

function matrixOf(cells: FaultOutcome[]): FaultMatrixReport {
  return {
    ...{ schema: 'drydock.fault-matrix/2', runbook: 'x-1', title: 'A & <b>', plan: 'p', exit: 0 },
    ...{ ...verdictOf(cells), ends: countEnds(cells), cells },
  };
}

test('the words: a table, each reason once with what to do, the verdict and its words', (t) => {
  t.is(
    matrixWords(matrixOf(CELLS)),
    `STEP   kill-before  crash@server1  says-no  cut@<i>lan0
stop   resumed      stuck
start                              parked   -
stop:crash@server1
    stuck: every step is done
start:says-no
    parked: a; b; and 1 more
    next: drydock resume RUN
SAFE: none of 4 faults at 2 steps breaks an invariant; 1 stop for a person, 1 park, 1 are resumed and completed, 1 have nothing to strike.
  stuck    the run stopped where only a person can tell what to do, and says what
  parked   the run rests at a point where nothing is under way, and is resumed with an answer
  resumed  the runner died or the person left, the run was resumed once, and came to its end
  -        there was nothing to strike: the step is skipped, or the fault does not concern it
`,
  );
});

test('one cell that breaks an invariant makes it unsafe, and is named', (t) => {
  const cells = [...CELLS, cell({ step: 'start', end: 'completed', violations: ['md1 <lost>'] })];
  const { verdict, safe } = verdictOf(cells);
  t.false(safe);
  t.regex(verdict, /^UNSAFE: 1 of 5 faults at 2 steps break an invariant \(at start\); /);
  t.regex(matrixWords(matrixOf(cells)), /UNSAFE start:kill-before: md1 <lost>\n/);
  t.regex(matrixPage(matrixOf(cells)), /<details open>[\s\S]*<p class="bad">md1 &lt;lost&gt;<\/p>/);
});

test('the page is whole in itself, and shows every text as text', (t) => {
  const page = matrixPage(matrixOf(CELLS));
  t.notRegex(page, /<script|<i>|https?:|url\(|@import/);
  t.regex(page, /default-src 'none'/);
  t.regex(page, /name="viewport" content="width=device-width/);
  t.regex(page, /prefers-color-scheme: dark/);
  t.regex(page, /<h1>x-1: A &amp; &lt;b&gt;<\/h1>/);
  t.regex(page, /<li>crash@server1 <b class="rest">stuck<\/b><\/li>/);
  t.regex(page, /<code>drydock resume RUN<\/code>/);
  for (const tag of ['section', 'details', 'ul', 'li', 'dl', 'div', 'p', 'b', 'h2']) {
    const opened = page.match(new RegExp(`<${tag}[ >]`, 'g'))?.length ?? 0;
    t.is(page.match(new RegExp(`</${tag}>`, 'g'))?.length ?? 0, opened, tag);
  }
});
