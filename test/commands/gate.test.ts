/**
 * The gate on a whole twin: what people type and what runs do is refused outside a window, by the
 * command itself, and let through inside it. Virtual time begins at minute 62 of signed-papers.ts,
 * so that its window (60 to 180) is open.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { topologyHash } from '../../src/change/topology.ts';
import { everyNote } from '../../src/cluster/pages.ts';
import type { Environment } from '../../src/commands/environment.ts';
import { askGate } from '../../src/commands/gate.ts';
import { passGate } from '../../src/commands/way-out.ts';
import type { DrydockError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import type { Authority, HandNote } from '../../src/ports/authority.ts';
import { sleep } from '../../src/ports/clock.ts';
import { RemoteError } from '../../src/ports/wire.ts';
import type { Paper } from '../../src/schema/generated/paper.ts';
import type { ApprovedAct, WindowRequest } from '../../src/schema/generated/window-paper.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import {
  goodPapers,
  hash,
  minute,
  PLAN,
  POLICY,
  paper,
  policyPaper,
  REQUEST,
} from '../support/signed-papers.ts';

const CONFIG = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
const SUSPEND = ['clpmonctrl', '-s'];
const RESUME = ['clpmonctrl', '-r'];

async function twinAt(startMs = minute(62)): Promise<Twin> {
  const configText = readFileSync(CONFIG, 'utf8');
  const twin = await buildTwin({ configText, seed: 3, dataBytes: 1024 * 1024, startMs });
  await twin.up();
  return twin;
}

/** The request of signed-papers.ts, for this cluster: suspend the monitors of server1. */
function requestFor(twin: Twin, more: Partial<WindowRequest> = {}): WindowRequest {
  const { uuid, name } = twin.config;
  const topology = topologyHash(twin.config);
  const plan = { ...PLAN, cluster: uuid, servers: ['server1'], commands: [SUSPEND, RESUME] };
  return {
    ...REQUEST,
    plans: [plan],
    clusters: [{ name, uuid, topology, versions: {} }],
    servers: ['server1', 'server2'],
    ...more,
  };
}

function policyOf(twin: Twin, more = {}): Paper {
  return policyPaper({ ...POLICY, cluster: twin.config.uuid, ...more });
}

async function give(twin: Twin, papers: Paper[], servers = ['server1', 'server2']) {
  for (const one of papers) {
    for (const server of servers) {
      const body = { do: 'paper', op: 'put', paper: { ...one } as unknown as Json };
      await twin.ask(server, 'host', body, 1_000);
    }
  }
}

function runBy(who: string, more: Partial<Authority> = {}): Authority {
  const { runbook, called, parameters } = PLAN;
  const plan = { runbook, called, parameters: parameters as Record<string, Json> };
  return { who, window: 'W-1', run: 'move-1', plan, ...more };
}

async function notesOf(twin: Twin, server: string): Promise<HandNote[]> {
  const answer = await twin.ask(server, 'host', { do: 'notes' }, 1_000);
  return (answer as unknown as { notes: HandNote[] }).notes;
}

test('Where the servers hold no policy everything is let through, and what is typed is noted', async (t) => {
  const twin = await twinAt();
  t.is((await twin.type('server1', 'bob', SUSPEND)).exitCode, 0);
  t.is((await twin.type('server1', 'bob', ['clpstat'])).exitCode, 0);
  const [note, ...more] = await notesOf(twin, 'server1');
  t.deepEqual(more, [], 'looking is not noted');
  t.like(note, { argv: SUSPEND, window: null, refused: null, exitCode: 0 });
  t.like(note?.login, { real: { uid: 1000, name: 'bob' } });
});

test('Where a policy demands windows nothing is changed without one, and everything can be seen', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin)]);
  const typed = await twin.type('server1', 'ines', SUSPEND);
  t.is(typed.exitCode, 1);
  t.is(
    typed.stderr,
    'clpmonctrl: refused (window.none): the cluster’s policy demands a change window, and none is open; ' +
      'request one: `drydock window request`; if it cannot wait: --emergency REASON\n',
  );
  t.is((await twin.type('server1', 'ines', ['clpstat'])).exitCode, 0);
  t.is((await twin.exec('server1', SUSPEND)).exitCode, 1, 'an order in nobody’s name neither');
  t.is((await twin.exec('server1', ['shutdown', '-r', 'now'])).exitCode, 1);
  t.like((await notesOf(twin, 'server1'))[0], { refused: 'window.none', exitCode: null });
  const { monitors, servers } = await twin.look();
  t.not(monitors.mdw1?.servers.server1?.state, 'Suspend');
  t.is(servers.server1?.node, 'online');
});

test('A window lets its person type its commands on its servers, and nothing else', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin), ...goodPapers(requestFor(twin)).all]);
  const tried: [string, string, string[]][] = [
    ['server1', 'ines', SUSPEND],
    ['server1', 'ines', ['clpmonctrl', '-s', '-m', 'mdw1']],
    ['server1', 'bob', SUSPEND],
    ['server2', 'ines', SUSPEND],
    ['server1', 'ines', ['clpcl', '-t', '-a']],
    ['server1', 'ines', RESUME],
  ];
  const told: string[] = [];
  for (const [server, who, argv] of tried) {
    const { exitCode, stderr } = await twin.type(server, who, argv);
    const code = /\((.*?)\)/.exec(stderr)?.[1] ?? 'done';
    told.push(`${who}@${server}: ${argv.join(' ')}: ${exitCode} ${code}`);
  }
  t.deepEqual(told, [
    'ines@server1: clpmonctrl -s: 0 done',
    'ines@server1: clpmonctrl -s -m mdw1: 1 window.command',
    'bob@server1: clpmonctrl -s: 1 window.person',
    'ines@server2: clpmonctrl -s: 1 window.server',
    'ines@server1: clpcl -t -a: 1 window.command',
    'ines@server1: clpmonctrl -r: 0 done',
  ]);
  const notes = await notesOf(twin, 'server1');
  t.deepEqual(
    notes.map(({ window, refused }) => window ?? refused),
    ['W-1', 'window.command', 'window.person', 'window.command', 'W-1'],
  );
  t.deepEqual(
    notes.map(({ during }) => during ?? []),
    [[], ['W-1'], ['W-1'], ['W-1'], []],
    'what is refused belongs to the window that was open',
  );
});

test('A run’s command is judged by the server’s own record of it', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin), ...goodPapers(requestFor(twin)).all]);
  const parameters = { group: 'web', to: 'server3' };
  const { runbook, called } = PLAN;
  const orders: [string, string, Authority][] = [
    ['as approved', 'server1', runBy('ines@desk')],
    ['by another', 'server1', runBy('bob@desk')],
    ['on another server', 'server2', runBy('ines@desk')],
    ['other parameters', 'server1', runBy('ines@desk', { plan: { runbook, called, parameters } })],
    ['another window', 'server1', runBy('ines@desk', { window: 'W-2' })],
    [
      'an edited runbook',
      'server1',
      runBy('ines@desk', {
        plan: { called, parameters, runbook: { id: 'move', hash: 'd'.repeat(64) } },
      }),
    ],
  ];
  const told: string[] = [];
  for (const [what, server, authority] of orders) {
    const record = await twin.exec(server, SUSPEND, [], 60_000, authority);
    t.is(record.authority?.who, authority.who);
    told.push(`${what}: ${record.exitCode} ${/\((.*?)\)/.exec(record.stderr)?.[1] ?? 'done'}`);
  }
  t.deepEqual(told, [
    'as approved: 0 done',
    'by another: 1 window.person',
    'on another server: 1 window.server',
    'other parameters: 1 window.parameters',
    'another window: 1 window.none',
    'an edited runbook: 1 window.runbook',
  ]);
});

test('A program that names an operation which the server does not run for it is refused', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin), ...goodPapers(requestFor(twin)).all]);
  await twin.exec('server1', SUSPEND, [], 60_000, runBy('ines@desk'));
  const login = { uid: 1000, name: 'bob' };
  const gate = (operation: string, name: string, args: string[]) => {
    const wire = twin.wire('server1');
    const server = twin.server('server1');
    const env = {
      server: 'server1',
      clock: twin.clock,
      files: { read: async (path: string) => server.files.get(path) },
      request: (to: Parameters<Environment['request']>[0], body: Json) =>
        wire.request(to, body, 1_000),
      caller: { operation, login: { real: login, effective: login, terminal: null } },
    };
    return twin.run(askGate(env as unknown as Environment, name, args));
  };
  const error = { code: 'gate.operation' };
  await t.throwsAsync(gate('twin-1', 'clpmonctrl', ['-s']), error, 'it has ended');
  await t.throwsAsync(gate('no-such', 'clpmonctrl', ['-s']), error);
});

test('Whether a window is open is asked of the host’s clock, not of the command’s own', async (t) => {
  const early = await twinAt(minute(30));
  await give(early, [policyOf(early), ...goodPapers(requestFor(early)).all.slice(0, 3)]);
  const open = await twinAt(minute(62));
  await give(open, [policyOf(open), ...goodPapers(requestFor(open)).all]);
  const asked = async (twin: Twin, shiftMs: number) => {
    const wire = twin.wire('server1');
    const login = { uid: 1000, name: 'ines' };
    const env = {
      server: 'server1',
      clock: { ...twin.clock, now: () => twin.clock.now() + shiftMs },
      files: { read: async (path: string) => twin.server('server1').files.get(path) },
      request: (to: Parameters<Environment['request']>[0], body: Json) =>
        wire.request(to, body, 1_000),
      caller: { operation: null, login: { real: login, effective: login, terminal: null } },
    };
    return (await twin.run(askGate(env as unknown as Environment, 'clpmonctrl', ['-s']))).allowed;
  };
  t.deepEqual([await asked(early, 0), await asked(early, 3_600_000)], [false, false]);
  t.deepEqual([await asked(open, 0), await asked(open, 7 * 3_600_000)], [true, true]);
});

/** Suspends the monitors of server1; undone, resumes them. */
const ACTS: ApprovedAct[] = [
  {
    ...{ step: 'suspend', verb: 'run', safe: false },
    order: { server: 'server1', argv: SUSPEND, answers: [] },
    undo: { server: 'server1', argv: RESUME, answers: [] },
  },
  {
    ...{ step: 'suspend-2', verb: 'run', safe: false, undo: null },
    order: { server: 'server2', argv: SUSPEND, answers: [] },
  },
];

function requestOfActs(twin: Twin): WindowRequest {
  const servers = ['server1', 'server2'];
  const plan = { ...PLAN, cluster: twin.config.uuid, servers, commands: [SUSPEND, RESUME] };
  return requestFor(twin, { plans: [{ ...plan, acts: ACTS }] });
}

test('A run’s authority is bound to the commands of its plan, whoever carries it', async (t) => {
  for (const requestOf of [requestFor, requestOfActs]) {
    const twin = await twinAt();
    await give(twin, [policyOf(twin), ...goodPapers(requestOf(twin)).all]);
    const tried: string[] = [];
    for (const line of ['clpgrp -t failover1', 'clpmdctrl --break md1', 'clpmonctrl -s']) {
      const { exitCode, stderr } = await twin.exec(
        'server1',
        line.split(' '),
        [],
        60_000,
        runBy('ines@desk'),
      );
      tried.push(`${line}: ${exitCode} ${/\((.*?)\)/.exec(stderr)?.[1] ?? 'done'}`);
    }
    t.deepEqual(tried, [
      'clpgrp -t failover1: 1 window.command',
      'clpmdctrl --break md1: 1 window.command',
      'clpmonctrl -s: 0 done',
    ]);
  }
});

test('Who gives an order is whom the wire knows, and nobody’s word', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin), ...goodPapers(requestFor(twin)).all]);
  const order = (operation: string) => ({
    ...{ server: 'server1', operation, argv: SUSPEND, answers: [], timeoutMs: 60_000 },
    ...{ lease: null, authority: runBy('ines@desk') },
  });
  const byBob = await twin.run(twin.door('bob@desk').exec(order('a')));
  t.regex(byBob.stderr, /refused \(window\.person\): .* not for bob@desk/);
  t.is(byBob.authority?.who, 'bob@desk');
  t.like(byBob.refused, { code: 'window.person' });
  const byNobody = await twin.run(twin.door().exec(order('b')));
  t.regex(byNobody.stderr, /refused \(window\.person\): .* not for nobody who is known/);
  t.is((await twin.run(twin.door('ines@desk').exec(order('c')))).exitCode, 0);
});

test('After its end a run goes on, and is taken back, by what servers saw of it', async (t) => {
  const twin = await twinAt(minute(179));
  await give(twin, [policyOf(twin), ...goodPapers(requestOfActs(twin)).all]);
  const exec = async (server: string, argv: string[], more: Partial<Authority> = {}) => {
    const done = await twin.exec(server, argv, [], 60_000, runBy('ines@desk', more));
    return `${done.exitCode} ${/\((.*?)\)/.exec(done.stderr)?.[1] ?? 'done'}`;
  };
  const { runbook, called, parameters } = PLAN;
  const plan = { runbook, called, parameters: parameters as Record<string, Json> };
  const undo = { run: 'undo-1', plan: { ...plan, undoes: 'move-1' } };
  t.is(await exec('server1', SUSPEND), '0 done');
  await twin.advance(5 * 60_000);
  t.is(await exec('server2', SUSPEND, { run: 'move-2' }), '1 window.over', 'another run');
  t.is(
    await exec('server1', RESUME, { ...undo, plan: { ...undo.plan, undoes: 'move-2' } }),
    '1 window.over',
  );
  const claimed = { run: 'move-2', backingOut: true } as Partial<Authority>;
  t.is(await exec('server2', SUSPEND, claimed), '1 window.over', 'nobody’s word');
  t.is(await exec('server2', SUSPEND), '0 done', 'seen by server1');
  t.is(await exec('server1', RESUME, undo), '0 done');
  t.is(await exec('server2', RESUME, undo), '1 window.over', 'no undo of what was approved');
});

test('Outside its time a window lets nobody through', async (t) => {
  const early = await twinAt(minute(30));
  await give(early, [policyOf(early), ...goodPapers(requestFor(early)).all]);
  t.regex((await early.type('server1', 'ines', SUSPEND)).stderr, /refused \(window\./);

  const late = await twinAt(minute(179));
  await give(late, [policyOf(late), ...goodPapers(requestFor(late)).all]);
  await late.advance(2 * 60_000);
  t.regex((await late.type('server1', 'ines', SUSPEND)).stderr, /refused \(window\.over\)/);
  const done = async (more: Partial<Authority>) =>
    (await late.exec('server1', SUSPEND, [], 60_000, runBy('ines@desk', more))).exitCode;
  t.is(await done({}), 1);
  t.is(await done({ backingOut: true } as Partial<Authority>), 1);
});

test('An opening that nobody had heard of before the end opens nothing, whatever its date', async (t) => {
  const twin = await twinAt(minute(179));
  const { asked, first, second, opened } = goodPapers(requestOfActs(twin));
  await give(twin, [policyOf(twin), asked, first, second]);
  await twin.advance(2 * 60_000);
  await give(twin, [opened]);
  const late = await twin.exec('server2', SUSPEND, [], 60_000, runBy('ines@desk'));
  t.regex(late.stderr, /refused \(window\.over\): window W-1 is expired, not open/);
});

test('A server that holds no papers asks the others, and opens no hole', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin)], ['server1']);
  const typed = await twin.type('server2', 'ines', ['clpcl', '-t']);
  t.regex(typed.stderr, /refused \(window\.none\)/);
  const { servers } = await twin.run(twin.door().papers());
  t.deepEqual(servers, {
    server1: { policy: 1, lacks: [] },
    server2: { policy: null, lacks: ['policy 1'] },
  });
});

test('An older policy on one server does not count while a newer one can be reached', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin, { demandsWindow: false })]);
  t.is((await twin.type('server2', 'ines', SUSPEND)).exitCode, 0);
  await give(twin, [policyOf(twin, { version: 2 })], ['server1']);
  t.is((await twin.type('server2', 'ines', RESUME)).exitCode, 1);
  const { servers } = await twin.run(twin.door().papers());
  t.deepEqual(servers.server2, { policy: 1, lacks: ['policy 2'] });
});

test('What nobody may sign is taken by no server, and keeps no signed policy from counting', async (t) => {
  const twin = await twinAt();
  const forged = policyPaper({ ...POLICY, cluster: twin.config.uuid, version: 2 }, 'rita');
  const last = policyOf(twin, { version: Number.MAX_SAFE_INTEGER });
  await give(twin, [policyOf(twin), ...goodPapers(requestFor(twin)).all]);
  for (const one of [forged, last]) {
    await t.throwsAsync(give(twin, [one]), { code: 'paper.stranger' });
  }
  t.is((await twin.type('server1', 'ines', SUSPEND)).exitCode, 0);
  await give(twin, [policyOf(twin, { version: 2 })]);
  t.is((await twin.type('server1', 'ines', RESUME)).exitCode, 0);
});

test('Where nothing that is held can be believed nobody changes anything, until the policy is pushed', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin, { cluster: 'uuid-2' })]);
  const typed = await twin.type('server1', 'ines', SUSPEND);
  t.regex(typed.stderr, /refused \(policy\.untrusted\): .* cluster uuid-2; .*window policy push/);
  t.is((await twin.type('server1', 'ines', ['clpstat'])).exitCode, 0);
  await give(twin, [policyOf(twin), ...goodPapers(requestFor(twin)).all]);
  t.is((await twin.type('server1', 'ines', SUSPEND)).exitCode, 0);
});

test('A gate that cannot judge has a way out that is loud and noted, and only then', async (t) => {
  const twin = await twinAt();
  const login = {
    real: { uid: 7, name: 'ines' },
    effective: { uid: 0, name: 'root' },
    terminal: null,
  };
  const glass = {
    do: 'glass',
    op: 'break',
    reason: 'papers of a cluster that is gone',
    login,
  };
  const wrong = policyOf(twin, { cluster: 'uuid-2' });
  await give(twin, [wrong]);
  const refused = await twin.type('server1', 'ines', SUSPEND);
  t.regex(refused.stderr, /policy\.untrusted.*window emergency --without-papers/);
  await twin.ask('server1', 'host', glass, 1_000);
  const typed = await twin.type('server1', 'ines', SUSPEND);
  t.is(typed.exitCode, 0);
  t.regex(
    typed.stdout,
    /^BREAK-GLASS: nothing could be judged here; nobody who is known broke the glass/,
  );
  t.is((await twin.type('server2', 'ines', RESUME)).exitCode, 1, 'there nobody broke it');
  const told = (await notesOf(twin, 'server1')).map(({ argv, emergency, refused }) => [
    argv,
    emergency,
    refused,
  ]);
  t.deepEqual(told, [
    [SUSPEND, false, 'policy.untrusted'],
    [['break-glass', glass.reason], true, null],
    [SUSPEND, true, null],
  ]);
  await twin.run(sleep(twin.clock, 61 * 60_000));
  t.is((await twin.type('server1', 'ines', RESUME)).exitCode, 1, 'it is over');
  await twin.ask('server1', 'host', glass, 1_000);
  await give(twin, [policyOf(twin)]);
  t.regex(
    (await twin.type('server1', 'ines', RESUME)).stderr,
    /window\.none/,
    'it can judge again',
  );
  await t.throwsAsync(twin.ask('server1', 'host', { ...glass, reason: ' ' }, 1_000), {
    code: 'request.malformed',
  });
});

test('An approval that reaches the servers after its key, or the right to give it, has ended does not count', async (t) => {
  const signers = POLICY.signers.map((line) =>
    line.startsWith('amy ') ? line.replace('amy ', 'amy valid-before="20260302203000Z" ') : line,
  );
  const people = POLICY.people.map((one) =>
    one.principal === 'amy' ? { ...one, roles: [] } : one,
  ) as typeof POLICY.people;
  for (const more of [{ signers }, {}]) {
    const twin = await twinAt(minute(25));
    const { asked, first, second, opened } = goodPapers(requestFor(twin));
    const later = policyOf(twin, {
      ...more,
      version: 2,
      people,
      at: new Date(minute(40)).toISOString(),
    });
    await give(twin, [policyOf(twin, more), asked, first]);
    await twin.run(sleep(twin.clock, 37 * 60_000));
    if (more.signers === undefined) await give(twin, [later]);
    await give(twin, [second, opened]);
    const typed = await twin.type('server1', 'ines', SUSPEND);
    t.regex(typed.stderr, /refused \(window\.none\)/);
    const intime = await twinAt(minute(25));
    const good = goodPapers(requestFor(intime));
    await give(intime, [policyOf(intime, more), good.asked, good.first, good.second]);
    await intime.run(sleep(intime.clock, 37 * 60_000));
    await give(intime, [good.opened]);
    t.is((await intime.type('server1', 'ines', SUSPEND)).exitCode, 0);
  }
});

test('Break-glass opens the gate at once, for its person, and the note says so', async (t) => {
  const twin = await twinAt();
  const request = requestFor(twin, {
    type: 'emergency',
    plans: [],
    approvals: 0,
    start: new Date(minute(60)).toISOString(),
  });
  const asked = paper('request', 'ines', 60, request);
  const body = { of: hash(asked), approvals: [], differences: [], emergency: 'the disk dies' };
  await give(twin, [policyOf(twin), asked, paper('opening', 'ines', 61, body)]);
  t.is((await twin.type('server1', 'ines', ['clpmonctrl', '-s', '-m', 'mdw1'])).exitCode, 0);
  t.regex((await twin.type('server1', 'bob', SUSPEND)).stderr, /refused \(window\.person\)/);
  t.like((await notesOf(twin, 'server1'))[0], { window: 'W-1', emergency: true });
});

test('Papers outlive a reboot and a power loss of every server', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin)]);
  await twin.run(Promise.all(twin.servers.map(({ name }) => twin.faults.killServer(name))));
  await twin.up();
  t.regex((await twin.type('server1', 'ines', SUSPEND)).stderr, /refused \(window\.none\)/);
});

test('Papers that fill a server lock nobody out: lists come in pages, of notes too', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin)]);
  const reason = 'x'.repeat(200 * 1024);
  for (let index = 0; index < 8; index += 1) {
    const request = requestFor(twin, { reason });
    await give(twin, [paper('request', 'rita', 0, request, `W-big-${index}`)]);
  }
  await give(twin, goodPapers(requestFor(twin)).all);
  const { papers } = await twin.run(twin.door().papers());
  t.is(papers.length, 13);
  t.is((await twin.type('server1', 'ines', SUSPEND)).exitCode, 0);
  const words = ['clpmonctrl', ...Array.from({ length: 99 }, () => 'm'.repeat(200))];
  t.is((await twin.type('server1', 'ines', words)).exitCode, 1);
  const login = { uid: 7, name: 'ines' };
  const said = { login: { real: login, effective: login }, window: null, refused: null };
  for (let index = 0; index < 69; index += 1) {
    await twin.ask('server1', 'host', { do: 'note', op: 'begin', argv: words, ...said }, 1_000);
  }
  const notes = await everyNote<HandNote>((body) => twin.ask('server1', 'host', body, 1_000));
  t.is(notes.length, 71);
});

test('A server that cannot tell what it holds refuses, and says the way out; broken, it lets through', async (t) => {
  const login = { uid: 1000, name: 'ines' };
  const env = (glass: object | null) => ({
    server: 'server1',
    clock: { now: () => 0, at: () => () => undefined },
    files: { read: async () => null },
    progress: () => undefined,
    request: async (_to: object, body: { do: string }) => {
      if (body.do === 'glass') return { glass };
      throw new RemoteError('defect', 'header above its limit');
    },
    caller: { operation: null, login: { real: login, effective: login, terminal: null } },
  });
  const ask = (glass: object | null) =>
    passGate(env(glass) as unknown as Environment, 'clpmonctrl', ['-s']);
  const error = await t.throwsAsync(ask(null), { code: 'gate.silent' });
  t.regex((error as DrydockError).remedy ?? '', /--without-papers/);
  t.like(await ask({ until: 1, who: 'ines', reason: 'fire' }), { allowed: true, emergency: true });
});
