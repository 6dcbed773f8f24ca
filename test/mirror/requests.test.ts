/** Requests of part agent that are not as the protocol says. */
import test from 'ava';
import { activeOn1, BLOCK, codeOf } from './harness.ts';

test('requests that are not as the protocol says are refused', async (t) => {
  const world = await activeOn1();
  const bad = [
    { do: 'dance' },
    { do: 'toString' },
    { do: 'create', mode: 'slow' },
    { do: 'write', offset: 'x', data: 'AAAA' },
    { do: 'write', offset: 0, data: '**' },
    { do: 'force' },
    { do: 'activate', evidence: { by: 'rumour', from: 'server1', at: 1 } },
  ];
  for (const body of bad) t.is(await codeOf(world.ask('server1', body)), 'request.malformed');
  t.is(
    await codeOf(world.ask('server1', { do: 'read', mirror: 'md9', offset: 0, length: 1 })),
    'mirror.unknown',
  );
  for (const offset of [-1, 16 * BLOCK, 1.5]) {
    const code = await codeOf(world.ask('server1', { do: 'read', offset, length: 10 }));
    t.true(['mirror.range', 'request.malformed'].includes(code));
  }
});
