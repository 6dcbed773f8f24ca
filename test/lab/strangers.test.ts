/** Local programs without the key, at the ports of a lab. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { execa } from 'execa';
import { holderOfPeer, isForeign, isHungUpOn } from '../../src/adapters/peer-user.ts';
import type { Json } from '../../src/core/json.ts';
import { LOOPBACK } from '../../src/lab/switch-protocol.ts';
import { testUnless } from '../support/tools.ts';
import { startNet } from './net.ts';

const NOBODY = 65534;
const notRoot = process.getuid?.() === 0 ? null : 'not root';
const BODY = { do: 'status' };

const settled = (socket: Socket) =>
  ['connect', 'close'].map((event) => new Promise((resolve) => socket.once(event, resolve)));

/** A server of our own that keeps whom it met; all are let go with the test. */
async function meeting(t: ExecutionContext) {
  const met: Socket[] = [];
  const server = createServer((socket) => met.push(socket.resume()));
  t.teardown(() => {
    for (const one of met) one.destroy();
    server.close();
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return { met, server, port: (server.address() as { port: number }).port };
}

/** Says nothing, as long as it is let. */
function hold(port: number): Socket {
  const socket = connect({ host: LOOPBACK, port });
  socket.on('error', () => {});
  return socket;
}

test('hundreds of connections that say nothing do not keep the owner’s waiting', async (t) => {
  const net = await startNet();
  t.teardown(() => net.close());
  const one = await net.plug('server1', 'daemon');
  one.serve('daemon', async (): Promise<Json> => 'here');
  const to = { server: 'server1', part: 'daemon' } as const;
  const crowd = Array.from({ length: 600 }, () => hold(net.place.tcp));
  // The oldest are hung up on, some of them before they know that they were heard.
  await Promise.all(crowd.map((socket) => Promise.race(settled(socket))));
  const two = await net.plug('server2', 'daemon');
  t.is(await two.request(to, BODY, 20_000), 'here');
  for (const socket of crowd) socket.destroy();
});

/** A program of another user that connects, and says how it was received. */
const CALLER = `
const socket = require('node:net').connect({ host: '127.0.0.1', port: Number(process.argv[1]) });
socket.on('error', () => {}).resume();
socket.on('close', () => { console.log('hung up on'); process.exit(0); });
setTimeout(() => { console.log('let in'); process.exit(0); }, 60_000);
`;

testUnless(
  notRoot,
  'programs of other users are hung up on, at the switch and at a part',
  async (t) => {
    const net = await startNet();
    t.teardown(() => net.close());
    await net.plug('server1', 'daemon');
    const caller = await execa(process.execPath, ['-e', CALLER, String(net.place.tcp)], {
      uid: NOBODY,
      cwd: '/',
      env: {},
      extendEnv: false,
    });
    t.is(caller.stdout, 'hung up on');
    const own = hold(net.place.tcp);
    await once(own, 'connect');
    own.write('control|control|server1|daemon|control\n');
    const [answer] = (await once(own, 'data')) as [Buffer];
    t.is(answer.toString(), '+');
    own.destroy();
  },
);

testUnless(notRoot, 'the kernel tells whose program is at the other end', async (t) => {
  const { met, server, port } = await meeting(t);
  const own = hold(port);
  const connected = once(server, 'connection');
  await Promise.all([once(own, 'connect'), connected]);
  t.is((await holderOfPeer(met[0] as Socket))?.uid ?? null, process.getuid?.() ?? null);
  t.false(await isForeign(met[0] as Socket));
  const next = once(server, 'connection');
  const other = execa(process.execPath, ['-e', CALLER, String(port)], { uid: NOBODY, cwd: '/' });
  const [socket] = (await next) as [Socket];
  t.is((await holderOfPeer(socket))?.uid, NOBODY);
  t.true(await isForeign(socket));
  socket.destroy();
  await other;
});

test('nobody waits for the kernel’s word for long, and it counts when it comes late', async (t) => {
  const { met, server, port } = await meeting(t);
  const connected = once(server, 'connection');
  hold(port);
  await connected;
  const socket = met[0] as Socket;
  const { promise, resolve: tell } = Promise.withResolvers<boolean>();
  t.false(await isHungUpOn(socket, () => promise));
  t.false(socket.destroyed);
  const closed = once(socket, 'close');
  tell(true);
  await closed;
  // In a crowd the word is waited for.
  const crowd = Promise.withResolvers<boolean>();
  const heard = Array.from({ length: 8 }, () => isHungUpOn(socket, () => crowd.promise));
  t.deepEqual(await Promise.all(heard), Array(8).fill(false));
  t.true(await isHungUpOn(socket, async () => true));
  crowd.resolve(false);
});

test('those who ask while the table is read are told by the next reading', async (t) => {
  const { met, server, port } = await meeting(t);
  const told: Promise<number | undefined>[] = [];
  for (let at = 0; at < 20; at++) {
    const connected = once(server, 'connection');
    hold(port);
    await connected;
    told.push(holderOfPeer(met[at] as Socket).then((holder) => holder?.uid));
  }
  t.deepEqual(await Promise.all(told), Array(20).fill(process.getuid?.()));
});
