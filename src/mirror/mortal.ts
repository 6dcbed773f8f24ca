/**
 * A block store that dies with its owner: once the owner was killed no call goes through and no
 * answer comes back, as for a process that is gone. In the twin a killed agent's half-done work
 * must end exactly there.
 */
import type { BlockStore } from '../ports/devices.ts';

/** Never answers. */
export function forever<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

/** `sizeOf`: how much of the store counts; default: all of it. */
export function mortal(
  store: BlockStore,
  isDead: () => boolean,
  sizeOf: () => number = () => store.sizeBytes,
): BlockStore {
  const guarded = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isDead()) return await forever<T>();
    try {
      const result = await call();
      return isDead() ? await forever<T>() : result;
    } catch (error) {
      if (isDead()) return await forever<T>();
      throw error;
    }
  };
  return {
    get sizeBytes() {
      return sizeOf();
    },
    read: (offset, length) => guarded(() => store.read(offset, length)),
    write: (offset, data) => guarded(() => store.write(offset, data)),
    flush: () => guarded(() => store.flush()),
    close: () => store.close(),
  };
}
