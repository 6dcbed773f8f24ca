/** Acts in the operating system of a server, by its network's settings. */
import type { EntryOf } from './act.ts';

export const changeAddress: EntryOf<'changeAddress'> = {
  name: 'changeAddress',
  words: 'give a network interface of the server another address or mask, for good',
  parameters: {
    interface: { type: 'string', what: 'interface', description: 'the interface (eth1)' },
    address: {
      type: 'string',
      what: 'address',
      description: 'the new address with the length of its mask (10.0.1.2/24)',
    },
  },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: true,
  request: (act) => ({ do: 'address.set', interface: act.interface, address: act.address }),
};
