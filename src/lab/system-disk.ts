/**
 * The system disk of a lab's server: what a new machine has nothing of, and what the product brings
 * along. The product's programs are not on it: they are the lab's.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { locateIn, nodeFiles } from '../adapters/node-files.ts';
import type { Generation } from '../messages/index.ts';
import type { Machinery } from '../ports/machinery.ts';
import type { ServerLayout } from './layout.ts';

async function empty(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}

/** `takeOff`: unmounts what is mounted below its root, for nothing on another disk may be touched. */
export function systemDisk(
  layout: ServerLayout,
  generation: Generation,
  takeOff: () => Promise<void>,
): Pick<Machinery, 'clearFiles' | 'placeProduct'> {
  return {
    async clearFiles(folder) {
      if (folder === '/') await takeOff();
      await empty(await locateIn(layout.root, folder));
      await empty(layout.kept);
    },
    async placeProduct() {
      // Holds the whole catalogue, which a server needs on this one day.
      const { deliveredFiles } = await import('../host/delivered.ts');
      const files = nodeFiles(layout.root);
      for (const [path, text] of deliveredFiles(generation)) await files.write(path, text);
    },
  };
}
