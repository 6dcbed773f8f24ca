/**
 * clpsvcctrl.sh: says which services start at boot (x5 2.2, 2.14). They are neither started nor
 * stopped by it.
 *
 * Documented: --enable, --disable, then -a or of core mgr alertsync webmgr api ib md. Our choice:
 * `core` is the cluster daemon, `mgr` and `webmgr` both the web manager; -a means those of these
 * services that the server has; a name that the server lacks is an error.
 */

import { hint } from '../../core/nearest.ts';
import type { HostView } from '../../ports/views.ts';
import { type Act, actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { ACTS, defineBare, refused, request, SUCCEEDED } from './context.ts';
import { modeOf, usageError } from './options.ts';

const OPTIONS = {
  enable: { names: ['--enable'] },
  disable: { names: ['--disable'] },
  all: { names: ['-a'] },
};

const SERVICES: Record<string, string> = {
  core: 'clusterpro',
  mgr: 'clusterpro_webmgr',
  alertsync: 'clusterpro_alertsync',
  webmgr: 'clusterpro_webmgr',
  api: 'clusterpro_api',
  ib: 'clusterpro_ib',
  md: 'clusterpro_md',
};

function serviceOf(word: string): string {
  const service = Object.hasOwn(SERVICES, word) ? SERVICES[word] : undefined;
  if (service !== undefined) return service;
  throw usageError(`unknown service ${word}`, hint(word, Object.keys(SERVICES)));
}

export const clpsvcctrl = defineBare(
  {
    name: 'clpsvcctrl.sh',
    summary: 'Enables or disables the start of services at boot',
    usage: ['clpsvcctrl.sh --enable|--disable -a | core mgr alertsync webmgr api ib md'],
    options: OPTIONS,
    traits: ACTS,
  },
  async (env, given) => {
    const op = modeOf(given, OPTIONS, ['enable', 'disable']);
    const named = given.rest.map(serviceOf);
    if (given.has('all') === named.length > 0) {
      throw usageError('give -a or the names of services');
    }
    const answer = await request(env, env.server, 'host', { do: 'status' });
    const present = Object.keys((answer as unknown as HostView).services);
    const lacking = named.find((name) => !present.includes(name));
    if (lacking !== undefined) throw refused(`${env.server} has no service ${lacking}`);
    const chosen = named.length > 0 ? named : Object.values(SERVICES);
    const acts: Act[] = [];
    for (const name of new Set(chosen)) {
      if (!present.includes(name)) continue;
      await request(env, env.server, 'host', { do: 'service', name, op });
      acts.push({ act: op, kind: 'service', name, server: env.server });
    }
    return done(SUCCEEDED, actsDone(...acts));
  },
);
