/** The gate and the papers that servers hold */
import test from 'ava';
import { everyNote } from '../../src/cluster/pages.ts';
import type { Environment } from '../../src/commands/environment.ts';
import { passGate } from '../../src/commands/way-out.ts';
import type { DrydockError } from '../../src/core/errors.ts';
import type { HandNote } from '../../src/ports/authority.ts';
import { sleep } from '../../src/ports/clock.ts';
import { RemoteError } from '../../src/ports/wire.ts';
import { goodPapers, hash, minute, POLICY, paper, policyPaper } from '../support/signed-papers.ts';
import { give, notesOf, policyOf, RESUME, requestFor, SUSPEND, twinAt } from './gate-stage.ts';

test('A server that holds no papers asks the others, and opens no hole', async (t) => {
  const twin = await twinAt();
  await give(twin, [policyOf(twin)], ['server1']);
  const typed = await twin.type('server2', 'ines', ['clpcl', '-t']);
  t.regex(typed.stderr, /refused \(window\.none\)/);
  const { servers } = await twin.run(twin.door().documents.held());
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
  const { servers } = await twin.run(twin.door().documents.held());
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
  t.regex(refused.stderr, /policy\.untrusted.*window emergency --without-documents/);
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
  const { papers } = await twin.run(twin.door().documents.held());
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
  t.regex((error as DrydockError).remedy ?? '', /--without-documents/);
  t.like(await ask({ until: 1, who: 'ines', reason: 'fire' }), { allowed: true, emergency: true });
});
