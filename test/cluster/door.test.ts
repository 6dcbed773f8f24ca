import test from 'ava';
import { createDoor, physicalActs } from '../../src/cluster/index.ts';
import { DrydockError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import type { ExecRequest, OperationRecord } from '../../src/ports/commands.ts';
import { LeaseShort, type LeaseView } from '../../src/ports/lease.ts';
import { RemoteError, WireError } from '../../src/ports/wire.ts';
import {
  CONFIG,
  type FakeServers,
  fakeClock,
  fakeServers,
  type Handler,
  NOW,
  refusal,
  silence,
} from './fake-servers.ts';

const record: OperationRecord = {
  operation: 'run1/step1',
  argv: ['clpstat'],
  state: 'exited',
  exitCode: 0,
  stdout: 'ok\n',
  stderr: '',
  answered: [],
  bootId: 'b',
  startedAt: 1,
  endedAt: 2,
};

const ASKED: ExecRequest = {
  server: 'server1',
  operation: 'run1/step1',
  argv: ['clpstat'],
  answers: [],
  timeoutMs: 1000,
  lease: { holder: 'run1', token: 5 },
};

const doorTo = (servers: FakeServers) =>
  createDoor({
    wire: servers,
    machines: CONFIG.servers.map(({ name }) => name),
    config: () => CONFIG,
    clock: fakeClock(),
  });

/** A host that keeps a lease as the real one does. */
function leaseHost(start: Partial<LeaseView> = {}): Handler & { lease: LeaseView } {
  const state = { lease: { holder: null, token: 0, about: '', since: 0, ...start } as LeaseView };
  const handler: Handler = (body) => {
    const { lease } = state;
    if (body.op === 'acquire') {
      if (lease.holder !== null && lease.holder !== body.holder) {
        throw new RemoteError('lease.held', `leased to ${lease.holder}`);
      }
      const token = Math.max(lease.token, Number(body.atLeast ?? 0)) + 1;
      state.lease = { holder: String(body.holder), token, about: String(body.about), since: 1 };
    }
    if (body.op === 'release') {
      const given = body.lease as { holder: string; token: number };
      if (lease.holder !== null && (lease.holder !== given.holder || given.token < lease.token)) {
        throw new RemoteError('lease.stale', 'not yours');
      }
      state.lease = { ...lease, holder: null, token: Math.max(lease.token, given.token) };
    }
    return state.lease;
  };
  return Object.defineProperty(handler, 'lease', { get: () => state.lease }) as never;
}

test('a command is sent with its operation id and lease, and its record comes back', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/host', () => record);
  let shown = '';
  const request = { ...ASKED, onOutput: (text: string) => (shown += text) };
  t.deepEqual(await doorTo(servers).commands.exec(request), record);
  t.is(shown, 'ok\n');
  t.like(servers.asked[0]?.body, { do: 'exec', operation: 'run1/step1', argv: ['clpstat'] });
  t.deepEqual(servers.asked[0]?.body.lease, { holder: 'run1', token: 5 });
});

/** exec answers in turn, and the record as `operation` finds it. */
function flakyHost(tries: Handler[], found: OperationRecord | null): Handler {
  let count = 0;
  return (body) => {
    if (body.do === 'operation') return found;
    const next = tries[Math.min(count, tries.length - 1)];
    count += 1;
    return next?.(body);
  };
}

test('a lost connection is settled by the record of the operation', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/host', flakyHost([silence('timeout')], record));
  t.deepEqual(await doorTo(servers).commands.exec(ASKED), record);
});

test('a command that still runs is attached to again', async (t) => {
  const servers = fakeServers();
  const running = { ...record, state: 'running' as const };
  servers.parts.set('server1/host', flakyHost([silence('timeout'), () => record], running));
  t.deepEqual(await doorTo(servers).commands.exec(ASKED), record);
  t.is(servers.asked.filter(({ body }) => body.do === 'exec').length, 2);
});

test('without an answer and without a record it is unknown whether it ran', async (t) => {
  for (const found of [flakyHost([silence('timeout')], null), silence('timeout')]) {
    const servers = fakeServers();
    servers.parts.set('server1/host', found);
    await t.throwsAsync(doorTo(servers).commands.exec(ASKED), { instanceOf: WireError });
  }
});

test('a system that is not up counts as no answer', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/host', refusal('os.off', 'not up'));
  await t.throwsAsync(doorTo(servers).commands.exec(ASKED), { instanceOf: WireError });
  await t.throwsAsync(doorTo(servers).commands.operation('server1', 'x'), {
    instanceOf: WireError,
  });
});

test('the lease is taken on every server with one token, and given back', async (t) => {
  const servers = fakeServers();
  const hosts = [leaseHost({ token: 7 }), leaseHost({ token: 2 })] as const;
  servers.parts.set('server1/host', hosts[0]);
  servers.parts.set('server2/host', hosts[1]);
  const door = doorTo(servers);
  const lease = await door.lease.acquire('run1', 'alice on desk');
  t.deepEqual(lease, { holder: 'run1', token: 8 });
  t.deepEqual(
    hosts.map(({ lease: { holder, token } }) => [holder, token]),
    [
      ['run1', 8],
      ['run1', 8],
    ],
  );
  const again = await door.lease.acquire('run1', 'alice again');
  t.is(again.token, 9);
  await door.lease.release(again);
  t.deepEqual(
    hosts.map(({ lease: { holder } }) => holder),
    [null, null],
  );
});

test('a lease that another run holds anywhere is refused with exit 5, and nothing is kept', async (t) => {
  const servers = fakeServers();
  const first = leaseHost();
  servers.parts.set('server1/host', first);
  servers.parts.set('server2/host', leaseHost({ holder: 'run9', token: 3, about: 'bob' }));
  const error = await t.throwsAsync(doorTo(servers).lease.acquire('run1', 'alice'), {
    instanceOf: DrydockError,
  });
  t.is(error?.exit, 5);
  t.regex(error?.message ?? '', /server2: run9 \(bob\)/);
  t.is(first.lease.holder, null);
});

test('of two that start at once the later gives back what it took', async (t) => {
  const servers = fakeServers();
  const [first, second] = [leaseHost(), leaseHost()];
  servers.parts.set('server1/host', first);
  // Between the look and the taking the other run was quicker here.
  servers.parts.set('server2/host', (body) => {
    if (body.op === 'acquire') throw new RemoteError('lease.held', 'leased to run9');
    return second(body);
  });
  const taking = doorTo(servers).lease.acquire('run1', 'alice');
  t.is((await t.throwsAsync(taking, { instanceOf: DrydockError }))?.exit, 5);
  t.is(first.lease.holder, null);
});

test('neither a silent server nor one that is off counts; a person may give up the latter by name', async (t) => {
  const servers = fakeServers();
  const first = leaseHost();
  servers.parts.set('server1/host', first);
  servers.parts.set('server2/host', silence('timeout'));
  const door = doorTo(servers);
  const error = await t.throwsAsync(door.lease.acquire('run1', ''), { instanceOf: DrydockError });
  t.is(error?.code, 'lease.noMajority');
  t.is(first.lease.holder, null);
  servers.parts.set('server2/bmc', () => ({ power: 'off', bootId: null }));
  const off = await t.throwsAsync(door.lease.acquire('run1', ''), { instanceOf: LeaseShort });
  t.deepEqual(off?.missing, ['server2']);
  t.regex(off?.remedy ?? '', /--give-up server2/);
  const lease = await door.lease.acquire('run1', '', { giveUp: ['server2'] });
  t.true(lease.token >= NOW);
  servers.parts.set('server2/bmc', () => ({ power: 'on', bootId: null }));
  const on = await t.throwsAsync(door.lease.acquire('run1', ''), { instanceOf: LeaseShort });
  t.deepEqual(on?.missing, []);
});

test('where all servers are off, whoever was given the lease goes on, and nobody else', async (t) => {
  const servers = fakeServers();
  for (const server of ['server1', 'server2']) {
    servers.parts.set(`${server}/host`, refusal('os.off', 'the system is not up'));
    servers.parts.set(`${server}/bmc`, () => ({ power: 'off', bootId: null }));
  }
  const { lease } = doorTo(servers);
  const before = { holder: 'run1', token: 5 };
  t.deepEqual(await lease.acquire('run1', 'alice', { before }), before);
  await t.throwsAsync(lease.acquire('run2', 'bob'), { instanceOf: LeaseShort });
  await t.throwsAsync(lease.acquire('run2', 'bob', { before }), { instanceOf: LeaseShort });
  servers.parts.set('server2/bmc', () => ({ power: 'on', bootId: 'b' }));
  await t.throwsAsync(lease.acquire('run1', 'alice', { before }), { instanceOf: LeaseShort });
});

test('a server on its way up is waited for', async (t) => {
  const servers = fakeServers();
  const second = leaseHost();
  servers.parts.set('server1/host', leaseHost());
  let looks = 0;
  servers.parts.set('server2/host', (body) => {
    looks += 1;
    if (looks < 4) throw new RemoteError('os.off', 'not up');
    return second(body);
  });
  await doorTo(servers).lease.acquire('run1', '');
  t.is(second.lease.holder, 'run1');
});

test('a server that missed something asks the others itself, before its first command', async (t) => {
  const servers = fakeServers();
  const kept = leaseHost({ holder: 'run0', token: 2 });
  const told = leaseHost({ holder: null, token: 5 });
  let isTold = false;
  servers.parts.set('server1/host', (body) => {
    if (body.op === 'release') throw new Error('nobody else gives it back');
    if (body.op === 'ask') isTold = true;
    if (isTold) return body.do === 'exec' ? record : told(body);
    if (body.do !== 'exec') return kept(body);
    if (kept.lease.holder !== null) throw new RemoteError('lease.stale', 'held by run0');
    return record;
  });
  t.deepEqual(await doorTo(servers).commands.exec(ASKED), record);
});

test('a server that was off is waited for until it knows who holds the cluster', async (t) => {
  const servers = fakeServers();
  let asked = 0;
  servers.parts.set('server1/host', (body) => {
    if (body.do !== 'exec')
      return { holder: null, token: 5, about: '', since: 0, told: asked++ > 2 };
    if (asked < 3) throw new RemoteError('lease.unknown', 'it does not know yet');
    return record;
  });
  const request = { ...ASKED };
  t.deepEqual(await doorTo(servers).commands.exec(request), record);
  asked = Number.NEGATIVE_INFINITY;
  await t.throwsAsync(doorTo(servers).commands.exec(request), { instanceOf: RemoteError });
});

test('a lease that went to another run stops the runner with exit 5', async (t) => {
  const servers = fakeServers();
  const kept = leaseHost({ holder: 'run9', token: 6 });
  servers.parts.set('server1/host', (body) => {
    if (body.do !== 'exec') return kept(body);
    throw new RemoteError('lease.stale', 'held by run9');
  });
  const error = await t.throwsAsync(doorTo(servers).commands.exec(ASKED), {
    instanceOf: DrydockError,
  });
  t.is(error?.exit, 5);
  t.is(kept.lease.holder, 'run9');
});

test('leases tell who cannot be asked', async (t) => {
  const servers = fakeServers();
  servers.parts.set('server1/host', leaseHost({ holder: 'run1', token: 4 }));
  servers.parts.set('server2/host', silence('unreachable'));
  const leases = await doorTo(servers).lease.show();
  t.like(leases.server1, { holder: 'run1', token: 4 });
  t.deepEqual(leases.server2, { unknown: 'server2/host cannot be reached' });
});

const acts: [Parameters<ReturnType<typeof physicalActs>['perform']>[0], Json][] = [
  [
    { act: 'replaceDisk', server: 'server2', device: '/dev/sdb' },
    { do: 'disk.replace', device: '/dev/sdb' },
  ],
  [
    { act: 'takeDiskImage', server: 'server2', image: 'before', system: true },
    { do: 'disk.image.take', image: 'before', system: true },
  ],
  [
    { act: 'restoreDiskImage', server: 'server2', image: 'before' },
    { do: 'disk.image.restore', image: 'before' },
  ],
  [{ act: 'powerOn', server: 'server2' }, { do: 'power.on' }],
  [
    { act: 'startSingleUser', server: 'server2' },
    { do: 'power.on', singleUser: true },
  ],
  [{ act: 'cutPower', server: 'server2' }, { do: 'power.cut' }],
  [
    { act: 'insertMedium', server: 'server2', medium: 'floppy1' },
    { do: 'medium.insert', medium: 'floppy1' },
  ],
  [{ act: 'removeMedium', server: 'server2' }, { do: 'medium.remove' }],
];

for (const [act, body] of acts) {
  test(`the management controller carries out ${act.act}`, async (t) => {
    const servers = fakeServers();
    const operator = physicalActs(servers);
    t.deepEqual(await operator.perform(act, ''), { done: true, by: 'server2/bmc' });
    t.deepEqual(servers.asked, [{ server: 'server2', part: 'bmc', body: body as never }]);
    servers.parts.set('server2/bmc', refusal('power.on', 'the power is on'));
    t.like(await operator.perform(act, ''), { done: false });
  });
}
