/** Every physical act that there is, in the order in which people are shown them. */
import type { ActEntry } from './act.ts';
import { plugCable, pullCable } from './cables.ts';
import { addDisk, replaceDisk, restoreDiskImage, takeDiskImage } from './disks.ts';
import { changeAddress } from './interfaces.ts';
import { installProduct, replaceServer } from './machine.ts';
import { copyMedium, editMedium, insertMedium, removeMedium } from './media.ts';
import { cutPower, powerOn, startSingleUser } from './power.ts';

const entries: ActEntry[] = [
  replaceDisk,
  powerOn,
  cutPower,
  insertMedium,
  removeMedium,
  startSingleUser,
  takeDiskImage,
  restoreDiskImage,
  pullCable,
  plugCable,
  changeAddress,
  replaceServer,
  installProduct,
  copyMedium,
  editMedium,
  addDisk,
];

/** By name. A record of another build may name one that is not here. */
export const acts: ReadonlyMap<string, ActEntry> = new Map(
  entries.map((entry) => [entry.name, entry]),
);
