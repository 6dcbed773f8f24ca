/** hostname: this server's name, as clp.conf has it (net-tools 2.10). No server here has a domain. */
import { done, failed } from '../environment.ts';
import { addressesOf } from './addresses.ts';
import { osCommand, Usage } from './host.ts';

const LONG: Record<string, string> = {
  '--short': '-s',
  '--fqdn': '-f',
  '--long': '-f',
  '--alias': '-a',
  '--domain': '-d',
  '--ip-address': '-i',
  '--all-ip-addresses': '-I',
};

export const hostname = osCommand(
  {
    name: 'hostname',
    summary: "this server's name, or its addresses",
    usage: ['hostname [-s|-f|-a|-d|-i|-I]'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      const [option, more] = args;
      if (option === undefined) return done(`${env.server}\n`);
      if (!option.startsWith('-')) {
        return failed('hostname: the name of a server is part of the cluster; see clp.conf', 2);
      }
      if (more !== undefined) throw new Usage(`${more} is one word too many`);
      const short = LONG[option] ?? option;
      if (short === '-s') return done(`${env.server.replace(/\..*/s, '')}\n`);
      if (short === '-f') return done(`${env.server}\n`);
      if (short === '-a' || short === '-d') return done('\n');
      const own = (await addressesOf(env)).map(({ address }) => address);
      if (short === '-I') return done(`${own.join(' ')}\n`);
      if (short === '-i') return done(`${own[0] ?? '127.0.1.1'}\n`);
      throw new Usage(`unrecognized option '${option}'`);
    },
  },
  { refused: 1, usage: 4 },
);
