/** The parts of `window` that need neither cluster nor folder: words in, values or errors out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { ChangeWindow } from '../../src/change/types.ts';
import { keysOf } from '../../src/cli/serving.ts';
import { checkWindowOptions } from '../../src/cli/verbs/window-options.ts';
import { readPlanWords } from '../../src/cli/window/plan-words.ts';
import { readPolicyFile, writePolicyFile } from '../../src/cli/window/policy-file.ts';
import { planLines } from '../../src/cli/window/words.ts';
import { readText } from '../../src/cli/words/reading.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type { Debt } from '../../src/runbook/afterwards/debts.ts';
import type { Policy } from '../../src/schema/generated/policy.ts';
import type { ApprovedPlan } from '../../src/schema/generated/window-document.ts';
import { runbookFiles, specOf } from '../../src/service/window/approved.ts';
import { leftBehind } from '../../src/service/window/close.ts';
import { identityOf, needRole, principalsOf } from '../../src/service/window/keys.ts';
import { readPerson } from '../../src/service/window/person.ts';
import { doubtsAbout } from '../../src/service/window/policy.ts';
import { instant } from '../../src/service/window/times.ts';
import { whoMayApprove } from '../../src/service/window/windows.ts';
import { testKey } from '../support/ssh-keys.ts';
import { PLAN, REQUEST } from '../support/window-papers.ts';

function newFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-window-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

function words(body: () => unknown): string {
  try {
    return JSON.stringify(body());
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    const field = error.place?.field ? `${error.place.field}: ` : '';
    return `${error.exit}: ${field}${error.message}; ${error.remedy}`;
  }
}

const PLANS: [string, string][] = [
  ['v3-5.1', '{"runbook":"v3-5.1","set":{}}'],
  [
    ' v3-6.7.2  failed=server2 x=a=b ',
    '{"runbook":"v3-6.7.2","set":{"failed":"server2","x":"a=b"}}',
  ],
  ['undo 7f3a', '{"runbook":"undo","set":{},"undo":"7f3a"}'],
  ['', '2: --plan "" names no runbook; write --plan "ID NAME=VALUE NAME=VALUE"'],
  ['x=1', '2: --plan "x=1" names no runbook; write --plan "ID NAME=VALUE NAME=VALUE"'],
  ['v3-5.1 server1', '2: --plan server1 is not NAME=VALUE; write --plan NAME=VALUE'],
  ['undo', '2: --plan "undo" does not say which run is to be undone; write --plan "undo RUN"'],
];

for (const [text, expected] of PLANS) {
  test(`--plan "${text}"`, (t) =>
    t.is(
      words(() => readPlanWords(text)),
      expected,
    ));
}

const HINT = 'write 2026-11-22T01:00:00Z (with a time zone), now, or +90m';
const TIMES: [string, string][] = [
  ['now', '1000'],
  ['+90m', '5401000'],
  ['1970-01-01T01:00:00+01:00', '0'],
  ['1970-01-01T01:00:00', `2: start: '1970-01-01T01:00:00' is no time; ${HINT}`],
  ['tomorrow', `2: start: 'tomorrow' is no time; ${HINT}`],
  ['2026-02-30T00:00:00Z!', `2: start: '2026-02-30T00:00:00Z!' is no time; ${HINT}`],
];

for (const [text, expected] of TIMES) {
  test(`--start ${text}`, (t) =>
    t.is(
      words(() => instant(text, 1000, 'start')),
      expected,
    ));
}

test('a plan that was approved is planned again from what it was made of', (t) => {
  t.deepEqual(specOf(PLAN, {}), { runbook: 'v3-5.1', set: { server: 'server1' } });
  t.deepEqual(specOf({ ...PLAN, undoes: 'v3-5.1-1' }, {}), {
    runbook: 'undo',
    set: {},
    undo: 'v3-5.1-1',
  });
  const secret = { ...PLAN, parameters: { password: '{secret:password}', count: 2, none: null } };
  t.deepEqual(specOf(secret, { password: 'x' }).set, { password: 'x', count: 2 });
  t.is(
    words(() => specOf(secret, {})),
    "2: v3-5.1 needs the secret 'password', which no document holds; give it again: --secret password=FILE",
  );
  const file = join(newFolder(t), 'mine.yaml');
  writeFileSync(file, 'id: v3-5.1\n');
  t.is(specOf(PLAN, {}, runbookFiles({ readText }, ['none.yaml', file])).runbook, file);
});

const rosa = testKey();
const ines = testKey();
const AT = Date.UTC(2026, 0, 1);

const policy: Policy = {
  schema: 'drydock.policy/1',
  cluster: 'uuid-1',
  version: 3,
  at: '2026-01-01T00:00:00Z',
  demandsWindow: true,
  approvals: 2,
  people: [
    { principal: 'rosa@x', roles: ['request', 'policy'] },
    { principal: 'ines@x', logins: ['ines@control'], roles: ['implement', 'approve'] },
    { principal: 'shared', roles: ['approve'] },
    { principal: 'ana', roles: ['approve'] },
  ],
  signers: [`rosa@x ${rosa.publicLine}`, `ines@x,shared ${ines.publicLine}`],
};

const PEOPLE: [string, string][] = [
  ['ines@x', '{"principal":"ines@x","login":"ines@control"}'],
  ['ines@x:root', '{"principal":"ines@x","login":"root"}'],
  ['ines', '{"principal":"ines@x","login":"ines@control"}'],
  ['ines@control', '{"principal":"ines@x","login":"ines@control"}'],
  ['ines@desk', '2: the policy knows no ines@desk; known: rosa@x, ines@x, shared, ana'],
  ['inse@x', "2: the policy knows no inse@x; did you mean 'ines@x'?"],
  ['rosa@x', '2: rosa@x may not implement: the policy gives no such role; name one of ines@x'],
];

for (const [given, expected] of PEOPLE) {
  test(`--implementer ${given}`, (t) =>
    t.is(
      words(() => readPerson(given, policy, 'implement')),
      expected,
    ));
}

test('who signs is told by the key, and asked for where it is of several', (t) => {
  const folder = newFolder(t);
  const key = (name: string, line: string) => {
    writeFileSync(join(folder, name), 'private');
    writeFileSync(join(folder, `${name}.pub`), `${line} a comment\n`);
    return join(folder, name);
  };
  const mine = key('rosa', rosa.publicLine);
  const both = key('ines', ines.publicLine);
  const odd = key('odd', testKey().publicLine);
  const told = (args: object) =>
    words(() => identityOf(keysOf({ ...args }), policy)).replaceAll(folder, '');
  t.is(told({ key: mine }), '{"principal":"rosa@x","key":"/rosa"}');
  t.is(told({ key: `${mine}.pub` }), '{"principal":"rosa@x","key":"/rosa.pub"}');
  t.is(told({ key: both, as: 'shared' }), '{"principal":"shared","key":"/ines"}');
  t.is(
    told({ key: both }),
    '2: the key /ines is of ines@x and of shared; say as whom you sign: --as PRINCIPAL',
  );
  t.is(
    told({ key: both, as: 'rosa@x' }),
    "2: the key /ines is not one of rosa@x's; it is of ines@x, shared",
  );
  t.regex(
    told({ key: odd }),
    /^2: the key \/odd is of nobody whom the policy knows; the policy knows rosa@x/,
  );
  t.is(
    told({ key: '/none' }),
    '2: there is no key /none; name a private key, or the .pub of one that an agent holds',
  );
  rmSync(join(folder, 'rosa.pub'));
  t.regex(told({ key: mine }), /^2: whose key \/rosa is cannot be seen: there is no \/rosa.pub/);
  t.is(told({ key: mine, as: 'rosa@x' }), '{"principal":"rosa@x","key":"/rosa"}');
  t.deepEqual(principalsOf(ines.publicLine, policy), ['ines@x', 'shared']);
});

test('an act needs its role, and says who has it', (t) => {
  const act = (principal: string, role: string) =>
    words(() => needRole(policy, { principal, key: '' }, role, 'do it') ?? 'fine');
  t.is(act('rosa@x', 'policy'), '"fine"');
  t.is(act('ana', 'policy'), "4: ana may not do it: the policy gives no role 'policy'; ask rosa@x");
  t.is(
    act('ana', 'emergency'),
    "4: ana may not do it: the policy gives no role 'emergency'; nobody has that role; the policy needs one who has",
  );
});

test('an approver sees what counts: every order, where, with its answers, and its undo', (t) => {
  const order = (server: string, line: string, reply?: string) => ({
    server,
    argv: line.split(' '),
    answers: reply === undefined ? [] : [{ prompt: 'Command', reply }],
  });
  const acts = [
    {
      step: 'a',
      verb: 'run',
      safe: false,
      order: order('server2', 'fdisk /dev/sdb', 'n'),
      undo: null,
    },
    {
      ...{ step: 'b', verb: 'run', safe: true },
      order: order('server1', 'clpmonctrl -s'),
      undo: order('server1', 'clpmonctrl -r'),
    },
  ];
  const shown = (plan: ApprovedPlan) => {
    const lines = planLines(plan, (_style, text) => text);
    const from = lines.indexOf('  commands, of its steps and undos');
    const to = lines.findIndex((line) => line.startsWith('  dangers'));
    return lines.slice(from + 1, to).map((line) => line.trim());
  };
  const commands = [['clpstat']];
  t.deepEqual(shown({ ...PLAN, commands, acts }), [
    'on server2: fdisk /dev/sdb, answers "Command" with "n"',
    'on server1: clpmonctrl -s',
    'undo on server1: clpmonctrl -r',
  ]);
  t.deepEqual(shown({ ...PLAN, commands }), ['clpstat'], 'an older paper');
});

test('neither requester nor implementer nor who has done it may approve', (t) => {
  const window = {
    requester: 'rosa@x',
    implementer: { principal: 'ines@x', login: 'ines' },
    request: REQUEST,
    approvals: [{ by: 'shared', at: '', note: '', hash: '' }],
  } as unknown as ChangeWindow;
  t.deepEqual(whoMayApprove(window, policy), ['ana']);
  t.deepEqual(whoMayApprove(window, null), []);
});

test('debts of the window, of nobody, and what cannot be seen keep it open', (t) => {
  const debt = (key: string, run: string | null) =>
    ({ key, words: `${key} is left`, remedy: 'mend it', by: run && { run } }) as unknown as Debt;
  const left = leftBehind(
    {
      debts: [debt('a', 'run-1'), debt('b', 'run-2'), debt('c', null)],
      unknown: ['server2: services are not known', 'whether timeouts are stretched is not known'],
    },
    ['run-1'],
  );
  t.deepEqual(
    left.map(({ name }) => name),
    ['a', 'c', 'unknown:server2', 'unknown:cluster'],
  );
});

test('an option that means nothing to a word is refused, not left out', (t) => {
  t.is(
    words(() => checkWindowOptions('list', { title: 'x' })),
    '2: --title means nothing to `window list`; it belongs to request; known: folder, state',
  );
  t.notThrows(() => checkWindowOptions('request', { title: 'x', folder: 'y', json: true }));
});

test('a policy file tells what every field is for, and is read as it was written', (t) => {
  const folder = newFolder(t);
  const file = join(folder, 'policy.yaml');
  const draft = { cluster: { name: 'one', uuid: 'uuid-1' }, policy, who: 'rosa@x', force: false };
  t.deepEqual(writePolicyFile(file, draft), []);
  t.regex(
    readFileSync(file, 'utf8'),
    /after version 3[\s\S]*# how many people must approve[\s\S]*approvals: 2/,
  );
  const { version: _version, at: _at, ...rest } = policy;
  t.deepEqual(readPolicyFile(file, AT), rest);
  t.regex(
    words(() => writePolicyFile(file, draft)),
    /is there already; name another with --out/,
  );
  t.deepEqual(writePolicyFile(file, { ...draft, force: true }), []);
});

const BAD: [string, RegExp][] = [
  ['cluster: [', /^2: .*is not YAML: .*mend that line$/],
  ['{}', /^2: the field cluster is missing; mend that field/],
  [
    'cluster: x\nappprovals: 2',
    /^2: .*additional properties: appprovals|^2: the field .* is missing/,
  ],
  ['signersFile: none', /^2: signersFile: cannot read .*none/],
];

for (const [text, expected] of BAD) {
  test(`a policy file with ${JSON.stringify(text)} is refused with its place`, (t) => {
    const file = join(newFolder(t), 'policy.yaml');
    writeFileSync(file, text);
    t.regex(
      words(() => readPolicyFile(file, AT)),
      expected,
    );
  });
}

test('signers and calendars may lie in files of their own', (t) => {
  const folder = newFolder(t);
  const event = [
    'BEGIN:VEVENT',
    'UID:1',
    'DTSTART:20261220T180000Z',
    'DURATION:P14D',
    'END:VEVENT',
  ];
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:x', ...event, 'END:VCALENDAR', ''];
  const calendar = lines.join('\r\n');
  writeFileSync(join(folder, 'signers'), `# ours\n\n${policy.signers.join('\n')}\n`);
  writeFileSync(join(folder, 'freeze.ics'), calendar);
  const { signers: _signers, schema: _schema, at: _at, ...rest } = policy;
  const freezes = [{ name: 'year', file: 'freeze.ics' }];
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, JSON.stringify({ ...rest, signersFile: 'signers', freezes }));
  const read = readPolicyFile(file, AT);
  t.deepEqual(read.signers, policy.signers);
  t.deepEqual(read.freezes, [{ name: 'year', ics: calendar }]);
  t.is(read.version, 3);
});

test('a calendar that nobody can sign is refused with its file and line', (t) => {
  const folder = newFolder(t);
  const event = ['BEGIN:VEVENT', 'UID:1', 'DTSTART:20260101T000000Z', 'RRULE:FREQ=DAILY;COUNT=0'];
  const lines = ['BEGIN:VCALENDAR', ...event, 'END:VEVENT', 'END:VCALENDAR'];
  writeFileSync(join(folder, 'freeze.ics'), lines.join('\r\n'));
  const file = join(folder, 'policy.yaml');
  const written = (freeze: object) => {
    const { at: _at, schema: _schema, ...rest } = policy;
    writeFileSync(file, JSON.stringify({ ...rest, freezes: [freeze] }));
    return t.throws(() => readPolicyFile(file, AT), { instanceOf: DrydockError });
  };
  const apart = written({ name: 'year', file: 'freeze.ics' });
  t.deepEqual(apart?.place, { file: join(folder, 'freeze.ics'), line: 5 });
  t.is(apart?.message, 'the calendar year cannot be signed: COUNT of a rule cannot be 0');
  const within = written({ name: 'year', ics: '' });
  t.is(within?.message, 'the calendar year cannot be signed: it is empty');
});

test('what is probably not meant is said before a policy is signed', (t) => {
  t.deepEqual(doubtsAbout({ ...policy, approvals: 4, signers: policy.signers.slice(0, 1) }), [
    'ines@x has no key under signers',
    'shared has no key under signers',
    'ana has no key under signers',
    '4 must approve, and only 3 may',
    'nobody may break the glass in an emergency',
  ]);
});
