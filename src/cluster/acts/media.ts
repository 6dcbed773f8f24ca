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
