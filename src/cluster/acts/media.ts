/** Acts on the drive of a server. A medium that an act names lies on the shelf beside it. */
import type { ActParameter, EntryOf } from './act.ts';

const medium: ActParameter = {
  type: 'string',
  what: 'medium',
  description: 'label of the medium',
};

export const insertMedium: EntryOf<'insertMedium'> = {
  name: 'insertMedium',
  words: 'put a medium into the drive',
  parameters: { medium },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: ({ medium }) => ({ do: 'medium.insert', medium }),
};

export const removeMedium: EntryOf<'removeMedium'> = {
  name: 'removeMedium',
  words: 'take the medium out of the drive',
  parameters: {},
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: () => ({ do: 'medium.remove' }),
};

export const copyMedium: EntryOf<'copyMedium'> = {
  name: 'copyMedium',
  words: 'bring the files of a medium into a folder of the server, where it has no drive',
  parameters: {
    medium,
    folder: { type: 'string', what: 'folder', description: 'a folder of the server' },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  isRepeatable: true,
  request: (act) => ({ do: 'medium.copy', medium: act.medium, folder: act.folder }),
};

export const editMedium: EntryOf<'editMedium'> = {
  name: 'editMedium',
  words: 'take a medium to Trekking Tool, and change the configuration on it',
  parameters: {
    medium,
    change: {
      type: 'string',
      what: 'change',
      description: 'what is changed, in the words of clpcfset (del srv server3)',
    },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: (act) => ({ do: 'medium.edit', medium: act.medium, change: act.change }),
};
