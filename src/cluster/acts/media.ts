/** Acts on the drive of a server. A medium that an act names lies on the shelf beside it. */
import type { EntryOf } from './act.ts';

export const insertMedium: EntryOf<'insertMedium'> = {
  name: 'insertMedium',
  words: 'put a medium into the drive',
  parameters: {
    medium: { type: 'string', what: 'medium', description: 'its label, for insertMedium' },
  },
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
