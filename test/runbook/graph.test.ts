import test from 'ava';
import { XMLValidator } from 'fast-xml-parser';
import { loadRunbook, loadRunbooks } from '../../src/runbook/language/load.ts';
import { graphModel, graphOf } from '../../src/runbook/plan/graph.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { breakMirror, handMadeStatus } from './hand-made-status.ts';

const step = (id: string, more: string) => `  - id: ${id}
    title: Step ${id}
    added: for the test
    undo: none
${more}`;

const BRANCHING = `id: v3-1
title: 'Choose <one> & "go"'
source: { manual: v3, section: "1" }
editions: [LE]
kind: procedure
steps:
${step('way', '    choose: { question: Which?, options: [left, right] }')}
${step('left-one', "    when: chosen('way') == 'left'\n    check: 'true'")}
${step('left-two', "    when: chosen('way') == 'left'\n    check: 'true'")}
${step('right', "    when: chosen('way') == 'right'\n    check: 'true'")}
${step('both', "    check: 'true'")}
${step('perhaps', "    when: cluster.autoRecovery\n    check: 'true'")}
`;

const branching = loadRunbook(BRANCHING, 'x.yaml');

test('a choice leads to its own steps only, and they meet again', (t) => {
  const edges = graphModel(branching).edges.map(({ from, to }) => `${from} -> ${to}`);
  t.deepEqual(edges, [
    'start -> way',
    'way -> left-one',
    'left-one -> left-two',
    'way -> right',
    'left-two -> both',
    'right -> both',
    'both -> perhaps',
    'both -> done',
    'perhaps -> done',
  ]);
});

test('Mermaid draws the same chart, with its own signs escaped', (t) => {
  t.is(
    graphOf(branching).mermaid,
    `---
title: "v3-1: Choose <one> & \\"go\\""
---
stateDiagram-v2
  s1: Step way
  s2: Step left-one
  s3: Step left-two
  s4: Step right
  s5: Step both
  s6: Step perhaps
  [*] --> s1
  s1 --> s2: chosen('way') == 'left'
  s2 --> s3: chosen('way') == 'left'
  s1 --> s4: chosen('way') == 'right'
  s3 --> s5
  s4 --> s5
  s5 --> s6: cluster.autoRecovery
  s5 --> [*]
  s6 --> [*]
`,
  );
});

test('the SVG is well-formed, holds every step and no raw text', (t) => {
  const { svg, dot } = graphOf(branching);
  t.is(XMLValidator.validate(svg), true);
  t.true(svg.includes('Choose &lt;one&gt; &amp; &quot;go&quot;'));
  for (const id of ['way', 'left-one', 'left-two', 'right', 'both', 'perhaps']) {
    t.true(svg.includes(`>${id} · `), id);
    t.true(dot.includes(`"${id}" [label=`), id);
  }
});

test('text that no XML may hold does not reach the SVG', (t) => {
  const odd = loadRunbook(BRANCHING.replace('Step both', '"Step \\u0001\\u001b]</svg> both"'), 'x');
  t.is(XMLValidator.validate(graphOf(odd).svg), true);
});

const library = loadRunbooks();

for (const [id, loaded] of library) {
  test(`${id} is drawn with every step between start and done`, (t) => {
    const { nodes, edges } = graphModel(loaded, library);
    const into = new Set(edges.map(({ to }) => to));
    const outOf = new Set(edges.map(({ from }) => from));
    for (const node of nodes) {
      if (node.id !== 'start') t.true(into.has(node.id), `nothing leads to ${node.id}`);
      if (node.id !== 'done') t.true(outOf.has(node.id), `nothing leads on from ${node.id}`);
    }
    t.is(XMLValidator.validate(graphOf(loaded, library).svg), true);
  });
}

test('a called runbook is drawn in the place of its call, as in the plan', (t) => {
  const runbook = library.get('v3-11.10.4')!;
  const drawn = graphModel(runbook, library).nodes.map(({ id }) => id);
  t.true(drawn.includes('watch/progress'));
  const status = handMadeStatus(breakMirror);
  const plan = makePlan({ runbook, library, parameters: {}, status });
  t.deepEqual(
    graphModel(plan).nodes.map(({ id }) => id),
    ['start', 'recover', 'watch/progress', 'watch/completed', 'done'],
  );
});
