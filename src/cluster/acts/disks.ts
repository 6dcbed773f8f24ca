/** Acts on the disks of a server, and on images of them. */
import type { ActParameter, EntryOf } from './act.ts';

const image: ActParameter = {
  type: 'string',
  what: 'image',
  description: 'name of a disk image',
};

export const replaceDisk: EntryOf<'replaceDisk'> = {
  name: 'replaceDisk',
  words: 'put a new disk in place of one',
  parameters: {
    device: { type: 'string', what: 'disk', description: 'the disk, for replaceDisk and addDisk' },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: true,
  request: ({ device }) => ({ do: 'disk.replace', device }),
};

export const addDisk: EntryOf<'addDisk'> = {
  name: 'addDisk',
  words: 'put a further disk into an empty bay',
  parameters: {
    device: { type: 'string', what: 'disk', description: 'the disk, for replaceDisk and addDisk' },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: ({ device }) => ({ do: 'disk.add', device }),
};

export const takeDiskImage: EntryOf<'takeDiskImage'> = {
  name: 'takeDiskImage',
  words: 'take an image of every disk, and keep it under a name',
  parameters: {
    image,
    system: {
      type: 'boolean',
      what: 'system disk',
      description: 'the image holds the system disk too',
      default: false,
    },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: (act) => ({ do: 'disk.image.take', image: act.image, system: act.system }),
};

export const restoreDiskImage: EntryOf<'restoreDiskImage'> = {
  name: 'restoreDiskImage',
  words: 'put new disks, made from an image, in place of the old ones',
  parameters: { image },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: true,
  request: (act) => ({ do: 'disk.image.restore', image: act.image }),
};
