/** Shares of those who have not proved the key yet. */
import { PassThrough } from 'node:stream';
import test from 'ava';
import fc from 'fast-check';
import { Strangers } from '../../src/adapters/strangers.ts';

function stage(total = 6, share = 4) {
  const strangers = new Strangers({ total, share });
  const callers = new Map<string, { stream: PassThrough; forget: () => void }>();
  return {
    strangers,
    come(name: string, peer: string) {
      const stream = new PassThrough();
      callers.set(name, { stream, forget: strangers.admit(stream, peer) });
    },
    prove: (name: string) => callers.get(name)?.forget(),
    left: () => [...callers].filter(([, { stream }]) => !stream.destroyed).map(([name]) => name),
  };
}

test('of a peer with a full share the oldest goes, and nobody of another', (t) => {
  const { come, left } = stage();
  come('b1', 'b');
  for (const name of ['a1', 'a2', 'a3', 'a4', 'a5', 'a6']) come(name, 'a');
  t.deepEqual(left(), ['b1', 'a3', 'a4', 'a5', 'a6']);
});

test('when all places are taken, the peer with the most gives one up', (t) => {
  const { come, left } = stage();
  for (const name of ['a1', 'a2', 'a3', 'a4']) come(name, 'a');
  for (const name of ['b1', 'b2', 'c1']) come(name, name[0] as string);
  t.deepEqual(left(), ['a2', 'a3', 'a4', 'b1', 'b2', 'c1']);
});

test('who has proved the key is never dropped', (t) => {
  const { come, prove, left, strangers } = stage();
  come('a1', 'a');
  prove('a1');
  for (let more = 0; more < 20; more++) come(`x${more}`, 'a');
  t.true(left().includes('a1'));
  t.is(strangers.size, 4);
});

test('whoever comes is there afterwards, and limits hold, whatever came before', (t) => {
  const step = fc.record({ peer: fc.constantFrom('a', 'b', 'c', 'd'), proves: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { come, prove, left, strangers } = stage(7, 3);
      for (const [at, { peer, proves }] of steps.entries()) {
        come(`${at}`, peer);
        t.true(left().includes(`${at}`) && strangers.size <= 7);
        if (proves) prove(`${at}`);
      }
    }),
  );
});
