import test from 'ava';
import { describeError } from '../../src/core/errors.ts';
import { parseCatalogue } from '../../src/runbook/language/catalogue.ts';
import { parseDocumentedCommands } from '../../src/runbook/language/documented.ts';
import { lintRunbook } from '../../src/runbook/language/lint/lint.ts';
import { loadRunbook } from '../../src/runbook/language/load.ts';

const catalogue = parseCatalogue(
  [
    'id\tmanual\tsection\teditions\tkind\tstep_labels\ttitle',
    'v3-1\tv3\t1\tLE\tprocedure\t1 2a 3/4\tDo it',
  ].join('\n'),
);

const documented = parseDocumentedCommands('v3-1\t2a\tclpmdctrl --recovery <mirror>\n');

const CLEAN = `id: v3-1
title: Do it
source: { manual: v3, section: "1" }
editions: [LE]
kind: procedure
parameters:
  md: { type: string, from: mirrors, description: a mirror }
  server: { type: string, from: servers, description: a server }
roles:
  other: peer(server)
requires:
  - { that: "server(other).power == 'on'", or: "switch {other} on" }
steps:
  - id: way
    title: Choose
    source: ["1"]
    choose: { question: Which?, options: [short, long] }
    undo: none
  - id: recover
    title: Recover {md}
    source: ["2a"]
    on: "{server}"
    when: chosen('way') == 'long'
    remember: { generation: mirror(md).on(server).generation }
    run: clpmdctrl --recovery {md}
    expect: mirror(md).on(here).generation != before.generation
    danger: the other copy is overwritten
    undo: none
  - id: show
    title: Show it
    source: ["4"]
    on: "{servers.map(s, s.name)}"
    run: clpmdstat --mirror {md}
    expect-output: Normal
    undo: none
`;

function findings(text: string): string[] {
  const loaded = loadRunbook(text, 'x.yaml');
  const library = new Map([[loaded.runbook.id, loaded]]);
  const programs = new Set(['clpmdctrl', 'clpmdstat', 'reboot', 'fdisk', 'clpcl', 'clpbackup.sh']);
  return lintRunbook(loaded, { library, catalogue, documented, programs }).map(describeError);
}

test('a runbook that is in order has no findings', (t) => {
  t.deepEqual(findings(CLEAN), []);
});

const table: [name: string, from: string, to: string, finding: string][] = [
  [
    'a copy that is said to be undone by stopping it',
    'undo: none\n  - id: show',
    'undo: { run: "clpmdctrl --cancel {md}" }\n  - id: show',
    "step 'recover' overwrites a copy, which nothing brings back; write `undo: none`",
  ],
  [
    'a physical act that leaves out what it is about',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal\n    undo: none',
    'operator: { act: takeDiskImage }\n    undo: none',
    "step 'show' does not say which image; write image: …",
  ],
  [
    'a dangerous physical act without a warning',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal\n    undo: none',
    'operator: { act: cutPower }\n    undo: none',
    "step 'show' is dangerous and does not say so; give it `danger`",
  ],
  [
    'an undo that only stops a copy',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal\n    undo: none',
    'run: clpcl -s\n    expect: server(here).daemon == \'running\'\n    undo: { run: "clpmdctrl --cancel {md}" }',
    "the undo of step 'show' stops a copy; stopping is not undoing it",
  ],
  [
    'an undo that changes nothing',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal\n    undo: none',
    'run: clpcl -s\n    expect: server(here).daemon == \'running\'\n    undo: { run: "clpmdstat --mirror {md}" }',
    "the undo of step 'show' changes nothing; write `undo: none`",
  ],
  [
    'an undo of what changes nothing',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal\n    undo: none',
    'run: clpmdstat --mirror {md}\n    undo: { run: clpcl -t }',
    "step 'show' changes nothing, and has an undo; write `undo: none`",
  ],
  [
    'findings of a command that does more than look',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal',
    "run: clpcl -s\n    expect: server(here).daemon == 'running'\n    findings: [{ exit: 1, severity: error, says: no }]",
    "step 'show' does more than look; drop `findings`",
  ],
  [
    'a finding that nothing tells',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal',
    'run: clpmdstat --mirror {md}\n    findings: [{ severity: error, says: so }]',
    "step 'show' does not say what it finds it by; give exit, prints or lacks",
  ],
  [
    'a finding whose way out is no runbook',
    'run: clpmdstat --mirror {md}\n    expect-output: Normal',
    'find: { severity: error, says: so, runbook: v3-9.9 }',
    "there is no runbook 'v3-9.9'",
  ],
  [
    'an accepted exit code of a step that runs nothing',
    'undo: none\n  - id: recover',
    'accept: [{ exit: 1, remark: why not }]\n    undo: none\n  - id: recover',
    "step 'way' runs nothing that ends; drop `accept`",
  ],
  [
    'an exit code that is accepted twice',
    'run: clpmdstat --mirror {md}\n',
    'run: clpmdstat --mirror {md}\n    accept: [{ exit: 1, remark: a }, { exit: 1, remark: b }]\n',
    "step 'show' accepts exit 1 twice; keep one of them",
  ],
  [
    'a remark with a name that is unknown',
    'run: clpmdstat --mirror {md}\n',
    'run: clpmdstat --mirror {md}\n    accept: [{ exit: 1, remark: "{pont} changed" }]\n',
    "steps[2].accept[0].remark: unknown name 'pont'",
  ],
  [
    'an id that no manual has',
    'id: v3-1',
    'id: v3-2',
    "x.yaml:1:5: id: the catalogue has no procedure 'v3-2'; did you mean 'v3-1'?",
  ],
  [
    'another title',
    'title: Do it',
    'title: Do that',
    "x.yaml:2:8: title: the catalogue says 'Do it', not 'Do that'; take the catalogue’s word",
  ],
  [
    'an unknown label',
    '["2a"]',
    '["2b"]',
    "x.yaml:21:14: steps[1].source[0]: v3-1 has no documented step '2b'; did you mean '2a'?",
  ],
  [
    'a missing label',
    '["1"]',
    '["4"]',
    'x.yaml:14:3: steps: the documented step 1 is missing; add it with source: ["1"]',
  ],
  [
    'both alternatives missing',
    '["4"]',
    '["1"]',
    'x.yaml:14:3: steps: the documented step 3 or 4 is missing; add it with source: ["3"]',
  ],
  [
    'a documented command in other words',
    'run: clpmdctrl --recovery',
    'run: clpmdctrl -r',
    'x.yaml:19:5: steps[1]: step 2a of the manual runs `clpmdctrl --recovery <mirror>`, and no step here does; add it, spelled so',
  ],
  [
    'a command whose work nobody can see',
    '    expect-output: Normal\n',
    '',
    "nothing tells that step 'show' was done; give it `probe`, `expect`, `expect-output` or `findings`, or say why not: `unseen`",
  ],
  [
    'a reason for not seeing what is seen',
    '    expect-output: Normal\n',
    '    expect-output: Normal\n    unseen: it is not\n',
    "step 'show' needs no reason for what it does not show",
  ],
  [
    'an unknown field of the status',
    '.power ==',
    '.powr ==',
    "x.yaml:12:27: requires[0].that: ServerStatus has no field 'powr'; did you mean 'power'?",
  ],
  [
    'an unknown word',
    "== 'on'",
    "== 'onn'",
    "x.yaml:12:37: requires[0].that: 'onn' is never the value here; did you mean 'on'?",
  ],
  [
    'an unknown name in a template',
    'switch {other} on',
    'switch {othr} on',
    "x.yaml:12:57: requires[0].or: unknown name 'othr'; did you mean 'other'?",
  ],
  [
    'an unknown role function',
    'peer(server)',
    'pear(server)',
    "x.yaml:10:10: roles.other: unknown function 'pear'; did you mean 'peer'?",
  ],
  [
    'an expectation that is no condition',
    'expect: mirror(md).on(here).generation != before.generation',
    'expect: mirror(md).on(here).generation + before.generation',
    'gives a string where a bool is needed',
  ],
  [
    'something that was not remembered',
    '!= before.generation',
    '!= before.generatio',
    "before has no field 'generatio'; did you mean 'generation'?",
  ],
  [
    'something remembered for nothing',
    '!= before.generation',
    "!= 'x'",
    'before.generation is remembered for nothing; drop it',
  ],
  [
    'here without a server',
    "server(other).power == 'on'",
    "server(here).power == 'on'",
    "unknown name 'here'",
  ],
  [
    'a choice that is not made',
    "chosen('way')",
    "chosen('wya')",
    "x.yaml:23:18: steps[1].when: chosen('wya') asks for a choice that is not made before; choices so far: way",
  ],
  [
    'an option that does not exist',
    "== 'long'",
    "== 'lang'",
    "'lang' is no option of 'way'; short | long",
  ],
  ['a step that is never reached', "== 'long'", "== 'lang'", "step 'recover' can never be reached"],
  [
    'an expectation that is missing',
    '    expect: mirror(md).on(here).generation != before.generation\n',
    '',
    "step 'recover' changes something and expects nothing; give it `expect`",
  ],
  [
    'a danger that is not said',
    '    danger: the other copy is overwritten\n',
    '',
    "step 'recover' is dangerous and does not say so; give it `danger`",
  ],
  [
    'no server',
    '    on: "{server}"\n',
    '',
    "step 'recover' does not say on which server; give it `on`",
  ],
  [
    'no label and no reason',
    '    source: ["4"]\n',
    '',
    "step 'show' has no label; give it `source`, or `added` with the reason",
  ],
  [
    'a program that no server has',
    'clpmdstat',
    'clpmdstad',
    "no server has a program 'clpmdstad'; did you mean 'clpmdstat'?",
  ],
  [
    'a command that asks unanswered',
    'clpmdctrl --recovery {md}',
    'clpmdctrl --force {server} {md}',
    "the command of step 'recover' asks, and nobody answers; give it `answers`",
  ],
  [
    'a reboot that does not say so',
    'clpmdctrl --recovery {md}',
    'reboot',
    "step 'recover' takes its server down; write goes-down: true",
  ],
  [
    'a command of the cluster that reboots and does not say so',
    'clpmdctrl --recovery {md}',
    'clpbackup.sh --post',
    "step 'recover' takes its server down; write goes-down: true",
  ],
  [
    'a danger behind the short name of an option',
    `--recovery {md}
    expect: mirror(md).on(here).generation != before.generation
    danger: the other copy is overwritten
`,
    `-r {md}
    expect: mirror(md).on(here).generation != before.generation
`,
    "step 'recover' is dangerous and does not say so; give it `danger`",
  ],
  [
    'free text in a command',
    '{ type: string, from: mirrors, description: a mirror }',
    '{ type: string, description: a mirror }',
    "'md' is free text and goes into a command; give it from, enum or pattern",
  ],
  [
    'a parameter that takes a word of the language',
    '  md: {',
    '  mirrors: { type: string, from: mirrors, description: x }\n  md: {',
    "'mirrors' is a word of the expressions; rename it",
  ],
  [
    'a choice on a server',
    '    choose:',
    '    on: "{server}"\n    choose:',
    "step 'way' asks a person, not a server; drop `on`",
  ],
  [
    'a call of an unknown runbook',
    '    run: clpmdstat --mirror {md}',
    '    call: { runbook: v3-9 }',
    "there is no runbook 'v3-9'",
  ],
  [
    'a call with an unknown parameter',
    '    run: clpmdstat --mirror {md}',
    '    call: { runbook: v3-1, with: { dm: "{md}" } }',
    "'v3-1' has no parameter 'dm'; did you mean 'md'?",
  ],
  [
    'an advice that names a runbook which is not there',
    'danger: the other copy is overwritten',
    'danger: look first, with v3-9.1',
    "there is no runbook 'v3-9.1'",
  ],
  [
    'an expression that cannot be read',
    "chosen('way') == 'long'",
    "chosen('way') ==",
    'cannot be read',
  ],
];

for (const [name, from, to, finding] of table) {
  test(`lint finds ${name}`, (t) => {
    t.true(CLEAN.includes(from), 'the clean runbook has changed');
    const found = findings(CLEAN.replace(from, to));
    t.true(
      found.some((line) => line.includes(finding)),
      found.join('\n') || 'nothing found',
    );
  });
}

test('steps after a refusal can never be reached', (t) => {
  const text = CLEAN.replace(
    '  - id: show',
    '  - id: stop\n    title: Stop\n    added: x\n    refuse: no\n    undo: none\n  - id: show',
  );
  t.deepEqual(findings(text), [
    "x.yaml:34:5: steps[3]: step 'show' can never be reached; correct `when`, or drop it",
  ]);
});

const BACKWARDS = CLEAN.replace('["1"]', '["3"]').replace('["4"]', '["1"]');

test('lint finds a documented step out of its order, unless it says why', (t) => {
  const found = findings(BACKWARDS);
  t.deepEqual(found, [
    'x.yaml:21:14: steps[1].source[0]: the manual has step 2a before step 3; keep its order, or say with `moved` why not',
    'x.yaml:31:14: steps[2].source[0]: the manual has step 1 before step 3; keep its order, or say with `moved` why not',
  ]);
  const moved = BACKWARDS.replace('source: ["3"]', 'source: ["3"]\n    moved: it has to be first');
  t.deepEqual(findings(moved.replace('["2a"]', '["2a"]\n    moved: and this')), []);
});

test('a part has its labels from whoever calls it, and an id that says so', (t) => {
  const part = CLEAN.replace('kind: procedure', 'kind: part');
  const found = findings(part);
  t.true(found[0]?.startsWith("x.yaml:1:5: id: 'v3-1' is a part; begin its id with part-"));
  t.is(found.filter((line) => line.includes('the labels of a part')).length, 3);
  const bare = part.replace('id: v3-1', 'id: part-1').replaceAll(/^ {4}source: .*\n/gm, '');
  t.deepEqual(findings(bare), []);
});
