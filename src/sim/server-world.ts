/** What all servers of a twin share, and what lies between them. */

import type { Log } from '../ports/log.ts';
import type { Outside } from '../ports/outside.ts';
import type { MemoryDisk, PowerLoss } from './memory-block-store.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { SimNetwork } from './sim-network.ts';
import type { SimOcf } from './sim-ocf.ts';
import type { SimScripts } from './sim-scripts.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ServerWorld {
  clock: VirtualClock;
  network: SimNetwork;
  random: SeededRandom;
  scripts: SimScripts;
  ocf: SimOcf;
  log: Log;
  powerLoss: PowerLoss;
  outside: Outside;
  /** Who reserved a shared disk. */
  holderOf: (serial: string) => string | null;
  /** The disks that several servers reach, by serial. */
  sharedDisks: Map<string, MemoryDisk>;
}
