/** What stands outside a twin's servers, in memory. */
import type { Outside } from '../ports/outside.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface MemoryOutside extends Outside {
  /** At once, as devices see it. */
  peek(key: string): string | null;
}

export function memoryOutside(clock: VirtualClock): MemoryOutside {
  const known = new Map<string, string>();
  return {
    peek: (key) => known.get(key) ?? null,
    look: async (key) => {
      clock.stir();
      return known.get(key) ?? null;
    },
    take: async (key, text) => {
      clock.stir();
      known.set(key, text);
    },
    release: async (key, text) => {
      clock.stir();
      if (known.get(key) === text) known.delete(key);
    },
  };
}
