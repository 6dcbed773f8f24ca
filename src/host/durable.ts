/** What of a host's state is saved before anything is done about it, and how it is taken up again. */
import { type Hardware, type HostState, initialHost, OLD_WORDS } from './state.ts';

/** What has to be durable when it changed. The rest a power loss takes anyway. */
const DURABLE = [
  'node',
  'machine',
  'isSystemMade',
  'bootId',
  'lastBootId',
  'runLevel',
  'services',
  'packages',
  'removedServices',
  'formats',
  'disks',
  'blank',
  'images',
  'copies',
  'readOnly',
  'unplugged',
  'carriers',
  'interfaces',
  'media',
  'inserted',
  'operations',
  'forgotten',
  'lease',
  'papers',
  'received',
  'glass',
  'notes',
] as const satisfies (keyof HostState)[];

export function isDurablyEqual(a: HostState, b: HostState): boolean {
  return DURABLE.every((key) => a[key] === b[key]);
}

/** What an older program kept lacks what came since. */
export function storedHost(
  stored: HostState | null,
  hardware: Hardware,
  server: string,
): HostState {
  return stored
    ? {
        ...stored,
        manual: stored.manual ?? OLD_WORDS,
        processes: {},
        onDeath: 'shutdown',
        images: stored.images ?? {},
        copies: stored.copies ?? [],
        papers: stored.papers ?? {},
        received: stored.received ?? {},
        glass: stored.glass ?? null,
        notes: stored.notes ?? [],
        forgotten: stored.forgotten ?? [],
        raw: stored.raw ?? {},
        ended: stored.ended ?? [],
        unplugged: stored.unplugged ?? [],
        carriers: stored.carriers ?? [],
      }
    : initialHost(hardware, server);
}
