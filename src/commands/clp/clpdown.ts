/**
 * clpdown: shuts one server down in order.
 *
 * Documented: -r reboots. Our choice: -h HOST takes another server down; the groups of that server
 * fail over; with the daemon stopped the operating system alone is shut down.
 */
import { actsDone } from '../data.ts';
import { done, failed } from '../environment.ts';
import { ACTS, defineCommand, SUCCEEDED, targetOf } from './context.ts';
import { atMost } from './options.ts';
import { told } from './saying.ts';
import { DOWN, takeDown } from './shutting.ts';

export const clpdown = defineCommand(
  {
    name: 'clpdown',
    summary: 'Shuts a server down, or reboots it with -r',
    usage: ['clpdown [-r] [-h HOST]'],
    options: { reboot: { names: ['-r'] }, host: { names: ['-h'], value: 'HOST' } },
    traits: { ...ACTS, goesDown: true },
  },
  async (context, given) => {
    atMost(given, 0);
    const server = targetOf(context, given);
    const reboot = given.has('reboot');
    const act = reboot ? 'reboot' : 'shutdown';
    return told(context, DOWN[act], [server, 'clpdown'], async () => {
      const failure = await takeDown(context.env, server, { reboot, all: false });
      const data = actsDone({ act, kind: 'server', server, failure });
      if (failure === null) return done(SUCCEEDED, data);
      return { ...failed(`clpdown: ${failure}`), data };
    });
  },
);
