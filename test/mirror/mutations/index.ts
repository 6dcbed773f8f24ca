/** Every planted bug, one at a time (`npm run mutate`). */

import type { Mutation } from '../../support/mutation.ts';
import { handshake } from './handshake.ts';
import { maps } from './maps.ts';
import { power } from './power.ts';
import { recovery } from './recovery.ts';
import { takeover } from './takeover.ts';
import { write } from './write.ts';

export type { Mutation };
export const mutations: Mutation[] = [
  ...write,
  ...maps,
  ...handshake,
  ...recovery,
  ...takeover,
  ...power,
];
