/** What can happen in the model (model.test.ts), and how often. */
import fc from 'fast-check';
import { NAMES, type Name, SLOTS } from './model-player.ts';

export type Move =
  | { do: 'write'; slot: number; durable: boolean }
  | { do: 'flush' }
  | { do: 'activate'; name: Name; evidence: boolean }
  | { do: 'deactivate' | 'kill' | 'power' | 'start' | 'close' | 'recover' | 'break'; name: Name }
  | { do: 'crashAt'; name: Name; count: number }
  | { do: 'cut'; how: 'silent' | 'closed' }
  | { do: 'heal' | 'lan' | 'mdc' | 'allUp' }
  | { do: 'takeover'; name: Name; how: 'kill' | 'power' }
  | { do: 'force' | 'recoverFully'; name: Name }
  | { do: 'giveUp'; name: Name; cut: 'none' | 'mdc' | 'all'; dies: boolean; slot: number }
  | { do: 'pass'; ms: number };

const name = fc.constantFrom(...NAMES);
export const moves: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('takeover' as const),
      name,
      how: fc.constantFrom('kill', 'power'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('force' as const, 'recoverFully' as const), name }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('giveUp' as const),
      name,
      cut: fc.constantFrom('none', 'mdc', 'all'),
      dies: fc.boolean(),
      slot: fc.nat(SLOTS - 1),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      slot: fc.nat(SLOTS - 1),
      durable: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('flush' as const) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('activate' as const), name, evidence: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'deactivate',
        'kill',
        'power',
        'start',
        'start',
        'start',
        'close',
        'recover',
        'recover',
        'break',
      ),
      name,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('crashAt' as const), name, count: fc.nat(12) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      how: fc.constantFrom('silent', 'closed'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('heal', 'lan', 'mdc', 'allUp', 'allUp', 'allUp') }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(1, 2, 5, 60, 3000),
    }),
  },
);
