/**
 * clpbwctrl: ends the wait of a starting server for the others (x5 2.21).
 *
 * Documented: -c, and that it is an error when no wait is going on (x5 2.19.4, 2.20.3). Our choice:
 * the words of that error.
 */
import { RemoteError } from '../../ports/wire.ts';
import { actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { ACTS, defineCommand, refused, request, SUCCEEDED } from './context.ts';
import { atMost, modeOf } from './options.ts';

const OPTIONS = { cancel: { names: ['-c'] } };

export const clpbwctrl = defineCommand(
  {
    name: 'clpbwctrl',
    summary: 'Cancels the wait of a starting server for the other servers',
    usage: ['clpbwctrl -c'],
    options: OPTIONS,
    traits: ACTS,
  },
  async ({ env, local }, given) => {
    atMost(given, 0);
    modeOf(given, OPTIONS, ['cancel']);
    try {
      await request(env, local, 'daemon', { do: 'cancel-wait' });
    } catch (error) {
      if (!(error instanceof RemoteError) || error.code !== 'wait.none') throw error;
      throw refused(`${local} is not waiting for the other servers`);
    }
    return done(SUCCEEDED, actsDone({ act: 'cancel', kind: 'startupWait', server: local }));
  },
);
