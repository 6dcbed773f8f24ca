/**
 * The gate on a whole twin: what people type and what runs do is refused outside a window, by the
 * command itself, and let through inside it.
 */
import test from 'ava';
import type { Environment } from '../../src/commands/environment.ts';
import { askGate } from '../../src/commands/gate.ts';
import type { Json } from '../../src/core/json.ts';
import type { Authority } from '../../src/ports/authority.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { goodPapers, minute, PLAN } from '../support/signed-papers.ts';
import {
  give,
  notesOf,
  policyOf,
  RESUME,
  requestFor,
  requestOfActs,
  runBy,
  SUSPEND,
  twinAt,
} from './gate-stage.ts';

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
  const { monitors, servers } = viewOf(await twin.look());
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
  const byBob = await twin.run(twin.door('bob@desk').commands.exec(order('a')));
  t.regex(byBob.stderr, /refused \(window\.person\): .* not for bob@desk/);
  t.is(byBob.authority?.who, 'bob@desk');
  t.like(byBob.refused, { code: 'window.person' });
  const byNobody = await twin.run(twin.door().commands.exec(order('b')));
  t.regex(byNobody.stderr, /refused \(window\.person\): .* not for nobody who is known/);
  t.is((await twin.run(twin.door('ines@desk').commands.exec(order('c')))).exitCode, 0);
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
