/**
 * ethtool: a network interface of this server (x5 2.12 collects it). Whether it has a link its host
 * says: a cable that is out of it costs it, one that is cut further away does not.
 */
import { netOfInterface } from '../../config/index.ts';
import { done } from '../environment.ts';
import { configOf } from './addresses.ts';
import { askHost, osCommand, Usage } from './host.ts';

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
      const config = await configOf(env);
      const net = config ? netOfInterface(config, env.server, nic) : null;
      if (net === null) {
        const stderr =
          'netlink error: No such device\nCannot get device settings: No such device\n';
        return { code: NO_DEVICE, data: null, stdout: 'No data available\n', stderr };
      }
      const { up } = await askHost(env, { do: 'link', net });
      const [speed, duplex] = up ? ['1000Mb/s', 'Full'] : ['Unknown!', 'Unknown! (255)'];
      const words = `\tSpeed: ${speed}\n\tDuplex: ${duplex}\n\tLink detected: ${up ? 'yes' : 'no'}\n`;
      return done(`Settings for ${nic}:\n${words}`);
    },
  },
  { refused: 1, usage: 1 },
);
