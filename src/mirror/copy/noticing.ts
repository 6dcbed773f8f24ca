/** A block store whose first failure is noticed, by what failed; whoever called is told as well. */
import type { BlockStore } from '../../ports/devices.ts';

export function noticing(store: BlockStore, failed: (how: 'read' | 'write') => void): BlockStore {
  let isNoticed = false;
  const noticed = <T>(how: 'read' | 'write', call: Promise<T>): Promise<T> =>
    call.catch((error: unknown) => {
      if (!isNoticed) failed(how);
      isNoticed = true;
      throw error;
    });
  return {
    get sizeBytes() {
      return store.sizeBytes;
    },
    read: (offset, length) => noticed('read', store.read(offset, length)),
    write: (offset, data) => noticed('write', store.write(offset, data)),
    flush: () => noticed('write', store.flush()),
    close: () => store.close(),
  };
}
