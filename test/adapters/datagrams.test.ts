import { randomBytes } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { DATAGRAM_LIMIT_BYTES, DatagramSeal, type Opened } from '../../src/adapters/datagrams.ts';
import type { Json } from '../../src/core/json.ts';

const key = randomBytes(32);
const sender = (epoch: number, withKey = key) =>
  new DatagramSeal(withKey, { server: 'server1', part: 'daemon' }, epoch);
const receiver = () => new DatagramSeal(key, { server: 'server2', part: 'daemon' }, 1);
const bodies = ({ heard }: Opened) => heard.map(({ body }) => body);
const letter = (from: DatagramSeal, body: Json, net = 'lan0') => from.close(net, 'server2', body)!;

/** The letter arrives, and what is asked about it is asked of the one that is at work now. */
function hear(to: DatagramSeal, now: DatagramSeal, bytes: Buffer): Json[] {
  const first = to.open(bytes);
  if (!first.reply) return bodies(first);
  const answer = now.open(first.reply.bytes).reply;
  return [...bodies(first), ...bodies(to.open(answer!.bytes))];
}

test('a sealed datagram opens once', (t) => {
  const to = receiver();
  const bytes = letter(sender(5), { beat: 1 });
  t.deepEqual(to.open(bytes).heard, [{ from: 'server1', net: 'lan0', body: { beat: 1 } }]);
  t.deepEqual(to.open(bytes), { heard: [], reply: null });
});

test('what was recorded before a restart is not heard after it', (t) => {
  const to = receiver();
  const before = sender(5);
  const old = letter(before, 'old');
  const after = sender(6);
  t.deepEqual(hear(to, before, letter(before, 'live')), ['live']);
  t.deepEqual(hear(to, after, letter(after, 'restarted')), ['restarted']);
  t.deepEqual(hear(to, after, old), []);
  t.deepEqual(hear(to, after, letter(before, 'late')), []);
  t.deepEqual(hear(to, after, letter(after, 'on')), ['on']);
});

test('a server that comes back with an older clock is heard, in order and once', (t) => {
  const to = receiver();
  const before = sender(1_000);
  const recorded = [letter(before, 'old 1'), letter(before, 'old 2')];
  t.deepEqual(hear(to, before, letter(before, 'live')), ['live']);
  const after = sender(7);
  const [first, second] = [letter(after, 'one'), letter(after, 'two')];
  const asked = to.open(first);
  t.deepEqual(asked.heard, []);
  t.deepEqual(bodies(to.open(second)), []);
  const answer = after.open(asked.reply!.bytes).reply!;
  t.deepEqual(bodies(to.open(answer.bytes)), ['one', 'two']);
  t.deepEqual(bodies(to.open(answer.bytes)), []);
  for (const old of recorded) t.deepEqual(hear(to, after, old), []);
  for (const old of [first, second]) t.deepEqual(hear(to, after, old), []);
  t.deepEqual(hear(to, after, letter(after, 'three')), ['three']);
});

test('a receiver that starts anew is fooled by a recording until the sender is asked, no longer', (t) => {
  const gone = sender(1_000);
  const recorded = [letter(gone, 'old 1'), letter(gone, 'old 2'), letter(gone, 'old 3')];
  const now = sender(7);
  const to = receiver();
  t.deepEqual(hear(to, now, recorded[0]!), ['old 1']);
  t.deepEqual(hear(to, now, recorded[1]!), []);
  t.deepEqual(hear(to, now, letter(now, 'live')), ['live']);
  t.deepEqual(hear(to, now, recorded[2]!), []);
});

test('an answer to another question says nothing', (t) => {
  const to = receiver();
  const before = sender(1_000);
  const asked = to.open(letter(before, 'live')).reply!;
  const recorded = before.open(asked.bytes).reply!;
  to.open(recorded.bytes);
  const after = sender(7);
  t.deepEqual(hear(to, after, letter(after, 'one')), ['one']);
  to.open(letter(before, 'asks again'));
  t.deepEqual(bodies(to.open(recorded.bytes)), []);
  t.deepEqual(hear(to, after, letter(after, 'two')), ['two']);
});

test('where no question arrives a newer start is heard all the same', (t) => {
  const to = receiver();
  t.deepEqual(bodies(to.open(letter(sender(5), 'first'))), ['first']);
  const after = sender(6);
  t.deepEqual(bodies(to.open(letter(after, 'second'))), ['second']);
  t.deepEqual(bodies(to.open(letter(after, 'third'))), ['third']);
});

test('however a sender restarts and whatever is played again, each body is heard once', (t) => {
  const acts = fc.array(
    fc.oneof(
      fc.record({ act: fc.constant('start' as const), clock: fc.nat(9) }),
      fc.record({ act: fc.constant('send' as const), clock: fc.constant(0) }),
      fc.record({ act: fc.constant('replay' as const), clock: fc.nat(40) }),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(acts, (list) => {
      const to = receiver();
      let now = sender(555);
      const sent: Buffer[] = [];
      const heard: Json[] = [];
      const due: Json[] = [];
      for (const [at, { act, clock }] of list.entries()) {
        if (act === 'start') now = sender(clock * 100 + at);
        else if (act === 'replay') {
          const old = sent[clock % Math.max(1, sent.length)];
          if (old) heard.push(...hear(to, now, old));
        } else {
          const bytes = letter(now, at);
          sent.push(bytes);
          due.push(at);
          heard.push(...hear(to, now, bytes));
        }
      }
      t.deepEqual(heard, due);
    }),
  );
});

test('letters that nobody vouches for are held in a small number', (t) => {
  const to = receiver();
  to.open(letter(sender(1_000), 'live'));
  const after = sender(7);
  let asked = to.open(letter(after, 0));
  for (let at = 1; at < 100; at += 1) asked = to.open(letter(after, at));
  const answer = after.open(asked.reply!.bytes).reply!;
  t.is(bodies(to.open(answer.bytes)).length, 16);
});

test('nets are counted apart, so that a slow one is still heard', (t) => {
  const to = receiver();
  const from = sender(5);
  const slow = letter(from, 'slow');
  t.deepEqual(hear(to, from, letter(from, 'quick', 'lan1')), ['quick']);
  t.deepEqual(hear(to, from, slow), ['slow']);
});

test('another key, server or part is not heard', (t) => {
  const nothing = { heard: [], reply: null };
  t.deepEqual(receiver().open(letter(sender(5, randomBytes(32)), 1)), nothing);
  t.deepEqual(receiver().open(sender(5).close('lan0', 'server3', 1)!), nothing);
  const host = new DatagramSeal(key, { server: 'server1', part: 'host' }, 5);
  t.deepEqual(receiver().open(letter(host, 1)), nothing);
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
      t.deepEqual(to.open(packet), { heard: [], reply: null });
    }),
  );
});
