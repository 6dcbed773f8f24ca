/** Chance from the operating system. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Random } from '../ports/random.ts';

const STEPS = 2 ** 47;

export function systemRandom(): Random {
  return {
    id: () => randomBytes(8).toString('hex'),
    next: () => randomInt(STEPS) / STEPS,
  };
}
