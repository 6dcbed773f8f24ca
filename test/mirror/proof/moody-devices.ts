/**
 * Devices as bad as real ones: operations take their time and overtake one another, a large write
 * goes out in pieces, a flush covers only what had been written when it was asked for, an
 * operation fails now and then, and somebody may strike at one of them.
 */
import { type BlockStore, DeviceError, type Devices } from '../../../src/ports/devices.ts';
import type { SeededRandom } from '../../../src/sim/seeded-random.ts';
import type { SimProcess } from '../../../src/sim/sim-process.ts';
import type { VirtualClock } from '../../../src/sim/virtual-clock.ts';

const PIECE_BYTES = 4096;
const MOST_PIECES = 12;

export interface Mood {
  /** Longest an operation takes. */
  slowMs: number;
  /** What fails, on either partition. */
  failing: 'all' | 'read' | 'write' | null;
  /** Called before each operation; may kill whoever asked for it. */
  strike: () => void;
}

export const calm = (): Mood => ({ slowMs: 0, failing: null, strike: () => {} });

/** Mostly short. */
export function timeOf({ slowMs }: Mood, random: SeededRandom): number {
  const ms = slowMs * random.next() ** 3;
  return ms < 0.001 ? 0 : ms;
}

interface World {
  clock: VirtualClock;
  random: SeededRandom;
}

/** Cut at multiples of `PIECE_BYTES`, in no order. */
function piecesOf(offset: number, data: Uint8Array, random: SeededRandom) {
  const pieces: { at: number; bytes: Uint8Array }[] = [];
  const size = PIECE_BYTES * Math.ceil(data.length / (PIECE_BYTES * MOST_PIECES));
  for (let from = 0; from < data.length; from += size) {
    const bytes = data.subarray(from, from + size);
    pieces.splice(random.below(pieces.length + 1), 0, { at: offset + from, bytes });
  }
  return pieces;
}

export function moodyDevices(
  inner: Devices,
  process: SimProcess,
  { clock, random }: World,
  mood: Mood,
): Devices {
  const wait = async (share = 1): Promise<void> => {
    const ms = timeOf(mood, random) * share;
    if (ms === 0) return;
    await new Promise<void>((resolve) => process.clock.at(clock.exact() + ms, resolve));
  };
  const enter = (kind: 'read' | 'write', path: string): void => {
    mood.strike();
    if (mood.failing === 'all' || mood.failing === kind) {
      throw new DeviceError('EIO', `${path}: ${kind} error`);
    }
  };
  const moody = (store: BlockStore, path: string): BlockStore => ({
    sizeBytes: store.sizeBytes,
    async read(offset, length) {
      await wait();
      enter('read', path);
      return await store.read(offset, length);
    },
    async write(offset, data) {
      await wait(0.5);
      enter('write', path);
      if (mood.slowMs === 0 || data.length <= PIECE_BYTES) {
        await store.write(offset, data);
        return;
      }
      for (const { at, bytes } of piecesOf(offset, data, random)) {
        await store.write(at, bytes);
        await wait(0.1);
      }
    },
    async flush() {
      enter('write', path);
      await store.flush();
      enter('write', path);
    },
    close: () => store.close(),
  });
  return { open: async (path) => moody(await inner.open(path), path) };
}
