/**
 * A forced stop against controllers that answer as real ones were seen to, in virtual time: off is read
 * and never concluded, the order goes out once, and what is not known to be off has failed.
 */
import test from 'ava';
import { forceStop, overPowerControl } from '../../src/engine/index.ts';
import { sleep } from '../../src/ports/clock.ts';
import type { PowerControl, PowerReading } from '../../src/ports/power-control.ts';
import { RemoteError, type Wire } from '../../src/ports/wire.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';

type Power = 'on' | 'off';

/** A machine behind a controller, and what came to it, with the seconds at which it came. */
class Machine implements PowerControl {
  power: Power = 'on';
  readonly heard: string[] = [];
  readonly clock: VirtualClock;
  readonly how: How;

  constructor(clock: VirtualClock, how: How) {
    this.clock = clock;
    this.how = how;
    this.power = how.power ?? 'on';
    this.#start = clock.now();
  }

  readonly #start: number;
  get seconds(): number {
    return Math.round((this.clock.now() - this.#start) / 1000);
  }

  async look(): Promise<PowerReading> {
    const { lookMs = 100, reads } = this.how;
    await sleep(this.clock, lookMs);
    this.heard.push(`look ${this.seconds}`);
    const said = reads?.(this.seconds, this.power) ?? this.power;
    return said === 'on' || said === 'off' ? { power: said } : { power: 'unknown', why: said };
  }

  async start(): Promise<void> {
    this.heard.push(`start ${this.seconds}`);
  }

  async order(): Promise<void> {
    const { orderMs = 100, diesMs = 0 } = this.how;
    this.heard.push(`order ${this.seconds}`);
    if (diesMs !== null) {
      this.clock.at(this.clock.now() + diesMs, () => {
        this.power = 'off';
      });
    }
    await sleep(this.clock, orderMs);
  }
}

interface How {
  power?: Power;
  lookMs?: number;
  orderMs?: number;
  /** How long it lives after the order; null: for ever. */
  diesMs?: number | null;
  /** Instead of the truth. */
  reads?: (seconds: number, power: Power) => string;
}

async function inVirtualTime<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isOver = false;
  const end = promise.finally(() => {
    isOver = true;
  });
  end.catch(() => undefined);
  for (let fired = 0; !isOver && fired < 10_000; fired++) {
    await new Promise(setImmediate);
    if (!isOver) clock.fireNext();
  }
  return end;
}

const cases: [title: string, how: How, ends: string, heard: string][] = [
  ['at once', {}, 'off', 'look 0, order 0, look 0'],
  [
    'after 5 s',
    { diesMs: 5_000 },
    'off',
    'look 0, order 0, look 0, look 1, look 3, look 4, look 5, look 6',
  ],
  [
    'never, though every order is answered',
    { diesMs: null },
    'it is still on',
    '1 order, until 30',
  ],
  ['off already', { power: 'off' }, 'off', 'look 0'],
  ['the order is refused', { diesMs: null, orderMs: 50 }, 'it is still on', '1 order, until 30'],
  [
    'a controller that takes 6 s to answer an order',
    { orderMs: 6_000 },
    'off',
    'look 0, order 0, look 6',
  ],
  [
    'out of reach from the start',
    { reads: () => 'not reachable' },
    'not reachable',
    '0 orders, until 30',
  ],
  [
    'out of reach after the order',
    { diesMs: null, reads: (at) => (at < 1 ? 'on' : 'not reachable') },
    'not reachable',
    '1 order, until 30',
  ],
  [
    'out of reach for a while',
    { reads: (at, power) => (at < 7 ? 'not reachable' : power) },
    'off',
    '1 order, until 7',
  ],
  [
    'a wrong password',
    { reads: () => 'refused: RAKP 2 HMAC is invalid' },
    'refused: RAKP 2 HMAC is invalid',
    '0 orders, until 30',
  ],
  ['a login that reads and cannot cut', { diesMs: null }, 'it is still on', '1 order, until 30'],
];

function counted(heard: string[]): string {
  const orders = heard.filter((line) => line.startsWith('order')).length;
  const last = Number(heard.at(-1)!.split(' ')[1]);
  return `${orders} ${orders === 1 ? 'order' : 'orders'}, until ${Math.min(last, 30)}`;
}

for (const [title, how, ends, heard] of cases) {
  test(`forced stop, ${title}: ${ends}`, async (t) => {
    const clock = new VirtualClock(1_000_000);
    const machine = new Machine(clock, how);
    const stopped = await inVirtualTime(clock, forceStop(machine, clock, 'server2', 30_000));
    t.is(stopped.off ? 'off' : stopped.why, ends);
    t.is(heard.includes('look') ? machine.heard.join(', ') : counted(machine.heard), heard);
    if (stopped.off) t.is(machine.power, 'off');
  });
}

test('less than ten seconds are never given, whatever is configured', async (t) => {
  const clock = new VirtualClock(0);
  const machine = new Machine(clock, { diesMs: 9_000 });
  t.true((await inVirtualTime(clock, forceStop(machine, clock, 'server2', 500))).off);
});

test('a second stop orders again only after on was read, five seconds after the first order', async (t) => {
  const clock = new VirtualClock(0);
  const machine = new Machine(clock, { diesMs: null });
  const end = forceStop(machine, clock, 'server2', 30_000, clock.now() - 1_000);
  await inVirtualTime(clock, end);
  t.deepEqual(machine.heard.slice(0, 6), [
    'look 0',
    'look 1',
    'look 2',
    'look 3',
    'look 5',
    'order 5',
  ]);
});

function silentWire(): Wire {
  const refuse = () => {
    throw new Error('the wire is not asked');
  };
  return new Proxy({} as Wire, { get: () => refuse });
}

test('a daemon is told off once it was read, else refused; two that ask share one order', async (t) => {
  const clock = new VirtualClock(0);
  const machine = new Machine(clock, { diesMs: 3_000 });
  const wire = overPowerControl(silentWire(), machine, clock);
  const to = { server: 'server2', part: 'bmc' } as const;
  const cut = () => wire.request(to, { do: 'power.cut' }, 30_000);
  const both = await inVirtualTime(clock, Promise.all([cut(), cut()]));
  t.deepEqual(both, [{ power: 'off' }, { power: 'off' }]);
  t.is(machine.heard.filter((line) => line.startsWith('order')).length, 1);

  const stubborn = overPowerControl(silentWire(), new Machine(clock, { diesMs: null }), clock);
  const end = stubborn.request(to, { do: 'power.cut' }, 10_000);
  const error = await t.throwsAsync(inVirtualTime(clock, end), { instanceOf: RemoteError });
  t.is(error?.message, 'it is still on');
});

test('a reading that is neither on nor off is refused, never off', async (t) => {
  const clock = new VirtualClock(0);
  const machine = new Machine(clock, { reads: () => 'its controller does not say' });
  const wire = overPowerControl(silentWire(), machine, clock);
  const asked = wire.request({ server: 'server2', part: 'bmc' }, { do: 'power.status' }, 500);
  await t.throwsAsync(inVirtualTime(clock, asked), { message: 'its controller does not say' });
});

test('a check is a look, and refused where the login may not cut', async (t) => {
  const clock = new VirtualClock(0);
  const to = { server: 'server2', part: 'bmc' } as const;
  const answerOf = (denial?: string | null) => {
    const machine: PowerControl = new Machine(clock, {});
    if (denial !== undefined) machine.denial = async () => denial;
    const wire = overPowerControl(silentWire(), machine, clock);
    const asked = wire.request(to, { do: 'power.check' }, 1000);
    return inVirtualTime(
      clock,
      asked.catch((error: RemoteError) => [error.code, error.message]),
    );
  };
  t.deepEqual(await answerOf(), { power: 'on' });
  t.deepEqual(await answerOf(null), { power: 'on' });
  const why = 'user reader has privilege USER at most';
  t.deepEqual(await answerOf(why), ['power.denied', why]);
});
