/** Acts on the power of a server. */
import type { EntryOf } from './act.ts';

export const powerOn: EntryOf<'powerOn'> = {
  name: 'powerOn',
  words: 'switch the server on',
  parameters: {},
  needs: 'power',
  server: 'starts',
  isDangerous: false,
  request: () => ({ do: 'power.on' }),
};

export const startSingleUser: EntryOf<'startSingleUser'> = {
  name: 'startSingleUser',
  words: 'start the server in single-user mode',
  parameters: {},
  needs: 'power',
  server: 'starts',
  isDangerous: false,
  request: () => ({ do: 'power.on', singleUser: true }),
};

export const cutPower: EntryOf<'cutPower'> = {
  name: 'cutPower',
  words: "cut the server's power",
  parameters: {},
  needs: 'power',
  server: 'stops',
  isDangerous: true,
  request: () => ({ do: 'power.cut' }),
};
