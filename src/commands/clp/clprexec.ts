/**
 * clprexec: has another server run a script, or fail over its groups.
 *
 * Documented: --script NAME, --failover, -h IP. Our choice: --failover may name a group, or the
 * resource of one (-r); without either it is about every group that runs there; -w TIME limits the
 * waiting (30 s; an hour for a failover).
 */
import { ACTS, defineCommand, GROUP_TIMEOUT_MS } from './context.ts';
import { atMost, duration, modeOf, usageError } from './options.ts';
import { answering, failOverFrom, runScriptOn } from './transfer.ts';

const OPTIONS = {
  script: { names: ['--script'], value: 'NAME' },
  failover: { names: ['--failover'] },
  host: { names: ['-h'], value: 'IP' },
  resource: { names: ['-r'], value: 'RESOURCE' },
  wait: { names: ['-w'], value: 'TIME' },
};

const SCRIPT_MS = 30_000;

export const clprexec = defineCommand(
  {
    name: 'clprexec',
    summary: 'Has another server run a script, or fail over its groups',
    usage: [
      'clprexec --script NAME -h IP[,IP…] [-w TIME]',
      'clprexec --failover [GROUP] -h IP[,IP…] [-r RESOURCE] [-w TIME]',
    ],
    options: OPTIONS,
    traits: ACTS,
  },
  async (context, given) => {
    const mode = modeOf(given, OPTIONS, ['script', 'failover']);
    atMost(given, mode === 'failover' ? 1 : 0);
    const host = given.value('host');
    if (host === undefined) throw usageError('which server?', 'name it with -h IP');
    const wait = given.value('wait');
    const limitMs = wait === undefined ? null : duration(wait, 'the wait');
    const server = await answering(context, host);
    const script = given.value('script');
    if (script !== undefined) return runScriptOn(context, server, script, limitMs ?? SCRIPT_MS);
    const about = { group: given.rest[0], resource: given.value('resource') };
    return failOverFrom(context, server, about, limitMs ?? GROUP_TIMEOUT_MS);
  },
);
