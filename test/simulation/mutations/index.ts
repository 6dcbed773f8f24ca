/** Every bug that simulated histories have to find, one at a time (`npm run mutate -- --list engine`). */
import type { Mutation } from '../../support/mutation.ts';
import { fencingBugs } from './fencing.ts';
import { groupBugs } from './groups.ts';
import { heartbeatBugs } from './heartbeats.ts';
import { mirrorBugs } from './mirror.ts';
import { serverBugs } from './server.ts';
import { takeoverBugs } from './takeover.ts';

export const mutations: Mutation[] = [
  ...takeoverBugs,
  ...fencingBugs,
  ...heartbeatBugs,
  ...groupBugs,
  ...serverBugs,
  ...mirrorBugs,
];
