import { readFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { topologyOf } from '../../src/change/topology.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import { lintRunbook } from '../../src/runbook/language/lint/lint.ts';
import { loadRunbook, loadRunbooks } from '../../src/runbook/language/load.ts';
import type { LoadedRunbook } from '../../src/runbook/language/types.ts';
import { hashPlan, makePlan } from '../../src/runbook/plan/plan.ts';
import type { Status } from '../../src/schema/generated/status-1.ts';
import { breakMirror, handMadeConfig, handMadeStatus, silence } from './hand-made-status.ts';
import { planText } from './plan-text.ts';

const library = loadRunbooks();
const broken = handMadeStatus(breakMirror);

for (const id of ['v3-11.10.4', 'v3-6.7.2']) {
  test(`the whole plan of ${id} reads as kept in plans/${id}.txt`, (t) => {
    const runbook = library.get(id)!;
    const topology = topologyOf(handMadeConfig());
    const plan = makePlan({ runbook, library, parameters: {}, status: broken, topology });
    const file = new URL(`plans/${id}.txt`, import.meta.url);
    if (process.env.REWRITE) writeFileSync(file, planText(plan));
    t.is(planText(plan), readFileSync(file, 'utf8'));
  });
}

const HEAD = `title: A test
source: { manual: v3, section: "1" }
editions: [LE]
kind: procedure
`;

function runbook(id: string, body: string): LoadedRunbook {
  return loadRunbook(`id: ${id}\n${HEAD}${body}`, `${id}.yaml`);
}

function plan(
  loaded: LoadedRunbook,
  parameters: Record<string, Json> = {},
  { status = handMadeStatus(), others = [] as LoadedRunbook[] } = {},
) {
  const known = new Map([loaded, ...others].map((one) => [one.runbook.id, one]));
  return makePlan({ runbook: loaded, library: known, parameters, status });
}

const PARAMETERS = `parameters:
  md: { type: string, from: mirrors, description: a mirror }
  server: { type: string, from: servers, description: a server }
  times: { type: integer, minimum: 1, maximum: 9, default: 3, description: how often }
  quick: { type: boolean, default: false, description: quickly }
  mode: { type: string, enum: [soft, hard], default: soft, description: how }
  note: { type: string, pattern: "^[a-z -]*$", default: none, description: a word }
  where: { type: string, default-expression: active(md), description: where it is active }
`;
const STEP = `steps:
  - id: say
    title: Say {note} {times} times
    added: for the test
    on: "{server}"
    run: echo {note} {times} {quick}
    expect: "true"
    undo: none
`;
const parametric = runbook('p', PARAMETERS + STEP);

test('parameters come typed from texts, from the cluster and from defaults', (t) => {
  const made = plan(parametric, {
    server: 'server2',
    times: '4',
    quick: 'true',
    note: 'two words',
  });
  t.deepEqual(made.parameters, {
    md: 'md1',
    server: 'server2',
    times: 4,
    quick: true,
    mode: 'soft',
    note: 'two words',
    where: 'server1',
  });
  const [step] = made.steps;
  t.is(step?.title, 'Say two words 4 times');
  t.like(step?.action, { argv: ['echo', 'two words', '4', 'true'] });
  t.is(step?.names.here, 'server2');
});

const refusals: [name: string, parameters: Record<string, Json>, code: string, words: RegExp][] = [
  ['none where two fit', {}, 'parameter.missing', /'server' must be given/],
  ['an unknown server', { server: 'servre2' }, 'server.unknown', /no server 'servre2'/],
  [
    'an unknown parameter',
    { server: 'server1', tims: 1 },
    'parameter.unknown',
    /no parameter 'tims'/,
  ],
  [
    'a word for a number',
    { server: 'server1', times: 'many' },
    'parameter.wrong',
    /must be a integer, not 'many'|must be an integer/,
  ],
  ['half a time', { server: 'server1', times: '1.5' }, 'parameter.wrong', /not '1.5'/],
  [
    'a number that would be rounded',
    { server: 'server1', times: '9007199254740993' },
    'parameter.wrong',
    /cannot be '9007199254740993'/,
  ],
  ['too many times', { server: 'server1', times: 10 }, 'parameter.wrong', /cannot be 10/],
  ['too few times', { server: 'server1', times: 0 }, 'parameter.wrong', /cannot be 0/],
  ['perhaps', { server: 'server1', quick: 'perhaps' }, 'parameter.wrong', /true or false/],
  [
    'a word that is none of the enum',
    { server: 'server1', mode: 'sofft' },
    'parameter.wrong',
    /cannot be 'sofft'/,
  ],
  [
    'a text against its pattern',
    { server: 'server1', note: 'a; reboot' },
    'parameter.wrong',
    /cannot be 'a; reboot'/,
  ],
  ['a number for a text', { server: 'server1', note: 5 }, 'parameter.wrong', /must be a text/],
  [
    'an option in disguise',
    { server: 'server1', note: '-rf' },
    'parameter.option',
    /read as an option/,
  ],
];

for (const [name, parameters, code, words] of refusals) {
  test(`a plan is refused when given ${name}`, (t) => {
    const error = t.throws(() => plan(parametric, parameters), { instanceOf: DrydockError });
    t.is(error?.code, code);
    t.is(error?.exit, 2);
    t.regex(error?.message ?? '', words);
    t.truthy(error?.remedy);
  });
}

test('whatever fits its pattern stays one argument', (t) => {
  const free = runbook('f', PARAMETERS.replace('"^[a-z -]*$"', '"^[^-]"') + STEP);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (note) => {
      fc.pre(!note.startsWith('-') && /^[^-]/u.test(note));
      const [step] = plan(free, { server: 'server1', note }).steps;
      t.deepEqual((step!.action as { argv: string[] }).argv, ['echo', note, '3', 'false']);
    }),
  );
  t.pass();
});

test('a runbook of another edition is refused with exit 4', (t) => {
  const status = handMadeStatus(() => {}, 'x5');
  const error = t.throws(() => plan(parametric, { server: 'server1' }, { status }), {
    instanceOf: DrydockError,
  });
  t.is(error?.code, 'edition');
  t.is(error?.exit, 4);
});

test('a runbook for another kind of cluster is refused with its place', (t) => {
  const other = runbook(
    'k',
    `cluster: pacemaker\nsteps:\n${check('a', '    run: echo a\n    on: server1')}`,
  );
  const error = t.throws(() => plan(other), { instanceOf: DrydockError });
  t.like(error, { code: 'cluster.kind', exit: 4 });
  t.regex(error?.message ?? '', /for clusters of kind pacemaker; this one is expresscluster/);
  t.is(error?.place?.file, 'k.yaml');
  const found = lintRunbook(other, { library: new Map(), catalogue: new Map() });
  t.true(found.some(({ message }) => /no words for a cluster of kind pacemaker/.test(message)));
});

const check = (id: string, more: string) =>
  `  - id: ${id}\n    title: ${id}\n    added: for the test\n    undo: none\n${more}\n`;

test('a list of servers becomes a step each, in order, with its own here', (t) => {
  const made = plan(
    runbook(
      'l',
      `steps:\n${check('each', `    on: "{servers.map(s, s.name)}"\n    when: here != 'server0'\n    run: echo {here} {peer(here)}\n    remember: { boot: server(here).bootId }`)}`,
    ),
  );
  t.deepEqual(
    made.steps.map(({ id, server, names, action }) => [
      id,
      server,
      names.here,
      (action as { argv: string[] }).argv,
    ]),
    [
      ['each@server1', 'server1', 'server1', ['echo', 'server1', 'server2']],
      ['each@server2', 'server2', 'server2', ['echo', 'server2', 'server1']],
    ],
  );
});

test('conditions are decided when planned, with the reason; those on choices stay', (t) => {
  const made = plan(
    runbook(
      'w',
      `steps:\n${check('way', '    choose: { question: "?", options: [a, b] }')}${check('no', "    when: cluster.edition == 'SE'\n    check: 'true'")}${check('yes', "    when: cluster.edition == 'LE'\n    check: 'true'")}${check('open', "    when: chosen('way') == 'a'\n    check: 'true'")}`,
    ),
  );
  t.deepEqual(
    made.steps.map(({ id, when }) => [id, when]),
    [
      ['way', null],
      ['yes', null],
      ['open', "chosen('way') == 'a'"],
    ],
  );
  t.deepEqual(made.leftOut, [
    { id: 'no', source: [], why: "when planned, this did not hold: cluster.edition == 'SE'" },
  ]);
});

test('what nobody knows is not planned upon', (t) => {
  const status = handMadeStatus((cluster) => silence(cluster, 'server2', null));
  const cases: [string, string][] = [
    [
      'when',
      `steps:\n${check('x', "    when: server('server2').power == 'on'\n    check: 'true'")}`,
    ],
    [
      'role',
      `roles: { level: server('server2').runLevel }\nsteps:\n${check('x', "    check: 'true'")}`,
    ],
    [
      'text',
      `steps:\n${check('x', "    check: 'true'").replace('title: x', 'title: "{server(\'server2\').runLevel}"')}`,
    ],
  ];
  for (const [name, body] of cases) {
    const error = t.throws(() => plan(runbook('u', body), {}, { status }), {
      instanceOf: DrydockError,
    });
    t.is(error?.code, 'plan.unknown', name);
    t.regex(error?.message ?? '', /server2 does not answer/);
  }
});

const inner = runbook(
  'inner',
  `parameters:
  md: { type: string, from: mirrors, description: a mirror }
  times: { type: integer, description: how often }
roles: { standby: "peer('server1')" }
requires:
  - { that: "server(standby).power == 'on'", or: "switch {standby} on" }
steps:
${check('way', '    choose: { question: "?", options: [a, b] }')}${check('go', "    when: chosen('way') == 'a'\n    check: times == 5").replace('added: for the test', 'source: ["9"]')}`,
);

test('a called runbook is put in: ids, choices, roles, requirements and labels of the caller', (t) => {
  const outer = runbook(
    'outer',
    `steps:\n${check('again', '    call: { runbook: inner, with: { times: "5" } }').replace('added: for the test', 'source: ["2b"]')}`,
  );
  const made = plan(outer, {}, { others: [inner] });
  t.deepEqual(
    made.steps.map(({ id, source, when }) => [id, source, when]),
    [
      ['again/way', ['2b'], null],
      ['again/go', ['2b'], "chosen('again/way') == 'a'"],
    ],
  );
  t.deepEqual(made.steps[0]?.requires, [
    { that: "server(standby).power == 'on'", or: 'switch server2 on' },
  ]);
  t.like(made.roles['again/standby'], { value: 'server2', names: { md: 'md1', times: 5 } });
  t.deepEqual(made.called, [{ id: 'inner', hash: inner.hash }]);
});

test('a part is called on each server of a list, with the reason of the step that calls it', (t) => {
  const part = loadRunbook(
    `id: part-1\ntitle: A part\nsource: { manual: x5, section: "1" }\neditions: [LE]\nkind: part
parameters:
  where: { type: string, from: servers, description: a server }
steps:
  - { id: look, title: "Look at {where}", check: "server(where).power == 'on'", undo: none }
`,
    'part-1.yaml',
  );
  const each = `steps:\n${check('each', `    on: "{['server2', 'server1']}"\n    call: { runbook: part-1, with: { where: "{here}" } }`)}`;
  const made = plan(runbook('outer', each), {}, { others: [part] });
  t.deepEqual(
    made.steps.map(({ id, title, added, names }) => [id, title, added, names.where]),
    [
      ['each@server2/look', 'Look at server2', 'for the test', 'server2'],
      ['each@server1/look', 'Look at server1', 'for the test', 'server1'],
    ],
  );
  const alone = t.throws(() => plan(part, { where: 'server1' }), { instanceOf: DrydockError });
  t.is(alone?.code, 'runbook.part');
});

test('what a called runbook requires is asked with its own names, also where it begins with a call', (t) => {
  const middle = runbook(
    'middle',
    `parameters:
  times: { type: integer, description: how often }
requires:
  - { that: "times == 7", or: seven }
steps:\n${check('deep', '    call: { runbook: inner, with: { times: "5" } }')}`,
  );
  const outer = runbook(
    'outer',
    `steps:\n${check('go', '    call: { runbook: middle, with: { times: "7" } }')}`,
  );
  const [first] = plan(outer, {}, { others: [middle, inner] }).steps;
  t.is(first?.id, 'go/deep/way');
  t.like(first?.requires[0], { that: 'times == 7', names: { times: 7 } });
  t.is(first?.names.times, 5);
  t.is(first?.requires[1]?.names, undefined);
});

test('runbooks that call one another in a circle are refused', (t) => {
  const call = (id: string) => `steps:\n${check('c', `    call: { runbook: ${id} }`)}`;
  const a = runbook('a', call('b'));
  const b = runbook('b', call('a'));
  const error = t.throws(() => plan(a, {}, { others: [b] }), { instanceOf: DrydockError });
  t.is(error?.code, 'call.circle');
  t.regex(error?.message ?? '', /a → b → a/);
});

test('the hash pins everything but the prediction', (t) => {
  const made = plan(parametric, { server: 'server1' });
  t.is(hashPlan({ ...made, predicted: {} }), made.hash);
  t.not(hashPlan({ ...made, steps: [] }), made.hash);
  t.is(hashPlan(JSON.parse(JSON.stringify(made))), made.hash);
  t.not(plan(parametric, { server: 'server1', times: 4 }).hash, made.hash);
});

test('the plan changes with the cluster only where the cluster decides', (t) => {
  const elsewhere = (status: Status) => {
    status.mirrors.md1!.servers.server1!.active = false;
    status.mirrors.md1!.servers.server2!.active = true;
  };
  const made = plan(parametric, { server: 'server1' }, { status: handMadeStatus(elsewhere) });
  t.is(made.parameters.where, 'server2');
});

test('secrets are named in the plan', (t) => {
  const body = PARAMETERS.replace('default: none, ', 'default: none, secret: true, ') + STEP;
  t.deepEqual(plan(runbook('s', body), { server: 'server1' }).secrets, ['note']);
});
