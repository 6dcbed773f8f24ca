/** Whatever comes in any order: what must always hold for a host. */
import test from 'ava';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import type { HostEvent, HostState } from '../../src/host/state.ts';
import { isOsUp } from '../../src/host/turn.ts';
import { Chassis } from './harness.ts';

const OPERATIONS = ['op1', 'op2', 'op3', '__proto__'];
const device = fc.constantFrom('/dev/sdb', '/dev/sdb1', '/dev/sdb2', '/dev/NMP1', '/dev/fd0', 'x');
const lease = fc.option(
  fc.record({ holder: fc.constantFrom('a', 'b'), token: fc.integer({ min: 0, max: 4 }) }),
  { nil: null },
);

function body<T extends Record<string, fc.Arbitrary<unknown>>>(name: string, more: T) {
  return fc.record({ do: fc.constant(name), ...more });
}

const hostRequest: fc.Arbitrary<unknown> = fc.oneof(
  body('status', {}),
  body('service', {
    name: fc.constantFrom('clusterpro', 'clusterpro_md', 'clusterpro_evt', 'toString'),
    op: fc.constantFrom('enable', 'disable', 'start', 'stop'),
  }),
  body('power', { op: fc.constantFrom('shutdown', 'reboot') }),
  body('reset', { why: fc.constant('a test') }),
  body('node', { event: fc.constantFrom('waiting', 'online', 'suspended', 'stopping') }),
  body('watchdog', { timeoutMs: fc.constantFrom(0, 500) }),
  body('partition', {
    device,
    partitions: fc.array(fc.record({ number: fc.nat(5), sizeBytes: fc.constant(1 << 20) })),
  }),
  body('mount', {
    device,
    point: fc.constantFrom('/mnt', '/mnt/a', '..'),
    fs: fc.constant('ext3'),
    readOnly: fc.boolean(),
    options: fc.constant([]),
  }),
  body('umount', { target: device }),
  body('blockdev', { device, op: fc.constantFrom('setro', 'setrw', 'getro') }),
  body('device.read', { device, offset: fc.constant(0), length: fc.constant(512) }),
  body('device.clear', { device }),
  body('exec', {
    operation: fc.constantFrom(...OPERATIONS),
    argv: fc.constantFrom(['date'], ['/bin/date'], []),
    answers: fc.constant([]),
    timeoutMs: fc.constant(1_000),
    lease,
  }),
  body('operation', { operation: fc.constantFrom(...OPERATIONS) }),
  body('lease', {
    op: fc.constantFrom('acquire', 'release', 'show'),
    holder: fc.constantFrom('a', 'b'),
    about: fc.constant(''),
    lease,
  }),
  body('address', {
    op: fc.constantFrom('add', 'remove', 'probe'),
    address: fc.constantFrom('10.0.0.1', '__proto__'),
  }),
  body('files', { op: fc.constantFrom('read', 'write'), path: fc.constant('/a'), text: device }),
  body('medium', {}),
  body('medium.write', { files: fc.constant({ a: 'b' }) }),
);

const bmcRequest: fc.Arbitrary<unknown> = fc.oneof(
  body('power.status', {}),
  body('power.on', { singleUser: fc.boolean() }),
  body('power.cut', {}),
  body('power.reset', {}),
  body('disk.replace', { device }),
  body('disk.fail', { device, mode: fc.constantFrom('all', 'write', 'read') }),
  body('disk.heal', { device }),
  body('medium.insert', { medium: fc.constantFrom('floppy', 'toString') }),
  body('medium.remove', {}),
  body('freeze', {}),
  body('thaw', {}),
);

type Act =
  | { act: 'ask'; to: 'host' | 'bmc'; body: unknown }
  | { act: 'world'; pick: number }
  | { act: 'exit'; process: 'agent' | 'daemon' | 'clpevent' | 'clpnm'; code: number | null }
  | { act: 'datagram'; body: unknown }
  | { act: 'crash' };

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('ask' as const),
      to: fc.constant('host' as const),
      body: hostRequest,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('ask' as const),
      to: fc.constant('bmc' as const),
      body: bmcRequest,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('ask' as const),
      to: fc.constantFrom('host' as const, 'bmc' as const),
      body: fc.jsonValue(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ act: fc.constant('world' as const), pick: fc.nat(50) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('exit' as const),
      process: fc.constantFrom('agent', 'daemon', 'clpevent', 'clpnm'),
      code: fc.constantFrom(0, 1, 2, null),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('datagram' as const),
      body: fc.oneof(
        fc.jsonValue(),
        fc.record({
          kind: fc.constantFrom('arp.probe', 'arp.claim', 'arp.announce'),
          address: fc.constantFrom('10.0.0.1', '__proto__'),
        }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('crash' as const) }) },
);

/** A world that answers what the host asked of it, later and in any order. */
class World {
  chassis = new Chassis();
  due: HostEvent[] = [];
  spawned: string[] = [];
  answered = new Set<string>();

  constructor() {
    this.take({ type: 'part.started', bootId: 'feed' });
  }

  take(event: HostEvent): void {
    this.chassis.take(event);
    this.look(event);
  }

  ask(to: 'host' | 'bmc', request: Json): void {
    const wasUp = isOsUp(this.chassis.state);
    this.chassis.ask(to, request);
    this.look(null);
    if (to === 'bmc' || wasUp) return;
    if (this.chassis.effects.some((effect) => effect.type !== 'refuseRequest')) {
      throw new Error(`a host that is not up did ${JSON.stringify(this.chassis.effects)}`);
    }
  }

  private look(event: HostEvent | null): void {
    const { effects } = this.chassis;
    effects.forEach((effect, at) => {
      if (effect.type === 'saveHost' && at !== 0) throw new Error('saved after acting');
      if (effect.type === 'spawnCommand') {
        if (effects[0]?.type !== 'saveHost') throw new Error('spawned before it was saved');
        this.spawned.push(effect.run.operation);
        const end = { exitCode: 0, answered: [] };
        this.due.push({ type: 'command.ended', operation: effect.run.operation, end });
      }
      if (effect.type === 'killAll') this.due.push({ type: 'processes.gone' });
      if (effect.type === 'createDisk') {
        this.due.push({ type: 'disk.created', serial: effect.serial });
      }
      if (effect.type === 'stopProcess') {
        const { process } = effect;
        this.due.push({ type: 'process.exited', process, code: 0, signal: null });
      }
      if (effect.type === 'readFile') this.due.push({ type: 'file.read', id: effect.id, text: '' });
      if (effect.type === 'writeFile')
        this.due.push({ type: 'file.written', id: effect.id, body: {} });
      if (effect.type === 'readFacts') {
        const facts = { configHash: null, mirrorBreaks: {} };
        this.due.push({ type: 'facts.read', id: effect.id, facts });
      }
      if (effect.type === 'readDevice') {
        this.due.push({ type: 'device.read', id: effect.id, body: { data: '' } });
      }
      if (effect.type === 'clearDevice') {
        this.due.push({ type: 'device.cleared', id: effect.id, body: { sizeBytes: 0 } });
      }
      if (effect.type === 'sendReply' || effect.type === 'refuseRequest') {
        if (this.answered.has(effect.id)) throw new Error(`${effect.id} was answered twice`);
        this.answered.add(effect.id);
      }
    });
    if (event?.type === 'part.started') this.answered.clear();
  }

  /** Something that the world owes happens: an answer, or a timer. */
  happen(pick: number): void {
    const timers = [...this.chassis.timers.keys()];
    const all = this.due.length + timers.length;
    if (all === 0) return;
    const at = pick % all;
    if (at < this.due.length) this.take(this.due.splice(at, 1)[0]!);
    else {
      this.chassis.fire(timers[at - this.due.length]!);
      this.look(null);
    }
  }

  /** The supervisor dies and comes back with what it saved. */
  crash(): void {
    const { saved, state } = this.chassis;
    const kept: HostState | null = saved === null ? null : JSON.parse(saved);
    const now = this.chassis.now;
    this.chassis = kept ? new Chassis(kept) : new Chassis();
    this.chassis.now = now;
    this.chassis.saved = saved;
    this.due = [];
    this.answered.clear();
    this.take({ type: 'part.started', bootId: `cafe${state.entropy.drawn}` });
  }
}

function play(world: World, next: Act): void {
  if (next.act === 'ask') world.ask(next.to, next.body as Json);
  if (next.act === 'world') world.happen(next.pick);
  if (next.act === 'crash') world.crash();
  if (next.act === 'exit') {
    const { process, code } = next;
    const signal = code === null ? 'SIGKILL' : null;
    world.take({ type: 'process.exited', process, code, signal });
  }
  if (next.act === 'datagram') {
    const given = { net: 'arp', from: 'server2', body: next.body as Json };
    world.take({ type: 'datagram.received', ...given });
  }
}

test('In any order: saved before acted, spawned once, answered once, silent when off', (t) => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
      const world = new World();
      for (const next of acts) play(world, next);
      t.deepEqual(JSON.parse(JSON.stringify(world.chassis.state)), world.chassis.state);
      t.is(new Set(world.spawned).size, world.spawned.length);
      return true;
    }),
    { numRuns: 400 },
  );
});

test('An operation is spawned once, over resets, power cuts and crashes of the supervisor', (t) => {
  const given = { answers: [], timeoutMs: 1_000, lease: null, argv: ['date'] };
  const ask = (to: 'host' | 'bmc', request: unknown): Act => ({ act: 'ask', to, body: request });
  const exec = (operation: string) => ask('host', { do: 'exec', operation, ...given });
  const narrow = fc.oneof(
    { weight: 6, arbitrary: act.filter((next) => next.act === 'world') },
    { weight: 4, arbitrary: fc.constantFrom(...OPERATIONS.map(exec)) },
    {
      weight: 3,
      arbitrary: fc.constantFrom<Act>(
        ask('bmc', { do: 'power.on' }),
        ask('bmc', { do: 'power.cut' }),
        ask('host', { do: 'reset', why: 'a test' }),
        ask('host', { do: 'power', op: 'reboot' }),
        { act: 'crash' },
      ),
    },
  );
  let spawned = 0;
  fc.assert(
    fc.property(fc.array(narrow, { minLength: 20, maxLength: 120 }), (acts) => {
      const world = new World();
      for (const next of acts) play(world, next);
      spawned += world.spawned.length;
      t.is(new Set(world.spawned).size, world.spawned.length);
    }),
    { numRuns: 400 },
  );
  t.true(spawned > 100);
});

test('Whatever happened, a server whose world answers comes up again when it is turned on', (t) => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const world = new World();
      for (const next of acts) play(world, next);
      world.crash();
      for (let rounds = 0; rounds < 200 && world.due.length > 0; rounds += 1) world.happen(0);
      world.ask('bmc', { do: 'power.on' });
      for (let rounds = 0; rounds < 50 && !isOsUp(world.chassis.state); rounds += 1) {
        while (world.due.length > 0) world.happen(0);
        if (world.chassis.timers.has('boot')) world.chassis.fire('boot');
      }
      return isOsUp(world.chassis.state);
    }),
    { numRuns: 200 },
  );
  t.pass();
});
