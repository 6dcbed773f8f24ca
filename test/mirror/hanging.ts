/** A disk that hangs. */
import type { World } from './harness.ts';

/** Nothing that server writes to its data partition ends any more; the answer lets it go on. */
export function hang(world: World, name: string): () => void {
  const { dp } = world.at(name);
  let go = (): void => {};
  dp.slow = new Promise((resolve) => {
    go = resolve;
  });
  return () => {
    dp.slow = null;
    go();
  };
}
