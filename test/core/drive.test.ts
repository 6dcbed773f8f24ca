import test from 'ava';
import { drive } from '../../src/core/drive.ts';
import type { Json } from '../../src/core/json.ts';
import type { Address, CommonEffect, CommonEvent, PartName } from '../../src/core/part.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import { RemoteError, type Wire, WireError } from '../../src/ports/wire.ts';

type Own = { type: 'shout'; word: string };
type Event = { type: 'poked' };
type All = Event | CommonEvent;
type Handler = (from: Address, body: Json) => Promise<Json>;

const control: Address = { server: 'control', part: 'control' };

/** Ports that only remember, and a step that is a table from event to effects. */
function bench(table: (event: All) => (CommonEffect | Own)[], parts: PartName[] = ['daemon']) {
  const timers: { at: number; fn: () => void; cancelled: boolean }[] = [];
  const handlers = new Map<string, Handler>();
  let datagrams: ((net: string, from: string, body: Json) => void) | null = null;
  const sent: string[] = [];
  const shouts: string[] = [];
  const logs: LogEntry[] = [];
  const answers: (() => Promise<Json>)[] = [];
  const clock: Clock = {
    now: () => 1000,
    at(at, fn) {
      const timer = { at, fn, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
  };
  const wire: Wire = {
    server: 'server1',
    request: (to, body) => {
      sent.push(`${to.server}/${to.part} ${JSON.stringify(body)}`);
      return answers.shift()!();
    },
    serve(part, handler) {
      handlers.set(part, handler);
      return () => handlers.delete(part);
    },
    datagram: (net, to, body) => sent.push(`${net} ${to} ${JSON.stringify(body)}`),
    reaches: async () => true,
    onDatagram(fn) {
      datagrams = fn;
      return () => {
        datagrams = null;
      };
    },
    connect: () => Promise.reject(new WireError('refused', 'no')),
    listen: () => () => {},
  };
  const seen: string[] = [];
  const driven = drive<number, Event, Own>({
    step: (state, event) => {
      seen.push(event.type);
      return { state: state + 1, effects: table(event) };
    },
    initial: 0,
    clock,
    wire,
    parts,
    server: 'server1',
    onEffect: (effect) => shouts.push(effect.word),
    log: (entry) => logs.push(entry),
  });
  const datagram = (net: string, from: string, body: Json) => datagrams?.(net, from, body);
  return { driven, timers, handlers, sent, shouts, logs, seen, answers, datagram };
}

test('effects are carried out in order, and what they cause waits its turn', (t) => {
  const order: string[] = [];
  const box = bench((event) =>
    event.type === 'poked'
      ? [
          { type: 'shout', word: 'first' },
          { type: 'sendDatagram', net: 'lan0', to: 'server2', body: 1 },
          { type: 'shout', word: 'last' },
        ]
      : [],
  );
  const shout = box.shouts.push.bind(box.shouts);
  box.shouts.push = (...words: string[]) => {
    order.push(...words);
    if (words[0] === 'first') box.driven.dispatch({ type: 'timer.fired', id: 'again' });
    order.push(`seen ${box.seen.length}`);
    return shout(...words);
  };
  box.driven.dispatch({ type: 'poked' });
  t.deepEqual(order, ['first', 'seen 1', 'last', 'seen 1']);
  t.deepEqual(box.seen, ['poked', 'timer.fired']);
  t.deepEqual(box.sent, ['lan0 server2 1']);
  t.is(box.driven.state(), 2);
});

test('a timer that is armed again replaces the one before', (t) => {
  const box = bench((event) =>
    event.type === 'poked' ? [{ type: 'armTimer', id: 'beat', at: 2000 }] : [],
  );
  box.driven.dispatch({ type: 'poked' });
  box.driven.dispatch({ type: 'poked' });
  t.deepEqual(
    box.timers.map(({ cancelled }) => cancelled),
    [true, false],
  );
  box.timers[0]!.fn();
  t.deepEqual(box.seen, ['poked', 'poked']);
  box.timers[1]!.fn();
  t.deepEqual(box.seen, ['poked', 'poked', 'timer.fired']);
});

test('a request is answered by a reply and refused with its code', async (t) => {
  const box = bench(
    (event) => {
      if (event.type !== 'request.received') return [];
      const { id, body, to } = event;
      if (body === 'no') {
        return [{ type: 'refuseRequest', id, code: 'os.off', message: 'it is off' }];
      }
      return [{ type: 'sendReply', id, body: `${to} hears ${String(body)}` }];
    },
    ['host', 'bmc'],
  );
  t.is(await box.handlers.get('host')!(control, 'yes'), 'host hears yes');
  t.is(await box.handlers.get('bmc')!(control, 'yes'), 'bmc hears yes');
  const error = await t.throwsAsync(box.handlers.get('bmc')!(control, 'no'), {
    instanceOf: RemoteError,
    message: 'it is off',
  });
  t.is((error as RemoteError).code, 'os.off');
});

test('the ends of own requests come back as events with their codes', async (t) => {
  const events: CommonEvent[] = [];
  const box = bench((event) => {
    if (event.type === 'request.answered' || event.type === 'request.failed') events.push(event);
    const to = { server: 'server2', part: 'bmc' as const };
    if (event.type !== 'poked') return [];
    return [{ type: 'sendRequest', id: 'q', to, body: { do: 'power.cut' }, timeoutMs: 10 }];
  });
  box.answers.push(
    () => Promise.resolve({ power: 'off' }),
    () => Promise.reject(new WireError('timeout', 'nobody')),
    () => Promise.reject(new Error('odd')),
  );
  for (let times = 0; times < 3; times += 1) box.driven.dispatch({ type: 'poked' });
  await new Promise<void>((resolve) => setImmediate(resolve));
  t.deepEqual(events, [
    { type: 'request.answered', id: 'q', body: { power: 'off' } },
    { type: 'request.failed', id: 'q', code: 'timeout', message: 'nobody' },
    { type: 'request.failed', id: 'q', code: 'failed', message: 'odd' },
  ]);
});

test('a log effect is stamped with the server and the time', (t) => {
  const box = bench((event) =>
    event.type === 'poked'
      ? [{ type: 'log', module: 'pm', level: 'Info', id: 1, to: ['alert'], text: 'up' }]
      : [],
  );
  box.driven.dispatch({ type: 'poked' });
  t.deepEqual(box.logs, [
    { at: 1000, server: 'server1', module: 'pm', level: 'Info', id: 1, to: ['alert'], text: 'up' },
  ]);
});

test('after stop nothing enters and nothing leaves', (t) => {
  const box = bench((event) => {
    if (event.type !== 'poked') return [{ type: 'shout', word: 'alive' }];
    return [{ type: 'armTimer', id: 'beat', at: 2000 }];
  });
  box.driven.dispatch({ type: 'poked' });
  const handler = box.handlers.get('daemon')!;
  box.driven.stop();
  box.timers[0]!.fn();
  box.datagram('lan0', 'server2', 1);
  void handler(control, 'hello');
  box.driven.dispatch({ type: 'poked' });
  t.deepEqual(box.seen, ['poked']);
  t.deepEqual(box.shouts, []);
  t.true(box.timers[0]!.cancelled);
  t.is(box.handlers.size, 0);
});

test('a stop in the middle of a step keeps its later effects in', (t) => {
  const box = bench(() => [
    { type: 'shout', word: 'stop' },
    { type: 'sendDatagram', net: 'lan0', to: 'server2', body: 1 },
  ]);
  box.shouts.push = () => {
    box.driven.stop();
    return 0;
  };
  box.driven.dispatch({ type: 'poked' });
  t.deepEqual(box.sent, []);
});

/** A counter that is kept: adding to it is an event of the world, and a request. */
function counter() {
  const box = { full: false, kept: 0, told: [] as number[], logs: [] as string[] };
  const timers: (() => void)[] = [];
  const handlers = new Map<string, Handler>();
  const driven = drive<
    number,
    { type: 'added' },
    { type: 'keep'; count: number } | { type: 'told' }
  >({
    step: (state, event) => {
      if (event.type === 'request.received' && event.body === 'how many') {
        return { state, effects: [{ type: 'sendReply', id: event.id, body: state }] };
      }
      const count = state + 1;
      const reply: CommonEffect[] =
        event.type === 'request.received' ? [{ type: 'sendReply', id: event.id, body: count }] : [];
      return { state: count, effects: [{ type: 'keep', count }, { type: 'told' }, ...reply] };
    },
    initial: 0,
    clock: {
      now: () => 1000,
      at(_at, fn) {
        timers.push(fn);
        return () => undefined;
      },
    },
    wire: {
      server: 'server1',
      request: () => Promise.reject(new Error('not asked')),
      serve(part, handler) {
        handlers.set(part, handler);
        return () => undefined;
      },
      datagram: () => undefined,
      onDatagram: () => () => undefined,
      reaches: async () => true,
      connect: () => Promise.reject(new Error('not asked')),
      listen: () => () => undefined,
    },
    parts: ['host'],
    server: 'server1',
    saves: 'keep',
    onEffect(effect) {
      if (effect.type === 'told') box.told.push(box.kept);
      else if (box.full) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
      else box.kept = effect.count;
    },
    log: ({ text }) => void box.logs.push(text),
  });
  const ask = (body: Json) => handlers.get('host')!(control, body);
  return { box, driven, ask, pass: () => timers.splice(0).forEach((fn) => void fn()) };
}

test('a request that cannot be saved is refused, and memory holds nothing of it', async (t) => {
  const { box, driven, ask } = counter();
  box.full = true;
  const refused = await t.throwsAsync(ask('add'), { instanceOf: RemoteError });
  t.is((refused as RemoteError).code, 'state.unsaved');
  t.regex(refused?.message ?? '', /nothing was done.*no space left/);
  t.is(driven.state(), 0);
  t.deepEqual(box.told, []);
  box.full = false;
  t.is(await ask('add'), 1);
  t.is(box.kept, 1);
});

test('a fact that cannot be saved is tried again until it can be', async (t) => {
  const { box, driven, ask, pass } = counter();
  box.full = true;
  driven.dispatch({ type: 'added' });
  driven.dispatch({ type: 'added' });
  t.is(await ask('how many'), 0);
  t.is(box.logs.length, 1);
  pass();
  t.deepEqual([driven.state(), box.kept, box.told.length], [0, 0, 0]);
  box.full = false;
  pass();
  t.deepEqual([driven.state(), box.kept], [2, 2]);
  t.deepEqual(box.told, [1, 2]);
});

test('a part that cannot save that it started does not start', (t) => {
  const { box, driven } = counter();
  box.full = true;
  t.throws(() => driven.dispatch({ type: 'part.started', bootId: 'b' }), { message: /no space/ });
});

test('events behind one whose effect breaks are still taken', (t) => {
  const box = bench((event) =>
    event.type === 'poked' ? [{ type: 'shout', word: 'poke' }] : [{ type: 'shout', word: 'tick' }],
  );
  const words: string[] = [];
  box.shouts.push = (word = '') => {
    words.push(word);
    if (word !== 'poke') return 0;
    box.driven.dispatch({ type: 'timer.fired', id: 'behind' });
    throw new Error('it broke');
  };
  t.throws(() => box.driven.dispatch({ type: 'poked' }), { message: 'it broke' });
  t.deepEqual(words, ['poke', 'tick']);
});
