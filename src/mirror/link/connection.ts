/**
 * Orders that change a running mirror connection. Each is given on either server and holds for
 * both, until the agents start again with what the configuration says.
 *
 *     --updatekey    both read the key file again and go on under the new key (x5 2.29)
 *     --mdcswitch    the connection goes on over another mirror disk connect
 *     --compress     what is sent is compressed, or not
 *     --nosync       the mirror is broken, writes are only noted; --sync recovers the difference
 *
 * x5 2.29 says that mirroring may be suspended while the key is changed. Ours goes on: each
 * direction changes its key between two frames, and both keys are valid until both have changed.
 */
import { RemoteError } from '../../ports/wire.ts';
import type { MirrorDisk } from '../disk.ts';
import { breakMirror } from '../pair/break.ts';
import { recover } from '../recovery/orders.ts';
import { refused } from '../refused.ts';
import { MirrorLink } from './mirror-link.ts';
import { moveLink } from './open-link.ts';
import type { Session } from './session.ts';

const ORDER_MS = 5000;

function linkOf(session: Session): MirrorLink {
  if (session.link instanceof MirrorLink) return session.link;
  throw refused('this connection cannot be changed');
}

function connected(disk: MirrorDisk): Session {
  if (disk.pair.session) return disk.pair.session;
  throw refused(`the mirror disk connect of ${disk.p.name} to ${disk.p.peer} is not connected`);
}

/** clpmdctrl --updatekey. Rejects `mirror.crypto`, `mirror.key`: then the old key stays valid. */
export async function updateKey(disk: MirrorDisk): Promise<void> {
  const { keyring } = disk.line;
  const { session } = disk.pair;
  if (!keyring) throw refused(`${disk.p.name} is not encrypted`, 'mirror.crypto');
  await disk.line.changingKey(async () => {
    const key = await keyring.load();
    if (!session) {
      const body = { do: 'load-key', mirror: disk.p.name, key: key.id };
      await disk.request({ server: disk.p.peer, part: 'agent' }, body, ORDER_MS);
      return;
    }
    const link = linkOf(session);
    if (link.keyId !== key.id) {
      await session.ask('key-load', { key: key.id }, undefined, ORDER_MS);
      link.seal?.arm(key.bytes);
      link.seal?.change(key.bytes);
      await session.ask('key-use', { key: key.id }, undefined, ORDER_MS);
      link.goOnUnder(key.id);
    }
    keyring.agree(key.id);
  });
}

/** Reads the key file; refuses when it does not hold the key that the other side names. */
export async function loadKey(disk: MirrorDisk, id: string): Promise<void> {
  const { keyring } = disk.line;
  if (!keyring) throw refused(`${disk.ports.server} does not encrypt`, 'mirror.crypto');
  const key = await keyring.load();
  if (key.id === id) return;
  throw new RemoteError('mirror.key', `the key file of ${disk.ports.server} is another one`);
}

/** clpmdctrl --mdcswitch: to the connect of that priority, from 1; null: to the next one. */
export async function switchConnect(disk: MirrorDisk, priority: number | null): Promise<string> {
  const session = connected(disk);
  if (!disk.p.connects) {
    const { header } = await session.ask('switch-connect', { priority }, undefined, ORDER_MS);
    return String(header.net);
  }
  const { nets, connectTimeoutMs, peer } = disk.p;
  const now = nets.indexOf(session.link.net);
  const net = nets[priority === null ? (now + 1) % nets.length : priority - 1];
  if (net === undefined || nets.length < 2) {
    throw refused(`${disk.p.name} has ${nets.length} mirror disk connect(s)`, 'mirror.connect');
  }
  if (net !== session.link.net) {
    const carrier = await disk.ports.wire.connect(peer, net, connectTimeoutMs).catch((error) => {
      throw refused(`${net} does not lead to ${peer}: ${error.message}`, 'mirror.connect');
    });
    await moveLink(disk, linkOf(session), carrier).catch((error) => {
      carrier.close();
      throw refused(`not switched to ${net}: ${error.message}`, 'mirror.connect');
    });
  }
  disk.line.prefer(net);
  return net;
}

/** clpmdctrl --compress, --sync, --nosync. */
export async function setOption(
  disk: MirrorDisk,
  option: 'compress' | 'sync',
  on: boolean,
): Promise<void> {
  const { session } = disk.pair;
  if (option === 'sync' && !on && session && disk.pair.now.phase === 'inSync')
    await breakMirror(disk);
  apply(disk, option, on);
  if (session) await session.ask('set-option', { option, on }, undefined, ORDER_MS);
  else if (option === 'sync') throw refused('the other server could not be told: not connected');
  if (option === 'sync' && on && disk.pair.now.phase === 'idle')
    await recover(disk, { full: false });
}

function apply(disk: MirrorDisk, option: 'compress' | 'sync', on: boolean): void {
  disk.line.set(option, on);
  const { session } = disk.pair;
  if (option === 'compress' && session) linkOf(session).compress(on);
}

export function serveConnection(disk: MirrorDisk, session: Session): void {
  const done = { header: {} };
  session.handle('key-load', async ({ header }) => {
    disk.line.checkKeyRests();
    await loadKey(disk, String(header.key));
    linkOf(session).seal?.arm(disk.line.keyring!.find(String(header.key))!.bytes);
    return done;
  });
  session.handle('key-use', async ({ header }) => {
    const key = disk.line.keyring?.find(String(header.key));
    if (!key) throw refused('a key that was not loaded', 'mirror.key');
    linkOf(session).seal?.change(key.bytes);
    linkOf(session).goOnUnder(key.id);
    disk.line.keyring?.agree(key.id);
    return done;
  });
  session.handle('switch-connect', async ({ header }) => {
    const { priority } = header;
    const net = await switchConnect(disk, typeof priority === 'number' ? priority : null);
    return { header: { net } };
  });
  session.handle('set-option', async ({ header }) => {
    const option = header.option === 'sync' ? 'sync' : 'compress';
    apply(disk, option, header.on === true);
    return done;
  });
}
