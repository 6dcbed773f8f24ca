/** The wire over the switch: requests, links and datagrams, with cables cut and healed. */
import { connect } from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import { type Link, RemoteError, WireError } from '../../src/ports/wire.ts';
import { nextOf, startNet } from './net.ts';

/** For what must be answered: a busy machine can take seconds to do so. */
const PATIENT_MS = 20_000;

test('a part answers requests, refuses with its own code, and keeps one connection', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const one = await net.plug('server1', 'daemon');
  const two = await net.plug('server2', 'daemon');
  two.serve('daemon', async (from, body) => {
    if (body === 'no') throw new RemoteError('group.unknown', 'there is no such group');
    return { from: `${from.server}/${from.part}`, body };
  });
  const to = { server: 'server2', part: 'daemon' } as const;
  t.deepEqual(await one.request(to, { a: [1, null] }, PATIENT_MS), {
    from: 'server1/daemon',
    body: { a: [1, null] },
  });
  const error = await t.throwsAsync(one.request(to, 'no', PATIENT_MS), { instanceOf: RemoteError });
  t.is((error as RemoteError).code, 'group.unknown');
  const many = await Promise.all(
    Array.from({ length: 200 }, (_, number) => one.request(to, number, PATIENT_MS)),
  );
  t.deepEqual(
    many.map((answer) => (answer as { body: number }).body),
    Array.from({ length: 200 }, (_, number) => number),
  );
});

test('nobody listening is refused; a server without power is silent', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const control = await net.plug('control', 'control');
  const host = await net.plug('server1', 'host');
  host.serve('bmc', async () => ({ power: 'off' }));
  const daemon = { server: 'server1', part: 'daemon' } as const;
  t.is(await failureOf(control.request(daemon, {}, PATIENT_MS)), 'refused');
  await net.ask({ do: 'power', server: 'server1', on: false });
  t.is(await failureOf(control.request(daemon, {}, 100)), 'timeout');
  t.deepEqual(await control.request({ server: 'server1', part: 'bmc' }, {}, PATIENT_MS), {
    power: 'off',
  });
});

async function failureOf(request: Promise<Json>): Promise<string> {
  const error = await request.then(
    () => null,
    (failure: unknown) => failure,
  );
  if (!(error instanceof WireError)) throw new Error(`expected a WireError, got ${error}`);
  return error.code;
}

test('a request goes over the next interconnect when one is cut', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const one = await net.plug('server1', 'daemon');
  const two = await net.plug('server2', 'daemon');
  two.serve('daemon', async () => 'here');
  const to = { server: 'server2', part: 'daemon' } as const;
  t.is(await one.request(to, {}, PATIENT_MS), 'here');
  await net.link('lan0', 'server1', 'server2', false);
  // The kept connection is dead now, and only silence tells.
  t.is(await one.request(to, {}, PATIENT_MS).catch(() => one.request(to, {}, PATIENT_MS)), 'here');
  await net.link('lan1', 'server1', 'server2', false);
  t.is(await failureOf(one.request(to, {}, 300)), 'timeout');
  await net.link('lan0', 'server1', 'server2', true);
  t.is(await one.request(to, {}, PATIENT_MS), 'here');
});

test('a cut in one direction alone keeps a connection from being made', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const one = await net.plug('server1', 'agent');
  const two = await net.plug('server2', 'agent');
  two.listen(() => undefined);
  for (const [from, to] of [
    ['server1', 'server2'],
    ['server2', 'server1'],
  ] as const) {
    await net.link('mdc400', from, to, false, true);
    await t.throwsAsync(one.connect('server2', 'mdc400', 100), { instanceOf: WireError });
    await net.link('mdc400', from, to, true, true);
  }
  const link = await one.connect('server2', 'mdc400', PATIENT_MS);
  t.is(link.peer, 'server2');
});

async function linkPair(net: Awaited<ReturnType<typeof startNet>>): Promise<[Link, Link]> {
  const one = await net.plug('server1', 'agent');
  const two = await net.plug('server2', 'agent');
  const accepted = nextOf<Link>((fn) => two.listen(fn));
  const link = await one.connect('server2', 'mdc400', PATIENT_MS);
  return [link, await accepted];
}

test('a link carries frames in order, payloads whole', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const [near, far] = await linkPair(net);
  const got: [Json, number][] = [];
  const all = nextOf<void>((fn) =>
    far.onFrame((header, payload) => {
      got.push([header, payload.reduce((sum, byte) => (sum + byte) % 65536, 0)]);
      if (got.length === 20) fn();
    }),
  );
  const sent: [Json, number][] = [];
  for (let number = 0; number < 20; number += 1) {
    const payload = new Uint8Array(number * 50_000).fill(number);
    sent.push([{ number }, payload.reduce((sum, byte) => (sum + byte) % 65536, 0)]);
    await near.send({ number }, payload);
  }
  await all;
  t.deepEqual(got, sent);
  const closed = nextOf<string>((fn) => near.onClose(fn));
  far.close();
  t.truthy(await closed);
  await t.throwsAsync(near.send({}), { instanceOf: WireError });
});

test('a cut cable holds the bytes, and gives them when it is healed', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const [near, far] = await linkPair(net);
  const got: Json[] = [];
  let heard = () => {};
  far.onFrame((header) => {
    got.push(header);
    heard();
  });
  await net.link('mdc400', 'server1', 'server2', false, true);
  await near.send({ held: 1 });
  const back = nextOf<Json>((fn) => near.onFrame(fn));
  await far.send({ other: 'way' });
  t.deepEqual(await back, { other: 'way' });
  t.deepEqual(got, []);
  const arrived = nextOf<void>((fn) => {
    heard = fn;
  });
  await net.link('mdc400', 'server1', 'server2', true, true);
  await arrived;
  t.deepEqual(got, [{ held: 1 }]);
});

test('an end over a cut cable is not heard until it is healed', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const [near, far] = await linkPair(net);
  far.onFrame(() => undefined);
  let closed = false;
  const end = nextOf<string>((fn) => far.onClose(fn)).then(() => {
    closed = true;
  });
  await net.link('mdc400', 'server1', 'server2', false);
  near.close();
  // Another round trip through the same switch: the end had every chance to arrive.
  await net.ask({ do: 'status' });
  await net.ask({ do: 'status' });
  t.false(closed);
  await net.link('mdc400', 'server1', 'server2', true);
  await end;
  t.true(closed);
});

test('a power cut leaves connections silent, and power on resets them', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const [near, far] = await linkPair(net);
  far.onFrame(() => undefined);
  let closed = false;
  const end = nextOf<string>((fn) => far.onClose(fn)).then(() => {
    closed = true;
  });
  await net.ask({ do: 'power', server: 'server1', on: false });
  near.close();
  await net.ask({ do: 'status' });
  t.false(closed);
  await net.ask({ do: 'power', server: 'server1', on: true });
  await end;
  t.true(closed);
});

test('datagrams pass part to part, and not over a cut cable', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const one = await net.plug('server1', 'daemon');
  const two = await net.plug('server2', 'daemon');
  const host = await net.plug('server2', 'host');
  const stray: string[] = [];
  host.onDatagram((on) => stray.push(on));
  const got: string[] = [];
  let heard = () => {};
  two.onDatagram((on, from, body) => {
    got.push(`${on} ${from} ${JSON.stringify(body)}`);
    heard();
  });
  const next = () =>
    nextOf<void>((fn) => {
      heard = fn;
    });
  await net.link('lan0', 'server1', 'server2', false, true);
  const beat = next();
  one.datagram('lan0', 'server2', 'lost');
  one.datagram('lan1', 'server3', 'nobody');
  one.datagram('lan1', 'server2', { beat: 1 });
  await beat;
  await net.link('lan0', 'server1', 'server2', true, true);
  const last = next();
  one.datagram('lan0', 'server2', 'last');
  await last;
  t.deepEqual(got, ['lan1 server1 {"beat":1}', 'lan0 server1 "last"']);
  t.deepEqual(stray, []);
});

test('who does not hold the key is not heard', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const two = await net.plug('server2', 'daemon');
  two.serve('daemon', async () => 'secret');
  const stranger = await net.plug('control', 'control', Buffer.alloc(32, 7));
  const request = stranger.request({ server: 'server2', part: 'daemon' }, {}, PATIENT_MS);
  t.is(await failureOf(request), 'refused');
});

test('hostile bytes close the connection and harm nobody', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const two = await net.plug('server2', 'daemon');
  two.serve('daemon', async () => 'well');
  const one = await net.plug('server1', 'daemon');
  const throwAt = (bytes: Uint8Array, envelope: string) =>
    new Promise<void>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port: net.place.tcp });
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.on('data', () => undefined);
      socket.write(envelope);
      socket.end(bytes);
    });
  const envelopes = [
    '',
    'control|control|server2|daemon|control\n',
    'control|control|switch|control|local\n',
    'a|b|c\n',
    `${'x'.repeat(2000)}\n`,
  ];
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 9000 }),
    fc.json().map((text) => Buffer.from(`${text}\n`)),
    fc.constant(Buffer.from('{"version":1,"nonce":"00"}\n{"mac":"00"}\n')),
  );
  await fc.assert(fc.asyncProperty(bytes, fc.constantFrom(...envelopes), throwAt), {
    numRuns: 150,
  });
  t.is(await one.request({ server: 'server2', part: 'daemon' }, {}, PATIENT_MS), 'well');
});
