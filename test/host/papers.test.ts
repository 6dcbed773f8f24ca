/** Papers of change windows on a server: what is kept, what is refused, what survives. */
import { createHash } from 'node:crypto';
import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import type { HostState } from '../../src/host/state.ts';
import { HEADER_LIMIT_BYTES } from '../../src/ports/wire.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import { goodPapers, KEYS, minute, POLICY, paper, policyPaper } from '../support/signed-papers.ts';
import { testKey } from '../support/ssh-keys.ts';
import { bare, Chassis } from './harness.ts';

const DAY_MS = 86_400_000;

/** Signed by pia, who keeps the policy; or as said. */
function policy(version: number, more: object = {}, signature?: string): SignedDocument {
  const signed = policyPaper({ ...POLICY, ...more, version });
  return signature === undefined ? signed : { ...signed, signature };
}

/** A server that is up, in the days of signed-papers.ts. */
function bareNow(): Chassis {
  const chassis = bare();
  chassis.now = minute(0);
  return chassis;
}

function windowPaper(id: string, content: object, by = 'anna'): SignedDocument {
  const text = JSON.stringify({ by, ...content });
  const hash = createHash('sha256').update(text).digest('hex');
  const name = `window/${id}/${hash}`;
  return { schema: 'drydock.paper/1', name, version: 1, text, by, signature: 'sig' };
}

function request(id: string, endMs: number, filler = '', by = 'rita'): SignedDocument {
  return paper('request', by, 0, { end: new Date(endMs).toISOString(), filler }, id);
}

function put(chassis: Chassis, paper: unknown): string | undefined {
  chassis.ask('host', { do: 'paper', op: 'put', paper: paper as Json });
  return chassis.refused;
}

function held(chassis: Chassis): string[] {
  const papers: SignedDocument[] = [];
  for (let next: string | null = null, isFirst = true; isFirst || next !== null; isFirst = false) {
    chassis.ask('host', { do: 'paper', op: 'list', ...(next === null ? {} : { after: next }) });
    const page = chassis.answer as { papers: SignedDocument[]; next: string | null };
    if (JSON.stringify(page).length > HEADER_LIMIT_BYTES) throw new Error('no frame carries that');
    papers.push(...page.papers);
    next = page.next;
  }
  return papers.map(({ name, version }) => (name === 'policy' ? `policy ${version}` : name));
}

test('A paper is saved before the answer, once, and told', (t) => {
  const chassis = bareNow();
  const first = policy(1);
  const lines = chassis.ask('host', { do: 'paper', op: 'put', paper: first as unknown as Json });
  t.deepEqual(lines, ['saveHost', 'sendReply r2 {"kept":true}']);
  t.deepEqual(
    chassis
      .ask('host', { do: 'paper', op: 'put', paper: first as unknown as Json })
      .map((line) => line.split(' ')[0]),
    ['sendReply'],
  );
  chassis.ask('host', { do: 'paper', op: 'list' });
  t.deepEqual(chassis.answer, {
    now: chassis.now,
    papers: [first],
    received: [minute(0)],
    next: null,
  });
});

test('Every version of the policy is kept, and none older than the newest is taken', (t) => {
  const chassis = bareNow();
  t.is(put(chassis, policy(2)), undefined);
  t.is(put(chassis, policy(4)), undefined);
  t.is(put(chassis, policy(3)), 'paper.older');
  t.is(put(chassis, policy(4, { demandsWindow: false })), 'paper.older');
  t.is(put(chassis, policy(2)), undefined, 'one that is held already is no harm');
  t.deepEqual(held(chassis), ['policy 2', 'policy 4']);
});

test('A text that is held keeps its signature against a worse one', (t) => {
  const chassis = bareNow();
  t.is(put(chassis, policy(1, {}, 'damaged')), 'paper.stranger');
  t.is(put(chassis, policy(1)), undefined);
  t.is(put(chassis, policy(1, {}, 'damaged')), 'paper.older');
  const { asked } = goodPapers();
  t.is(put(chassis, asked), undefined);
  t.is(put(chassis, { ...asked, signature: 'damaged' }), 'paper.stranger');
  t.is(put(chassis, { ...asked, by: 'alf' }), 'paper.stranger');
  const signature = KEYS.alf?.sign(asked.text, 'drydock.window') ?? '';
  t.is(
    put(chassis, { ...asked, by: 'alf', signature }),
    'paper.stranger',
    'signed by another person',
  );
  t.deepEqual(Object.values(chassis.state.papers), [policy(1), asked]);
});

const good = policy(1);
const window = windowPaper('chg-1', { kind: 'request', body: {} });
const malformed: [string, unknown][] = [
  ['nothing', undefined],
  ['a text', 'policy'],
  ['another schema', { ...good, schema: 'drydock.paper/2' }],
  ['a name with a path', { ...good, name: '../policy' }],
  ['version 0', { ...good, version: 0 }],
  ['another version inside', { ...good, version: 2 }],
  ['text that is no JSON', { ...good, text: 'demandsWindow: false' }],
  ['text that is a list', { ...good, text: '[]' }],
  ['a text of 256 KiB and more', policy(1, { filler: 'x'.repeat(256 * 1024) })],
  ['a signature of 16 KiB and more', policy(1, {}, 'x'.repeat(16 * 1024 + 1))],
  ['a window paper named after another text', { ...window, text: '{"kind":"approval"}' }],
];

for (const [what, paper] of malformed) {
  test(`Given ${what}, it keeps nothing`, (t) => {
    const chassis = bare();
    const code = put(chassis, paper);
    t.true(['paper.malformed', 'request.malformed'].includes(code ?? ''), code);
    t.deepEqual(held(chassis), []);
  });
}

test('Windows that ended 90 days ago make room, the oldest first; policies never', (t) => {
  const chassis = bareNow();
  const begin = minute(0);
  chassis.now = begin + 400 * DAY_MS;
  put(chassis, policy(1));
  const filler = 'x'.repeat(250 * 1024);
  const ends = [309, 100, 311, 200];
  for (const day of ends)
    put(chassis, request(`ended-${day}`, begin + day * DAY_MS, filler, 'otto'));
  for (let index = 0; index < 12; index += 1) {
    const by = index % 2 ? 'rita' : 'alf';
    t.is(put(chassis, request(`going-${index}`, begin + 401 * DAY_MS, filler, by)), undefined);
  }
  const left = () => held(chassis).filter((name) => /^(policy|window.ended)/.test(name));
  const named = () => left().map((name) => name.split('/')[1] ?? name);
  t.deepEqual(named(), ['policy 1', 'ended-309', 'ended-100', 'ended-311', 'ended-200']);
  put(chassis, request('going-a', begin + 401 * DAY_MS, filler, 'amy'));
  t.deepEqual(named(), ['policy 1', 'ended-309', 'ended-311', 'ended-200']);
  put(chassis, request('going-b', begin + 401 * DAY_MS, filler, 'amy'));
  put(chassis, request('going-c', begin + 401 * DAY_MS, filler, 'amy'));
  t.deepEqual(named(), ['policy 1', 'ended-311']);
  t.is(put(chassis, request('going-d', begin + 401 * DAY_MS, filler)), 'paper.full');
  t.deepEqual(named(), ['policy 1', 'ended-311'], 'a refusal loses nothing');
});

test('Not more than 500 papers are held', (t) => {
  const chassis = bare();
  for (let index = 0; index < 500; index += 1) {
    put(chassis, windowPaper('chg-1', { kind: 'approval', index }, index % 2 ? 'anna' : 'bea'));
  }
  t.is(chassis.refused, undefined);
  t.is(put(chassis, windowPaper('chg-1', { kind: 'approval', index: 500 })), 'paper.full');
  t.is(held(chassis).length, 500);
});

test('Nobody fills a server alone: others still find room for their windows', (t) => {
  const end = minute(600);
  const many = bareNow();
  put(many, policy(1));
  for (let index = 0; index < 400; index += 1) put(many, request('junk', end, `${index}`));
  t.is(many.refused, undefined);
  t.is(put(many, request('junk', end, 'one more')), 'paper.full');
  const filler = 'x'.repeat(250 * 1024);
  const large = bareNow();
  put(large, policy(1));
  for (let index = 0; index < 13; index += 1) put(large, request(`big-${index}`, end, filler));
  t.is(large.refused, undefined);
  t.is(put(large, request('big-a', end, filler)), 'paper.full');
  for (const chassis of [many, large]) {
    for (const one of goodPapers().all.filter(({ by }) => by !== 'rita')) {
      t.is(put(chassis, one), undefined, one.by);
    }
  }
});

test('Papers and notes survive the death of the supervisor, and a power cut', (t) => {
  const chassis = bareNow();
  put(chassis, policy(1));
  const login = { real: { uid: 7, name: 'anna' }, effective: { uid: 0, name: 'root' } };
  const note = { login, argv: ['clpcl', '-t'], window: null, emergency: false, refused: null };
  chassis.ask('host', { do: 'note', op: 'begin', ...note });
  chassis.ask('bmc', { do: 'power.cut' });
  chassis.take({ type: 'processes.gone' });
  const again = new Chassis(JSON.parse(chassis.saved!) as HostState);
  again.now = chassis.now;
  again.take({ type: 'part.started', bootId: 'feed' });
  again.ask('bmc', { do: 'power.on', singleUser: true });
  again.fire('boot');
  t.deepEqual(held(again), ['policy 1']);
  again.ask('host', { do: 'notes' });
  t.like((again.answer as { notes: object[] }).notes[0], { argv: ['clpcl', '-t'], endedAt: null });
});

test('A system disk restored from an image holds what it held then', (t) => {
  const chassis = bareNow();
  const off = () => {
    chassis.ask('bmc', { do: 'power.cut' });
    chassis.take({ type: 'processes.gone' });
  };
  const on = () => {
    chassis.ask('bmc', { do: 'power.on', singleUser: true });
    chassis.fire('boot');
  };
  off();
  const copied = () => {
    for (const effect of chassis.effects) {
      if (effect.type === 'copyDisk') chassis.take({ type: 'disk.copied', to: effect.to });
    }
  };
  chassis.ask('bmc', { do: 'disk.image.take', image: 'bare', system: true });
  copied();
  on();
  put(chassis, policy(1));
  off();
  chassis.ask('bmc', { do: 'disk.image.restore', image: 'bare' });
  copied();
  on();
  t.deepEqual(held(chassis), []);
});

test('A note is durable before its command acts, and says how it ended', (t) => {
  const chassis = bare();
  const login = {
    real: { uid: 7, name: 'anna' },
    effective: { uid: 0, name: 'root' },
    terminal: '/dev/pts/3',
  };
  const note = { login, argv: ['clpgrp', '-m'], window: 'chg-1', emergency: false, refused: null };
  const lines = chassis.ask('host', { do: 'note', op: 'begin', ...note });
  t.is(lines[0], 'saveHost');
  const { id } = chassis.answer as { id: string };
  chassis.now += 500;
  chassis.ask('host', { do: 'note', op: 'end', id, exitCode: 3 });
  chassis.ask('host', { do: 'note', op: 'begin', ...note, window: null, refused: 'window.none' });
  chassis.ask('host', { do: 'notes' });
  const { notes } = chassis.answer as { notes: object[] };
  const at = chassis.now;
  t.like(notes[0], { id, at: at - 500, endedAt: at, exitCode: 3, window: 'chg-1', login });
  t.like(notes[1], { endedAt: at, exitCode: null, refused: 'window.none' });
});

test('The last 1,000 notes are kept', (t) => {
  const login = {
    real: { uid: 7, name: 'anna' },
    effective: { uid: 7, name: 'anna' },
    terminal: null,
  };
  const said = { login, window: null, emergency: false, refused: null };
  const note = (index: number) => ({ ...said, argv: ['mount', `${index}`] });
  const old = { at: 1, endedAt: 1, exitCode: 0 };
  const notes = Array.from({ length: 999 }, (_, index) => ({
    ...note(index),
    ...old,
    id: `${index}`,
  }));
  const chassis = new Chassis({ ...bare().state, notes });
  for (const index of [999, 1000, 1001]) {
    chassis.ask('host', { do: 'note', op: 'begin', ...note(index) });
  }
  t.is(chassis.state.notes.length, 1_000);
  t.deepEqual(chassis.state.notes[0]?.argv, ['mount', '2']);
});

test('Notes too long for one answer come in pages, and their bytes are bounded', (t) => {
  const login = {
    real: { uid: 7, name: 'anna' },
    effective: { uid: 7, name: 'anna' },
    terminal: null,
  };
  const chassis = bare();
  const argv = Array.from({ length: 100 }, () => '\u0001'.repeat(200));
  for (let index = 0; index < 60; index += 1) {
    const said = { login, window: null, emergency: false, refused: null };
    chassis.ask('host', { do: 'note', op: 'begin', ...said, argv });
  }
  const ids: string[] = [];
  let after: string | null = null;
  do {
    chassis.ask('host', { do: 'notes', ...(after === null ? {} : { after }) });
    const page = chassis.answer as { notes: { id: string }[]; next: string | null };
    t.true(JSON.stringify(page).length < HEADER_LIMIT_BYTES);
    ids.push(...page.notes.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  t.deepEqual(
    ids,
    chassis.state.notes.map(({ id }) => id),
  );
  t.true(JSON.stringify(chassis.state.notes).length <= 4 * 1024 * 1024);
  t.true(ids.length > 30 && ids.length < 60, `${ids.length}`);
  chassis.ask('host', { do: 'notes', after: 'gone' });
  t.is((chassis.answer as { notes: { id: string }[] }).notes[0]?.id, ids[0], 'anew');
});

const thief = testKey();
const stolen = (version: number, more: object = {}): SignedDocument => {
  const people: typeof POLICY.people = [{ principal: 'thief', roles: ['policy'] }];
  const own = { ...POLICY, version, people, signers: [`thief ${thief.publicLine}`], ...more };
  return policyPaper(own, 'thief', thief);
};

test('What nobody known has signed is not kept, and keeps no signed policy out', (t) => {
  const chassis = bareNow();
  put(chassis, policy(1));
  const tried: [string, SignedDocument, string | undefined][] = [
    ['a policy of somebody’s own', stolen(2), 'paper.stranger'],
    ['one of another cluster', stolen(1, { cluster: 'uuid-2' }), undefined],
    ['the highest number there is', policy(Number.MAX_SAFE_INTEGER), 'paper.stranger'],
    ['a leap', policy(1002), 'paper.stranger'],
    [
      'a policy from the days to come',
      policy(2, { at: new Date(minute(6)).toISOString() }),
      'paper.stranger',
    ],
    [
      'a paper that the person named in it did not sign',
      { ...goodPapers().first, by: 'amy' },
      'paper.stranger',
    ],
    ['a paper that nobody signed', windowPaper('chg-1', { kind: 'approval' }), 'paper.stranger'],
    ['the next policy', policy(2), undefined],
    ['a request', goodPapers().asked, undefined],
  ];
  for (const [what, one, code] of tried) t.is(put(chassis, one), code, what);
  t.is(KEYS.pia?.publicLine === thief.publicLine, false);
  const kept = Object.values(chassis.state.papers).map(
    ({ name, version, by }) => `${name.slice(0, 6)} ${version} ${by}`,
  );
  t.deepEqual(kept, ['policy 1 pia', 'policy 1 thief', 'policy 2 pia', 'window 1 rita']);
});

test('Policies have a room of their own: other clusters’ go first, then the oldest versions', (t) => {
  const chassis = bareNow();
  const filler = [{ name: 'long', ics: 'x'.repeat(200 * 1024) }];
  put(chassis, policy(1, { freezes: filler }));
  const firstAt = chassis.now;
  for (let version = 2; version <= 6; version += 1) {
    chassis.now += 1_000;
    put(chassis, stolen(version, { cluster: 'uuid-2', freezes: filler }));
  }
  for (let version = 2; version <= 30; version += 1) {
    chassis.now += 1_000;
    t.is(put(chassis, policy(version, { freezes: filler })), undefined, `${version}`);
  }
  const versions = Object.values(chassis.state.papers).map(({ version, by }) => `${version} ${by}`);
  t.deepEqual(versions.slice(0, 2), ['21 pia', '22 pia']);
  t.is(versions.at(-1), '30 pia');
  chassis.ask('host', { do: 'paper', op: 'list' });
  const { received } = chassis.answer as { received: number[] };
  t.is(received[0], firstAt, 'what is left is as old as what it follows from');
});

test('When a paper came is noted once, and what an older program kept came at a time not known', (t) => {
  const chassis = bareNow();
  const { asked, first } = goodPapers();
  put(chassis, policy(1));
  chassis.now = minute(5);
  put(chassis, asked);
  chassis.now = minute(15);
  put(chassis, asked);
  const received = (of: Chassis) => {
    of.ask('host', { do: 'paper', op: 'list' });
    return (of.answer as { received: (number | null)[] }).received;
  };
  t.deepEqual(received(chassis), [minute(0), minute(5)]);
  const { received: _none, ...older } = chassis.state;
  const upgraded = new Chassis({ ...older, received: {} } as HostState);
  upgraded.now = minute(20);
  put(upgraded, first);
  t.deepEqual(received(upgraded), [null, null, minute(20)]);
});
