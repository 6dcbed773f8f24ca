import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import { HEADER_LIMIT_BYTES, type Link, RemoteError } from '../../src/ports/wire.ts';
import { Pump } from '../../src/sim/pump.ts';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import { SimNetwork } from '../../src/sim/sim-network.ts';
import { SimProcess } from '../../src/sim/sim-process.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';

function world() {
  const clock = new VirtualClock(0);
  const network = new SimNetwork({
    clock,
    random: new SeededRandom('net'),
    nets: ['lan0', 'lan1', 'mdc400'],
    latencyMs: 0.2,
    bytesPerMs: 100_000,
  });
  const pump = new Pump(clock, () => network.pending());
  const start = (server: string, part: 'daemon' | 'agent' | 'host') => {
    const process = new SimProcess(clock, server, part);
    return { process, wire: network.wire(process, part) };
  };
  const run = <T>(promise: Promise<T>) => pump.run(promise, 60_000);
  const codeOf = (promise: Promise<unknown>) =>
    run(
      promise.then(
        () => 'answered',
        (error: { code: string }) => error.code,
      ),
    );
  return { clock, network, pump, start, run, codeOf };
}

test('a request is answered by a copy, and a refusal keeps its code', async (t) => {
  const { start, run, codeOf } = world();
  const one = start('server1', 'daemon');
  const two = start('server2', 'daemon');
  const kept: Json = { list: [1] };
  two.wire.serve('daemon', async (from, body) => {
    if (body === 'no') throw new RemoteError('wait.none', 'not waiting');
    return { from: `${from.server}/${from.part}`, kept };
  });
  const to = { server: 'server2', part: 'daemon' } as const;
  const answer = (await run(one.wire.request(to, 'yes', 1000))) as { kept: { list: number[] } };
  t.deepEqual(answer as Json, { from: 'server1/daemon', kept: { list: [1] } });
  answer.kept.list.push(2);
  t.deepEqual(kept, { list: [1] });
  t.is(await codeOf(one.wire.request(to, 'no', 1000)), 'wait.none');
});

test('nobody listening is refused where the system is up and silent where it is not', async (t) => {
  const { network, start, codeOf, clock } = world();
  const { wire } = start('server1', 'daemon');
  const ask = () => codeOf(wire.request({ server: 'server2', part: 'agent' }, {}, 700));
  t.is(await ask(), 'refused');
  network.isUp = (server) => server !== 'server2';
  const before = clock.now();
  t.is(await ask(), 'timeout');
  t.is(clock.now() - before, 700);
});

test('requests take the first interconnect that has both directions', async (t) => {
  const { network, start, codeOf } = world();
  const { wire } = start('server1', 'daemon');
  start('server2', 'daemon').wire.serve('daemon', async () => 'here');
  const ask = () => codeOf(wire.request({ server: 'server2', part: 'daemon' }, {}, 500));
  network.cables.cut('lan0', 'server1', 'server2');
  t.is(await ask(), 'answered');
  network.cables.cut('lan1', 'server2', 'server1', true);
  t.is(await ask(), 'timeout', 'one direction is not enough');
  network.cables.heal('lan1', 'server2', 'server1', true);
  t.is(await ask(), 'answered');
});

test('a process that dies with a request in hand leaves its outcome unknown at once', async (t) => {
  const { network, start, codeOf, clock } = world();
  const one = start('server1', 'daemon');
  const two = start('server2', 'host');
  two.wire.serve('host', () => new Promise(() => undefined));
  clock.at(50, () => two.process.kill());
  const to = { server: 'server2', part: 'host' } as const;
  t.is(await codeOf(one.wire.request(to, {}, 10_000)), 'timeout');
  t.true(clock.now() < 100, 'its system closed the connection');
  const three = start('server2', 'host');
  three.wire.serve('host', () => new Promise(() => undefined));
  network.isUp = () => false;
  clock.at(200, () => three.process.kill());
  t.is(await codeOf(one.wire.request(to, {}, 10_000)), 'timeout');
  t.true(clock.now() > 10_000, 'with the power gone nobody closes anything');
});

test('datagrams go where the cable goes, by net to the part that hears it', (t) => {
  const { network, start, clock } = world();
  const one = start('server1', 'daemon');
  const daemon = start('server2', 'daemon');
  const host = start('server2', 'host');
  const heard: string[] = [];
  daemon.wire.onDatagram((net, from, body) => heard.push(`daemon ${net} ${from} ${body}`));
  host.wire.onDatagram((net, from, body) => heard.push(`host ${net} ${from} ${body}`));
  const send = (net: string, body: string) => {
    one.wire.datagram(net, 'server2', body);
    clock.advanceTo(clock.now() + 5);
  };
  send('lan0', 'a');
  network.cables.cut('lan0', 'server1', 'server2');
  send('lan0', 'lost');
  send('lan1', 'b');
  send('arp', 'c');
  network.cables.cut('*', 'server1', 'server2');
  send('arp', 'lost');
  daemon.process.kill();
  network.cables.heal('*', 'server1', 'server2');
  send('lan0', 'to the dead');
  t.deepEqual(heard, ['daemon lan0 server1 a', 'daemon lan1 server1 b', 'host arp server1 c']);
});

async function connected(w: ReturnType<typeof world>) {
  const one = w.start('server1', 'agent');
  const two = w.start('server2', 'agent');
  const far = Promise.withResolvers<Link>();
  two.wire.listen((link) => far.resolve(link));
  const near = await w.run(one.wire.connect('server2', 'mdc400', 1000));
  return { one, two, near, far: await w.run(far.promise) };
}

test('frames arrive in order, whole, and early ones wait for their reader', async (t) => {
  const w = world();
  const { near, far } = await connected(w);
  const payload = new Uint8Array([1, 2, 3]);
  await w.run(near.send({ n: 1 }, payload));
  payload[0] = 99;
  for (let n = 2; n <= 20; n++) await w.run(near.send({ n }, new Uint8Array(1000 * (20 - n))));
  await w.pump.advanceTo(w.clock.now() + 100);
  const got: [Json, number][] = [];
  far.onFrame((header, bytes) => got.push([header.n!, bytes.length]));
  t.deepEqual(
    got,
    Array.from({ length: 20 }, (_, i) => [i + 1, i === 0 ? 3 : 1000 * (19 - i)]),
  );
});

test('a full window makes the sender wait for the line', async (t) => {
  const w = world();
  const { near, far } = await connected(w);
  far.onFrame(() => undefined);
  const before = w.clock.now();
  for (let i = 0; i < 100; i++) await w.run(near.send({}, new Uint8Array(65_536)));
  const tookMs = w.clock.now() - before;
  t.true(tookMs > 50 && tookMs < 80, `6.5 MB at 100 kB/ms took ${tookMs} ms`);
});

test('a cut holds the frames on the line until it is healed', async (t) => {
  const w = world();
  const { near, far } = await connected(w);
  const got: Json[] = [];
  far.onFrame((header) => got.push(header.n!));
  w.network.cables.cut('mdc400', 'server1', 'server2');
  for (let n = 1; n <= 3; n++) await w.run(near.send({ n }));
  await w.pump.advanceTo(w.clock.now() + 5000);
  t.deepEqual(got, []);
  w.network.cables.heal('mdc400', 'server1', 'server2');
  await w.pump.advanceTo(w.clock.now() + 10);
  t.deepEqual(got, [1, 2, 3]);
});

test('a killed side closes the connection, a powered off one is silent until it is back', async (t) => {
  const w = world();
  const first = await connected(w);
  const reasons: string[] = [];
  first.near.onClose((reason) => reasons.push(reason));
  first.two.process.kill();
  await w.pump.advanceTo(w.clock.now() + 10);
  t.deepEqual(reasons, ['closed by server2']);
  const second = await connected(w);
  second.near.onClose((reason) => reasons.push(reason));
  w.network.isUp = () => false;
  second.two.process.kill();
  await w.pump.advanceTo(w.clock.now() + 10_000);
  t.is(reasons.length, 1);
  w.network.isUp = () => true;
  await w.run(second.near.send({}));
  await w.pump.advanceTo(w.clock.now() + 10);
  t.deepEqual(reasons.slice(1), ['reset by server2']);
});

test('connecting is refused, times out, or waits for nobody', async (t) => {
  const w = world();
  const { wire } = w.start('server1', 'agent');
  const connect = () => w.codeOf(wire.connect('server2', 'mdc400', 300));
  t.is(await connect(), 'refused');
  w.network.isUp = () => false;
  t.is(await connect(), 'timeout');
  w.network.isUp = () => true;
  w.network.cables.cut('mdc400', 'server1', 'server2');
  t.is(await connect(), 'timeout');
});

test('a promise that nothing can settle is an error that names what is pending', async (t) => {
  const w = world();
  const one = w.start('server1', 'daemon');
  w.start('server2', 'host').wire.serve('host', () => new Promise(() => undefined));
  const asked = one.wire.request({ server: 'server2', part: 'host' }, { do: 'status' }, 1e9);
  const error = await t.throwsAsync(w.pump.run(asked, 5000));
  t.regex(
    error!.message,
    /5000 ms of virtual time passed; pending: server1\/daemon → server2\/host status/,
  );
  const empty = world();
  const stuck = await t.throwsAsync(empty.run(new Promise(() => undefined)));
  t.regex(stuck!.message, /nothing is left to happen/);
});

test('what would not fit into a frame of the real wire does not pass here either', async (t) => {
  const { network, start, run, codeOf } = world();
  const one = start('server1', 'daemon');
  const two = start('server2', 'daemon');
  two.wire.serve('daemon', async (_from, body) => 'x'.repeat(Number(body)));
  const ask = (body: Json) => one.wire.request({ server: 'server2', part: 'daemon' }, body, 1000);
  t.is(await codeOf(ask('x'.repeat(HEADER_LIMIT_BYTES))), 'wire.tooLarge');
  t.is(await codeOf(ask('‚'.repeat(HEADER_LIMIT_BYTES / 3))), 'wire.tooLarge', 'in bytes');
  t.is(((await run(ask(1_000_000))) as string).length, 1_000_000);
  // It was carried out: no refusal, and no answer.
  t.is(await codeOf(ask(HEADER_LIMIT_BYTES)), 'timeout');
  t.deepEqual(network.defects.length, 0);
});

test('what meets a cut cable, or no power, goes on once there is a way', async (t) => {
  const { network, start, run, clock } = world();
  const { wire } = start('server1', 'daemon');
  start('server2', 'daemon').wire.serve('daemon', async (_from, body) => body);
  const to = { server: 'server2', part: 'daemon' } as const;
  const ask = async (words: string, mended: () => void) => {
    const before = clock.now();
    clock.at(before + 3000, mended);
    t.is(await run(wire.request(to, words, 3_600_000)), words);
    const tookMs = clock.now() - before;
    t.true(tookMs >= 3000 && tookMs < 3500, `${words}: ${tookMs} ms`);
  };
  network.cables.cut('*', 'server1', 'server2');
  await ask('cut', () => network.cables.heal('*', 'server1', 'server2'));
  network.cables.cut('*', 'server2', 'server1', true);
  await ask('one way', () => network.cables.heal('*', 'server1', 'server2'));
  clock.at(clock.now() + 0.3, () => network.cables.cut('*', 'server1', 'server2'));
  await ask('the answer is cut', () => network.cables.heal('*', 'server1', 'server2'));
  const agent = { server: 'server2', part: 'agent' } as const;
  network.isUp = (server) => server !== 'server2';
  const late = start('server2', 'agent');
  clock.at(clock.now() + 2000, () => {
    late.wire.serve('agent', async () => 'booted');
    network.isUp = () => true;
  });
  t.is(await run(wire.request(agent, {}, 3_600_000)), 'booted');
});

test('a side that falls silent is given up, and one that came back knows of nothing', async (t) => {
  const { network, start, codeOf, clock } = world();
  const { wire } = start('server1', 'daemon');
  const two = start('server2', 'daemon');
  two.wire.serve('daemon', () => new Promise(() => undefined));
  const tookMs = async (server: string, fault: () => void) => {
    const before = clock.now();
    clock.at(before + 2500, fault);
    t.is(await codeOf(wire.request({ server, part: 'daemon' }, {}, 3_600_000)), 'timeout');
    return clock.now() - before;
  };
  const isAfter = (ms: number, limitMs: number) =>
    t.true(ms > limitMs && ms < limitMs + 2000, `${ms}`);
  isAfter(await tookMs('server2', () => network.cables.cut('*', 'server1', 'server2')), 12_000);
  isAfter(await tookMs('server2', () => undefined), 10_000);
  network.cables.heal('*', 'server1', 'server2');
  isAfter(await tookMs('server2', () => two.process.freeze()), 12_000);
  two.process.thaw();
  const cut = await tookMs('server2', () => {
    network.isUp = () => false;
    two.process.kill();
    clock.at(clock.now() + 1000, () => {
      network.isUp = () => true;
    });
  });
  t.true(cut > 3500 && cut < 5000, `${cut}`);
});
