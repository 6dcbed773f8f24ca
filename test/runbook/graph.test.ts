import test from 'ava';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import { loadRunbook, loadRunbooks } from '../../src/runbook/language/load.ts';
import { graphOf } from '../../src/runbook/plan/graph.ts';
import { blocksOf, conjunctsOf } from '../../src/runbook/plan/graph-blocks.ts';
import { type GraphModel, graphModel, viewOfRunbook } from '../../src/runbook/plan/graph-model.ts';
import { makePlan } from '../../src/runbook/plan/plan.ts';
import { breakMirror, handMadeStatus } from './hand-made-status.ts';
import { walkThrough } from './walks.ts';

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
  const edges = graphModel(branching).edges.map(({ from, to, label }) => [from, to, label]);
  t.deepEqual(edges, [
    ['start', 'way', ''],
    ['way', 'fork 1', ''],
    ['fork 1', 'left-one', 'left was chosen at way'],
    ['left-one', 'left-two', ''],
    ['left-two', 'join 1', ''],
    ['fork 1', 'right', 'right was chosen at way'],
    ['right', 'join 1', ''],
    ['join 1', 'both', ''],
    ['both', 'fork 2', ''],
    ['fork 2', 'perhaps', 'the cluster recovers mirrors by itself'],
    ['perhaps', 'join 2', ''],
    ['fork 2', 'join 2', 'otherwise'],
    ['join 2', 'done', ''],
  ]);
});

test('Mermaid draws the same chart, with its own signs escaped, and a legend', (t) => {
  t.is(
    graphOf(branching).mermaid,
    `---
title: "v3-1: Choose <one> & \\"go\\""
---
stateDiagram-v2
  %% from above to below, in order; a step under “only if” is left out where that does not hold
  %% of branches under “one of these” one is taken, under “at most one of these” one or none
  %% (n) the step’s number in the manual, + added, * the site’s own; ! dangerous
  %% at any step a run may be parked, stop or fail, and is resumed there
  s1: Step way · +
  state s2 <<choice>>
  s3: Step left-one · +
  s4: Step left-two · +
  s5: Step right · +
  state s6 <<choice>>
  s7: Step both · +
  state s8 <<choice>>
  s9: Step perhaps · +
  state s10 <<choice>>
  [*] --> s1
  s1 --> s2
  s2 --> s3: left was chosen at way
  s3 --> s4
  s4 --> s6
  s2 --> s5: right was chosen at way
  s5 --> s6
  s6 --> s7
  s7 --> s8
  s8 --> s9: the cluster recovers mirrors by itself
  s9 --> s10
  s8 --> s10: otherwise
  s10 --> [*]
`,
  );
});

test('letters draw it, exclusive steps in one bracket with their conditions', (t) => {
  t.is(
    graphOf(branching).text.split('\nfrom above')[0],
    `v3-1: Choose <one> & "go"

+ Step way
+== one of these
|  +-- if left was chosen at way:
|  |   + Step left-one
|  |   + Step left-two
|  +-- if right was chosen at way:
|  |   + Step right
+==
+ Step both
+-- only if the cluster recovers mirrors by itself:
|   + Step perhaps
+--
`,
  );
});

test('the SVG is well-formed, holds every step, its conditions, a legend and no raw text', (t) => {
  const { svg, dot } = graphOf(branching);
  t.is(XMLValidator.validate(svg), true);
  t.true(svg.includes('Choose &lt;one&gt; &amp; &quot;go&quot;'));
  for (const id of ['way', 'left-one', 'left-two', 'right', 'both', 'perhaps']) {
    t.true(svg.includes(`>${id} · `), id);
    t.true(dot.includes(`"${id}" [label=`), id);
  }
  for (const words of ['one of these', 'if left was chosen at way', 'yellow: done or decided']) {
    t.true(svg.includes(words), words);
  }
});

test('text that no XML may hold does not reach the SVG', (t) => {
  const odd = loadRunbook(BRANCHING.replace('Step both', '"Step \\u0001\\u001b]</svg> both"'), 'x');
  t.is(XMLValidator.validate(graphOf(odd).svg), true);
});

const conditions: [condition: string, parts: string[]][] = [
  ['a', ['a']],
  ['a && b', ['a', 'b']],
  ["((a) && (b == ' && ')) && c", ['a', "b == ' && '", 'c']],
  ['a && b || c', ['a && b || c']],
  ['x.all(s, s.a && s.b) && !(c && d)', ['x.all(s, s.a && s.b)', '!(c && d)']],
  ['a ? b && c : d', ['a ? b && c : d']],
];

for (const [condition, parts] of conditions) {
  test(`${condition} holds where all of ${parts.length} hold`, (t) => {
    t.deepEqual(conjunctsOf(condition), parts);
  });
}

const exclusive: [whens: string[], drawn: string][] = [
  [['a', '!a'], 'one of a/!a'],
  [['x.exists(s, s.b)', 'x.all(s, !s.b)'], 'one of x.exists(s, s.b)/x.all(s, !s.b)'],
  [["e == 'A'", "e == 'B'"], "at most one of e == 'A'/e == 'B'"],
  [["e == 'A'", "e != 'A'"], "one of e == 'A'/e != 'A'"],
  [['!(a && b)', 'a && b'], 'if !(a && b), if a+b'],
  [['a', 'b'], 'if a, if b'],
  [["c && e == 'A'", "c && e == 'B'"], "if c(at most one of e == 'A'/e == 'B')"],
  [["e == 'A'", "e == 'B'", "e == 'A'"], "at most one of e == 'A'/e == 'B', if e == 'A'"],
];

type Drawn = ReturnType<typeof blocksOf<{ when: string }>>;

function words(blocks: Drawn): string {
  const said = blocks.map((block) => {
    if ('step' in block) return '';
    const branches = block.branches.map(({ when, blocks: inner }) => {
      const within = words(inner);
      return `${when.join('+')}${within ? `(${within})` : ''}`;
    });
    if (branches.length === 1) return `if ${branches[0]}`;
    return `${block.isWhole ? 'one of' : 'at most one of'} ${branches.join('/')}`;
  });
  return said.filter(Boolean).join(', ');
}

for (const [whens, drawn] of exclusive) {
  test(`steps under ${whens.join(' and under ')} are drawn: ${drawn}`, (t) => {
    const steps = whens.map((when) => ({ when }));
    t.is(words(blocksOf(steps, new Map())), drawn);
  });
}

/** Ways from step to step, without the forks and joins between them. */
function waysOf({ nodes, edges }: GraphModel): Set<string> {
  const between = new Set(
    nodes.filter(({ kind }) => kind === 'fork' || kind === 'join').map(({ id }) => id),
  );
  const ways = new Set<string>();
  for (const { from } of edges.filter((edge) => !between.has(edge.from))) {
    const open = edges.filter((edge) => edge.from === from).map(({ to }) => to);
    const seen = new Set<string>();
    for (let to = open.pop(); to !== undefined; to = open.pop()) {
      if (seen.has(to)) continue;
      seen.add(to);
      if (!between.has(to)) ways.add(`${from} -> ${to}`);
      else open.push(...edges.filter((edge) => edge.from === to).map((edge) => edge.to));
    }
  }
  return ways;
}

const library = loadRunbooks();

for (const [id, loaded] of library) {
  test(`${id} is drawn with every step and every way through it, in lines that grow with the steps`, (t) => {
    const model = graphModel(loaded, library);
    const steps = viewOfRunbook(loaded, library);
    const drawn = waysOf(model);
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (numbers) => {
        const draw = (among: number) => (numbers.next().value as number) % among;
        const walk = ['start', ...walkThrough(steps, draw), 'done'];
        const ways = walk.slice(1).map((to, at) => `${walk[at]} -> ${to}`);
        t.deepEqual(
          ways.filter((way) => !drawn.has(way)),
          [],
        );
      }),
      { numRuns: 60 },
    );
    t.deepEqual(
      model.nodes.filter(({ kind }) => !['point', 'fork', 'join'].includes(kind)).length,
      steps.length,
    );
    t.true(model.edges.length <= 4 * steps.length + 1, `${model.edges.length} lines`);
    const { svg, text } = graphOf(loaded, library);
    t.is(XMLValidator.validate(svg), true);
    t.false(/…/.test(svg.replaceAll('…)', '')), 'something is cut off');
    t.true(text.split('\n').every((line) => line.length <= 110));
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
    ['start', 'recover', 'watch/progress', 'watch/completed', 'watch/in-order', 'done'],
  );
});
