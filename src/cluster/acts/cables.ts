/** Acts on the cables of a server's network interfaces. */
import type { ActParameter, EntryOf } from './act.ts';

const net: ActParameter = {
  type: 'string',
  what: 'net',
  description: 'the net whose cable it is (lan0, mdc400 …)',
};

export const pullCable: EntryOf<'pullCable'> = {
  name: 'pullCable',
  words: "pull a cable out of the server's network interface",
  parameters: { net },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: true,
  request: (act) => ({ do: 'cable.pull', net: act.net }),
};

export const plugCable: EntryOf<'plugCable'> = {
  name: 'plugCable',
  words: "put a cable into the server's network interface",
  parameters: { net },
  needs: 'physicalActs',
  server: 'stays',
  isDangerous: false,
  request: (act) => ({ do: 'cable.plug', net: act.net }),
};
