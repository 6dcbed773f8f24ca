/**
 * ethtool: a network interface of this server (x5 2.12 collects it). The lab's cables run through a
 * switch whose ports are always lit: a way that is cut there lies behind it, and costs no carrier.
 */
import { done } from '../environment.ts';
import { addressesOf } from './addresses.ts';
import { osCommand, Usage } from './host.ts';

const NO_DEVICE = 75;

export const ethtool = osCommand(
  {
    name: 'ethtool',
    summary: 'a network interface of this server',
    usage: ['ethtool NIC'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      const [nic, more] = args;
      if (nic === undefined || nic.startsWith('-') || more !== undefined) {
        throw new Usage('bad command line argument(s)');
      }
      const isThere = nic === 'lo' || (await addressesOf(env)).some((own) => own.nic === nic);
      if (!isThere) {
        const stderr =
          'netlink error: No such device\nCannot get device settings: No such device\n';
        return { code: NO_DEVICE, data: null, stdout: 'No data available\n', stderr };
      }
      const speed = nic === 'lo' ? '' : '\tSpeed: 1000Mb/s\n\tDuplex: Full\n';
      return done(`Settings for ${nic}:\n${speed}\tLink detected: yes\n`);
    },
  },
  { refused: 1, usage: 1 },
);
