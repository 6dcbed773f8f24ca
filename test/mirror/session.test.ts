/** A mirror connection: questions and answers, silence, and frames that nobody should send. */
import test from 'ava';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.ts';
import { LinkLost, Session } from '../../src/mirror/link/session.ts';
import { RemoteError } from '../../src/ports/wire.ts';
import { MemoryLink } from './memory-link.ts';
import { settle, VirtualClock } from './virtual-clock.ts';

const limits = { ackTimeoutMs: 100, heartbeatIntervalMs: 10, silenceTimeoutMs: 30 };

function pair(): { clock: VirtualClock; here: MemoryLink; there: MemoryLink } {
  const here = new MemoryLink('server2', 'mdc400', queueMicrotask);
  const there = new MemoryLink('server1', 'mdc400', queueMicrotask);
  here.other = there;
  there.other = here;
  return { clock: new VirtualClock(), here, there };
}

test('a question is answered, a refusal keeps its code, a question before its handler waits for it', async (t) => {
  const { clock, here, there } = pair();
  const asks = new Session(here, clock, limits);
  const answers = new Session(there, clock, limits);
  const early = asks.ask('double', { of: 4 });
  await settle();
  answers.handle('double', async ({ header }) => ({ header: { is: Number(header.of) * 2 } }));
  answers.handle('no', async () => {
    throw new RemoteError('mirror.refused', 'not now');
  });
  t.is((await early).header.is, 8);
  const error = await t.throwsAsync(asks.ask('no', {}), { instanceOf: RemoteError });
  t.is(error.code, 'mirror.refused');
  t.is(asks.pending, 0);
});

test('silence ends a session, talking keeps it', async (t) => {
  const { clock, here, there } = pair();
  const one = new Session(here, clock, limits);
  const two = new Session(there, clock, limits);
  for (let step = 0; step < 50; step++) {
    clock.step();
    await settle();
  }
  t.false(one.isLost || two.isLost);
  here.silent = true;
  there.silent = true;
  const question = t.throwsAsync(one.ask('anything', {}), { instanceOf: LinkLost });
  while (clock.step()) await settle();
  await question;
  t.true(one.isLost && two.isLost);
});

test('the owner learns of a loss before a waiting question does', async (t) => {
  const { clock, here } = pair();
  const session = new Session(here, clock, limits);
  const order: string[] = [];
  session.onLost(() => order.push('owner'));
  const question = session.ask('write', {}).catch(() => order.push('writer'));
  session.close('test');
  await question;
  t.deepEqual(order, ['owner', 'writer']);
});

test('no frame makes a session throw or hang, and foreign ones end it', async (t) => {
  const header = fc.dictionary(
    fc.constantFrom('t', 'id', 'do', 'code', 'error', 'ok', 'x'),
    fc.oneof(fc.constantFrom('ask', 'answer', 'ping', 'hello'), fc.integer(), fc.jsonValue()),
  );
  let ended = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(header, { maxLength: 30 }), async (frames) => {
      const { clock, here, there } = pair();
      const session = new Session(here, clock, limits);
      session.handle('hello', async () => ({ header: {} }));
      const question = session.ask('x', {}).then(
        () => 'answered',
        () => 'failed',
      );
      for (const frame of frames) {
        await there.send(JSON.parse(JSON.stringify(frame)) as JsonObject).catch(() => {});
      }
      await settle();
      if (session.isLost) ended++;
      session.close('test');
      t.true(['answered', 'failed'].includes(await question));
    }),
    { numRuns: 300 },
  );
  t.true(ended > 50);
});

test('no answer ends the waiting for a question, neither with it nor without an end', async (t) => {
  const { clock, here, there } = pair();
  const session = new Session(there, clock, { ...limits, silenceTimeoutMs: 1000 });
  const expected = session.expect('met', 100);
  for (const id of [-1, -2, 0]) await here.send({ t: 'answer', id });
  await settle();
  await here.send({ t: 'ask', id: 1, do: 'met' });
  t.is((await expected).header.do, 'met');
  const missed = t.throwsAsync(session.expect('met', 100), { instanceOf: LinkLost });
  await here.send({ t: 'answer', id: -2 });
  while (!session.isLost && clock.step()) await settle();
  await missed;
});

test('what nobody waits for is kept up to a number and a size, and then ends the session', async (t) => {
  for (const [bytes, most] of [
    [10, 64],
    [8 * 1024 * 1024, 4],
  ] as const) {
    const { clock, here, there } = pair();
    const session = new Session(there, clock, limits);
    const payload = new Uint8Array(bytes);
    for (let id = 1; id <= most; id++) await here.send({ t: 'ask', id, do: 'later' }, payload);
    await settle();
    t.false(session.isLost, `${bytes}`);
    await here.send({ t: 'ask', id: 99, do: 'later' }, payload);
    await settle();
    t.true(session.isLost, `${bytes}`);
  }
});
