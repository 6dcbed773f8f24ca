/** Acts on the machine of a server, and on what is installed on its operating system. */
import type { EntryOf } from './act.ts';

export const replaceServer: EntryOf<'replaceServer'> = {
  name: 'replaceServer',
  words: 'put another machine in its place, with an operating system, its address and host name',
  parameters: {
    keepsDisks: {
      type: 'boolean',
      what: 'own disks',
      description: 'the disks of the old machine are moved over; without it they are new ones',
      default: false,
    },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: true,
  request: ({ keepsDisks }) => ({ do: 'server.replace', keepsDisks }),
};

export const installProduct: EntryOf<'installProduct'> = {
  name: 'installProduct',
  words: "install the product's package, with the updates that the other servers have",
  parameters: {},
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: () => ({ do: 'product.install' }),
};
