/**
 * clpstdn: shuts the whole cluster down in order.
 *
 * Documented: -r reboots (v3 4, 6.1.6). Our choice: one line a server; no group fails over, because
 * every daemon is told that all servers go; the server that the command runs on goes last.
 */
import { ACTS, defineCommand } from './context.ts';
import { onEach, reportFor } from './each.ts';
import { atMost } from './options.ts';
import { told } from './saying.ts';
import { DOWN, takeDown } from './shutting.ts';

export const clpstdn = defineCommand(
  {
    name: 'clpstdn',
    summary: 'Shuts the cluster down, or reboots it with -r',
    usage: ['clpstdn [-r]'],
    options: { reboot: { names: ['-r'] } },
    traits: { ...ACTS, goesDown: true },
  },
  async (context, given) => {
    const { env, config, local } = context;
    atMost(given, 0);
    const how = { reboot: given.has('reboot'), all: true };
    const others = config.servers.map(({ name }) => name).filter((name) => name !== local);
    const act = (server: string) => takeDown(env, server, how);
    const verb = how.reboot ? 'Reboot' : 'Shutdown';
    const says = DOWN[how.reboot ? 'reboot' : 'shutdown'];
    return told(context, says, ['cluster', 'clpstdn'], async () => {
      const outcomes = await onEach(others, act);
      return reportFor(verb, [...outcomes, ...(await onEach([local], act))], { kind: 'server' });
    });
  },
);
