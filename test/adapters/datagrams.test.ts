import { randomBytes } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { DATAGRAM_LIMIT_BYTES, DatagramSeal } from '../../src/adapters/datagrams.ts';

const key = randomBytes(32);
const sender = (epoch: number, withKey = key) =>
  new DatagramSeal(withKey, { server: 'server1', part: 'daemon' }, epoch);
const receiver = () => new DatagramSeal(key, { server: 'server2', part: 'daemon' }, 1);

test('a sealed datagram opens once', (t) => {
  const to = receiver();
  const bytes = sender(5).close('lan0', 'server2', { beat: 1 })!;
  t.deepEqual(to.open(bytes), { from: 'server1', net: 'lan0', body: { beat: 1 } });
  t.is(to.open(bytes), null);
});

test('what was recorded before a restart is not heard after it', (t) => {
  const to = receiver();
  const before = sender(5);
  const old = before.close('lan0', 'server2', 'old')!;
  const after = sender(6);
  t.truthy(to.open(before.close('lan0', 'server2', 'live')!));
  t.truthy(to.open(after.close('lan0', 'server2', 'restarted')!));
  t.is(to.open(old), null);
  t.is(to.open(before.close('lan0', 'server2', 'late')!), null);
});

test('nets are counted apart, so that a slow one is still heard', (t) => {
  const to = receiver();
  const from = sender(5);
  const slow = from.close('lan0', 'server2', 'slow')!;
  t.truthy(to.open(from.close('lan1', 'server2', 'quick')!));
  t.truthy(to.open(slow));
});

test('another key, server or part is not heard', (t) => {
  t.is(receiver().open(sender(5, randomBytes(32)).close('lan0', 'server2', 1)!), null);
  t.is(receiver().open(sender(5).close('lan0', 'server3', 1)!), null);
  const host = new DatagramSeal(key, { server: 'server1', part: 'host' }, 5);
  t.is(receiver().open(host.close('lan0', 'server2', 1)!), null);
});

test('a body too large for a datagram is not sent', (t) => {
  t.is(sender(5).close('lan0', 'server2', 'x'.repeat(DATAGRAM_LIMIT_BYTES)), null);
});

test('hostile bytes are nothing', (t) => {
  const to = receiver();
  const good = sender(5).close('lan0', 'server2', 1)!;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, withHead) => {
      const packet = withHead ? Buffer.concat([good.subarray(0, 20), bytes]) : Buffer.from(bytes);
      t.is(to.open(packet), null);
    }),
  );
});
