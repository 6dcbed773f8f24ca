/**
 * A block store that dies with its owner: once the owner was killed no call goes through and no
 * answer comes back, as for a process that is gone. In the twin a killed agent's half-done work
 * must end exactly there.
 */
import type { BlockStore } from '../../ports/devices.ts';
import { writeTo } from './bytes.ts';

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
  const guarded = <T>(call: () => Promise<T>): Promise<T> => {
    if (isDead()) return forever<T>();
    return call().then(
      (result) => (isDead() ? forever<T>() : result),
      (error: unknown) => (isDead() ? forever<T>() : Promise.reject(error)),
    );
  };
  const { readInto } = store;
  const into = readInto && {
    readInto: (offset: number, bytes: Uint8Array) =>
      guarded(() => readInto.call(store, offset, bytes)),
  };
  return {
    ...into,
    get sizeBytes() {
      return sizeOf();
    },
    read: (offset, length) => guarded(() => store.read(offset, length)),
    write: (offset, data) => guarded(() => store.write(offset, data)),
    writePieces: (offset, pieces) => guarded(() => writeTo(store, offset, pieces)),
    flush: () => guarded(() => store.flush()),
    close: () => store.close(),
  };
}
